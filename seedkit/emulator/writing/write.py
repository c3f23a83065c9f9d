"""Creating and updating rows: fill in, check, complete, store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from seedkit.emulator.addresses import Key
from seedkit.emulator.errors import (
    BAD_ID,
    DUPLICATE_ID,
    DUPLICATE_KEY,
    EMPTY_CREATE,
    METHOD,
    REQUIRED,
    PlatformError,
    missing_row,
    payload_error,
)
from seedkit.emulator.rules import CREATE_RULES, UPDATE_RULES
from seedkit.emulator.session import Session, key_values
from seedkit.emulator.storage.layout import VERSION, Layout
from seedkit.emulator.writing.complete import complete_new, complete_update, template
from seedkit.emulator.writing.plan import OWNER, Bind, Plan
from seedkit.schema import Relationship

Body = Mapping[str, Any]
Nested = tuple[Relationship, bool, Sequence[Any]]

_BIND = "@odata.bind"
_TYPE = "@odata.type"


def create_rows(session: Session, layout: Layout, bodies: Sequence[Body]) -> list[str]:
    """Create rows, all or nothing within the caller's transaction; return their ids in order."""
    if layout.table.api_create == "no":
        raise PlatformError(METHOD, f"The entity {layout.name} does not support Create.")
    plan = session.environment.plan(layout.name)
    start = template(session, plan)
    rows: list[list[Any]] = []
    nested: list[tuple[int, Nested]] = []
    for body in bodies:
        row = start.copy()
        for item in _fill_new(session, plan, row, body):
            nested.append((len(rows), item))
        rows.append(row)
    session.check_wanted()
    complete_new(session, plan, rows)
    _check_needed(plan, rows)
    rule = CREATE_RULES.get(layout.name)
    if rule is not None:
        rule(
            session.store.connection, [dict(zip(layout.columns, row, strict=True)) for row in rows]
        )
    _insert(session, layout, rows)
    for index, item in nested:
        _add_children(session, item, layout, rows[index][0])
    return [row[0] for row in rows]


def update_row(session: Session, layout: Layout, row_id: str, body: Body) -> None:
    """Change columns of one row; 404 when it isn't there."""
    old = session.store.row(layout, row_id)
    if old is None:
        raise missing_row(layout.name, row_id)
    plan = session.environment.plan(layout.name)
    new = old.copy()
    sent = _fill_changes(session, plan, new, row_id, body)
    session.check_wanted()
    complete_update(session, plan, old, new, sent)
    _check_needed(plan, [new])
    rule = UPDATE_RULES.get(layout.name)
    if rule is not None:
        names = layout.columns
        before, after = dict(zip(names, old, strict=True)), dict(zip(names, new, strict=True))
        rule(session.store.connection, before, after, sent)
    _store_changes(session, layout, old, new)


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
        else:
            found.update(_key_bind(session, column.targets.values(), value))
    return {**found, **body}


def _key_bind(
    session: Session, relationships: Iterable[Relationship], row_id: str
) -> dict[str, str]:
    for relationship in relationships:
        layout = session.environment.layouts[relationship.parent]
        if not session.store.missing(layout, [row_id]):
            return {relationship.bind + _BIND: f"/{layout.entity_set}({row_id})"}
    raise missing_row("record", row_id)


def _fill_new(session: Session, plan: Plan, row: list[Any], body: Body) -> list[Nested]:
    if not body:
        raise PlatformError(EMPTY_CREATE, "No attributes for Create Entity action.")
    create, binds = plan.create, plan.create_binds
    nested: list[Nested] = []
    for key, value in body.items():
        put = create.get(key)
        if put is not None:
            put(row, value)
        elif key in binds:
            bind_value(session, plan, row, binds[key], value)
        elif not _is_annotation(plan, key, value):
            _nest(session, plan, row, key, value, nested)
    if row[0] is None and plan.layout.primary_id in body:
        raise PlatformError(BAD_ID, f"The id of {plan.layout.name} is empty.")
    return nested


def _fill_changes(
    session: Session, plan: Plan, row: list[Any], row_id: str, body: Body
) -> frozenset[str]:
    sent = set()
    for key, value in body.items():
        put = plan.update.get(key)
        if put is not None:
            put(row, value)
            sent.add(key)
        elif key in plan.update_binds:
            bind_value(session, plan, row, plan.update_binds[key], value)
            sent.add(plan.layout.columns[plan.update_binds[key].index])
        elif key == plan.layout.primary_id and str(value).lower() == row_id:
            continue
        elif not _is_annotation(plan, key, value):
            raise _refusal(plan, key, "update")
    _refuse_emptied(plan, row, sent)
    return frozenset(sent)


