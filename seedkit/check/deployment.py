"""A solution that is being imported, upgraded or removed: it locks the environment for hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from seedkit.check.model import Area, Finding, Look, Probe, State, several

_AREA = Area.ENVIRONMENT
# A job that broke off keeps no end; a deployment takes hours, not days.
LIVING = timedelta(days=1)
_FINISHED = 1  # msdyn_status
# Operations that lock: import and removal [table reference of msdyn_solutionhistory].
_LOCKING = {0: "import", 1: "removal"}


async def imports(look: Look) -> list[Finding]:
    """Tell of import jobs that have begun and not ended."""
    rows = await look.rows(
        "importjobs",
        {"$select": "solutionname,startedon,progress", "$filter": "completedon eq null"},
    )
    living = [row for row in rows if _is_living(look, row.get("startedon"))]
    named = [f"{row['solutionname']} ({row['progress'] or 0:.0f}%)" for row in living]
    return _findings(look, "solution import", named)


async def history(look: Look) -> list[Finding]:
    """Tell of solution operations that have begun and not ended.

    The table is virtual and may refuse conditions, so the newest are read and looked through.
    """
    answer = await look.get(
        "msdyn_solutionhistories",
        {
            "$select": "msdyn_name,msdyn_operation,msdyn_status,msdyn_starttime,msdyn_endtime",
            "$orderby": "msdyn_starttime desc",
            "$top": "50",
        },
    )
    named = [
        f"{_LOCKING[row['msdyn_operation']]} of {row['msdyn_name']}"
        for row in answer["value"]
        if _is_going_on(look, row)
    ]
    return _findings(look, "solution history", named)


def _is_going_on(look: Look, row: dict[str, Any]) -> bool:
    ended = row["msdyn_endtime"] is not None or row["msdyn_status"] == _FINISHED
    locks = row["msdyn_operation"] in _LOCKING
    return locks and not ended and _is_living(look, row["msdyn_starttime"])


def _is_living(look: Look, started: str | None) -> bool:
    """Tell whether a job that has no end may still run."""
    if started is None:
        return True
    begun = datetime.fromisoformat(started)
    return look.now - begun < LIVING


def _findings(look: Look, subject: str, named: list[str]) -> list[Finding]:
    if not named:
        return [Finding(_AREA, subject, State.OK, "none is going on")]
    detail = f"going on: {several(named)}; the environment is locked meanwhile, perhaps for hours"
    remedy = f"Wait until it is done, then: {look.place.check}"
    return [Finding(_AREA, subject, State.REFUSED, detail, remedy)]


PROBES = (
    Probe(_AREA, "solution import", imports),
    Probe(_AREA, "solution history", history),
)
