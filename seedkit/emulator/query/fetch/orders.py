"""The order of rows, and by it the values that a paging cookie keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from seedkit.emulator.errors import PlatformError
from seedkit.emulator.query.fetch.aggregates import Grouping
from seedkit.emulator.query.fetch.compiler import Joined
from seedkit.emulator.query.fetch.cookie import Mark
from seedkit.emulator.query.fetch.errors import NO_LINK_FOR_ORDER, UNKNOWN_ALIAS
from seedkit.emulator.query.fetch.sources import Field, Names, Source, has_text
from seedkit.emulator.query.fetch.syntax import Fetch, Order
from seedkit.emulator.query.paging import Term
from seedkit.schema import Column

_LABEL = Column(name="", type="string", schema_name="", label="", allows="r")


@dataclass(frozen=True, slots=True)
class Ordering:
    """The terms of an order; `marks` is None where a query allows no paging cookie."""

    terms: tuple[Term, ...]
    marks: tuple[Mark, ...] | None

    @property
    def selected(self) -> tuple[str, ...]:
        """Return what a statement must select beside its outputs so that a cookie can be made."""
        return () if self.marks is None else tuple(term.sql for term in self.terms)


def row_order(names: Names, joined: Sequence[Joined], fetch: Fetch) -> Ordering:
    """Return the order of a query without aggregates: as asked, then by the keys of its tables."""
    terms: list[Term] = []
    marks: list[Mark] = []
    own = not fetch.distinct
    for part in joined:
        for order in part.body.orders:
            source = _source(names, part.source, order)
            # Orders by joined tables and those of distinct rows have no cookie [documented].
            own = own and source.name is None
            found = names.find(source, order.attribute or "")
            sql, column = _sorted(names, found, raw=fetch.raw_order)
            terms.append(Term(sql, order.descending))
            marks.append(Mark(found.column.name, column))
    if not fetch.distinct:
        for part in joined:
            key = names.find(part.source, part.source.layout.primary_id)
            terms.append(Term(key.sql, False))
            marks.append(Mark(_key_name(part.source), key.column))
    return Ordering(tuple(terms), tuple(marks) if own else None)


def _sorted(names: Names, found: Field, *, raw: bool) -> tuple[str, Column]:
    """Return what rows are sorted by: lookups by their rows' names, choices by label [documented].

    With `raw` choices are sorted by value.
    """
    choice = not found.column.is_lookup
    if not has_text(found.column) or found.column.type == "boolean" or (choice and raw):
        return found.sql, found.column
    return names.text(found), _LABEL


def _source(names: Names, source: Source, order: Order) -> Source:
    if order.alias is not None:
        raise PlatformError(UNKNOWN_ALIAS, "Only aggregate queries are ordered by an alias.")
    if order.entityname is None or order.entityname == source.name:
        return source
    try:
        return names.named(order.entityname)
    except PlatformError as error:
        raise PlatformError(NO_LINK_FOR_ORDER, error.message) from None


def _key_name(source: Source) -> str:
    key = source.layout.primary_id
    return key if source.name is None else f"{source.name}.{key}"


def aggregate_order(joined: Sequence[Joined], grouping: Grouping) -> Ordering:
    """Return the order of an aggregate query: by aliases of its columns."""
    terms = []
    for part in joined:
        for order in part.body.orders:
            sql = grouping.aliases.get(order.alias or "")
            if sql is None:
                raise PlatformError(
                    UNKNOWN_ALIAS,
                    "An aggregate query is ordered by the aliases of its columns; there is no "
                    f"'{order.alias or order.attribute}'.",
                )
            terms.append(Term(sql, order.descending))
    return Ordering(tuple(terms), None)
