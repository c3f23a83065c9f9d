"""Routes of rows: create, read, update, upsert, delete, and lists of them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from seedkit.emulator.addresses import Key, parse_key
from seedkit.emulator.errors import (
    ADDRESS,
    DUPLICATE_ID,
    METHOD,
    STALE_VERSION,
    PlatformError,
    missing_row,
)
from seedkit.emulator.exchange import Answer, Request, json_answer
from seedkit.emulator.query.annotations import TOTAL, TOTAL_EXCEEDED, read_wanted
from seedkit.emulator.query.options import Query, read_query
from seedkit.emulator.query.paging import PAGE_SIZE, Position, write_token
from seedkit.emulator.query.reader import Reader, Restriction
from seedkit.emulator.session import Environment, Session
from seedkit.emulator.storage.layout import VERSION, Layout
from seedkit.emulator.writing.delete import Deleter
from seedkit.emulator.writing.write import create_rows, key_columns, update_row

_ANNOTATIONS = "odata.include-annotations"
_PAGE_SIZE = "odata.maxpagesize"
_NO_ETAG = frozenset({"", "null"})  # clients send the word null to switch caches off [documented]


class RowHandler:
    """Answers requests for rows of tables."""

    def __init__(self, environment: Environment, reader: Reader, deleter: Deleter) -> None:
        self._environment = environment
        self.reader = reader
        self._deleter = deleter

    def collection(self, request: Request, session: Session, layout: Layout) -> Answer:
        """Answer a request for an entity set."""
        if request.method == "GET":
            return self.list_rows(request, layout, None, layout.entity_set)
        if request.method == "POST":
            return self._create(request, session, layout)
        raise no_method(request)

    def row(self, request: Request, session: Session, layout: Layout, key_text: str) -> Answer:
        """Answer a request for one row."""
        key = parse_key(key_text)
        if request.method == "GET":
            return self._read(request, layout, session.row_id(layout, key))
        if request.method == "PATCH":
            return self._patch(request, session, layout, key, key_text)
        if request.method == "DELETE":
            return self._delete(request, session, layout, session.row_id(layout, key))
        raise no_method(request)

    def count(self, request: Request, layout: Layout) -> Answer:
        """Answer `/$count`: plain text, capped."""
        if request.method != "GET":
            raise no_method(request)
        number, _exceeded = self.reader.count(layout, read_query(request.options))
        return Answer(200, str(number).encode(), {"Content-Type": "text/plain"})

    def list_rows(
        self, request: Request, layout: Layout, restriction: Restriction | None, context: str
    ) -> Answer:
        """Answer with one page of rows; `context` is what the rows are, seen from the root."""
        query = read_query(request.options)
        wanted = read_wanted(request.preferences.get(_ANNOTATIONS))
        size = _page_size(request)
        limit = min(query.top, PAGE_SIZE) if query.top is not None and size is None else size
        page = self.reader.page(
            layout, query, PAGE_SIZE if limit is None else limit, wanted, restriction
        )
        body: dict[str, Any] = {"@odata.context": _context(request, context, query)}
        if query.count:
            number, exceeded = self.reader.count(layout, query, restriction)
            body["@odata.count"] = number
            if TOTAL in wanted:
                body[f"@{TOTAL}"] = number
                body[f"@{TOTAL_EXCEEDED}"] = exceeded
        elif TOTAL in wanted:
            body[f"@{TOTAL}"], body[f"@{TOTAL_EXCEEDED}"] = -1, False
        body["value"] = page.rows
        if page.following is not None and (query.top is None or size is not None):
            body["@odata.nextLink"] = _next_link(request, page.following)
        return json_answer(body)

    def _create(self, request: Request, session: Session, layout: Layout) -> Answer:
        row_id = create_rows(session, layout, [request.json(layout.entity_set)])[0]
        if request.wants_row:
            return self.represent(request, layout, row_id, 201)
        return written(request, layout, row_id)

    def represent(self, request: Request, layout: Layout, row_id: str, status: int) -> Answer:
        """Answer with a row as it is now."""
        query = read_query(request.options)
        wanted = read_wanted(request.preferences.get(_ANNOTATIONS))
        row = self.reader.one(layout, row_id, query, wanted)
        if row is None:
            raise missing_row(layout.name, row_id)
        context = _context(request, layout.entity_set, query) + "/$entity"
        return json_answer({"@odata.context": context, **row}, status, ETag=row["@odata.etag"])

    def _read(self, request: Request, layout: Layout, row_id: str) -> Answer:
        answer = self.represent(request, layout, row_id, 200)
        known = request.headers.get("if-none-match", "")
        plain = "$expand" not in request.options and _ANNOTATIONS not in request.preferences
        if known not in _NO_ETAG and plain and known == answer.headers["ETag"]:
            return Answer(304)
        return answer

    def _patch(
        self, request: Request, session: Session, layout: Layout, key: Key, key_text: str
    ) -> Answer:
        row_id = session.find(layout, key)
        version = None if row_id is None else self._version(layout, row_id)
        created = version is None
        body = request.json(layout.entity_set)
        if version is None:
            if request.headers.get("if-match"):
                raise missing_row(layout.name, row_id or key_text)
            row_id = create_rows(session, layout, [key_columns(session, layout, key, body)])[0]
        elif row_id is not None:
            if request.headers.get("if-none-match") == "*":
                raise PlatformError(
                    DUPLICATE_ID, "A record with matching key values already exists."
                )
            check_etag(request, version)
            update_row(session, layout, row_id, _without_key(key, body))
        if request.wants_row and row_id is not None:
            return self.represent(request, layout, row_id, 201 if created else 200)
        return written(request, layout, key_text if key.row_id is None else key.row_id)

    def _delete(self, request: Request, session: Session, layout: Layout, row_id: str) -> Answer:
        condition = request.headers.get("if-match")
        if condition:
            version = self._version(layout, row_id)
            if version is not None:
                check_etag(request, version)
        self._deleter.delete(session, layout, row_id)
        return Answer(204)

    def _version(self, layout: Layout, row_id: str) -> int | None:
        row = self._environment.store.row(layout, row_id)
        return None if row is None else int(row[layout.position[VERSION]])


def written(request: Request, layout: Layout, key: str) -> Answer:
    """Return the answer to a write without body: it names the row's address."""
    return Answer(204, headers={"OData-EntityId": f"{request.root}{layout.entity_set}({key})"})


