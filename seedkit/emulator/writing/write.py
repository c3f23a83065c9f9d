"""Creating and updating rows: fill in, check, complete, store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from seedkit.emulator.addresses import Key
from seedkit.emulator.errors import (
    DUPLICATE_ID,
    DUPLICATE_KEY,
    METHOD,
    REQUIRED,
    PlatformError,
    missing_row,
    payload_error,
)
from seedkit.emulator.rules.duplicates import refuse_duplicates
from seedkit.emulator.rules.model import Change
from seedkit.emulator.rules.parties import NESTED_ONLY
from seedkit.emulator.rules.registry import rules_of
from seedkit.emulator.session import Session, key_values
from seedkit.emulator.storage.layout import VERSION, Layout
from seedkit.emulator.storage.pairs import Link
from seedkit.emulator.writing.assign import assign_children
from seedkit.emulator.writing.complete import complete_new, complete_update, template
from seedkit.emulator.writing.fill import (
    BIND,
    Body,
    Children,
    Deep,
    fill_changes,
    fill_new,
    put_reference,
)
from seedkit.emulator.writing.images import new_images, put_images, sent_images
from seedkit.emulator.writing.pairs import associate, refuse_direct
from seedkit.emulator.writing.plan import OWNER, Plan
from seedkit.emulator.writing.platform import add_nested
from seedkit.emulator.writing.quick import quick_rows
from seedkit.schema import Relationship

DEEPEST = 50  # rows within rows; that there is a bound is expected, its size is our own


def create_rows(
    session: Session, layout: Layout, bodies: Sequence[Body], levels: int = DEEPEST
) -> list[str]:
    """Create rows, all or nothing within the caller's transaction; return their ids in order.

    `levels` tells how deeply rows may be nested in the bodies.
    """
    if layout.table.api_create == "no":
        raise PlatformError(METHOD, f"The entity {layout.name} does not support Create.")
    refuse_direct(layout, "Create")
    session.need_on("Create", layout)
    plan = session.environment.plan(layout.name)
    bodies, images = new_images(layout, bodies)
    start = template(session, plan)
    rows, deep = quick_rows(session, plan, start, bodies), {}
    if rows is None:
        rows = [start.copy() for _body in bodies]
        deep = _fill(session, plan, rows, bodies, levels)
    session.need_append(layout)
    session.check_wanted()
    complete_new(session, plan, rows)
    rules = rules_of(layout)
    for fill in rules.creating:
        fill(session, layout, rows)
    _check_needed(plan, rows)
    if session.detects_duplicates:
        refuse_duplicates(session, layout, rows)
    _insert(session, layout, rows)
    for follow in rules.created:
        follow(session, layout, rows)
    for index, sent in images.items():
        put_images(session, layout, rows[index][0], sent)
    for index, found in deep.items():
        for children in found.children:
            _add_children(session, children, layout, rows[index][0], levels - 1)
    return [row[0] for row in rows]


def _fill(
    session: Session,
    plan: Plan,
    rows: Sequence[list[Any]],
    bodies: Sequence[Body],
    levels: int,
) -> dict[int, Deep]:
    """Fill rows one by one and create the parents in their bodies; return what else is in them."""
    found: dict[int, Deep] = {}
    for index, (row, body) in enumerate(zip(rows, bodies, strict=True)):
        deep = fill_new(session, plan, row, body)
        if not deep:
            continue
        if levels <= 0:
            raise payload_error(plan.layout.entity_set, "rows can't be created inside this row.")
        for bind, parent_body in deep.parents:
            parent = session.environment.layouts[bind.plain_target]
            (parent_id,) = create_rows(session, parent, [parent_body], levels - 1)
            put_reference(row, bind, parent.name, parent_id)
        found[index] = deep
    return found


def update_row(session: Session, layout: Layout, row_id: str, body: Body) -> None:
    """Change columns of one row; 404 when it isn't there."""
    refuse_direct(layout, "Update")
    old = session.store.row(layout, row_id)
    if old is None:
        raise missing_row(layout.name, row_id)
    plan = session.environment.plan(layout.name)
    new = old.copy()
    session.need_row("Write", layout, old)
    body, images = sent_images(layout, body)
    sent = fill_changes(session, plan, new, row_id, body)
    if OWNER in sent:
        session.need_row("Assign", layout, old)
    session.need_append(layout)
    session.check_wanted()
    complete_update(session, plan, old, new, sent)
    _check_needed(plan, [new])
    rules, change = rules_of(layout), Change(layout, old, new, sent)
    for check in rules.changing:
        check(session, change)
    if session.detects_duplicates:
        refuse_duplicates(session, layout, [new])
    _store_changes(session, layout, old, new)
    put_images(session, layout, row_id, images)
    for follow in rules.changed:
        follow(session, change)
    if change.sets(OWNER):
        assign_children(session, change, _store_changes)


