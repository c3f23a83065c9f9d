"""How well a load fills a service that works on 52 requests at once, in time that is not spent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import httpx
import orjson
import pytest

from seedkit.assembly import source_of
from seedkit.dataverse.client import WebApi
from seedkit.ledger import Ledger
from seedkit.load import load
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.records.batch import RecordBatch
from tests.benchmarks.fixed import BASE, PER_ROW, WIDE
from tests.benchmarks.whole import make
from tests.virtual import run_virtual

MAKING = 0.2  # seconds for the rows of a block


class Service(httpx.AsyncBaseTransport):
    """Takes everything, after a while; keeps the rows of each table in the order they came."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.ended: dict[str, float] = {}
        self.begun: dict[str, float] = {}
        self.sizes: list[int] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        loop = asyncio.get_running_loop()
        table = request.url.path.split("/")[4]
        rows = len(orjson.loads(request.content).get("Targets", [])) if request.content else 0
        took = BASE + PER_ROW * rows
        self.begun.setdefault(table, loop.time())
        await asyncio.sleep(took)
        self.seconds += took
        self.sizes.append(rows)
        self.ended[table] = loop.time()
        body = {"Ids": [""] * rows, "versionnumber": 1, "createdon": "", "modifiedon": ""}
        return httpx.Response(200, json=body, headers={"x-ms-dop-hint": str(WIDE)})


class Made:
    """The rows of a run, made beforehand; each block takes its time all the same."""

    def __init__(self, plan: Plan) -> None:
        source = source_of(plan)
        self.blocks: Sequence[int] = source.blocks
        self._made = {block: source.batches(block) for block in self.blocks}

    def batches(self, block: int) -> list[RecordBatch]:
        return self._made[block]


def play(
    folder: Path, households: int, monkeypatch: pytest.MonkeyPatch, *overrides: str
) -> tuple[Service, float]:
    """Load a bank; return the service and how many times the ideal it took."""

    async def at_once(make: object, *words: object) -> object:
        await asyncio.sleep(MAKING)
        return make(*words)  # type: ignore[operator]

    # A thread's true time and the loop's own don't go together.
    monkeypatch.setattr("asyncio.to_thread", at_once)
    plan = asyncio.run(make(households, folder, *overrides))
    service, made = Service(), Made(plan)

    async def work() -> float:
        loop = asyncio.get_running_loop()
        with closing(Ledger.open(folder / "other.sqlite3")) as ledger:
            ledger.add_run(plan)
            began = loop.time()
            await load(plan, made, WebApi(service, "http://127.0.0.1"), ledger, Unwatched())
            return loop.time() - began

    return service, run_virtual(work()) / (service.seconds / WIDE)


# Showcase customers are made before the first households, which wait for it: left out here.
def test_making_and_waiting_for_ancestors_hide_behind_sending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, part = play(tmp_path, 768, monkeypatch, "showcase=false")
    assert part < 1.4, part
    assert max(service.sizes) >= 150


def test_a_table_begins_when_its_own_ancestors_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, _ = play(tmp_path, 60, monkeypatch, "showcase=false")
    begun, ended = service.begun, service.ended
    assert begun["msfsi_groupmembers"] >= ended["contacts"]
    assert begun["msfsi_lifemoments"] < ended["msfsi_groupfinancialholdings"]  # not its ancestor
