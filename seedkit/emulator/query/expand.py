"""Expansions: rows of related tables inside the rows of an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from seedkit.emulator.errors import ADDRESS, PlatformError, unknown_property
from seedkit.emulator.query.options import Query
from seedkit.emulator.query.paging import PAGE_SIZE, Position, write_token
from seedkit.emulator.query.paths import (
    MAIN,
    Collection,
    Restriction,
    Scope,
    collection,
    link_condition,
)
from seedkit.emulator.storage.layout import Layout, property_name, target_column
from seedkit.emulator.storage.store import id_list
from seedkit.schema import Relationship

if TYPE_CHECKING:
    from seedkit.emulator.query.reader import Reader, View
    from seedkit.emulator.session import Environment

Rows = list[dict[str, Any]]

_MANY_TO_ONE = "Only $select and $filter clause can be provided while doing $expand on "
_ALL = 10**9


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one table: their stored values, where each lies, and the rows of the answer."""

    layout: Layout
    at: Mapping[str, int]
    values: Sequence[Sequence[Any]]
    rows: Rows


def check_expansions(environment: Environment, layout: Layout, query: Query) -> None:
    """Refuse the expansions that the platform refuses, whatever the rows hold."""
    kinds = [_kind(environment, layout, name) for name, _inner in query.expand]
    pairs = [isinstance(kind, Collection) and kind.is_pairs for kind in kinds]
    if any(pairs) and (query.is_nested or not all(pairs)):
        # Neither nested nor beside another kind of relationship [documented].
        raise PlatformError(
            ADDRESS, "$expand on a many-to-many relationship can't be combined with another."
        )
    _check_level(environment, layout, query, query.is_nested)


def _check_level(environment: Environment, layout: Layout, query: Query, nested: bool) -> None:
    for name, inner in query.expand:
        kind = _kind(environment, layout, name)
        if isinstance(kind, Collection):
            _check_collection(inner, nested, kind.is_pairs)
            target = kind.child
        else:
            _check_single(name, inner)
            target = environment.layouts[kind[0].parent]
        if inner.expand:
            _check_level(environment, target, inner, nested)


def _check_collection(inner: Query, nested: bool, pairs: bool) -> None:
    if inner.reference:
        raise PlatformError(
            ADDRESS, "Expand with $ref is only supported on lookup type navigation property."
        )
    if nested and pairs:
        raise PlatformError(ADDRESS, "$expand on a many-to-many relationship can't be nested.")
    if nested and (inner.orderby or inner.top is not None):
        raise _only_select()


def _check_single(name: str, inner: Query) -> None:
    if inner.orderby or inner.top is not None:
        raise _only_select()
    if inner.filter is not None:
        # Documented for collections only; the status is inferred.
        raise PlatformError(ADDRESS, f"$filter is not supported while doing $expand on '{name}'.")


def _only_select() -> PlatformError:
    return PlatformError(
        ADDRESS, f"{_MANY_TO_ONE}many-to-one relationship or nested one-to-many relationship."
    )


def _kind(
    environment: Environment, layout: Layout, name: str
) -> Collection | tuple[Relationship, ...]:
    single = layout.single_navigation.get(name)
    found = single or collection(environment, layout, name)
    if found is None:
        raise unknown_property(layout.name, name)
    return found