def check_etag(request: Request, version: int) -> None:
    """Refuse when the client knows another version of the row."""
    known = request.headers.get("if-match", "*")
    if known not in ("*", "", f'W/"{version}"'):
        raise PlatformError(
            STALE_VERSION,
            "The version of the existing record doesn't match the RowVersion property.",
        )


def _without_key(key: Key, body: dict[str, Any]) -> dict[str, Any]:
    # Key columns that stand in the address are ignored in the body of an update [documented].
    return {name: value for name, value in body.items() if name not in key.parts}


def _context(request: Request, what: str, query: Query) -> str:
    columns = ""
    if query.select is not None or query.expand:
        parts = [*(query.select or ()), *(f"{name}()" for name, _inner in query.expand)]
        columns = f"({','.join(parts)})"
    return f"{request.root}$metadata#{what}{columns}"


def _page_size(request: Request) -> int | None:
    text = request.preferences.get(_PAGE_SIZE)
    if text is None:
        return None
    if re.fullmatch("0*[1-9][0-9]*", text) is None:
        raise PlatformError(ADDRESS, f"'{text}' is no page size.")
    return min(int(text), PAGE_SIZE)


def _next_link(request: Request, position: Position) -> str:
    options = {**request.options, "$skiptoken": write_token(position)}
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in options.items())
    return f"{request.root}{quote(request.path)}?{query}"


def no_method(request: Request) -> PlatformError:
    """Return the refusal of an HTTP method."""
    return PlatformError(
        METHOD, f"The requested resource does not support http method '{request.method}'."
    )
