"""A bank seeded into a local environment of one's own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx

from seedkit.assembly import Resolved, check_custom, fit, make_request, source_of
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import read_environment
from seedkit.emulator import create_app, dump
from seedkit.ledger import Ledger
from seedkit.load import load
from seedkit.plan import Plan, make_plan
from seedkit.profile import read_profile
from seedkit.progress import Unwatched
from seedkit.purge import PurgeResult, purge
from seedkit.settings import LOCAL_URL

AS_OF = date(2026, 6, 30)
HOUSEHOLDS = 10


@dataclass(frozen=True)
class SeededRun:
    """A run in a local environment: its plan, and how many rows of each table there are."""

    plan: Plan
    rows: Mapping[str, int]


@dataclass(frozen=True)
class LocalEnvironment:
    """A local environment in a folder of its own; every call opens and closes it.

    All rows are those of the as-of date and the random seed, whenever the test runs.
    """

    folder: Path

    @property
    def database(self) -> Path:
        """Return the environment's file."""
        return self.folder / "local.sqlite3"

    def seed(
        self,
        profile: str = "retail",
        *,
        households: int = HOUSEHOLDS,
        as_of: date = AS_OF,
        overrides: Sequence[str] = (),
        run_id: str = "test-run",
    ) -> SeededRun:
        """Seed a profile; `overrides` are KEY=VALUE as after `--set`."""
        found = read_profile(profile, [*overrides, f"households={households}"])
        check_custom(found)
        moment = datetime(as_of.year, as_of.month, as_of.day, 12, tzinfo=UTC)
        request = make_request(Resolved(found.name, found.profile, as_of, moment), run_id)

        async def work() -> SeededRun:
            async with self.api() as api:
                plan = await make_plan(await fit(request, api), api, await read_environment(api))
                with self._ledger() as ledger:
                    ledger.add_run(plan)
                    result = await load(plan, source_of(plan), api, ledger, Unwatched())
                return SeededRun(plan, result.rows)

        return asyncio.run(work())

    def purge(self, run: SeededRun) -> PurgeResult:
        """Purge a run."""

        async def work() -> PurgeResult:
            async with self.api() as api:
                with self._ledger() as ledger:
                    return await purge(run.plan, api, ledger, Unwatched())

        return asyncio.run(work())

    def read(self, path: str, **query: str) -> list[dict[str, Any]]:
        """Read a collection by its set name, as in `read("contacts", select="fullname")`.

        `select=` stands for `$select=`, and so on.
        """

        async def work() -> list[dict[str, Any]]:
            async with self.api() as api:
                return await api.all(path, {f"${name}": text for name, text in query.items()})

        return asyncio.run(work())

    def dump(self) -> dict[str, list[dict[str, object]]]:
        """Return every row of every table by logical names, as stored: booleans are 0 and 1."""
        create_app(self.database, clock=_now).state.close()
        return dump(self.database)

    @asynccontextmanager
    async def api(self) -> AsyncIterator[WebApi]:
        """Open the Web API, for tests that are asynchronous themselves."""
        app = create_app(self.database, clock=_now)
        try:
            yield WebApi(httpx.ASGITransport(app=app), LOCAL_URL)
        finally:
            app.state.close()

    @contextlib.contextmanager
    def _ledger(self) -> Iterator[Ledger]:
        with contextlib.closing(Ledger.open(self.folder / "ledger.sqlite3")) as ledger:
            yield ledger


def _now() -> datetime:
    return datetime.now(UTC)