def _refuse_emptied(plan: Plan, row: Sequence[Any], sent: Iterable[str]) -> None:
    """Refuse null for a column that the platform needs; a null status reason means the default."""
    for name in sent:
        column = plan.layout.table.columns.get(name)
        if column is None or name == "statuscode" or row[plan.layout.position[name]] is not None:
            continue
        if column.required == "system" or column.type in ("state", "owner"):
            raise PlatformError(REQUIRED, f"A required value is missing: '{name}'.")


def bind_value(session: Session, plan: Plan, row: list[Any], bind: Bind, value: Any) -> None:
    """Put the row that a bind names into a lookup; null empties it."""
    if value is None:
        if plan.layout.columns[bind.index] == OWNER:
            raise PlatformError(REQUIRED, f"A required value is missing: '{OWNER}'.")
        row[bind.index] = None
        if bind.table_index is not None:
            row[bind.table_index] = None
        return
    if type(value) is not str:
        raise payload_error(plan.layout.entity_set, f"'{bind.name}' must be the address of a row.")
    match = bind.plain(value)
    if match is not None:
        target, row_id = bind.plain_target, match[1].lower()
    else:
        layout, row_id = session.locate(value)
        target = layout.name
        if target not in bind.targets.values():
            raise payload_error(
                plan.layout.entity_set, f"'{bind.name}' can't point at a row of '{target}'."
            )
    session.want(target, row_id)
    row[bind.index] = row_id
    if bind.table_index is not None:
        row[bind.table_index] = target


def _is_annotation(plan: Plan, key: str, value: Any) -> bool:
    """Tell whether a key can be left alone; 400 when it names another table as the row's type."""
    if key == _TYPE and not is_type(value, plan.layout):
        raise payload_error(plan.layout.entity_set, f"the row is no '{value}'.")
    return "@" in key and not key.lower().endswith(_BIND)


def is_type(value: Any, layout: Layout) -> bool:
    """Tell whether the value of `@odata.type` names the table."""
    wanted = f"Microsoft.Dynamics.CRM.{layout.name}"
    return isinstance(value, str) and value.removeprefix("#") == wanted


def _nest(
    session: Session, plan: Plan, row: list[Any], key: str, value: Any, nested: list[Nested]
) -> None:
    """Take a deep insert or a bind of a whole collection; refuse any other unknown name."""
    layout, environment = plan.layout, session.environment
    name = key.removesuffix(_BIND)
    relationship = environment.collections.get(layout.name, {}).get(name)
    if relationship is not None and isinstance(value, list):
        nested.append((relationship, key != name, value))
        return
    single = layout.single_navigation.get(key)
    if single is None or not isinstance(value, dict) or key + _BIND not in plan.create_binds:
        raise _refusal(plan, key, "create")
    parent = environment.layouts[single[0].parent]
    row_id = create_rows(session, parent, [value])[0]
    address = f"/{parent.entity_set}({row_id})"
    bind_value(session, plan, row, plan.create_binds[key + _BIND], address)


def _refusal(plan: Plan, key: str, action: str) -> PlatformError:
    name, entity_set = key.removesuffix(_BIND), plan.layout.entity_set
    known = name in plan.create or name in plan.update or name + _BIND in plan.create_binds
    column = plan.layout.table.columns.get(name)
    if known or (column is not None and not column.is_lookup):
        return payload_error(entity_set, f"The property '{name}' is not valid for {action}.")
    return payload_error(
        entity_set,
        f"The property '{name}' does not exist on type 'Microsoft.Dynamics.CRM."
        f"{plan.layout.name}'. Make sure to only use property names that are defined by the type.",
    )


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


def _add_children(session: Session, item: Nested, parent: Layout, parent_id: str) -> None:
    relationship, is_bind, values = item
    child = session.environment.layouts[relationship.child]
    address = {relationship.bind + _BIND: f"/{parent.entity_set}({parent_id})"}
    wanted = str if is_bind else dict
    if not all(isinstance(value, wanted) for value in values):
        raise payload_error(parent.entity_set, f"'{relationship.collection}' holds no rows.")
    if not is_bind:
        create_rows(session, child, [{**value, **address} for value in values])
        return
    for value in values:
        layout, row_id = session.locate(value)
        if layout is not child:
            raise payload_error(parent.entity_set, f"'{value}' is no row of '{child.name}'.")
        update_row(session, child, row_id, address)
