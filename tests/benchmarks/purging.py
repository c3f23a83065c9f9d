"""Deletes against the server of fixed service time: our engine, and one request for each row.

The ideal is what the server's time for the same requests is when all of its places are taken from
the first moment to the last.

python -m tests.benchmarks.purging batches|singles ROWS
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

from httpx_aiohttp import AiohttpTransport

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import LiveTable
from seedkit.dataverse.sizes import MOST_ROWS
from seedkit.marks import HIGHEST_MARK, Stamp
from seedkit.progress import Unwatched
from seedkit.purge.engines import BatchEngine
from tests.benchmarks.fixed import TOTALS, WIDE
from tests.benchmarks.sending import served

CONTACT = LiveTable(
    name="contact",
    entity_set="contacts",
    primary_id="contactid",
    primary_name="fullname",
    columns={},
    lookups=(),
    children=(),
    messages=frozenset(),
)
BLOCK = 10_000


def ids_of(rows: int) -> list[str]:
    """Return the ids of a run's contacts."""
    stamp = Stamp(HIGHEST_MARK, 0)
    return [
        id
        for first in range(0, rows, BLOCK)
        for id in stamp.ids(5, first // BLOCK + 1, min(BLOCK, rows - first))
    ]


async def batches(api: WebApi, ids: list[str]) -> None:
    """Delete as a purge does, with a search for strangers before each wave."""
    engine = BatchEngine(api, Unwatched(), rows_per_request=MOST_ROWS, requests=None)

    async def look() -> None:
        await api.get("annotations")

    await engine.delete(CONTACT, ids, look)
    assert engine.tally.deleted["contact"] == len(ids)


async def singles(api: WebApi, ids: list[str]) -> None:
    """Delete by one request for each row, as many at once as the service takes."""
    left: Iterator[str] = iter(ids)

    async def worker() -> None:
        for id in left:
            await api.send("DELETE", f"contacts({id})", rows=1)

    await asyncio.gather(*(worker() for _ in range(WIDE)))


CONTENDERS = {"batches": batches, "singles": singles}


async def measure(name: str, url: str, rows: int) -> dict[str, float]:
    """Delete so many rows; return how fast, and how much of the possible that is."""
    ids = ids_of(rows)
    gc.freeze()  # as the command does
    async with AiohttpTransport() as transport:
        api = WebApi(transport, url)
        await api.get("WhoAmI")
        wall, processor = time.perf_counter(), time.process_time()
        await CONTENDERS[name](api, ids)
        wall = time.perf_counter() - wall
        processor = time.process_time() - processor
        answer = await api.line.send("GET", url + TOTALS.decode(), None, {})
    totals: dict[str, Any] = json.loads(answer.content)
    return {
        "rows_per_second": rows / wall,
        "part_of_ideal": totals["seconds"] / WIDE / wall,
        "rows_per_request": totals["rows"] / totals["requests"],
        "processor_us_per_row": 1e6 * processor / rows,
    }


if __name__ == "__main__":
    name, rows = sys.argv[1], int(sys.argv[2])
    with served("open") as url:
        print(json.dumps(asyncio.run(measure(name, url, rows))))
