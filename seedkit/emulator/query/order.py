"""`$orderby`: by columns, by columns of a row that a lookup names, by the name behind a lookup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seedkit.emulator.errors import ADDRESS, PlatformError
from seedkit.emulator.query.paging import Term
from seedkit.emulator.query.paths import MAIN, Paths, Scope, column_of
from seedkit.emulator.storage.layout import is_polymorphic, target_column
from seedkit.schema import Column

_DIRECTIONS = {"": False, "asc": False, "desc": True}


def order_terms(paths: Paths, orderby: Sequence[str], aliases: Mapping[str, str]) -> list[Term]:
    """Return the terms of an order, with the row's id as the last."""
    terms = [_term(paths, item, aliases) for item in orderby]
    return [*terms, Term(f'{MAIN}."{paths.main.layout.primary_id}"', False)]


def _term(paths: Paths, item: str, aliases: Mapping[str, str]) -> Term:
    name, direction = read_term(item, aliases)
    *steps, last = name.split("/")
    scope = paths.scope(steps)
    sql, column = column_of(scope, last)
    # A lookup is put in order by the name of the row that it points at [documented].
    return Term(_name_behind(paths, scope, column) if column.is_lookup else sql, direction)


def read_term(item: str, aliases: Mapping[str, str]) -> tuple[str, bool]:
    """Return the property of a term and whether it goes down; 400 when it is malformed."""
    name, _, direction = item.partition(" ")
    if direction.strip() not in _DIRECTIONS:
        raise PlatformError(ADDRESS, f"Syntax error in $orderby: '{item}'.")
    return aliases.get(name, name).strip(), _DIRECTIONS[direction.strip()]


def _name_behind(paths: Paths, scope: Scope, column: Column) -> str:
    lookup = f'{scope.alias}."{column.name}"'
    names = {}
    for table in column.targets or {}:
        layout = paths.layouts[table]
        name = layout.table.primary_name
        if name in layout.position:
            names[table] = (
                f'(SELECT n."{name}" FROM "{table}" n WHERE n."{layout.primary_id}" = {lookup})'
            )
    if not names:
        return lookup
    if not is_polymorphic(column):
        return next(iter(names.values()))
    kind = f'{scope.alias}."{target_column(column.name)}"'
    cases = " ".join(f"WHEN '{table}' THEN {sql}" for table, sql in names.items())
    return f"(CASE {kind} {cases} END COLLATE NOCASE)"
