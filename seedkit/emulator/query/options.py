"""The query options of a request, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from seedkit.emulator.errors import ADDRESS, PlatformError, unsupported
from seedkit.emulator.query.text import split_outside

_KNOWN = frozenset({"$select", "$filter", "$orderby", "$top", "$count", "$expand", "$skiptoken"})
_NOT_BUILT = frozenset({"$apply", "fetchXml", "sql", "savedQuery", "userQuery"})
_WITHOUT_EFFECT = frozenset({"tag"})  # reaches plug-ins only [documented]
_INSIDE_EXPAND = frozenset({"$select", "$filter", "$orderby", "$top", "$expand"})


@dataclass(frozen=True)
class Query:
    """What a request asks for. `select` None means all columns; `aliases` holds `@p1` values."""

    select: tuple[str, ...] | None = None
    filter: str | None = None
    orderby: tuple[str, ...] = ()
    top: int | None = None
    count: bool = False
    expand: tuple[tuple[str, Query], ...] = ()
    skiptoken: str | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)


def read_query(options: Mapping[str, str]) -> Query:
    """Return the query of a request; 400 for an unknown option, 501 for one not built here."""
    for name in options:
        _check_option(name)
    aliases = {name: value for name, value in options.items() if name.startswith("@")}
    return _query(options, aliases)


def _check_option(name: str) -> None:
    if name in _KNOWN or name in _WITHOUT_EFFECT or name.startswith("@"):
        return
    if name == "$skip":
        raise PlatformError(ADDRESS, "The query option '$skip' is not supported.")
    if name in _NOT_BUILT:
        raise unsupported(f"the query option '{name}'")
    raise PlatformError(ADDRESS, f"The query option '{name}' is not supported.")


def _query(options: Mapping[str, str], aliases: Mapping[str, str]) -> Query:
    select = options.get("$select")
    return Query(
        select=None if select in (None, "*") else tuple(split_outside(str(select), ",")),
        filter=options.get("$filter"),
        orderby=tuple(split_outside(options.get("$orderby", ""), ",")),
        top=_top(options.get("$top")),
        count=_flag("$count", options.get("$count")),
        expand=tuple(
            _expand(item, aliases) for item in split_outside(options.get("$expand", ""), ",")
        ),
        skiptoken=options.get("$skiptoken"),
        aliases=aliases,
    )


def _flag(name: str, text: str | None) -> bool:
    if text is not None and text.lower() not in ("true", "false"):
        raise PlatformError(ADDRESS, f"The value '{text}' of '{name}' is neither true nor false.")
    return text is not None and text.lower() == "true"


def _top(text: str | None) -> int | None:
    if text is None:
        return None
    if re.fullmatch("[0-9]+", text) is None:
        raise PlatformError(ADDRESS, f"The value '{text}' of '$top' is no count.")
    return int(text)


def _expand(item: str, aliases: Mapping[str, str]) -> tuple[str, Query]:
    name, bracket, rest = item.partition("(")
    options: dict[str, str] = {}
    if bracket:
        if not rest.endswith(")"):
            raise PlatformError(ADDRESS, f"Syntax error in $expand: '{item}'.")
        for part in split_outside(rest[:-1], ";"):
            option, _, value = part.partition("=")
            if option not in _INSIDE_EXPAND:
                raise PlatformError(ADDRESS, f"'{option}' is not supported inside $expand.")
            options[option] = value
    return name, _query(options, aliases)
