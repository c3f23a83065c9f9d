"""The query options of a request, read and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from seedkit.emulator.errors import ADDRESS, PlatformError, unsupported
from seedkit.emulator.query.text import split_outside

_KNOWN = frozenset(
    {"$select", "$filter", "$orderby", "$top", "$count", "$expand", "$skiptoken", "$apply"}
)
_NOT_BUILT = frozenset({"fetchXml", "sql", "savedQuery", "userQuery"})
_WITHOUT_EFFECT = frozenset({"tag"})  # reaches plug-ins only [documented]
_INSIDE_EXPAND = frozenset({"$select", "$filter", "$orderby", "$top", "$expand"})
_BESIDE_APPLY = frozenset({"$apply", "$orderby", "$skiptoken"}) | _WITHOUT_EFFECT
_OF_LISTS = _KNOWN - {"$select", "$expand"}
_REFERENCE = "/$ref"
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_ALIAS = re.compile(r"@\w").search
_EXPANSION_LIMIT = 15  # [documented]


@dataclass(frozen=True)
class Query:
    """What a request asks for. `select` None means all columns; `aliases` holds `@p1` values.

    In an expansion, `reference` asks for addresses instead of rows, and `text` holds its options
    as an address writes them.
    """

    select: tuple[str, ...] | None = None
    filter: str | None = None
    orderby: tuple[str, ...] = ()
    top: int | None = None
    count: bool = False
    expand: tuple[tuple[str, Query], ...] = ()
    skiptoken: str | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    apply: str | None = None
    reference: bool = False
    text: str = ""

    @property
    def is_nested(self) -> bool:
        """Tell whether an expansion stands inside another."""
        return any(inner.expand for _name, inner in self.expand)


def read_query(options: Mapping[str, str]) -> Query:
    """Return the query of a request; 400 for an unknown option, 501 for one not built here."""
    for name in options:
        _check_option(name, options)
    aliases = {name: value for name, value in options.items() if name.startswith("@")}
    nested = _QUOTED.sub("", options.get("$expand", "")).count("$expand")
    query = _query(options, aliases) if nested < _EXPANSION_LIMIT else None
    if query is None or sum(1 for _ in _expansions(query)) > _EXPANSION_LIMIT:
        raise PlatformError(ADDRESS, f"The query has more than {_EXPANSION_LIMIT} $expand options.")
    return query


def read_row_query(options: Mapping[str, str]) -> Query:
    """Return the query of a request for one row; 400 for what only lists know."""
    for name in options:
        if name in _OF_LISTS:
            raise PlatformError(
                ADDRESS,
                "The query specified in the URI is not valid. Query options $orderby, $filter, "
                "$top, $count, $skiptoken and $apply can be applied only on collections.",
            )
    return read_query(options)


def context_columns(query: Query) -> str:
    """Return the columns of a query as its context names them, in brackets; may be empty."""
    if query.select is None and not query.expand:
        return ""
    parts = list(query.select or ())
    for name, inner in query.expand:
        if inner.reference:
            parts += [name, f"{name}{_REFERENCE}()"]
        else:
            parts.append(f"{name}{context_columns(inner) or '()'}")
    return f"({','.join(parts)})"


def _check_option(name: str, options: Mapping[str, str]) -> None:
    if "$apply" in options and name not in _BESIDE_APPLY and not name.startswith("@"):
        raise unsupported(f"the query option '{name}' beside '$apply'")
    if name in _KNOWN or name in _WITHOUT_EFFECT or name.startswith("@"):
        return
    if name in _NOT_BUILT:
        raise unsupported(f"the query option '{name}'")
    raise PlatformError(ADDRESS, f"The query parameter {name} is not supported.")


def _query(options: Mapping[str, str], aliases: Mapping[str, str]) -> Query:
    return Query(
        select=_select(options.get("$select")),
        filter=_filter(options.get("$filter")),
        orderby=tuple(_listed("$orderby", options.get("$orderby"))),
        top=_top(options.get("$top")),
        count=_flag("$count", options.get("$count")),
        expand=_expand(options.get("$expand")),
        skiptoken=options.get("$skiptoken"),
        aliases=aliases,
        apply=options.get("$apply"),
    )


def _listed(option: str, text: str | None) -> list[str]:
    """Return the items of a list between commas; 400 when one of several is empty."""
    if text is None or not text.strip():
        return []
    items = split_outside(text, ",", keep_empty=True)
    if not all(items):
        raise PlatformError(ADDRESS, f"Term '{text}' is not valid in a {option} expression.")
    return items


def _select(text: str | None) -> tuple[str, ...] | None:
    items = _listed("$select", text)
    for item in items:
        if re.fullmatch(r"\w+|\*", item) is None:
            raise PlatformError(
                ADDRESS, f"Term '{item}' is not valid in a $select or $expand expression."
            )
    return None if not items or "*" in items else tuple(dict.fromkeys(items))


def _filter(text: str | None) -> str | None:
    if text is not None and not text.strip():
        raise PlatformError(ADDRESS, f"Expression expected at position 0 in '{text}'.")
    return text


def _flag(name: str, text: str | None) -> bool:
    if text is not None and text.lower() not in ("true", "false"):
        raise PlatformError(
            ADDRESS,
            f"Invalid value '{text}' for {name} query option found. "
            "Valid values are 'true' and 'false'.",
        )
    return text is not None and text.lower() == "true"


def _top(text: str | None) -> int | None:
    if text is None:
        return None
    if re.fullmatch("[0-9]{1,10}", text) is None:
        raise PlatformError(
            ADDRESS,
            f"Invalid value '{text}' for $top query option found. "
            "The $top query option requires a non-negative integer value.",
        )
    return int(text)


# A navigation property, perhaps with a cast behind it, as definitions have them.
_EXPANDABLE = re.compile(r"\w+(?:/Microsoft\.Dynamics\.CRM\.\w+)?").fullmatch


def _expansions(query: Query) -> Iterator[str]:
    for name, inner in query.expand:
        yield name
        yield from _expansions(inner)


def _expand(text: str | None) -> tuple[tuple[str, Query], ...]:
    found: dict[str, Query] = {}
    for item in _listed("$expand", text):
        name, inner = _expansion(item)
        if name in found:
            raise PlatformError(ADDRESS, f"The property '{name}' is expanded more than once.")
        found[name] = inner
    return tuple(found.items())


def _expansion(item: str) -> tuple[str, Query]:
    name, bracket, rest = item.partition("(")
    options: dict[str, str] = {}
    if bracket:
        if not rest.endswith(")"):
            raise PlatformError(ADDRESS, f"Syntax error in $expand: '{item}'.")
        options = _expansion_options(rest[:-1])
    name = name.strip()
    reference = name.endswith(_REFERENCE)
    name = name.removesuffix(_REFERENCE)
    if name == "*":
        raise unsupported("$expand of all navigation properties")
    if _EXPANDABLE(name) is None or (reference and options):
        raise PlatformError(ADDRESS, f"Syntax error in $expand: '{item}'.")
    if _ALIAS(_QUOTED.sub("", rest)):  # [documented]
        raise PlatformError(ADDRESS, "Parameter aliases can't be used inside $expand.")
    inner = _query(options, {})
    text = "&".join(f"{key}={quote(value, safe='$,()/')}" for key, value in options.items())
    return name, Query(**{**vars(inner), "reference": reference, "text": text})


def _expansion_options(text: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for part in split_outside(text, ";"):
        option, _, value = part.partition("=")
        option = option.strip()
        if option not in _INSIDE_EXPAND:
            raise PlatformError(
                ADDRESS, f"Term '{option}' is not valid in a $select or $expand expression."
            )
        if option in options:
            raise PlatformError(ADDRESS, f"Query option '{option}' was specified more than once.")
        options[option] = value.strip()
    return options
