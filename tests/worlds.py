"""A tiny bank for tests of load and purge, and a local environment that can be made to fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import httpx

from seedkit.dataverse.client import RetryPolicy, WebApi
from seedkit.dataverse.environment import read_environment
from seedkit.emulator import create_app, dump
from seedkit.ledger import Ledger
from seedkit.plan import Plan, PlanRequest, make_plan
from seedkit.records.batch import Lookup, RecordBatch

NOW = datetime(2026, 6, 30, 9, 30, tzinfo=UTC)
TABLES = (
    ("annotation", 1),
    ("msfsi_bank", 2),
    ("msfsi_branch", 3),
    ("contact", 4),
    ("msfsi_group", 5),
    ("msfsi_groupmember", 6),
    ("msfsi_lifemoment", 7),
)
LINKS = (
    ("msfsi_branch", "msfsi_bank", "msfsi_bank"),
    ("contact", "msfsi_branch", "msfsi_branch"),
    ("msfsi_group", "msfsi_primarymember", "msfsi_groupmember"),
    ("msfsi_groupmember", "msfsi_group", "msfsi_group"),
    ("msfsi_groupmember", "msfsi_member", "contact"),
    ("msfsi_lifemoment", "msfsi_contact", "contact"),
)

Hook = Callable[[httpx.Request], Awaitable[httpx.Response | None]]


@dataclass
class FaultyTransport(httpx.AsyncBaseTransport):
    """The local environment behind hooks that may answer, or fail, in its place."""

    inner: httpx.AsyncBaseTransport
    before: list[Hook] = field(default_factory=list)
    after: list[Hook] = field(default_factory=list)
    seen: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        for hook in self.before:
            if (answer := await hook(request)) is not None:
                return answer
        response = await self.inner.handle_async_request(request)
        for hook in self.after:
            if (answer := await hook(request)) is not None:
                await response.aread()
                return answer
        return response


@dataclass
class World:
    """One local environment, one ledger."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "local.sqlite3"

    def dump(self) -> dict[str, list[dict[str, object]]]:
        """Return every row of every table, making the environment when it is new."""
        create_app(self.database, clock=lambda: NOW)
        return dump(self.database)

    def ledger(self) -> Ledger:
        return Ledger.open(self.folder / "ledger.sqlite3")

    @asynccontextmanager
    async def api(self, now: datetime = NOW) -> AsyncIterator[tuple[WebApi, FaultyTransport]]:
        app = create_app(self.database, clock=lambda: now)
        transport = FaultyTransport(httpx.ASGITransport(app=app))
        async with transport:
            yield WebApi(transport, "http://localhost", RetryPolicy(), sleep=no_sleep), transport


async def no_sleep(_: float) -> None:
    await asyncio.sleep(0)


async def plan_for(api: WebApi, run_id: str = "tiny-0001") -> Plan:
    """Return a plan for the tiny bank."""
    return await small_plan(api, run_id, tables=TABLES, links=LINKS)


async def small_plan(
    api: WebApi,
    run_id: str,
    *,
    tables: tuple[tuple[str, int], ...],
    links: tuple[tuple[str, str, str], ...],
    parties: tuple[tuple[str, str], ...] = (),
) -> Plan:
    """Return a plan for a handful of tables, whose rows a test makes by hand."""
    request = PlanRequest(
        run_id=run_id,
        profile_name=run_id.partition("-")[0],
        profile={
            "currency": "USD",
            "households": 2,
            "random_seed": 1,
            "banking": {"foreign_currency": 0.0, "foreign_currencies": ""},
        },
        as_of=date(2026, 6, 30),
        now=NOW,
        fingerprint={"seedkit": "test"},
        tables=tables,
        links=links,
        columns={},
        parties=parties,
    )
    return await make_plan(request, api, await read_environment(api))


class TinySource:
    """One bank, two branches, and in each block some customers in one group."""

    def __init__(self, plan: Plan, blocks: int = 2, customers: int = 5) -> None:
        self._plan = plan
        self._customers = customers
        self.blocks = range(blocks + 1)
        self.spoilt: dict[tuple[str, int, int], dict[str, object]] = {}

    def ids(self, table: str, block: int, count: int) -> list[str]:
        return self._plan.stamp.ids(dict(TABLES)[table], block, count)

    def batches(self, block: int) -> list[RecordBatch]:
        if block == 0:
            bank = self.ids("msfsi_bank", 0, 1)
            return [
                self._batch("msfsi_bank", 0, {"msfsi_name": ["Tiny Bank"]}),
                self._batch(
                    "msfsi_branch",
                    0,
                    {"msfsi_name": ["North", "South"]},
                    [Lookup("msfsi_bank", "msfsi_bank", bank * 2)],
                ),
            ]
        count = self._customers
        names = [f"Customer {block}-{row}" for row in range(count)]
        contacts = self.ids("contact", block, count)
        group = self.ids("msfsi_group", block, 1)
        members = self.ids("msfsi_groupmember", block, count)
        branches = self.ids("msfsi_branch", 0, 2)
        days = ["2026-01-31T12:00:00Z"] * count
        return [
            self._batch(
                "contact",
                block,
                {"firstname": ["Ann"] * count, "lastname": names},
                [Lookup("msfsi_branch", "msfsi_branch", [branches[r % 2] for r in range(count)])],
            ),
            self._batch(
                "msfsi_group",
                block,
                {"msfsi_name": [f"Group {block}"], "msfsi_type": [104800000]},
                [Lookup("msfsi_primarymember", "msfsi_groupmember", members[:1])],
            ),
            self._batch(
                "msfsi_groupmember",
                block,
                {"msfsi_name": names, "msfsi_isprimarygroup": [True] * count},
                [
                    Lookup("msfsi_group", "msfsi_group", group * count),
                    Lookup("msfsi_member", "contact", contacts),
                ],
            ),
            self._batch(
                "msfsi_lifemoment",
                block,
                {"msfsi_name": names, "msfsi_lifemomentdate": days},
                [Lookup("msfsi_contact", "contact", contacts)],
            ),
        ]

    def _batch(
        self,
        table: str,
        block: int,
        columns: dict[str, list[object]],
        lookups: list[Lookup] | None = None,
    ) -> RecordBatch:
        count = len(next(iter(columns.values())))
        ids = self.ids(table, block, count)
        columns = {
            f"{table}id": list(ids),
            "importsequencenumber": [self._plan.mark] * count,
            **{name: list(values) for name, values in columns.items()},
        }
        for (name, number, row), values in self.spoilt.items():
            if (name, number) == (table, block):
                for column, value in values.items():
                    columns.setdefault(column, [None] * count)[row] = value
        return RecordBatch(table, block, ids, columns, lookups or [])


def without_contact(
    rows: dict[str, list[dict[str, object]]], contact: str
) -> dict[str, list[dict[str, object]]]:
    """Return a dump without one contact and the addresses that the platform shows for it."""
    gone = {"contact": "contactid", "customeraddress": "parentid"}
    return {
        table: [row for row in found if table not in gone or row[gone[table]] != contact]
        for table, found in rows.items()
    }
