"""Merge: one row takes over another's children; the other is switched off and points at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seedkit.emulator.actions.parameters import named_row, truth, values_of
from seedkit.emulator.errors import ADDRESS, ARGUMENT, PlatformError
from seedkit.emulator.exchange import Answer
from seedkit.emulator.operations import Call, Kind, Operation
from seedkit.emulator.rules.cases import CANCELLED, CASE
from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import Layout, is_polymorphic, target_column
from seedkit.emulator.writing.platform import set_columns
from seedkit.emulator.writing.write import update_row
from seedkit.schema import Relationship

_MERGED_CASE = 2000
# Per table: state and status reason of the row that gives way, and the lookup to its own parent.
_TABLES: Mapping[str, tuple[int, int, str]] = {
    "account": (1, 2, "parentaccountid"),
    "contact": (1, 2, "parentcustomerid"),
    CASE: (CANCELLED, _MERGED_CASE, "parentcaseid"),
}


def merge(call: Call) -> Answer:
    """Merge a subordinate into a target of the same table."""
    session = call.session
    layout, target_id = named_row(call, "Target", "Write")
    other, subordinate_id = named_row(call, "Subordinate", "Write")
    if layout is not other or layout.name not in _TABLES or target_id == subordinate_id:
        raise PlatformError(
            ARGUMENT, "Two different rows of account, contact or incident can be merged."
        )
    _check_rows(session, layout, target_id, subordinate_id, truth(call, "PerformParentingChecks"))
    _take_values(call, layout, target_id)
    for relationship in session.environment.catalogue.children[layout.name]:
        if (relationship.cascade or {}).get("merge") == "cascade":
            _move(session, relationship, subordinate_id, target_id)
    state, status, _parent = _TABLES[layout.name]
    values = {"statecode": state, "statuscode": status, "masterid": target_id, "merged": 1}
    set_columns(session, layout, subordinate_id, values)
    return Answer(204)


def _check_rows(
    session: Session, layout: Layout, target_id: str, subordinate_id: str, parents_too: bool
) -> None:
    """Refuse inactive rows and, when asked to, rows with different parents [inferred codes]."""
    rows = [session.store.row(layout, row_id) or [] for row_id in (target_id, subordinate_id)]
    if any(row[layout.position["statecode"]] != 0 for row in rows):
        raise PlatformError(ARGUMENT, "Only active rows can be merged.")
    parents = {row[layout.position[_TABLES[layout.name][2]]] for row in rows}
    if parents_too and len(parents) > 1:
        raise PlatformError(ARGUMENT, "The rows have different parents.")


def _take_values(call: Call, layout: Layout, target_id: str) -> None:
    """Change the target as asked; for cases the content is ignored, as documented."""
    content: Any = call.parameters.get("UpdateContent")
    if content is None or layout.name == CASE:
        return
    if not isinstance(content, Mapping):
        raise PlatformError(ADDRESS, "The parameter 'UpdateContent' must hold columns.")
    values = values_of(layout, content)
    if values:
        update_row(call.session, layout, target_id, values)


def _move(session: Session, relationship: Relationship, old: str, new: str) -> None:
    """Hang the children of one row on another; a row doesn't become its own parent."""
    child = session.environment.layouts.get(relationship.child)
    if child is None or child.stored is None or relationship.column not in child.position:
        return
    query = (
        f'SELECT "{child.primary_id}" FROM "{child.stored}" '
        f'WHERE "{relationship.column}" = ? AND "{child.primary_id}" <> ?'
    )
    if is_polymorphic(child.table.columns[relationship.column]):
        query += f" AND \"{target_column(relationship.column)}\" = '{relationship.parent}'"
    for (child_id,) in session.store.connection.execute(query, (old, new)).fetchall():
        set_columns(session, child, child_id, {relationship.column: new})


OPERATIONS = (
    Operation(
        "Merge",
        Kind.ACTION,
        merge,
        "documented",
        takes=frozenset({"Target", "Subordinate", "UpdateContent", "PerformParentingChecks"}),
        needs=frozenset({"Target", "Subordinate", "PerformParentingChecks"}),
        note="Children move along the relationships whose merge behaviour is Cascade.",
    ),
)
