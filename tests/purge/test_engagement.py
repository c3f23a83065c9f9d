"""A purge takes out a help desk and leaves foreign cases, articles and connections as they were."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.load import Limits, load
from seedkit.profile import read_profile, shipped_profiles
from seedkit.progress import Unwatched
from seedkit.purge import PurgeResult, purge
from seedkit.testing import LocalEnvironment
from tests.emulator.conftest import Local
from tests.helpdesk import DeskSource, desk_plan
from tests.worlds import World

Dump = dict[str, list[dict[str, object]]]
CUSTOMER = "customerid_contact@odata.bind"


async def make(api: WebApi, path: str, **values: Any) -> str:
    """Make a row as somebody else would; return its id."""
    answer = await api.send("POST", path, orjson.dumps(values))
    return answer.headers["OData-EntityId"].rpartition("(")[2].rstrip(")")


async def foreign_desk(api: WebApi) -> None:
    """Somebody's own cases, one of them resolved, with activities, an article, a connection."""
    first, second = [await make(api, "contacts", lastname=name) for name in ("Ode", "Vale")]
    subject = await make(api, "subjects", title="Theirs")
    queue = await make(api, "queues", name="Theirs")
    cases = [
        await make(
            api,
            "incidents",
            title=f"Case {number}",
            **{CUSTOMER: f"/contacts({first})", "subjectid@odata.bind": f"/subjects({subject})"},
        )
        for number in range(2)
    ]
    for case in cases:
        regarding = {"regardingobjectid_incident_task@odata.bind": f"/incidents({case})"}
        task = await make(api, "tasks", subject="Call back", **regarding)
        closed = orjson.dumps({"statecode": 1, "statuscode": 5})
        await api.send("PATCH", f"tasks({task})", closed)
        objects = {"objectid_incident@odata.bind": f"/incidents({case})"}
        await make(api, "queueitems", **objects, **{"queueid@odata.bind": f"/queues({queue})"})
    how = {"subject": "Done", "incidentid@odata.bind": f"/incidents({cases[0]})"}
    close = orjson.dumps({"IncidentResolution": how, "Status": 5})
    await api.send("POST", "CloseIncident", close)
    article = await make(api, "knowledgearticles", title="Theirs", content="<p>Theirs</p>")
    published = orjson.dumps({"statecode": 3, "statuscode": 7})
    await api.send("PATCH", f"knowledgearticles({article})", published)
    ends = {
        "record1id_contact@odata.bind": f"/contacts({first})",
        "record2id_contact@odata.bind": f"/contacts({second})",
    }
    await make(api, "connections", **ends)


async def seed_and_purge(world: World, blocks: int = 2) -> tuple[Dump, PurgeResult]:
    """Seed the help desk on top of what is there, and take it out; return what was there."""
    before = world.dump()
    async with world.api() as (api, _):
        plan, ledger = await desk_plan(api), world.ledger()
        ledger.add_run(plan)
        source, limits = DeskSource(plan, blocks), Limits(rows_per_request=3)
        result = await load(plan, source, api, ledger, Unwatched(), limits)
        assert not result.refused
        return before, await purge(plan, api, ledger, Unwatched())


@pytest.mark.parametrize("cascade", ["remove_link", "cascade", "restrict"])
def test_the_desk_goes_and_the_environment_is_as_it_was(world: World, cascade: str) -> None:
    """Whatever a delete does where nobody documents it."""
    local = Local(world.database)
    local.turn(unknown_cascade=cascade)
    local.app.state.close()

    async def run() -> tuple[Dump, PurgeResult]:
        async with world.api() as (api, _):
            await foreign_desk(api)
        return await seed_and_purge(world)

    before, result = asyncio.run(run())
    assert not result.left
    assert not result.leftovers
    after = world.dump()
    assert {table for table in after if after[table] != before[table]} == set()


SERVICE = (
    "engagement.cases=1.5",
    "engagement.knowledge=auto",
    "engagement.scripts=auto",
    "engagement.connections=auto",
    "engagement.conversations=auto",
)


@pytest.mark.parametrize("profile", sorted(shipped_profiles()))
def test_every_profile_goes_and_leaves_what_others_have(profile: str, tmp_path: Path) -> None:
    local = LocalEnvironment(tmp_path)

    async def others() -> None:
        async with local.api() as api:
            await foreign_desk(api)

    asyncio.run(others())
    before = local.dump()
    # Nobody has written cases in German.
    german = read_profile(profile).profile.locale.startswith("de")
    run = local.seed(profile, households=2, overrides=SERVICE[german:])
    assert {"contact", "knowledgearticle"} <= set(run.rows)
    result = local.purge(run)
    assert not result.left
    after = local.dump()
    assert {table for table in after if after[table] != before[table]} == set()
