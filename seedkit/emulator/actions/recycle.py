"""Restore: bring a deleted row back from the recycle bin, with what its cascade took."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from seedkit.emulator.actions.parameters import reference, values_of
from seedkit.emulator.errors import (
    BIN_CONFLICT,
    BIN_KEY_CONFLICT,
    BIN_REFERENCE,
    PlatformError,
    missing_row,
)
from seedkit.emulator.exchange import Answer, json_answer
from seedkit.emulator.operations import Call, Kind, Operation
from seedkit.emulator.routes.functions import response_context
from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import VERSION, Layout, is_polymorphic, target_column
from seedkit.emulator.writing import bin as recycle_bin
from seedkit.emulator.writing.platform import set_columns
from seedkit.emulator.writing.write import update_row

Row = tuple[str, str]


def restore(call: Call) -> Answer:
    """Restore a row under its own id; columns in the target replace what it had.

    Only what was deleted by itself can be restored, not what a cascade took [inferred].
    """
    session, target = call.session, call.parameters["Target"]
    layout, row_id = reference(call, target, "Target")
    session.need_on("Create", layout)
    root = (layout.name, row_id)
    if recycle_bin.find(session, *root) != root:
        raise missing_row(layout.name, row_id)
    rows = recycle_bin.members(session, root)
    for table, member_id in rows:
        _restore_row(session, session.store.layouts[table], member_id, rows)
    for link in recycle_bin.lost_links(session, root):
        _restore_link(session, *link)
    recycle_bin.take_out(session, root)
    values = values_of(layout, target) if isinstance(target, Mapping) else {}
    if values:
        update_row(session, layout, row_id, values)
    context = response_context(call.request, "Restore")
    return json_answer({"@odata.context": context, "id": row_id})


def _restore_row(session: Session, layout: Layout, row_id: str, along: Sequence[Row]) -> None:
    row = recycle_bin.stored_row(session, layout, row_id)
    if not session.store.missing(layout, [row_id]):
        raise PlatformError(
            BIN_CONFLICT,
            f"Please delete the existing conflicting record '{layout.name}' with primary key "
            f"'{layout.primary_id}' and primary key value '{row_id}' before attempting restore.",
        )
    _check_references(session, layout, row, along)
    row[layout.position[VERSION]] = session.store.take_versions(1)
    try:
        session.store.insert(layout, [row])
    except sqlite3.IntegrityError:
        raise PlatformError(
            BIN_KEY_CONFLICT,
            f"Duplicate entity key preventing restore of record '{layout.name}' with primary key "
            f"'{layout.primary_id}' and primary key value '{row_id}'.",
        ) from None


def _check_references(
    session: Session, layout: Layout, row: Sequence[Any], along: Sequence[Row]
) -> None:
    """Refuse when a row that the restored one names is gone and doesn't come back with it."""
    for column in layout.table.columns.values():
        value = row[layout.position[column.name]] if column.name in layout.position else None
        if value is None or not column.targets:
            continue
        table = next(iter(column.targets))
        if is_polymorphic(column):
            table = row[layout.position[target_column(column.name)]]
        parent = session.store.layouts[table]
        if (table, value) not in along and session.store.missing(parent, [value]):
            raise PlatformError(
                BIN_REFERENCE,
                f"Entity with id '{value}' and logical name '{table}' does not exist. "
                f"ReferencedEntityName: {table}, AttributeName: {column.name}",
            )


def _restore_link(
    session: Session, table: str, row_id: str, lookup: str, parent: str, parent_id: str
) -> None:
    """Point a row at the restored one again, unless it is gone or points elsewhere by now."""
    layout = session.store.layouts[table]
    row = session.store.row(layout, row_id)
    if row is None or row[layout.position[lookup]] is not None:
        return
    values = {lookup: parent_id}
    if is_polymorphic(layout.table.columns[lookup]):
        values[target_column(lookup)] = parent
    set_columns(session, layout, row_id, values)


_TARGET = frozenset({"Target"})
OPERATIONS = (
    Operation("Restore", Kind.ACTION, restore, "documented", takes=_TARGET, needs=_TARGET),
)
