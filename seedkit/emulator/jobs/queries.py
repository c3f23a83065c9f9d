"""Queries as actions take them (QueryExpression in JSON), read into the tree of FetchXML.

Both forms say the same; operators correspond by name [documented].
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from seedkit.emulator.errors import ARGUMENT, PlatformError
from seedkit.emulator.query.fetch.syntax import Body, Condition, Fetch, Filter, Link

_TYPE = "Microsoft.Dynamics.CRM.QueryExpression"
# Operators whose names differ by more than dashes.
_OPERATORS: Mapping[str, str] = {
    "Equal": "eq",
    "NotEqual": "ne",
    "GreaterThan": "gt",
    "GreaterEqual": "ge",
    "LessThan": "lt",
    "LessEqual": "le",
    "Contains": "like",
    "DoesNotContain": "not-like",
    "BeginsWith": "begins-with",
    "DoesNotBeginWith": "not-begin-with",
    "EndsWith": "ends-with",
    "DoesNotEndWith": "not-end-with",
    "EqualUserId": "eq-userid",
    "NotEqualUserId": "ne-userid",
    "EqualBusinessId": "eq-businessid",
    "NotEqualBusinessId": "ne-businessid",
    "OlderThanXMonths": "olderthan-x-months",
    "OlderThanXYears": "olderthan-x-years",
    "OlderThanXWeeks": "olderthan-x-weeks",
    "OlderThanXDays": "olderthan-x-days",
    "OlderThanXHours": "olderthan-x-hours",
    "OlderThanXMinutes": "olderthan-x-minutes",
}
_AROUND = {"Contains": "%{}%", "DoesNotContain": "%{}%"}
_JOINS = {"Inner": "inner", "LeftOuter": "outer", "Natural": "inner"}
_KEYS = frozenset(
    {
        "@odata.type", "EntityName", "ColumnSet", "Criteria", "Distinct", "LinkEntities", "Orders",
        "PageInfo", "TopCount", "NoLock", "DataSource", "QueryHints", "SubQueryExpression",
        "ExtensionData", "ForceSeek",
    }
)  # fmt: skip
_LIVE = (None, "", "live")


def read_query(given: Any) -> Fetch:
    """Return the query of a QueryExpression; 400 for what is none or can't be read."""
    if not isinstance(given, dict):
        raise _bad("each member of QuerySet must be a QueryExpression")
    kind = str(given.get("@odata.type", _TYPE)).removeprefix("#")
    if kind != _TYPE:
        raise _bad(f"queries of the type '{kind}' can't be used")
    unknown = sorted(set(given) - _KEYS)
    if unknown:
        raise _bad(f"a QueryExpression has no member '{unknown[0]}'")
    name = given.get("EntityName")
    if not isinstance(name, str) or not name:
        raise _bad("a QueryExpression needs an EntityName")
    source = given.get("DataSource")
    body = _body(given.get("Criteria"), given.get("LinkEntities"))
    return Fetch(name, body, source=None if source in _LIVE else str(source))


def _body(criteria: Any, links: Any) -> Body:
    filters = () if criteria is None else (_filter(criteria),)
    return Body(filters=filters, links=tuple(_link(link) for link in _list(links, "LinkEntities")))


def _link(given: Any) -> Link:
    link = _object(given, "LinkEntities")
    join = str(link.get("JoinOperator", "Inner"))
    if join not in _JOINS:
        raise _bad(f"the join operator '{join}' can't be used")
    return Link(
        table=_text(link, "LinkToEntityName"),
        column=_text(link, "LinkToAttributeName"),
        to=_text(link, "LinkFromAttributeName"),
        kind=_JOINS[join],
        alias=link.get("EntityAlias") or None,
        body=_body(link.get("LinkCriteria"), link.get("LinkEntities")),
    )


def _filter(given: Any) -> Filter:
    criteria = _object(given, "Criteria")
    operator = str(criteria.get("FilterOperator", "And"))
    if operator not in ("And", "Or"):
        raise _bad(f"the filter operator '{operator}' is unknown")
    conditions = [_condition(item) for item in _list(criteria.get("Conditions"), "Conditions")]
    inner = [_filter(item) for item in _list(criteria.get("Filters"), "Filters")]
    return Filter(operator == "Or", (*conditions, *inner))


def _condition(given: Any) -> Condition:
    condition = _object(given, "Conditions")
    name = _text(condition, "Operator")
    values = tuple(_value(item) for item in _list(condition.get("Values"), "Values"))
    pattern = _AROUND.get(name, "{}")
    return Condition(
        _text(condition, "AttributeName"),
        _OPERATORS.get(name) or _dashed(name),
        tuple(pattern.format(value) for value in values),
        entityname=condition.get("EntityName") or None,
    )


def _value(given: Any) -> str:
    """Return a value's text; values stand as objects of Value and Type [documented]."""
    item = _object(given, "Values")
    value = item.get("Value")
    if isinstance(value, bool):
        return "1" if value else "0"
    if not isinstance(value, str | int | float):
        raise _bad("each of the Values needs a Value and a Type")
    kind = str(item.get("Type", "System.String"))
    if kind == "System.Boolean":
        return "1" if str(value).lower() in ("true", "1") else "0"
    return str(value)


def _dashed(name: str) -> str:
    """Return FetchXML's name of an operator: NotNull is not-null, LastXDays is last-x-days."""
    return "-".join(re.findall(r"X(?=[A-Z])|[A-Z][a-z0-9]*|7", name)).lower()


def _object(given: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise _bad(f"{where} must hold objects")
    return given


def _list(given: Any, where: str) -> Sequence[Any]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise _bad(f"{where} must be a list")
    return given


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise _bad(f"'{name}' is missing")
    return value


def _bad(reason: str) -> PlatformError:
    return PlatformError(ARGUMENT, f"The query can't be read: {reason}.")
