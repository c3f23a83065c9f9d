"""The final states of rows: what closes them, and how to tell that they have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from seedkit.dataverse.metadata import NUMBER_COLUMN
from seedkit.plan import Plan
from seedkit.records.batch import RESOLUTION as RESOLUTION_TABLE
from seedkit.records.batch import STATE, STATUS, RecordBatch, States

CLOSE = "CloseIncident"  # the action by which a case is resolved; a plain update is refused
CASES = "incidents"
RESOLUTION = "IncidentResolution"  # its parameter: the row that tells how
_KIND = f"Microsoft.Dynamics.CRM.{RESOLUTION_TABLE}"
_CASE = "incidentid@odata.bind"


def final_states(
    plan: Plan, batch: RecordBatch, rows: Iterable[int], *, of_parents: bool
) -> dict[int, dict[str, Any]]:
    """Return what to send for each row that changes its state.

    `of_parents` chooses the rows at which others of the batch point, which go last; or the others.
    """
    states, parents = batch.states, batch.parents
    if states is None:
        return {}
    return {
        row: _body(plan, batch, states, row)
        for row in rows
        if states.states[row] is not None and (batch.ids[row] in parents) == of_parents
    }


def _body(plan: Plan, batch: RecordBatch, states: States, row: int) -> dict[str, Any]:
    table = plan.table(batch.table)
    how, id, status = states.resolutions, batch.ids[row], states.statuses[row]
    if how is None or how.ids[row] is None:
        return {table.primary_id: id, STATE: states.states[row], STATUS: status}
    told = {name: values[row] for name, values in how.columns.items() if values[row] is not None}
    place = {_CASE: f"/{table.entity_set}({id})"}
    head = {"@odata.type": _KIND, "activityid": how.ids[row], NUMBER_COLUMN: plan.mark}
    return {RESOLUTION: {**head, **told, **place}, "Status": status}


def is_final(batch: RecordBatch, row: int, there: Mapping[str, Any]) -> bool:
    """Tell whether a row that was read has its final state; one that keeps its first has none."""
    states = batch.states
    if states is None or states.states[row] is None:
        return False
    return (there[STATE], there[STATUS]) == (states.states[row], states.statuses[row])
