"""A whole load against the server of fixed service time: does making rows hide behind sending them?

The plan comes from a local environment. The ideal is what the server's time for the same requests
is when all of its places are taken from the first moment to the last.

python -m tests.benchmarks.whole HOUSEHOLDS FOLDER
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from httpx_aiohttp import AiohttpTransport

from seedkit.assembly import Resolved, make_request, source_of
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import read_environment
from seedkit.ledger import Ledger
from seedkit.load import load
from seedkit.plan import Plan, make_plan
from seedkit.profile import read_profile
from seedkit.progress import Unwatched
from seedkit.testing import LocalEnvironment
from tests.benchmarks.fixed import TOTALS, WIDE
from tests.benchmarks.ours import AS_OF, PROFILE
from tests.benchmarks.sending import served


async def make(households: int, folder: Path, *overrides: str) -> Plan:
    """Return the plan of a run, made in a local environment where nothing is written."""
    found = read_profile(PROFILE, [f"households={households}", *overrides])
    day = date.fromisoformat(AS_OF)
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    request = make_request(Resolved(found.name, found.profile, day, moment), "whole")
    async with LocalEnvironment(folder).api() as api:
        return await make_plan(request, api, await read_environment(api))


async def measure(plan: Plan, url: str, folder: Path) -> dict[str, float]:
    """Load the run with everything cold but the modules."""
    with closing(Ledger.open(folder / "ledger.sqlite3")) as ledger:
        ledger.add_run(plan)
        gc.freeze()  # as the command does
        wall, processor = time.perf_counter(), time.process_time()
        async with AiohttpTransport() as transport:
            api = WebApi(transport, url)
            result = await load(plan, source_of(plan), api, ledger, Unwatched())
            wall = time.perf_counter() - wall
            processor = time.process_time() - processor
            answer = await api.line.send("GET", url + TOTALS.decode(), None, {})
    totals: dict[str, Any] = json.loads(answer.content)
    ideal = totals["seconds"] / WIDE
    rows = sum(result.rows.values())
    return {
        "rows": rows,
        "requests": totals["requests"],
        "rows_per_request": totals["rows"] / totals["requests"],
        "wall_seconds": wall,
        "ideal_seconds": ideal,
        "wall / ideal": wall / ideal,
        "processor_us_per_row": 1e6 * processor / rows,
    }


def main(households: int, folder: Path) -> None:
    """Print the figures."""
    plan = asyncio.run(make(households, folder))
    with served("open") as url:
        print(json.dumps(asyncio.run(measure(plan, url, folder))))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
