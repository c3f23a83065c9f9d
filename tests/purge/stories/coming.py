"""What comes to an environment beside what hangs on rows that are there."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

from seedkit.emulator import dump
from seedkit.ledger import Ledger
from seedkit.load import load
from seedkit.progress import Unwatched
from tests.purge.stories.ground import Seeding, seeding_of
from tests.purge.stories.others import samples
from tests.purge.stories.tester import Tester
from tests.purge.stories.theatre import web_api
from tests.worlds import TinySource, plan_for

LATE = "late-0001"


def install_samples(tester: Tester) -> str | None:
    """Add somebody else's sample data, with an import's number and rows that hang together."""
    wanted = samples(f"{tester.draw.randrange(16**10):010x}")
    done = [tester.make(set_name, body) for set_name, body in wanted]
    return "installed samples" if all(done) else "installed some samples"


def seed_late(url: str, folder: Path) -> Seeding:
    """Seed another run in an environment that testers have been at."""
    database = folder / "local.sqlite3"
    before = dump(database)

    async def seed() -> Seeding:
        with closing(Ledger.open(folder / "ledger.sqlite3")) as ledger:
            async with web_api(url) as (api, _):
                plan = await plan_for(api, LATE)
                ledger.add_run(plan)
                await load(plan, TinySource(plan), api, ledger, Unwatched())
            return seeding_of(plan, before, dump(database))

    return asyncio.run(seed())