class Expander:
    """Fills the expansions of one request into its rows.

    The page size limits each collection when expansions are nested; else only the rows of the
    answer itself are paged [documented].
    """

    def __init__(self, reader: Reader, environment: Environment, view: View) -> None:
        self._reader = reader
        self._environment = environment
        self._view = view

    def expand(self, found: Found, name: str, query: Query) -> None:
        """Put the rows behind one navigation property into the rows of the answer."""
        kind = _kind(self._environment, found.layout, name)
        if isinstance(kind, Collection):
            self._expand_collection(found, name, kind, query)
        elif query.reference:
            self._expand_reference(found, name, kind)
        else:
            self._expand_single(found, name, kind, query)

    def _expand_reference(
        self, found: Found, name: str, relationships: Sequence[Relationship]
    ) -> None:
        key = property_name(found.layout.table.columns[relationships[0].column])
        for row, (table, row_id) in zip(
            found.rows, self._targets(found, relationships), strict=True
        ):
            row[key] = row_id
            row[name] = None
            if table is not None:
                entity_set = self._environment.layouts[table].entity_set
                row[name] = {"@odata.id": f"{self._view.viewer.root}{entity_set}({row_id})"}

    def _targets(
        self, found: Found, relationships: Sequence[Relationship]
    ) -> list[tuple[str | None, str | None]]:
        """Return table and id that each row's lookup names through one of the relationships."""
        column = relationships[0].column
        index, kind = found.at[column], found.at.get(target_column(column))
        tables = {relationship.parent for relationship in relationships}
        targets: list[tuple[str | None, str | None]] = []
        for values in found.values:
            table = relationships[0].parent if kind is None else values[kind]
            usable = values[index] is not None and table in tables
            targets.append((table, values[index]) if usable else (None, None))
        return targets

    def _expand_single(
        self, found: Found, name: str, relationships: Sequence[Relationship], query: Query
    ) -> None:
        targets = self._targets(found, relationships)
        parents: dict[tuple[str, str], dict[str, Any]] = {}
        for relationship in relationships:
            table = relationship.parent
            ids = {row_id for target, row_id in targets if target == table and row_id is not None}
            # Also without ids, so that a faulty inner query is refused whatever the rows hold.
            for row in self._by_id(table, sorted(ids), query):
                parents[table, row[self._environment.layouts[table].primary_id]] = row
        for row, (target, row_id) in zip(found.rows, targets, strict=True):
            row[name] = parents.get((target or "", row_id or ""))

    def _by_id(self, table: str, ids: Sequence[str], query: Query) -> Rows:
        layout = self._environment.layouts[table]
        self._view.viewer.need_read(layout)
        return self._reader.rows(layout, query, len(ids), self._view, _among(layout, ids))

    def _expand_collection(self, found: Found, name: str, kind: Collection, query: Query) -> None:
        self._view.viewer.need_read(kind.child)
        ids = [values[found.at[found.layout.primary_id]] for values in found.values]
        children = self._children(kind, ids, query)
        limit = PAGE_SIZE if query.top is None else min(query.top, PAGE_SIZE)
        if self._view.nested and self._view.page_size is not None:
            limit = min(limit, self._view.page_size)
        for row, row_id in zip(found.rows, ids, strict=True):
            mine = children.get(row_id, [])
            row[name] = mine[:limit]
            link = f"{self._view.viewer.root}{found.layout.entity_set}({row_id})/{name}"
            following = self._following(kind, query, mine, limit)
            if following is not None:
                row[f"{name}@odata.nextLink"] = link + following

    def _following(self, kind: Collection, query: Query, rows: Rows, limit: int) -> str | None:
        """Return the options of the link to more rows: to all of them unless there is nesting."""
        if not self._view.nested:
            return f"?{query.text}" if query.text else ""
        if len(rows) <= limit:
            return None
        last = rows[limit - 1][kind.child.primary_id]
        token = quote(write_token(Position(2, (last,))), safe="")
        return f"?{query.text}{'&' if query.text else ''}$skiptoken={token}"

    def _children(self, kind: Collection, ids: Sequence[str], query: Query) -> dict[str, Rows]:
        if isinstance(kind.link, Relationship):
            return self._by_lookup(kind.child, kind.link, ids, query)
        return self._by_pairs(kind, ids, query)

    def _by_lookup(
        self, layout: Layout, relationship: Relationship, ids: Sequence[str], query: Query
    ) -> dict[str, Rows]:
        condition = link_condition(Scope(layout, MAIN), relationship, "?")
        condition = condition.replace("= ?", "IN (SELECT value FROM json_each(?))", 1)
        key = property_name(layout.table.columns[relationship.column])
        shown = query.select is None or key in query.select
        asked = query if shown else replace(query, select=(*(query.select or ()), key))
        grouped: dict[str, Rows] = {}
        restriction = Restriction(condition, (id_list(ids),))
        for row in self._reader.rows(layout, asked, _ALL, self._view, restriction):
            grouped.setdefault(row[key], []).append(row)
            if not shown and self._view.nested:
                # Without nesting the lookup stays, asked for or not [documented in examples].
                for extra in [name for name in row if name.partition("@")[0] == key]:
                    del row[extra]
        return grouped

    def _by_pairs(self, kind: Collection, ids: Sequence[str], query: Query) -> dict[str, Rows]:
        owners: dict[str, list[str]] = {}
        for near, far in self._reader.pairs(kind, ids):
            owners.setdefault(far, []).append(near)
        restriction = _among(kind.child, sorted(owners))
        grouped: dict[str, Rows] = {}
        for row in self._reader.rows(kind.child, query, _ALL, self._view, restriction):
            for owner in owners[row[kind.child.primary_id]]:
                grouped.setdefault(owner, []).append(dict(row))
        return grouped


def _among(layout: Layout, ids: Sequence[str]) -> Restriction:
    condition = f'{MAIN}."{layout.primary_id}" IN (SELECT value FROM json_each(?))'
    return Restriction(condition, (id_list(ids),))
