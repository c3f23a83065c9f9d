"""Each kind of answer has its rule: what faults do to a load and a purge."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.emulator import create_app
from seedkit.errors import SeedkitError, ServiceError, SignInError
from seedkit.ledger import Ledger, RunState
from seedkit.load import Limits, LoadResult, load
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.purge import purge
from seedkit.verify import verify
from tests.load.test_load import EXPECTED
from tests.virtual import run_virtual
from tests.worlds import NOW, TinySource, plan_for

T = TypeVar("T")
Rules = Mapping[str, Any]


class Watched(Unwatched):
    def __init__(self) -> None:
        self.pauses: list[float] = []

    def paused(self, seconds: float) -> None:
        self.pauses.append(seconds)


def moment() -> datetime:
    """Return the local environment's time: virtual while a loop runs."""
    try:
        return NOW + timedelta(seconds=asyncio.get_running_loop().time())
    except RuntimeError:
        return NOW


class Story:
    """One local environment in virtual time, its ledger, and faults to put in force."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.ledger = Ledger.open(folder / "ledger.sqlite3")
        self.watched = Watched()
        self.app = create_app(folder / "local.sqlite3", clock=moment, settings=settings)

    def play(self, step: Callable[[Plan, WebApi], Awaitable[T]], faults: Rules | None = None) -> T:
        async def work() -> T:
            transport = httpx.ASGITransport(app=self.app)
            async with transport:
                api = WebApi(transport, "http://localhost")
                plan = await plan_for(api)
                self.ledger.add_run(plan)
                await self.put(api, faults or {"faults": []})
                return await step(plan, api)

        return run_virtual(work())

    async def put(self, api: WebApi, faults: Rules) -> None:
        client = httpx.AsyncClient(transport=api.transport)
        answer = await client.put("http://localhost/emulator/faults", json=faults)
        assert answer.status_code == 200, answer.text

    async def end_faults(self, api: WebApi) -> None:
        await self.put(api, {"faults": []})

    async def load(self, plan: Plan, api: WebApi, rows: int = 3) -> LoadResult:
        limits = Limits(rows_per_request=rows)
        return await load(plan, TinySource(plan), api, self.ledger, self.watched, limits)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    made = Story(tmp_path)
    yield made
    made.ledger.close()
    made.app.state.close()


CREATE = {"table": "contact", "message": "CreateMultiple"}
PASSING = [
    "throttled-requests",
    "throttled-time",
    "throttled-concurrency",
    "bad-gateway",
    "unavailable",
    "gateway-timeout",
    "sql-deadlock",
    "lock-refused",
    "sql-timeout",
    "plugin-timeout",
    "server-error",
    "too-large",
    "reset-before-commit",
    "reset-after-commit",
    "late-commit",
    "slow",
    "truncated",
]


@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_leaves_no_trace(story: Story, fault: str) -> None:
    async def step(plan: Plan, api: WebApi) -> None:
        assert (await story.load(plan, api)).rows == EXPECTED
        assert story.ledger.lost_rows(plan.run_id) == []
        assert all(check.holds for check in await verify(plan, api, story.ledger))

    story.play(step, {"faults": [{"fault": fault, "fire": "once", **CREATE}]})
    told = fault.startswith("throttled") or fault == "unavailable"
    assert story.watched.pauses == ([5.0] if told else [])


@pytest.mark.parametrize("fault", ["privilege-missing", "missing", "token-refused"])
def test_what_does_not_pass_stops_the_run_and_can_be_resumed(story: Story, fault: str) -> None:
    async def step(plan: Plan, api: WebApi) -> None:
        requests = api.traffic.requests
        with pytest.raises((ServiceError, SignInError)):
            await story.load(plan, api)
        assert api.traffic.requests < requests + 30
        assert story.ledger.find(None).state is RunState.SEEDING
        await story.end_faults(api)
        assert (await story.load(plan, api)).rows == EXPECTED

    story.play(step, {"faults": [{"fault": fault, "fire": "always", **CREATE}]})


def test_a_request_that_is_too_large_is_halved_and_the_size_kept(story: Story) -> None:
    async def step(plan: Plan, api: WebApi) -> int:
        assert (await story.load(plan, api, rows=250)).rows == EXPECTED
        entries = story.app.state.host.log.entries
        return sum("/contacts/Microsoft" in entry.address for entry in entries)

    sent = story.play(step, {"faults": [{"fault": "too-large", "fire": "once", **CREATE}]})
    assert sent in {
        5,
        7,
    }  # one of two requests was refused; the other had left, or goes in twos too


def test_a_purge_goes_in_smaller_requests_when_they_are_too_large(story: Story) -> None:
    async def step(plan: Plan, api: WebApi) -> None:
        await story.load(plan, api)
        await story.put(
            api, {"faults": [{"fault": "too-large", "path": r"\$batch", "fire": "first"}]}
        )
        result = await purge(plan, api, story.ledger, Unwatched())
        assert result.left == {}
        assert sum(result.deleted.values()) == sum(EXPECTED.values())

    story.play(step)


def test_the_local_limits_are_kept_away_from(tmp_path: Path) -> None:
    story = Story(
        tmp_path,
        throttling=True,
        throttle_requests=60,
        throttle_milliseconds=5_000,
        throttle_window_seconds=10,
        service_time_ms=25,
        row_time_ms=1.2,
    )

    async def step(plan: Plan, api: WebApi) -> int:
        assert (await story.load(plan, api, rows=1)).rows == EXPECTED
        return api.traffic.throttled

    assert story.play(step) == 0
    story.ledger.close()
    story.app.state.close()


def rules(seed: int) -> Rules:
    """Return a few random faults on random requests, each of which ends."""
    luck = random.Random(seed)
    tables = ["contact", "msfsi_group", "msfsi_groupmember", "msfsi_lifemoment", None]
    return {
        "seed": seed,
        "faults": [
            {
                "fault": luck.choice(PASSING),
                "table": luck.choice(tables),
                "fire": luck.choice(["nth", "first", "every"]),
                "count": luck.randint(2, 5),
                "seconds": luck.choice([1, 20, 90]),
                "retry_after": luck.choice([None, 1, 30, 290]),
            }
            for _ in range(luck.randint(1, 4))
        ],
    }


def tell(folder: Path, seed: int) -> int:
    """Play a story of faults; return how many loads it took until all was there exactly once."""
    folder.mkdir()
    story = Story(folder)

    async def step(plan: Plan, api: WebApi) -> int:
        for attempt in range(12):
            if attempt == 8:
                await story.end_faults(api)
            try:
                result = await story.load(
                    plan, api, rows=random.Random(seed + attempt).randint(1, 6)
                )
            except SeedkitError:
                assert story.ledger.find(None).state in {RunState.SEEDING, RunState.SEEDED}
                continue
            if result.refused or result.skipped:
                story.ledger.forget_lost(plan.run_id)  # as `resume --refused` does
                continue
            await story.end_faults(api)
            assert result.rows == EXPECTED
            assert all(check.holds for check in await verify(plan, api, story.ledger))
            await marked(plan, api)
            return attempt + 1
        raise AssertionError("no end")

    try:
        return story.play(step, rules(seed))
    finally:
        story.ledger.close()
        story.app.state.close()


async def marked(plan: Plan, api: WebApi) -> None:
    """Check that the tables hold our rows, each with its mark, and nothing else of that kind."""
    for name, count in EXPECTED.items():
        table = plan.table(name)
        rows = await api.all(
            table.entity_set, {"$select": f"{table.primary_id},importsequencenumber"}
        )
        ours = [row for row in rows if row[table.primary_id][9:13] == "5eed"]
        assert len({row[table.primary_id] for row in ours}) == len(ours) == count
        assert {row["importsequencenumber"] for row in ours} == {plan.mark}


@pytest.mark.parametrize("seed", range(15))
def test_every_story_ends_with_each_row_there_once(tmp_path: Path, seed: int) -> None:
    tell(tmp_path / "story", seed)


@pytest.mark.soak
def test_two_hundred_stories_end_with_each_row_there_once(tmp_path: Path) -> None:
    for seed in range(200):
        tell(tmp_path / f"story-{seed}", seed)