def key_columns(session: Session, layout: Layout, key: Key, body: Body) -> dict[str, Any]:
    """Return a create body for an upsert by key: the key's values where the body has none.

    Lookups of a key are turned into binds, since a body can't name them by column.
    """
    if key.row_id is not None:
        sent = body.get(layout.primary_id, key.row_id)
        if str(sent).lower() != key.row_id:
            # What the platform makes of two ids is not known; nobody should rely on it.
            raise payload_error(layout.entity_set, "the id differs from the one in the address.")
        return {**body, layout.primary_id: key.row_id}
    found: dict[str, Any] = {}
    for name, value in key_values(layout, key).items():
        column = layout.table.columns[name]
        if column.targets is None:
            found[name] = value
        elif not any(end.bind + BIND in body for end in column.targets.values()):
            found.update(_key_bind(session, column.targets.values(), value))
    return {**found, **body}


def _key_bind(
    session: Session, relationships: Iterable[Relationship], row_id: str
) -> dict[str, str]:
    for relationship in relationships:
        layout = session.environment.layouts[relationship.parent]
        if session.store.has(layout, row_id):
            return {relationship.bind + BIND: f"/{layout.entity_set}({row_id})"}
    raise missing_row("record", row_id)


def _check_needed(plan: Plan, rows: Sequence[Sequence[Any]]) -> None:
    for index, name in plan.needed:
        for row in rows:
            if row[index] is None:
                raise PlatformError(REQUIRED, f"A required value is missing: '{name}'.")


def _insert(session: Session, layout: Layout, rows: Sequence[Sequence[Any]]) -> None:
    try:
        session.store.insert(layout, rows)
    except sqlite3.IntegrityError as error:
        raise _duplicate(layout, error) from None


def _store_changes(session: Session, layout: Layout, old: list[Any], new: list[Any]) -> None:
    new[layout.position[VERSION]] = session.store.take_versions(1)
    changes = {
        name: value
        for name, before, value in zip(layout.columns, old, new, strict=True)
        if value != before
    }
    try:
        session.store.update(layout, new[0], changes)
    except sqlite3.IntegrityError as error:
        raise _duplicate(layout, error) from None


def _duplicate(layout: Layout, error: sqlite3.IntegrityError) -> PlatformError:
    if str(error).endswith(f"{layout.name}.{layout.primary_id}"):
        return PlatformError(DUPLICATE_ID, "A record with matching key values already exists.")
    columns = str(error).rpartition(": ")[2].replace(f"{layout.name}.", "")
    return PlatformError(
        DUPLICATE_KEY,
        f"Entity Key violated: a record of {layout.name} with the same {columns} already exists.",
    )


def _add_children(
    session: Session, children: Children, parent: Layout, parent_id: str, levels: int
) -> None:
    end = children.end
    if isinstance(end, Link):
        far = session.environment.layouts[end.far.table]
        for far_id in _far_ids(session, children, far, levels):
            associate(session, end, parent_id, far_id)
        return
    child = session.environment.layouts[end.child]
    if end.child in NESTED_ONLY:
        add_nested(session, end, parent_id, children.values)
        return
    address = {end.bind + BIND: f"/{parent.entity_set}({parent_id})"}
    if not children.is_bind:
        create_rows(session, child, [{**value, **address} for value in children.values], levels)
        return
    for child_id in _far_ids(session, children, child, levels):
        update_row(session, child, child_id, address)


def _far_ids(session: Session, children: Children, far: Layout, levels: int) -> list[str]:
    if not children.is_bind:
        return create_rows(session, far, children.values, levels)
    found = [session.locate(value) for value in children.values]
    if any(layout is not far for layout, _row_id in found):
        raise payload_error(far.entity_set, f"'{children.name}' names a row of another table.")
    return [row_id for _layout, row_id in found]
