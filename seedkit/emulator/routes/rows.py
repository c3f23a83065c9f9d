"""Routes of rows: create, read, update, upsert, delete, and lists of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from seedkit.emulator.addresses import Key, parse_key
from seedkit.emulator.errors import (
    DUPLICATE_ID,
    METHOD,
    STALE_VERSION,
    PlatformError,
    missing_row,
)
from seedkit.emulator.exchange import Answer, Request, json_answer
from seedkit.emulator.query.fetch.answer import FetchHandler, asks_for_fetch
from seedkit.emulator.query.listing import (
    ANNOTATIONS,
    list_page,
    row_context,
    wanted_annotations,
)
from seedkit.emulator.query.options import read_query, read_row_query
from seedkit.emulator.query.reader import Reader, Restriction
from seedkit.emulator.query.viewer import viewer_of
from seedkit.emulator.session import Environment, Session
from seedkit.emulator.storage.layout import VERSION, Layout
from seedkit.emulator.writing.delete import Deleter
from seedkit.emulator.writing.pairs import refuse_direct
from seedkit.emulator.writing.write import create_rows, key_columns, update_row

_KEY_SAFE = "',=()@!$;:"
_NO_ETAG = frozenset({"", "null"})  # clients send the word null to switch caches off [documented]


class RowHandler:
    """Answers requests for rows of tables."""

    def __init__(self, environment: Environment, reader: Reader, deleter: Deleter) -> None:
        self._environment = environment
        self.reader = reader
        self._deleter = deleter
        self._fetch = FetchHandler(environment)

    def collection(self, request: Request, session: Session, layout: Layout) -> Answer:
        """Answer a request for an entity set."""
        if request.method == "GET":
            if asks_for_fetch(request.options):
                return self._fetch.list_rows(request, session, layout)
            return self.list_rows(request, layout, None, layout.entity_set, session)
        if request.method == "POST":
            _check_options(request)
            return self._create(request, session, layout)
        raise no_method(request)

    def row(self, request: Request, session: Session, layout: Layout, key_text: str) -> Answer:
        """Answer a request for one row."""
        key = parse_key(key_text)
        if request.method == "GET":
            return self._read(request, layout, session.row_id(layout, key))
        _check_options(request)
        if request.method == "PATCH":
            return self._patch(request, session, layout, key, key_text)
        if request.method == "DELETE":
            return self._delete(request, session, layout, session.row_id(layout, key))
        raise no_method(request)

    def count(self, request: Request, layout: Layout, session: Session | None = None) -> Answer:
        """Answer `/$count`: plain text, capped."""
        if request.method != "GET":
            raise no_method(request)
        viewer = viewer_of(self._environment, request.root, session)
        query = read_query(request.options)
        number, _exceeded = self.reader.count(layout, query, viewer=viewer)
        return Answer(200, str(number).encode(), {"Content-Type": "text/plain"})

    def list_rows(
        self,
        request: Request,
        layout: Layout,
        restriction: Restriction | None,
        context: str,
        session: Session | None = None,
    ) -> Answer:
        """Answer with one page of rows; `context` is what the rows are, seen from the root."""
        viewer = viewer_of(self._environment, request.root, session)
        return list_page(request, self.reader, layout, restriction, context, viewer)

    def _create(self, request: Request, session: Session, layout: Layout) -> Answer:
        row_id = create_rows(session, layout, [request.json(layout.entity_set)])[0]
        return self._answer_write(request, session, layout, row_id, row_id, 201)

    def _answer_write(
        self,
        request: Request,
        session: Session,
        layout: Layout,
        row_id: str,
        key: str,
        status: int,
    ) -> Answer:
        """Answer a write of a row: with the row when it is wanted, else with its address.

        Who may not read the row can't have it, and the write is undone [expected].
        """
        if request.wants_row:
            session.need_row("Read", layout, self._environment.store.row(layout, row_id) or ())
            answer = self.represent(request, layout, row_id, status)
        else:
            address = f"{request.root}{layout.entity_set}({key})"
            answer = Answer(204, headers={"OData-EntityId": address})
        answer.row = (layout.name, row_id)
        return answer

    def represent(self, request: Request, layout: Layout, row_id: str, status: int) -> Answer:
        """Answer with a row as it is now."""
        query = read_row_query(request.options)
        viewer = viewer_of(self._environment, request.root, None)
        row = self.reader.one(layout, row_id, query, wanted_annotations(request), viewer)
        if row is None:
            raise missing_row(layout.name, row_id)
        context = row_context(request, layout, query)
        return json_answer({"@odata.context": context, **row}, status, ETag=row["@odata.etag"])

    def _read(self, request: Request, layout: Layout, row_id: str) -> Answer:
        answer = self.represent(request, layout, row_id, 200)
        known = request.headers.get("if-none-match", "")
        plain = "$expand" not in request.options and ANNOTATIONS not in request.preferences
        if known not in _NO_ETAG and plain and known == answer.headers["ETag"]:
            return Answer(304)
        return answer

    def _patch(
        self, request: Request, session: Session, layout: Layout, key: Key, key_text: str
    ) -> Answer:
        body = request.json(layout.entity_set)
        row_id = session.find(layout, key)
        version = None if row_id is None else self._version(layout, row_id)
        if row_id is None or version is None:
            if request.headers.get("if-match"):
                raise missing_row(layout.name, row_id or key_text)
            row_id = create_rows(session, layout, [key_columns(session, layout, key, body)])[0]
        else:
            if request.headers.get("if-none-match") == "*":
                raise PlatformError(
                    DUPLICATE_ID, "A record with matching key values already exists."
                )
            check_etag(request, version)
            update_row(session, layout, row_id, _without_key(key, body))
        # The address that was used is echoed, an alternate key stays in it [documented].
        shown = quote(key_text, safe=_KEY_SAFE) if key.row_id is None else row_id
        status = 201 if version is None else 200
        return self._answer_write(request, session, layout, row_id, shown, status)

    def _delete(self, request: Request, session: Session, layout: Layout, row_id: str) -> Answer:
        refuse_direct(layout, "Delete")
        self.check_condition(request, layout, row_id)
        self._deleter.delete(session, layout, row_id)
        return Answer(204)

    def check_condition(self, request: Request, layout: Layout, row_id: str) -> None:
        """Refuse when `If-Match` names another version than the row has."""
        if request.headers.get("if-match"):
            version = self._version(layout, row_id)
            if version is not None:
                check_etag(request, version)

    def _version(self, layout: Layout, row_id: str) -> int | None:
        row = self._environment.store.row(layout, row_id)
        return None if row is None else int(row[layout.position[VERSION]])


def _check_options(request: Request) -> None:
    """Refuse a write with query options that no row has [expected]."""
    if request.options:
        read_row_query(request.options)


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


def no_method(request: Request) -> PlatformError:
    """Return the refusal of an HTTP method."""
    return PlatformError(
        METHOD, f"The requested resource does not support http method '{request.method}'."
    )
