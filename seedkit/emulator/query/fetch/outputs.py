"""What a query returns: the columns under their keys in the rows, with what annotations need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from seedkit.emulator.errors import PlatformError
from seedkit.emulator.query.annotations import (
    ATTRIBUTE_NAME,
    FORMATTED,
    NAVIGATION,
    TARGET,
    Wanted,
    formatted,
    table_label,
)
from seedkit.emulator.query.fetch.compiler import Joined
from seedkit.emulator.query.fetch.errors import (
    ATTRIBUTE_WITH_AGGREGATE,
    BAD_AGGREGATE,
    BAD_ALIAS,
)
from seedkit.emulator.query.fetch.sources import Field, Names, Source, check_alias
from seedkit.emulator.query.fetch.syntax import Attribute
from seedkit.emulator.query.trees import tree_of
from seedkit.emulator.storage.layout import property_name
from seedkit.emulator.writing.plan import CURRENCY
from seedkit.schema import Column

Row = dict[str, Any]
Values = Sequence[Any]


@dataclass
class Selection:
    """The expressions of a SELECT, each once."""

    expressions: list[str] = field(default_factory=list)

    def add(self, sql: str) -> int:
        """Return the position of an expression."""
        if sql not in self.expressions:
            self.expressions.append(sql)
        return self.expressions.index(sql)


@dataclass(frozen=True, slots=True)
class Output:
    """One value of a row; positions lead into the values that the statement finds.

    `known_as` is the column's own name where the key is another.
    """

    key: str
    column: Column
    at: int
    text_at: int | None = None
    target_at: int | None = None
    symbol_at: int | None = None
    write: Callable[[Values], str | None] | None = None
    known_as: str | None = None

    def put(self, row: Row, values: Values, wanted: Wanted) -> None:
        """Put the value and its annotations into a row; an empty one is left out [documented]."""
        value = values[self.at]
        if value is None:
            return
        row[self.key] = bool(value) if self.column.type == "boolean" else value
        if wanted:
            for name, note in self._notes(values, wanted):
                if note is not None:
                    row[f"{self.key}@{name}"] = note

    def _notes(self, values: Values, wanted: Wanted) -> Iterable[tuple[str, str | None]]:
        if ATTRIBUTE_NAME in wanted:
            yield ATTRIBUTE_NAME, self.known_as
        if FORMATTED in wanted:
            yield FORMATTED, self._text(values)
        if self.target_at is not None:
            target = values[self.target_at]
            if NAVIGATION in wanted and self.key == property_name(self.column):
                yield NAVIGATION, (self.column.targets or {})[target].bind
            if TARGET in wanted:
                yield TARGET, target

    def _text(self, values: Values) -> str | None:
        if self.write is not None:
            return self.write(values)
        if self.text_at is not None:
            found: str | None = values[self.text_at]
            return found
        symbol = "" if self.symbol_at is None else values[self.symbol_at] or ""
        return formatted(self.column, values[self.at], symbol)


@dataclass
class Outputs:
    """Gathers the outputs of a query; the same column under the same key counts once."""

    names: Names
    wanted: Wanted
    selection: Selection = field(default_factory=Selection)
    found: dict[str, Output] = field(default_factory=dict)

    def add(self, output: Output) -> None:
        """Keep an output; 400 when its key already stands for something else."""
        if output.known_as is not None:
            check_alias(output.key)
        known = self.found.setdefault(output.key, output)
        if known.at != output.at:
            raise PlatformError(BAD_ALIAS, f"The alias '{output.key}' stands for two columns.")

    def column(self, key: str, found: Field, known_as: str | None = None) -> Output:
        """Return the output of a plain column."""
        text_at = target_at = symbol_at = None
        if found.target is not None:
            target_at = self.selection.add(found.target)
            if FORMATTED in self.wanted:
                text_at = self.selection.add(self.names.text(found))
        elif found.column.type == "money" and FORMATTED in self.wanted:
            symbol = self._symbol(found.source)
            symbol_at = None if symbol is None else self.selection.add(symbol)
        at = self.selection.add(found.sql)
        write = self._label_at(at) if found.column.type == "entityname" else None
        return Output(key, found.column, at, text_at, target_at, symbol_at, write, known_as)

    def _label_at(self, at: int) -> Callable[[Values], str | None]:
        return lambda values: table_label(self.names.environment, values[at])

    def _symbol(self, source: Source) -> str | None:
        if CURRENCY not in source.layout.position:
            return None
        table = self.names.environment.currencies
        return (
            f'(SELECT c."currencysymbol" FROM "{table.name}" c '
            f'WHERE c."{CURRENCY}" = {source.alias}."{CURRENCY}")'
        )


def add_columns(outputs: Outputs, joined: Sequence[Joined], *, keys: bool) -> None:
    """Add the columns that a query without aggregates asks for; `keys` adds the primary key."""
    bare = not any(part.body.attributes or part.body.every for part in joined)
    for part in joined:
        for attribute in _asked(part, bare=bare):
            _add_column(outputs, part.source, attribute)
    main = joined[0].source
    if keys:
        key = outputs.names.find(main, main.layout.primary_id)
        outputs.found.setdefault(main.layout.primary_id, outputs.column(key.column.name, key))


def _asked(part: Joined, *, bare: bool) -> Iterable[Attribute]:
    # A query that names no columns returns all of its main table [documented].
    every = part.body.every or (bare and part.source.name is None)
    if every:
        yield from (Attribute(name) for name in part.source.layout.readable)
    for attribute in part.body.attributes:
        if not every or attribute.alias:
            yield attribute


def _add_column(outputs: Outputs, source: Source, attribute: Attribute) -> None:
    if attribute.aggregate or attribute.groupby or attribute.dategrouping:
        raise PlatformError(
            ATTRIBUTE_WITH_AGGREGATE,
            f"The column '{attribute.name}' is aggregated, but the query is not.",
        )
    if attribute.rowaggregate:
        _add_children(outputs, source, attribute)
        return
    found = outputs.names.find(source, attribute.name)
    key = attribute.alias or _key(source, found.column)
    plain = key in (found.column.name, property_name(found.column))
    outputs.add(outputs.column(key, found, None if plain else attribute.name))
    if source.name is None and found.column.type == "money" and CURRENCY in source.layout.readable:
        # Amounts of the main table bring their currency along [documented].
        currency = outputs.names.find(source, CURRENCY)
        outputs.add(outputs.column(property_name(currency.column), currency))


def _key(source: Source, column: Column) -> str:
    if source.name is None:
        return property_name(column)
    return f"{source.name}.{column.name}"


def _add_children(outputs: Outputs, source: Source, attribute: Attribute) -> None:
    """Add the number of rows right below a row in the table's hierarchy."""
    if attribute.name != source.layout.primary_id or not attribute.alias:
        raise PlatformError(
            BAD_AGGREGATE, "Rows below a row are counted by its primary key, under an alias."
        )
    tree = tree_of(source.layout)
    sql = (
        f'(SELECT count(*) FROM "{source.layout.name}" c WHERE c."{tree.parent}" = '
        f'{source.alias}."{source.layout.primary_id}")'
    )
    outputs.add(Output(attribute.alias, number(), outputs.selection.add(sql)))


def number() -> Column:
    """Return a column of whole numbers that no table has, such as a count."""
    return Column(name="", type="integer", schema_name="", label="", allows="r")
