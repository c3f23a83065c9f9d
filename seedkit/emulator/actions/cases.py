"""CloseIncident: a case is resolved, and an activity tells how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seedkit.emulator.actions.parameters import values_of
from seedkit.emulator.errors import (
    ADDRESS,
    BAD_STATUS,
    BAD_TRANSITION,
    CASE_RESOLVED,
    OPEN_ACTIVITIES,
    PlatformError,
    missing_row,
)
from seedkit.emulator.exchange import Answer
from seedkit.emulator.operations import Call, Kind, Operation
from seedkit.emulator.rules.activities import is_activity
from seedkit.emulator.rules.cases import ACTIVE, CASE, RESOLUTION, RESOLVED
from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import Layout
from seedkit.emulator.writing.platform import make_row, set_columns

_BIND = "incidentid@odata.bind"
_DEFAULT_STATUS = -1  # stands for the state's own status reason, as in other state messages
_CLOSED_STATUS = 2  # of the resolution itself
_OPEN_STATES = (0, 3)


def close_incident(call: Call) -> Answer:
    """Resolve an active case; its open activities are in the way."""
    session, resolution = call.session, call.parameters["IncidentResolution"]
    layouts = session.environment.layouts
    case, activity = layouts[CASE], layouts[RESOLUTION]
    if not isinstance(resolution, Mapping) or not isinstance(resolution.get(_BIND), str):
        raise PlatformError(ADDRESS, f"The parameter 'IncidentResolution' needs '{_BIND}'.")
    found, case_id = session.locate(resolution[_BIND])
    row = session.store.row(case, case_id) if found is case else None
    if row is None:
        raise missing_row(CASE, case_id)
    session.need_row("Write", case, row)
    session.need_on("Create", activity)
    _check_state(row[case.position["statecode"]], case_id)
    status = _status(session, case, call.parameters["Status"])
    _refuse_open_activities(session, case_id)
    make_row(session, activity, _outcome(session, activity, case_id, status), _body(activity, call))
    set_columns(session, case, case_id, {"statecode": RESOLVED, "statuscode": status})
    return Answer(204)


def _body(activity: Layout, call: Call) -> dict[str, Any]:
    return values_of(activity, call.parameters["IncidentResolution"])


def _outcome(session: Session, activity: Layout, case_id: str, status: int) -> dict[str, Any]:
    values = {
        "statecode": 1,
        "statuscode": _CLOSED_STATUS,
        "actualend": session.now,
        "resolutiontypecode": status,
        "incidentid": case_id,
        "regardingobjectid": case_id,
        "regardingobjectid@table": CASE,
    }
    return {name: value for name, value in values.items() if name in activity.position}


def _check_state(state: int, case_id: str) -> None:
    if state == RESOLVED:
        raise PlatformError(CASE_RESOLVED, f"The case {case_id} has already been resolved.")
    if state != ACTIVE:
        raise PlatformError(BAD_TRANSITION, f"The case {case_id} is cancelled: reopen it first.")


def _status(session: Session, case: Layout, status: Any) -> int:
    plan = session.environment.plan(case.name)
    if status == _DEFAULT_STATUS:
        return plan.status_of_state[RESOLVED]
    if type(status) is not int or plan.state_of_status.get(status) != RESOLVED:
        raise PlatformError(
            BAD_STATUS, f"{status} is not a valid status code for state code {RESOLVED} on {CASE}."
        )
    return status


def _refuse_open_activities(session: Session, case_id: str) -> None:
    for layout in session.environment.layouts.values():
        if not is_activity(layout.table) or "regardingobjectid@table" not in layout.position:
            continue
        query = (
            f'SELECT 1 FROM "{layout.stored}" WHERE regardingobjectid = ? '
            f"AND \"regardingobjectid@table\" = '{CASE}' AND statecode IN {_OPEN_STATES}"
        )
        if session.store.connection.execute(query, (case_id,)).fetchone() is not None:
            raise PlatformError(
                OPEN_ACTIVITIES, "The case can't be resolved: it has open activities."
            )


OPERATIONS = (
    Operation(
        "CloseIncident",
        Kind.ACTION,
        close_incident,
        "documented",
        takes=frozenset({"IncidentResolution", "Status"}),
        needs=frozenset({"IncidentResolution", "Status"}),
        note="Codes of refusals are expected, not documented.",
    ),
)
