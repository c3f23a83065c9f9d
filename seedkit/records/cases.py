"""Cases, and where they wait for work."""

from __future__ import annotations

import numpy as np

from seedkit.population.model.keeping import take
from seedkit.population.service.words import RESOLVED_STATES, CaseState, Topic
from seedkit.records import service_choices as choices
from seedkit.records.batch import Lookup, RecordBatch, Resolutions, States
from seedkit.records.service_tables import RESOLUTION_NUMBER
from seedkit.records.values import flags, known, moments, names, numbers, only, texts
from seedkit.records.view import BlockView

TITLE_LENGTH = 200
_AS_IT_IS = (None, None)


def incident(view: BlockView) -> RecordBatch:
    """Return cases; those that are closed become so when all that hangs on them is there."""
    sheet, cases = view.sheets["incident"], view.block.cases
    satisfaction = [points or None for points in cases.satisfaction.tolist()]
    return sheet.batch(
        {
            "title": names(cases.title.tolist(), TITLE_LENGTH),
            "description": texts(cases.description),
            "casetypecode": choices.CASE_KIND.of(cases.kind),
            "caseorigincode": choices.CASE_ORIGIN.of(cases.origin),
            "prioritycode": choices.CASE_PRIORITY.of(cases.priority),
            "statuscode": choices.OPEN_STATUS.of(cases.state),
            "servicestage": choices.CASE_STAGE.of(cases.state),
            "isescalated": flags(known(cases.escalated)),
            "firstresponsesent": flags(known(cases.responded)),
            "responseby": moments(cases.respond_by),
            "resolveby": moments(cases.resolve_by),
            "customersatisfactioncode": satisfaction,
            "overriddencreatedon": view.backdated(cases.opened.astype("datetime64[D]")),
        },
        [
            view.sheets["contact"].point("customerid", cases.person),
            sheet.point("parentcaseid", cases.parent),
            _subjects(view),
        ],
        states=_states(view),
    )


def queueitem(view: BlockView) -> RecordBatch:
    """Return the work that waits in queues: open cases, most of them taken up by an agent."""
    sheet = view.sheets["queueitem"]
    rows = sheet.rows
    cases = take(view.block.cases, rows)
    taken = known(cases.responded)
    return sheet.batch(
        {
            "title": names(cases.title.tolist(), TITLE_LENGTH),
            "overriddencreatedon": view.backdated(cases.opened.astype("datetime64[D]")),
        },
        [
            view.sheets["incident"].point("objectid", rows),
            view.bank.sheets["queue"].point("queueid", cases.desk),
            view.working("workerid", "queueitem", taken),
        ],
    )


def _subjects(view: BlockView) -> Lookup:
    """Return the subjects of cases: the leaves of their topics."""
    leaf = np.full(len(Topic), -1, np.int64)
    topics = view.bank.bank.library.subjects.topic
    rows = np.flatnonzero(topics >= 0)
    leaf[topics[rows]] = rows
    return view.bank.sheets["subject"].point("subjectid", leaf[view.block.cases.topic])


def _states(view: BlockView) -> States:
    """Return what closed cases become; the platform writes a row about each resolution."""
    cases = view.block.cases
    closed = [choices.CLOSED.get(CaseState(state), _AS_IT_IS) for state in cases.state.tolist()]
    told = only(np.isin(cases.state, RESOLVED_STATES), cases.resolution.tolist())
    ids = view.context.stamp.ids(RESOLUTION_NUMBER, view.block.number + 1, len(closed))
    return States(
        states=[state for state, _ in closed],
        statuses=[status for _, status in closed],
        resolutions=Resolutions(
            ids=[id if text else None for id, text in zip(ids, told, strict=True)],
            columns={
                "subject": [text and names([text], TITLE_LENGTH)[0] for text in told],
                "description": told,
                "timespent": numbers(cases.minutes),
            },
        ),
    )
