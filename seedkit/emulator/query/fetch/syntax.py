"""The tree of a FetchXML query, free of XML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Attribute:
    """One column asked for; in an aggregate query with a function or as what is grouped by."""

    name: str
    alias: str | None = None
    aggregate: str | None = None
    distinct: bool = False
    groupby: bool = False
    dategrouping: str | None = None
    rowaggregate: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One term of the order, by a column or by the alias of an aggregate."""

    attribute: str | None = None
    alias: str | None = None
    descending: bool = False
    entityname: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison; `valueof` names another column in place of values."""

    attribute: str
    operator: str
    values: tuple[str, ...] = ()
    entityname: str | None = None
    valueof: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that must all hold, or any of them."""

    either: bool = False
    parts: tuple[Condition | Filter | Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """What stands inside an entity or a link to one."""

    attributes: tuple[Attribute, ...] = ()
    every: bool = False
    orders: tuple[Order, ...] = ()
    filters: tuple[Filter, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another table: rows whose `column` equals the outer table's `to`."""

    table: str
    column: str
    to: str
    kind: str = "inner"
    alias: str | None = None
    body: Body = field(default_factory=Body)


@dataclass(frozen=True, slots=True)
class Fetch:
    """A whole query. `top` excludes paging; `source` names another store of rows than the live.

    A page after the first starts behind the row of the `cookie`, or behind the row whose values of
    the order are in `after`, else it is found by counting.
    """

    table: str
    body: Body
    top: int | None = None
    count: int | None = None
    page: int = 1
    cookie: str | None = None
    after: tuple[Any, ...] = ()
    distinct: bool = False
    total: bool = False
    aggregate: bool = False
    aggregate_limit: int | None = None
    raw_order: bool = False
    source: str | None = None
