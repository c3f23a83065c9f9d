"""From a JSON body to a row: every property is checked and put in its place, or refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seedkit.emulator.errors import (
    BAD_ID,
    EMPTY_CREATE,
    REQUIRED,
    PlatformError,
    payload_error,
)
from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import Layout
from seedkit.emulator.storage.pairs import Link
from seedkit.emulator.writing.plan import OWNER, Bind, Plan
from seedkit.schema import Relationship

Body = Mapping[str, Any]

BIND = "@odata.bind"
TYPE = "@odata.type"


@dataclass(frozen=True, slots=True)
class Children:
    """A collection in a create body: rows to create, or addresses of rows to bind."""

    end: Relationship | Link
    name: str
    is_bind: bool
    values: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Deep:
    """The related rows that a create body holds; parents are created first."""

    parents: list[tuple[Bind, Body]] = field(default_factory=list)
    children: list[Children] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.parents or self.children)


def fill_new(session: Session, plan: Plan, row: list[Any], body: Body) -> Deep:
    """Put a create body into a row; return the related rows in it."""
    if not body:
        raise PlatformError(EMPTY_CREATE, "No attributes for Create Entity action.")
    create, binds = plan.create, plan.create_binds
    deep = Deep()
    bound: set[int] = set()
    for key, value in body.items():
        put = create.get(key)
        if put is not None:
            put(row, value)
        elif key in binds:
            _bind_once(plan, binds[key], bound)
            bind_value(session, plan, row, binds[key], value)
        elif not _is_annotation(plan, key, value):
            _take_deep(session, plan, key, value, deep)
    for bind, _body in deep.parents:
        _bind_once(plan, bind, bound)
    if row[0] is None and plan.layout.primary_id in body:
        raise PlatformError(BAD_ID, f"The id of {plan.layout.name} is empty.")
    return deep


def fill_changes(
    session: Session, plan: Plan, row: list[Any], row_id: str, body: Body
) -> frozenset[str]:
    """Put an update body into a row; return the names of the columns that it sets."""
    sent = set()
    bound: set[int] = set()
    for key, value in body.items():
        put = plan.update.get(key)
        if put is not None:
            put(row, value)
            sent.add(key)
        elif key in plan.update_binds:
            bind = plan.update_binds[key]
            _bind_once(plan, bind, bound)
            bind_value(session, plan, row, bind, value)
            sent.add(plan.layout.columns[bind.index])
        elif key == plan.layout.primary_id and str(value).lower() == row_id:
            continue
        elif not _is_annotation(plan, key, value):
            raise _refusal(plan, key, "update")
    _refuse_emptied(plan, row, sent)
    return frozenset(sent)


def _bind_once(plan: Plan, bind: Bind, bound: set[int]) -> None:
    """Refuse a second bind of one lookup. What the platform does then is not known: inferred."""
    if bind.index in bound:
        column = plan.layout.columns[bind.index]
        raise payload_error(plan.layout.entity_set, f"the lookup '{column}' is bound twice.")
    bound.add(bind.index)


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
        put_reference(row, bind, None, None)
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
    put_reference(row, bind, target, row_id)


def put_reference(row: list[Any], bind: Bind, target: str | None, row_id: str | None) -> None:
    """Put a reference into a lookup that is known to be right."""
    row[bind.index] = row_id
    if bind.table_index is not None:
        row[bind.table_index] = target


def _is_annotation(plan: Plan, key: str, value: Any) -> bool:
    """Tell whether a key can be left alone; 400 when it names another table as the row's type."""
    if key == TYPE and not is_type(value, plan.layout):
        raise payload_error(plan.layout.entity_set, f"the row is no '{value}'.")
    return "@" in key and not key.lower().endswith(BIND)


def is_type(value: Any, layout: Layout) -> bool:
    """Tell whether the value of `@odata.type` names the table."""
    wanted = f"Microsoft.Dynamics.CRM.{layout.name}"
    return isinstance(value, str) and value.removeprefix("#") == wanted


def _take_deep(session: Session, plan: Plan, key: str, value: Any, deep: Deep) -> None:
    """Note a deep insert or a bind of a whole collection; refuse any other unknown name."""
    layout, environment = plan.layout, session.environment
    name = key.removesuffix(BIND)
    end = environment.collections.get(layout.name, {}).get(name) or environment.pairs.get(
        layout.name, {}
    ).get(name)
    if end is not None and isinstance(value, list):
        wanted = dict if key == name else str
        if not all(isinstance(item, wanted) for item in value):
            raise payload_error(layout.entity_set, f"'{name}' holds no rows.")
        deep.children.append(Children(end, name, key != name, value))
        return
    bind = plan.create_binds.get(key + BIND)
    if bind is None or not isinstance(value, dict):
        raise _refusal(plan, key, "create")
    deep.parents.append((bind, value))


def _refusal(plan: Plan, key: str, action: str) -> PlatformError:
    name, entity_set = key.removesuffix(BIND), plan.layout.entity_set
    found = plan.layout.by_property.get(key)
    if found is not None and found.is_lookup:
        return payload_error(
            entity_set,
            f"'{key}': CRM do not support direct update of Entity Reference properties, Use "
            "Navigation properties instead.",
        )
    known = name in plan.create or name in plan.update or name + BIND in plan.create_binds
    column = plan.layout.table.columns.get(name)
    if known or (column is not None and not column.is_lookup):
        return payload_error(entity_set, f"The property '{name}' is not valid for {action}.")
    if key.endswith(BIND):
        return payload_error(
            entity_set,
            f"An undeclared property '{name}' which only has property annotations in the payload "
            "but no property value was found in the payload. In OData, only declared navigation "
            "properties and declared named streams can be represented as properties without "
            "values.",
        )
    return payload_error(
        entity_set,
        f"The property '{name}' does not exist on type 'Microsoft.Dynamics.CRM."
        f"{plan.layout.name}'. Make sure to only use property names that are defined by the type.",
    )
