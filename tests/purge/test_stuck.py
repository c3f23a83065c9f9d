"""Rows whose deletes don't end, or lose against others: they are left or sent again, one by one."""

from __future__ import annotations

from collections.abc import Collection

import httpx
import orjson
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import ServiceError
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.purge import PurgeOptions, purge
from tests.purge.test_purge import ROWS, after_seeding, purge_tiny
from tests.worlds import FaultyTransport, World


class Endless:
    """Answers a batch that deletes one of some rows as a gateway that waited in vain."""

    def __init__(self, transport: FaultyTransport, ids: Collection[str], *, done: int = -1) -> None:
        self._transport = transport
        self._ids = [id.encode() for id in ids]
        self._done = done  # which of the requests the service does all the same
        self.asked = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response | None:
        if not any(id in request.content for id in self._ids):
            return None
        self.asked += 1
        if self.asked == self._done:
            await self._transport.inner.handle_async_request(request)
        return httpx.Response(504, html="<html>Gateway Time-out</html>")


@pytest.mark.parametrize("count", [1, 3])
def test_rows_whose_deletes_never_end_are_left_while_the_rest_goes(
    world: World, count: int
) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        stuck = p.stamp.ids(4, 1, 5)[:count]
        transport.before.append(Endless(transport, stuck))
        result = await purge_tiny(p, api, ledger)
        assert result.left == {"contact": count}
        assert {row.id: row.reason for row in result.leftovers} == dict.fromkeys(
            stuck, "its delete never ends: The environment answered 504 : Gateway Timeout"
        )
        assert result.deleted["contact"] == ROWS["contact"] - count
        assert result.deleted["msfsi_bank"] == 1
        transport.before.clear()
        assert (await purge_tiny(p, api, ledger)).left == {}

    before = world.dump()
    after_seeding(world, step)
    assert world.dump() == before


def test_a_service_that_ends_no_delete_stops_the_purge(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        endless = Endless(transport, p.stamp.ids(7, 1, 5) + p.stamp.ids(7, 2, 5))
        transport.before.append(endless)
        with pytest.raises(ServiceError, match="504"):
            await purge_tiny(p, api, ledger)

    after_seeding(world, step)


@pytest.mark.parametrize("table", [4, 7], ids=["unanswered", "with its parent"])
def test_a_row_that_is_gone_after_all_is_not_left(world: World, table: int) -> None:
    """It is sent six times for three rows, for the row alone, and when it is tried again."""

    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        (stuck,) = p.stamp.ids(table, 1, 1)
        transport.before.append(Endless(transport, [stuck], done=18 if table == 4 else 0))
        result = await purge_tiny(p, api, ledger)
        assert (result.left, result.leftovers) == ({}, ())
        assert sum(result.deleted.values()) + sum(result.already_gone.values()) == sum(
            ROWS.values()
        )

    before = world.dump()
    after_seeding(world, step)
    assert world.dump() == before


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (429, "0x80072322", "Number of requests exceeded the limit."),
        (500, "0x80044150", "Transaction was deadlocked."),
    ],
)
def test_single_deletes_that_find_the_service_busy_are_sent_again_after_a_pause(
    world: World, status: int, code: str, message: str
) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        pauses: list[float] = []

        async def sleep(seconds: float) -> None:
            pauses.append(seconds)

        async def busy(request: httpx.Request) -> httpx.Response | None:
            deletes = request.content.count(b"DELETE ")
            if not deletes or len(pauses) == 3:
                return None
            error = orjson.dumps({"error": {"code": code, "message": message}}).decode()
            part = f"--b\r\n\r\nHTTP/1.1 {status} Busy\r\n\r\n{error}\r\n"
            kind = {"Content-Type": "multipart/mixed; boundary=b"}
            return httpx.Response(200, text=part * deletes + "--b--\r\n", headers=kind)

        transport.before.append(busy)
        api.sleep = sleep
        result = await purge(p, api, ledger, Unwatched(), PurgeOptions(requests=1))
        assert pauses == [1.0, 2.0, 4.0]
        assert (dict(result.deleted), result.left, result.leftovers) == (ROWS, {}, ())

    before = world.dump()
    after_seeding(world, step)
    assert world.dump() == before
