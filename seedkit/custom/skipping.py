"""What a profile leaves out: names of tables, columns and parts, and what stands against it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from seedkit.custom.naming import INSTEAD, PARTS, SEEDED, Problem, did_you_mean, why_not_skip
from seedkit.records.tables import HEADER_TABLE

Link = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Omitted:
    """The tables that are left out, and the columns of the others."""

    tables: frozenset[str] = frozenset()
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.tables or self.columns)

    def of(self, table: str, column: str) -> bool:
        """Tell whether a column is left out."""
        return table in self.tables or column in self.columns.get(table, ())

    def has(self, link: Link) -> bool:
        """Tell whether a lookup is left out: with its column, its table or its target."""
        table, column, target = link
        return target in self.tables or self.of(table, column)


def omitted(names: Iterable[str]) -> Omitted:
    """Return what names of parts, tables and columns leave out; others mean generators."""
    tables: set[str] = set()
    columns: dict[str, set[str]] = {}
    for name in names:
        table, dot, column = name.partition(".")
        if dot:
            columns.setdefault(table, set()).add(column)
        else:
            tables.update(PARTS.get(name, (name,)))
    return Omitted(frozenset(tables), {name: frozenset(found) for name, found in columns.items()})


def name_problems(
    names: Iterable[str], tables: Mapping[str, Collection[str]], generators: Collection[str]
) -> Iterator[Problem]:
    """Return what is wrong with names to leave out.

    `tables` are all tables that the profile could fill, with the columns that are known of them;
    of a table without any, every column may be named.
    """
    for name in names:
        table, dot, column = name.partition(".")
        if dot:
            yield from _column_problems(name, table, column, tables)
        elif name == HEADER_TABLE:
            yield Problem("skip", f"{name} can't be left out: it holds the run's header note.")
        elif name not in PARTS and name not in tables and name not in generators:
            known = [*PARTS, *tables, *generators]
            hint = did_you_mean(name, known) or f"Parts are {', '.join(sorted(PARTS))}."
            yield Problem("skip", f"{name} is no table, column, part or generator.", hint)


def _column_problems(
    name: str, table: str, column: str, tables: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    if table not in tables:
        near = did_you_mean(table, tables)
        hint = near or f"It fills {', '.join(SEEDED[:3])} and so on."
        yield Problem("skip", f"{name} is of no table that seedkit fills.", hint)
    elif why_not_skip(table, column):
        reason = why_not_skip(table, column)
        yield Problem("skip", f"{name} can't be left out: it {reason}.")
    elif tables[table] and column not in tables[table]:
        near = did_you_mean(column, tables[table])
        yield Problem("skip", f"{name} is nothing that seedkit writes.", near)


def needed_problems(
    left_out: Omitted, links: Iterable[Link], required: Collection[tuple[str, str]]
) -> Iterator[Problem]:
    """Return what keeps things from being left out: `required` are columns that rows must have."""
    for table, column, target in links:
        if table in left_out.tables or (table, column) not in required:
            continue
        if target in left_out.tables:
            yield Problem(
                "skip",
                f"{target} can't be left out alone: {table} needs it for {column}.",
                INSTEAD.get(target, f"Leave {table} out too."),
            )
    for table, columns in left_out.columns.items():
        for column in sorted(columns):
            if table not in left_out.tables and (table, column) in required:
                yield Problem("skip", f"{table}.{column} can't be left out: it is required there.")
