"""Conditions of a SELECT to FetchXML filters: a column against constants, joined by AND and OR.

Comparisons follow SQL: none of them finds empty columns, also those that deny [inferred].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlglot import exp

from seedkit.emulator.errors import PlatformError
from seedkit.emulator.query.fetch.errors import BAD_SQL
from seedkit.emulator.query.fetch.syntax import Condition, Filter
from seedkit.emulator.query.periods import Unit, shift

_COMPARISONS: dict[type[exp.Expression], str] = {
    exp.EQ: "eq",
    exp.NEQ: "ne",
    exp.LT: "lt",
    exp.LTE: "le",
    exp.GT: "gt",
    exp.GTE: "ge",
}
_KNOWN = frozenset({"this", "expression", "expressions", "query", "low", "high", "negate"})
_MIRRORED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}
_UNITS: dict[str, tuple[Unit, int]] = {
    "YEAR": ("year", 1),
    "QUARTER": ("month", 3),
    "MONTH": ("month", 1),
    "WEEK": ("week", 1),
    "DAY": ("day", 1),
    "HOUR": ("hour", 1),
}
_SHORT_UNITS = {"MINUTE": timedelta(minutes=1), "SECOND": timedelta(seconds=1)}

FindColumn = Callable[[exp.Column], tuple[str | None, str]]


@dataclass(frozen=True, slots=True)
class Conditions:
    """Translates conditions; `find` gives the table's alias and the name of a column."""

    find: FindColumn
    now: str

    def filter(self, node: Any) -> Filter:
        """Return the filter of a whole condition."""
        part = self.part(node)
        return part if isinstance(part, Filter) else Filter(False, (part,))

    def part(self, node: Any) -> Condition | Filter:
        """Return the condition or the filter of one node; 400 for what isn't supported."""
        if isinstance(node, exp.Paren):
            return self.part(node.this)
        if isinstance(node, exp.And | exp.Or):
            return Filter(isinstance(node, exp.Or), tuple(map(self.part, node.flatten())))
        if isinstance(node, exp.Not):
            return self._denied(node.this)
        return self._test(node, denied=False)

    def _denied(self, node: Any) -> Condition | Filter:
        if not isinstance(node, exp.Like | exp.In | exp.Is | exp.Between):
            raise refused("NOT but in NOT LIKE, NOT IN, NOT BETWEEN and IS NOT NULL")
        return self._test(node, denied=True)

    def _test(self, node: Any, *, denied: bool) -> Condition | Filter:
        if any(part for name, part in node.args.items() if name not in _KNOWN):
            raise refused("such a condition")
        # The parser notes some of the denials within the comparison, others around it.
        denied = denied != bool(node.args.get("negate"))
        if isinstance(node, exp.Is):
            return self._empty(node, denied=denied)
        if isinstance(node, exp.Like):
            return self._made(
                node.this, "not-like" if denied else "like", (self._text(node.expression),)
            )
        if isinstance(node, exp.In):
            if node.args.get("query") is not None or not node.expressions:
                raise refused("subqueries")
            values = tuple(self._value(item) for item in node.expressions)
            return self._made(node.this, "not-in" if denied else "in", values)
        if isinstance(node, exp.Between):
            ends = (self._value(node.args["low"]), self._value(node.args["high"]))
            return self._made(node.this, "not-between" if denied else "between", ends)
        return self._comparison(node)

    def _empty(self, node: exp.Is, *, denied: bool) -> Condition:
        if not isinstance(node.expression, exp.Null):
            raise refused("IS with anything but NULL")
        return self._condition(node.this, "not-null" if denied else "null", ())

    def _comparison(self, node: Any) -> Condition | Filter:
        operator = _COMPARISONS.get(type(node))
        if operator is None:
            raise refused("such a condition")
        column, constant = node.this, node.expression
        if not isinstance(column, exp.Column):
            column, constant = constant, column
            operator = _MIRRORED.get(operator, operator)
        if isinstance(constant, exp.Column):
            raise refused("comparing two columns")
        if isinstance(constant, exp.Null):
            # Nothing equals NULL, nor differs from it: no row is found [documented].
            never = (self._condition(column, name, ()) for name in ("null", "not-null"))
            return Filter(False, tuple(never))
        return self._made(column, operator, (self._value(constant),))

    def _made(self, column: Any, operator: str, values: tuple[str, ...]) -> Condition | Filter:
        found = self._condition(column, operator, values)
        if not operator.startswith("n"):
            return found
        return Filter(False, (found, self._condition(column, "not-null", ())))

    def _condition(self, column: Any, operator: str, values: tuple[str, ...]) -> Condition:
        if not isinstance(column, exp.Column):
            raise refused("conditions on anything but a column")
        alias, name = self.find(column)
        return Condition(name, operator, values, alias)

    def _text(self, node: Any) -> str:
        if isinstance(node, exp.National) or (isinstance(node, exp.Literal) and node.is_string):
            return str(node.name)
        raise refused("LIKE with anything but a text")

    def _value(self, node: Any) -> str:
        if isinstance(node, exp.National | exp.Literal):
            return str(node.name)
        if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal):
            return f"-{node.this.name}"
        return self._moment(node).isoformat()

    def _moment(self, node: Any) -> datetime:
        """Return the time of GETUTCDATE, of DATEADD or of a literal inside it."""
        if isinstance(node, exp.Anonymous) and node.name.upper() == "GETUTCDATE":
            return datetime.fromisoformat(self.now)
        if isinstance(node, exp.DateAdd):
            return self._shifted(node)
        try:
            moment = datetime.fromisoformat(self._text(node))
        except (ValueError, PlatformError):
            raise refused("values but constants, DATEADD and GETUTCDATE") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def _shifted(self, node: exp.DateAdd) -> datetime:
        unit = str(node.args.get("unit") or "").upper()
        try:
            count = int(self._value(node.expression))
            moment = self._moment(node.this)
            if unit in _SHORT_UNITS:
                return moment + _SHORT_UNITS[unit] * count
            name, times = _UNITS[unit]
            return shift(moment, name, count * times)
        except KeyError:
            raise refused(f"the unit '{unit}' in DATEADD") from None
        except (ValueError, OverflowError):
            raise refused("such a count in DATEADD") from None


def refused(what: str) -> PlatformError:
    """Return the refusal of SQL that is outside the documented subset."""
    return PlatformError(BAD_SQL, f"The SQL of the Web API does not support {what}.")
