"""FetchXML text to a tree.

Nothing is taken from a document type or from outside the text. Let go, because real clients rely
on it [observed]: stray text between elements, the same column twice, empty filters, white space
in front.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from seedkit.emulator.errors import Kind, PlatformError, too_many_conditions, unsupported
from seedkit.emulator.query.fetch.errors import (
    BAD_AGGREGATE,
    BAD_FILTER_TYPE,
    BAD_FLAG,
    BAD_LINK_TYPE,
    BAD_NODE,
    BAD_PAGING,
    BAD_TOP,
    BAD_XML,
    EMPTY_XML,
    MISSING_XML_ATTRIBUTE,
    NO_ELEMENT,
    too_many_links,
)
from seedkit.emulator.query.fetch.syntax import (
    Attribute,
    Body,
    Condition,
    Fetch,
    Filter,
    Link,
    Order,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_LENGTH = 262_144  # far above the longest address that the platform takes [inferred]
MAX_DEPTH = 64  # elements within each other [inferred]
MAX_LINKS = 15  # [documented]
MAX_CONDITIONS = 500  # [documented]
MAX_TOP = 5000  # [documented]

JOINED = frozenset({"inner", "outer", "matchfirstrowusingcrossapply"})
TESTED = frozenset({"exists", "in"})
FILTERING = frozenset({"any", "not any", "all", "not all"})
FUNCTIONS = frozenset({"count", "countcolumn", "sum", "avg", "min", "max"})
DATE_PARTS = frozenset({"day", "week", "month", "quarter", "year", "fiscal-period", "fiscal-year"})
_HINTS = frozenset(
    {
        "OptimizeForUnknown", "ForceOrder", "DisableRowGoal", "EnableOptimizerHotfixes",
        "LoopJoin", "MergeJoin", "HashJoin", "NO_PERFORMANCE_SPOOL", "Recompile",
        "EnableHistAmendmentForAscKeys",
    }
)  # fmt: skip

_FETCH = frozenset(
    {
        "version", "mapping", "output-format", "top", "count", "page", "paging-cookie", "distinct",
        "returntotalrecordcount", "no-lock", "aggregate", "aggregatelimit", "latematerialize",
        "options", "datasource", "useraworderby", "utc-offset",
    }
)  # fmt: skip
_ATTRIBUTE = frozenset(
    {
        "name", "alias", "aggregate", "groupby", "dategrouping", "usertimezone", "distinct",
        "rowaggregate",
    }
)  # fmt: skip
_LINK = frozenset(
    {"name", "from", "to", "alias", "link-type", "intersect", "visible", "enableprefiltering",
     "prefilterparametername"}
)  # fmt: skip
_FILTER = frozenset(
    {
        "type", "hint", "isquickfindfields", "overridequickfindrecordlimitenabled",
        "overridequickfindrecordlimitdisabled",
    }
)  # fmt: skip
# What the designer of views notes beside a value; without effect on the rows [expected].
_CONDITION = frozenset(
    {
        "attribute", "entityname", "operator", "value", "valueof", "column", "aggregate", "alias",
        "uiname", "uitype", "uihidden", "rowaggregate",
    }
)  # fmt: skip

_WHOLE = re.compile(r"[0-9]{1,9}").fullmatch
_TRUE = frozenset({"true", "1"})
_FALSE = frozenset({"false", "0"})


def parse_fetch(text: str) -> Fetch:
    """Return the tree of a query; 400 for what is no FetchXML."""
    root = _root(text)
    if root.tag != "fetch":
        raise PlatformError(NO_ELEMENT, f"A query starts with 'fetch', not with '{root.tag}'.")
    _check_attributes(root, _FETCH)
    entities = list(root)
    if len(entities) != 1 or entities[0].tag != "entity":
        raise PlatformError(NO_ELEMENT, "A fetch element holds one entity element.")
    entity = entities[0]
    _check_attributes(entity, frozenset({"name", "enableprefiltering", "prefilterparametername"}))
    _check_counts(root)
    return _fetch(root.attrib, _needed(entity, "name"), _body(entity))


def _root(text: str) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if not text.strip():
        raise PlatformError(EMPTY_XML, "The query is empty.")
    if len(text) > MAX_LENGTH:
        raise PlatformError(BAD_XML, f"The query is longer than {MAX_LENGTH} characters.")
    try:
        root: Element = fromstring(text.strip(), forbid_dtd=True)
    except DefusedXmlException:
        raise PlatformError(BAD_XML, "A query holds no document type and no entities.") from None
    except (ParseError, ValueError) as error:
        raise PlatformError(BAD_XML, f"Invalid XML: {error}.") from None
    _check_depth(root)
    return root


def _check_depth(root: Element) -> None:
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise PlatformError(BAD_XML, f"Elements lie more than {MAX_DEPTH} deep.")
        level = [child for element in level for child in element]


def _check_counts(root: Element) -> None:
    if sum(1 for _ in root.iter("link-entity")) > MAX_LINKS:
        raise too_many_links()
    if sum(1 for _ in root.iter("condition")) > MAX_CONDITIONS:
        raise too_many_conditions()


def _fetch(attributes: Mapping[str, str], table: str, body: Body) -> Fetch:
    if attributes.get("mapping", "logical") != "logical":
        raise unsupported("any mapping but 'logical' in FetchXML")
    for hint in filter(None, attributes.get("options", "").split(",")):
        if hint.strip() not in _HINTS:
            raise PlatformError(BAD_FLAG, f"There is no query option '{hint.strip()}'.")
    for name in ("no-lock", "latematerialize"):
        _flag(attributes, name)
    top, count = _number(attributes, "top", BAD_TOP), _number(attributes, "count", BAD_PAGING)
    if top is not None and top > MAX_TOP:
        raise PlatformError(BAD_TOP, f"The top attribute can't be greater than {MAX_TOP}.")
    total, page = _flag(attributes, "returntotalrecordcount"), _page(attributes)
    if top is not None and (count is not None or "page" in attributes or total):
        raise PlatformError(
            BAD_PAGING, "The top attribute can't be specified with paging or a total count."
        )
    return Fetch(
        table,
        body,
        top=top,
        count=count,
        page=page,
        cookie=attributes.get("paging-cookie") or None,
        distinct=_flag(attributes, "distinct"),
        total=total,
        aggregate=_flag(attributes, "aggregate"),
        aggregate_limit=_number(attributes, "aggregatelimit", BAD_PAGING),
        raw_order=_flag(attributes, "useraworderby"),
        source=attributes.get("datasource") or None,
    )


def _page(attributes: Mapping[str, str]) -> int:
    found = _number(attributes, "page", BAD_PAGING)
    return 1 if found is None else found


def _body(element: Element) -> Body:
    attributes: list[Attribute] = []
    orders: list[Order] = []
    filters: list[Filter] = []
    links: list[Link] = []
    every = False
    for child in element:
        if child.tag == "attribute":
            attributes.append(_attribute(child))
        elif child.tag == "all-attributes":
            every = True
        elif child.tag == "order":
            orders.append(_order(child))
        elif child.tag == "filter":
            filters.append(_filter(child))
        elif child.tag == "link-entity":
            links.append(_link(child, JOINED | TESTED))
        elif child.tag != "no-attrs":
            raise _unexpected(child, element)
    return Body(tuple(attributes), every, tuple(orders), tuple(filters), tuple(links))


def _attribute(element: Element) -> Attribute:
    found = _leaf(element, _ATTRIBUTE)
    _flag(found, "usertimezone")
    return Attribute(
        _needed(element, "name"),
        alias=found.get("alias"),
        aggregate=_member(found, "aggregate", FUNCTIONS, BAD_AGGREGATE),
        distinct=_flag(found, "distinct"),
        groupby=_flag(found, "groupby"),
        dategrouping=_member(found, "dategrouping", DATE_PARTS, BAD_AGGREGATE),
        rowaggregate=_member(found, "rowaggregate", frozenset({"CountChildren"}), BAD_AGGREGATE),
    )


def _order(element: Element) -> Order:
    found = _leaf(element, frozenset({"attribute", "alias", "descending", "entityname"}))
    if ("attribute" in found) == ("alias" in found):
        raise PlatformError(
            MISSING_XML_ATTRIBUTE, "An order element names either an attribute or an alias."
        )
    return Order(
        found.get("attribute"),
        found.get("alias"),
        _flag(found, "descending"),
        found.get("entityname") or None,
    )


def _filter(element: Element) -> Filter:
    _check_attributes(element, _FILTER)
    kind = _member(element.attrib, "type", frozenset({"and", "or"}), BAD_FILTER_TYPE)
    _member(element.attrib, "hint", frozenset({"union"}), BAD_FILTER_TYPE)
    parts: list[Condition | Filter | Link] = []
    for child in element:
        if child.tag == "condition":
            parts.append(_condition(child))
        elif child.tag == "filter":
            parts.append(_filter(child))
        elif child.tag == "link-entity":
            parts.append(_link(child, FILTERING))
        else:
            raise _unexpected(child, element)
    return Filter(kind == "or", tuple(parts))


def _condition(element: Element) -> Condition:
    _check_attributes(element, _CONDITION)
    for name in ("column", "aggregate", "alias", "rowaggregate"):
        if element.get(name):
            raise unsupported(f"'{name}' in a FetchXML condition")
    for child in element:
        if child.tag != "value":
            raise _unexpected(child, element)
        _leaf(child, frozenset({"uiname", "uitype"}))
    listed = tuple((child.text or "").strip() for child in element)
    single = element.get("value")
    return Condition(
        _needed(element, "attribute"),
        _needed(element, "operator"),
        listed if single is None else (single, *listed),
        element.get("entityname") or None,
        element.get("valueof"),
    )


def _link(element: Element, kinds: frozenset[str]) -> Link:
    _check_attributes(element, _LINK)
    kind = (element.get("link-type") or "inner").lower()
    if kind == "natural":  # the old name of an inner link [expected]
        kind = "inner"
    if kind not in kinds:
        raise PlatformError(BAD_LINK_TYPE, f"The link type '{kind}' is not valid here.")
    return Link(
        _needed(element, "name"),
        _needed(element, "from"),
        _needed(element, "to"),
        kind,
        element.get("alias") or None,
        _body(element),
    )


def _needed(element: Element, name: str) -> str:
    value = element.get(name)
    if not value:
        raise PlatformError(
            MISSING_XML_ATTRIBUTE, f"The element '{element.tag}' needs the attribute '{name}'."
        )
    return value


def _leaf(element: Element, known: frozenset[str]) -> Mapping[str, str]:
    _check_attributes(element, known)
    for child in element:
        raise _unexpected(child, element)
    return element.attrib


def _check_attributes(element: Element, known: frozenset[str]) -> None:
    for name in element.attrib:
        if name not in known:
            raise PlatformError(BAD_NODE, f"The element '{element.tag}' has no attribute '{name}'.")


def _unexpected(child: Element, parent: Element) -> PlatformError:
    return PlatformError(BAD_NODE, f"The element '{child.tag}' has no place within '{parent.tag}'.")


def _flag(attributes: Mapping[str, str], name: str) -> bool:
    text = attributes.get(name, "false").lower()
    if text not in _TRUE | _FALSE:
        raise PlatformError(BAD_FLAG, f"The value '{text}' of '{name}' is neither true nor false.")
    return text in _TRUE


def _member(
    attributes: Mapping[str, str], name: str, known: frozenset[str], kind: Kind
) -> str | None:
    text = attributes.get(name)
    if text is not None and text not in known:
        raise PlatformError(kind, f"The value '{text}' of '{name}' is not known.")
    return text


def _number(attributes: Mapping[str, str], name: str, kind: Kind) -> int | None:
    text = attributes.get(name)
    if text is None:
        return None
    if _WHOLE(text) is None or int(text) < 1:
        raise PlatformError(kind, f"The value '{text}' of '{name}' is no positive number.")
    return int(text)
