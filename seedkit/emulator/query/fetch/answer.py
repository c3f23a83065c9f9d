"""Answers requests for rows whose query is FetchXML, SQL or a saved view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from seedkit.emulator.addresses import is_guid
from seedkit.emulator.errors import ADDRESS, PlatformError, missing_row, no_segment
from seedkit.emulator.exchange import Answer, Request, json_answer
from seedkit.emulator.query.annotations import (
    MORE_RECORDS,
    PAGING_COOKIE,
    TOTAL,
    TOTAL_EXCEEDED,
    Wanted,
    read_wanted,
)
from seedkit.emulator.query.fetch.errors import OTHER_ENTITY
from seedkit.emulator.query.fetch.parse import parse_fetch
from seedkit.emulator.query.fetch.reader import FetchReader, Found
from seedkit.emulator.query.fetch.syntax import Fetch
from seedkit.emulator.query.paging import Position, read_page_size, read_token, write_token
from seedkit.emulator.query.viewer import viewer_of
from seedkit.emulator.session import Environment, Session
from seedkit.emulator.storage.layout import Layout

_VIEWS = {"savedQuery": "savedqueries", "userQuery": "userqueries"}
_LANGUAGES = frozenset({"fetchXml", "sql", *_VIEWS})
_BESIDE = frozenset({"$count", "tag"})
_SKIP = "$skiptoken"


def asks_for_fetch(options: Mapping[str, str]) -> bool:
    """Tell whether a request's query is in another language than OData."""
    return not _LANGUAGES.isdisjoint(options)


class FetchHandler:
    """Answers `?fetchXml=`, `?sql=`, `?savedQuery=` and `?userQuery=`."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._reader = FetchReader(environment)

    def list_rows(self, request: Request, session: Session, layout: Layout) -> Answer:
        """Answer with one page of a query's rows."""
        language = _language(request.options)
        fetch = self._tree(language, request.options[language], session, layout)
        fetch = _with_count(fetch, request.options)
        wanted = read_wanted(request.preferences.get("odata.include-annotations"))
        size = read_page_size(request.preferences.get("odata.maxpagesize"))
        if language == "sql":
            fetch = _at_token(fetch, request.options.get(_SKIP))
        viewer = viewer_of(self._environment, request.root, session)
        found = self._reader.read(viewer, fetch, wanted, size)
        body = _body(request, found, wanted, as_fetch=language != "sql")
        if language == "sql" and found.more:
            body["@odata.nextLink"] = _next_link(request, fetch, found)
        return json_answer(body)

    def _tree(self, language: str, text: str, session: Session, layout: Layout) -> Fetch:
        if language == "sql":
            from seedkit.emulator.query.sql import parse_sql

            fetch = parse_sql(text, session)
        elif language == "fetchXml":
            fetch = parse_fetch(text)
        else:
            fetch = parse_fetch(self._saved(_VIEWS[language], text))
        if fetch.table in self._environment.layouts and fetch.table != layout.name:
            raise PlatformError(
                OTHER_ENTITY,
                f"The query reads '{fetch.table}', but the address names '{layout.name}'.",
            )
        return fetch

    def _saved(self, entity_set: str, text: str) -> str:
        """Return the FetchXML of a view; 404 when there is no such view."""
        layout = self._environment.by_entity_set.get(entity_set)
        if layout is None or "fetchxml" not in layout.position:
            raise no_segment(entity_set)
        if not is_guid(text):
            raise PlatformError(ADDRESS, f"'{text}' is no id of a view.")
        row = self._environment.store.row(layout, text.lower())
        if row is None:
            raise missing_row(layout.name, text.lower())
        return row[layout.position["fetchxml"]] or ""


def _language(options: Mapping[str, str]) -> str:
    language = next(name for name in options if name in _LANGUAGES)
    allowed = _BESIDE | {language} | ({_SKIP} if language == "sql" else set())
    for name in options:
        if name not in allowed:
            raise PlatformError(
                ADDRESS, f"The query option '{name}' can't stand beside {language}."
            )
    return language


def _with_count(fetch: Fetch, options: Mapping[str, str]) -> Fetch:
    text = options.get("$count", "false").lower()
    if text not in ("true", "false"):
        raise PlatformError(ADDRESS, f"The value '{text}' of '$count' is neither true nor false.")
    return replace(fetch, total=True) if text == "true" else fetch


def _at_token(fetch: Fetch, token: str | None) -> Fetch:
    if token is None:
        return fetch
    position = read_token(token)
    if position.number < 1:
        raise PlatformError(ADDRESS, "The value of '$skiptoken' is malformed.")
    return replace(fetch, page=position.number, after=position.after)


def _body(request: Request, found: Found, wanted: Wanted, *, as_fetch: bool) -> dict[str, Any]:
    columns = ",".join(found.keys)
    body: dict[str, Any] = {
        "@odata.context": f"{request.root}$metadata#{found.layout.entity_set}({columns})"
    }
    number, exceeded = (-1, False) if found.count is None else found.count
    if found.count is not None:
        body["@odata.count"] = number
    if TOTAL in wanted:
        body[f"@{TOTAL}"] = number
    if TOTAL_EXCEEDED in wanted:
        body[f"@{TOTAL_EXCEEDED}"] = exceeded
    if as_fetch:
        if PAGING_COOKIE in wanted and found.cookie is not None:
            body[f"@{PAGING_COOKIE}"] = found.cookie
        if MORE_RECORDS in wanted:
            body[f"@{MORE_RECORDS}"] = found.more
    body["value"] = found.rows
    return body


def _next_link(request: Request, fetch: Fetch, found: Found) -> str:
    token = write_token(Position(fetch.page + 1, found.last))
    options = {**request.options, _SKIP: token}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in options.items())
    return f"{request.root}{quote(request.path)}?{query}"
