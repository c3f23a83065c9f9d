"""What keeps our own rows from going is cleared away once, and the rows go."""

from __future__ import annotations

import re

import httpx
import orjson

from seedkit.dataverse.client import WebApi
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from seedkit.purge.engines import Leftover
from seedkit.purge.obstacles import READ_ONLY, is_in_the_way
from tests.purge.test_purge import ROWS, after_seeding, purge_tiny
from tests.worlds import FaultyTransport, World

_PART = re.compile(rb"^(DELETE|PATCH) \S*/contacts\(([0-9a-f-]+)\) HTTP", re.MULTILINE)


class Closed:
    """Refuses to delete contacts, as closed ones, until they are opened."""

    def __init__(self, transport: FaultyTransport, *, opens: bool = True) -> None:
        self._transport = transport
        self._opens = opens
        self.opened: set[bytes] = set()

    async def __call__(self, request: httpx.Request) -> httpx.Response | None:
        found = _PART.findall(request.content) if request.url.path.endswith("$batch") else []
        if not found:
            return None
        if found[0][0] == b"PATCH":
            self.opened |= {id for _, id in found} if self._opens else set()
            return None
        if all(id in self.opened for _, id in found):
            return None
        body = {"error": {"code": READ_ONLY, "message": "It is read-only."}}
        part = (
            "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n"
            f"{orjson.dumps(body).decode()}\r\n"
        )
        kind = {"Content-Type": "multipart/mixed; boundary=b"}
        return httpx.Response(200, text=part * len(found) + "--b--\r\n", headers=kind)


def test_closed_rows_are_opened_once_and_go(world: World) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        closed = Closed(transport)
        transport.before.append(closed)
        result = await purge_tiny(p, api, ledger)
        assert (dict(result.deleted), result.left) == (ROWS, {})
        assert len(closed.opened) == ROWS["contact"]

    after_seeding(world, step)
    assert world.dump() == before


def test_what_stays_closed_is_left_and_told(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        transport.before.append(Closed(transport, opens=False))
        result = await purge_tiny(p, api, ledger)
        assert result.left["contact"] == ROWS["contact"]
        assert {row.code for row in result.leftovers} >= {READ_ONLY}

    after_seeding(world, step)


def test_an_article_is_made_a_draft_whatever_it_refuses_with() -> None:
    assert is_in_the_way(Leftover("knowledgearticle", "id", "0x80040265", "published"))
    assert is_in_the_way(Leftover("contact", "id", READ_ONLY, "closed"))
    assert not is_in_the_way(Leftover("contact", "id", "0x80040227", "in use"))
