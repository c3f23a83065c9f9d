"""Answers that hold rows: one page of a list, or one row."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from seedkit.emulator.errors import unsupported
from seedkit.emulator.exchange import Answer, Request, json_answer
from seedkit.emulator.query.annotations import TOTAL, TOTAL_EXCEEDED, Wanted, read_wanted
from seedkit.emulator.query.options import Query, context_columns, read_query
from seedkit.emulator.query.paging import PAGE_SIZE, Position, read_page_size, write_token
from seedkit.emulator.query.paths import Restriction
from seedkit.emulator.query.reader import Page, Reader
from seedkit.emulator.query.viewer import Viewer
from seedkit.emulator.storage.layout import Layout

ANNOTATIONS = "odata.include-annotations"
_PAGE_SIZE = "odata.maxpagesize"


def list_page(
    request: Request,
    reader: Reader,
    layout: Layout,
    restriction: Restriction | None,
    context: str,
    viewer: Viewer,
) -> Answer:
    """Answer with one page of rows; `context` is what the rows are, seen from the root."""
    query = read_query(request.options)
    wanted = wanted_annotations(request)
    size = read_page_size(request.preferences.get(_PAGE_SIZE))
    # Beside a page size $top is ignored [documented].
    limited = query.top is not None and size is None
    limit = min(query.top or 0, PAGE_SIZE) if limited else size or PAGE_SIZE
    page = _page(reader, layout, query, limit, wanted, restriction, viewer, size)
    body: dict[str, Any] = {
        "@odata.context": f"{request.root}$metadata#{context}{context_columns(query)}"
    }
    number, exceeded = -1, False
    if query.count:
        number, exceeded = reader.count(layout, query, restriction, viewer)
        body["@odata.count"] = number
    if TOTAL in wanted:
        body[f"@{TOTAL}"] = number
    if TOTAL_EXCEEDED in wanted:
        body[f"@{TOTAL_EXCEEDED}"] = exceeded
    body["value"] = page.rows
    if page.following is not None and not limited:
        body["@odata.nextLink"] = _next_link(request, page.following)
    return json_answer(body)


def _page(
    reader: Reader,
    layout: Layout,
    query: Query,
    limit: int,
    wanted: Wanted,
    restriction: Restriction | None,
    viewer: Viewer,
    size: int | None,
) -> Page:
    if query.apply is None:
        return reader.page(layout, query, limit, wanted, restriction, viewer, size)
    if restriction is not None:
        raise unsupported("'$apply' on related rows")
    return reader.aggregated(layout, query, limit, wanted, viewer)


def wanted_annotations(request: Request) -> Wanted:
    """Return the annotations that a request asks for."""
    return read_wanted(request.preferences.get(ANNOTATIONS))


def row_context(request: Request, layout: Layout, query: Query) -> str:
    """Return the context of one row."""
    return f"{request.root}$metadata#{layout.entity_set}{context_columns(query)}/$entity"


def _next_link(request: Request, position: Position) -> str:
    options = {**request.options, "$skiptoken": write_token(position)}
    query = "&".join(
        f"{quote(name, safe='$@')}={quote(value, safe='')}" for name, value in options.items()
    )
    return f"{request.root}{quote(request.path)}?{query}"
