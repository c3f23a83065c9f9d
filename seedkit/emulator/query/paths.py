"""Where the names in a query lead: columns, rows that a lookup names, collections of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seedkit.emulator.errors import unknown_property
from seedkit.emulator.storage.layout import Layout, is_polymorphic, target_column
from seedkit.emulator.storage.pairs import Link
from seedkit.schema import Column, Relationship

if TYPE_CHECKING:
    from seedkit.emulator.session import Environment


MAIN = "t"  # the alias of a statement's main table


@dataclass(frozen=True, slots=True)
class Restriction:
    """A condition beside the filter, with its parameters."""

    sql: str
    parameters: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """A table under its alias in the statement."""

    layout: Layout
    alias: str


@dataclass
class Paths:
    """The joins of one statement: single-valued navigation from its main table."""

    layouts: Mapping[str, Layout]
    main: Scope
    check: Callable[[Layout], None]  # refuses a table that the caller may not read
    joins: dict[tuple[str, ...], tuple[Scope, str]] = field(default_factory=dict)

    @property
    def sql(self) -> str:
        """Return the joins as SQL."""
        return "".join(join for _scope, join in self.joins.values())

    def column(self, path: Sequence[str]) -> tuple[str, Column]:
        """Return SQL and column of a property path from the main table."""
        return column_of(self.scope(path[:-1]), path[-1])

    def scope(self, path: Sequence[str]) -> Scope:
        """Return the table that a path of single-valued navigation leads to."""
        scope = self.main
        for depth in range(1, len(path) + 1):
            scope = self._follow(scope, tuple(path[:depth]))
        return scope

    def _follow(self, scope: Scope, path: tuple[str, ...]) -> Scope:
        if path not in self.joins:
            relationships = scope.layout.single_navigation.get(path[-1])
            if relationships is None:
                raise unknown_property(scope.layout.name, path[-1])
            alias = f"{self.main.alias}j{len(self.joins)}"
            target = Scope(self.layouts[relationships[0].parent], alias)
            self.check(target.layout)
            self.joins[path] = target, _join(scope, relationships[0], target)
        return self.joins[path][0]


@dataclass(frozen=True, slots=True)
class Collection:
    """Rows that belong to a row: its children, or those paired with it in an intersect table.

    `link` is the relationship to children or the many-to-many relationship of the pairs.
    """

    child: Layout
    link: Relationship | Link

    @property
    def is_pairs(self) -> bool:
        """Tell whether the rows are paired with their owner instead of pointing at it."""
        return isinstance(self.link, Link)

    def condition(self, alias: str, owner: str) -> str:
        """Return the SQL that ties the rows under an alias to the owner's id, an SQL term."""
        if isinstance(self.link, Relationship):
            return link_condition(Scope(self.child, alias), self.link, owner)
        near, far, table = self.pair_columns()
        return (
            f'{alias}."{self.child.primary_id}" IN '
            f'(SELECT "{far}" FROM "{table}" WHERE "{near}" = {owner})'
        )

    def pair_columns(self) -> tuple[str, str, str]:
        """Return near column, far column and name of the table that holds the pairs."""
        if isinstance(self.link, Relationship):
            raise TypeError(f"{self.link.name} has no pairs")
        link = self.link
        return link.near.column, link.far.column, link.relationship.intersect


def collection(environment: Environment, layout: Layout, name: str) -> Collection | None:
    """Return the collection behind a navigation property of a table; None when it has none."""
    relationship = environment.collections.get(layout.name, {}).get(name)
    if relationship is not None:
        return Collection(environment.layouts[relationship.child], relationship)
    link = environment.pairs.get(layout.name, {}).get(name)
    return None if link is None else Collection(environment.layouts[link.far.table], link)


def column_of(scope: Scope, name: str) -> tuple[str, Column]:
    """Return SQL and column of a property of a table; 400 when there is none."""
    column = scope.layout.by_property.get(name)
    if column is None:
        raise unknown_property(scope.layout.name, name)
    return scope.layout.expression(column.name, scope.alias), column


def link_condition(child: Scope, relationship: Relationship, parent: str) -> str:
    """Return the SQL that ties a child's lookup to a parent's id."""
    condition = f'{child.alias}."{relationship.column}" = {parent}'
    if is_polymorphic(child.layout.table.columns[relationship.column]):
        kind = f'{child.alias}."{target_column(relationship.column)}"'
        condition += f" AND {kind} = '{relationship.parent}'"
    return condition


def _join(scope: Scope, relationship: Relationship, target: Scope) -> str:
    condition = link_condition(scope, relationship, f'{target.alias}."{target.layout.primary_id}"')
    return f' LEFT JOIN "{target.layout.name}" {target.alias} ON {condition}'
