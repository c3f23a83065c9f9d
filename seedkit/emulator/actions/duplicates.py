"""Publishing duplicate detection rules, and asking which rows they take for duplicates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seedkit.emulator.actions.parameters import need_row, type_of
from seedkit.emulator.addresses import is_guid
from seedkit.emulator.errors import ADDRESS, PlatformError
from seedkit.emulator.exchange import Answer, json_answer
from seedkit.emulator.operations import Bound, Call, Kind, Operation
from seedkit.emulator.query.options import Query
from seedkit.emulator.query.reader import Reader
from seedkit.emulator.routes.functions import response_context
from seedkit.emulator.rules.duplicates import PUBLISHED, RULE, UNPUBLISHED, find, published
from seedkit.emulator.storage.layout import Layout
from seedkit.emulator.writing.fill import fill_new
from seedkit.emulator.writing.platform import make_row, set_columns

_JOB = "asyncoperation"
_JOB_VALUES: Mapping[str, Any] = {
    "name": "Publish duplicate detection rule",
    "operationtype": 7,
    "statecode": 3,
    "statuscode": 30,
}
_MOST = 5000  # duplicates on one page


def publish(call: Call) -> Answer:
    """Publish a rule; the job that does so has ended when the answer leaves."""
    rule_id = call.row_id or ""
    _set_state(call, rule_id, PUBLISHED)
    jobs = call.session.environment.layouts[_JOB]
    known = {name: value for name, value in _JOB_VALUES.items() if name in jobs.position}
    job_id = make_row(call.session, jobs, known)
    context = response_context(call.request, "PublishDuplicateRule")
    return json_answer({"@odata.context": context, "JobId": job_id})


def unpublish(call: Call) -> Answer:
    """Take a rule back."""
    rule_id = call.parameters["DuplicateRuleId"]
    if not isinstance(rule_id, str) or not is_guid(rule_id):
        raise PlatformError(ADDRESS, "The parameter 'DuplicateRuleId' must be an id.")
    _set_state(call, rule_id.lower(), UNPUBLISHED)
    return Answer(204)


def _set_state(call: Call, rule_id: str, state: tuple[int, int]) -> None:
    rules = call.session.environment.layouts[RULE]
    need_row(call, "Write", rules, rule_id)
    values = dict(zip(("statecode", "statuscode"), state, strict=True))
    set_columns(call.session, rules, rule_id, values)


def retrieve_duplicates(call: Call) -> Answer:
    """Tell which rows of a table the published rules take for duplicates of a row."""
    session = call.session
    looked_in = session.environment.layouts.get(str(call.parameters["MatchingEntityName"]))
    if looked_in is None:
        raise PlatformError(ADDRESS, "'MatchingEntityName' names no table.")
    session.need_on("Read", looked_in)
    layout, values = _entity(call)
    found = dict.fromkeys(
        row_id
        for rule in published(session, layout.name, looked_in.name)
        for row_id in find(session, rule, values, values[layout.primary_id], _MOST)
    )
    reader = Reader(session.environment)
    start, end = _page(call.parameters.get("PagingInfo"))
    read = (reader.one(looked_in, row_id, Query(), frozenset()) for row_id in found)
    rows = [row for row in read if row is not None]  # not those that the caller may not read
    context = f"{call.request.root}$metadata#{looked_in.entity_set}"
    return json_answer({"@odata.context": context, "value": rows[start:end]})


def _entity(call: Call) -> tuple[Layout, dict[str, Any]]:
    """Return the row to compare: a stored one where an id names it, with sent values on top."""
    session, sent = call.session, call.parameters["BusinessEntity"]
    if not isinstance(sent, Mapping):
        raise PlatformError(ADDRESS, "The parameter 'BusinessEntity' must be a row.")
    if isinstance(sent.get("@odata.id"), str):
        layout, row_id = session.locate(sent["@odata.id"])
    else:
        layout = type_of(call, sent, "BusinessEntity")
        row_id = str(sent.get(layout.primary_id, "")).lower()
    row = session.store.row(layout, row_id) or [None] * len(layout.columns)
    columns = {name: value for name, value in sent.items() if name != "@odata.id"}
    if columns:
        fill_new(session, session.environment.plan(layout.name), row, columns)
    return layout, dict(zip(layout.columns, row, strict=True))


def _page(info: Any) -> tuple[int, int]:
    """Return where a page begins and ends."""
    given = info if isinstance(info, Mapping) else {}
    number, count = given.get("PageNumber", 1), given.get("Count", _MOST)
    if type(number) is not int or type(count) is not int or number < 1 or count < 1:
        raise PlatformError(ADDRESS, "'PagingInfo' needs a page number and a count from 1 on.")
    return (number - 1) * count, number * count


_ID = frozenset({"DuplicateRuleId"})
_ASKED = frozenset({"BusinessEntity", "MatchingEntityName"})
OPERATIONS = (
    Operation(
        "PublishDuplicateRule",
        Kind.ACTION,
        publish,
        "expected",
        bound=Bound.ROW,
        tables=frozenset({RULE}),
        note="The rule is published at once; the job has ended.",
    ),
    Operation("UnpublishDuplicateRule", Kind.ACTION, unpublish, "observed", takes=_ID, needs=_ID),
    Operation(
        "RetrieveDuplicates",
        Kind.FUNCTION,
        retrieve_duplicates,
        "documented",
        takes=_ASKED | {"PagingInfo"},
        needs=_ASKED,
    ),
)
