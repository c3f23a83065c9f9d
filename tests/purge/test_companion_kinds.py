"""Each kind of row that the platform makes goes with ours, and a person's row of the kind stays."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import StrangersError
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from seedkit.purge import PurgeResult
from seedkit.purge.companions import PLATFORM
from seedkit.testing import LocalEnvironment
from tests.purge.desks import OPEN_CASE, after_desk, row_of
from tests.purge.test_edits import run_purge
from tests.purge.testers import as_tester, change, create, make_administrator, read, who_is
from tests.worlds import FaultyTransport, World

SYSTEM, DANA = "system@bank.example", "dana.whitlock@bank.example"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwAD"
    "hgGAWjR9awAAAABJRU5ErkJggg=="
)
Making = Callable[[WebApi, Plan], Awaitable[str]]


def with_platform_account(world: World) -> None:
    """Give the platform the account that it has everywhere, and a tester every privilege."""

    async def work() -> None:
        async with world.api() as (api, _):
            unit = (await api.all("businessunits", {"$select": "businessunitid"}))[0]
            bind = {"businessunitid@odata.bind": f"/businessunits({unit['businessunitid']})"}
            names = {"firstname": "", "lastname": PLATFORM, "internalemailaddress": SYSTEM}
            await create(api, "systemusers", domainname=SYSTEM, **names, **bind)
            for mail in (SYSTEM, DANA):
                await make_administrator(api, await who_is(api, mail))

    asyncio.run(work())


async def queue_item(api: WebApi, plan: Plan) -> str:
    """Put a call into a queue, as routing does it."""
    (queue, *_) = await api.all("queues", {"$select": "queueid", "$filter": "name ne 'Cards'"})
    kind = {"@odata.type": "Microsoft.Dynamics.CRM.phonecall"}
    call = {"activityid": row_of(plan, "phonecall", OPEN_CASE), **kind}
    path = f"queues({queue['queueid']})/Microsoft.Dynamics.CRM.AddToQueue"
    return str((await api.post(path, {"Target": call})).json()["QueueItemId"])


async def follow(api: WebApi, plan: Plan) -> str:
    bind = {"regardingobjectid_contact@odata.bind": f"/contacts({row_of(plan, 'contact')})"}
    return await create(api, "postfollows", **bind)


KINDS: dict[str, Making] = {"queueitem": queue_item, "postfollow": follow}


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_platform_made_goes_with_its_parent(world: World, kind: str) -> None:
    with_platform_account(world)
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> PurgeResult:
        async with as_tester(world, SYSTEM) as platform:
            await KINDS[kind](platform, p)
        return await run_purge(p, api, ledger)

    assert not after_desk(world, step).left
    assert world.dump() == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mail", [DANA, None])
def test_what_a_person_made_of_the_same_kind_is_a_stranger(
    world: World, kind: str, mail: str | None
) -> None:
    with_platform_account(world)

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        async with as_tester(world, mail) as theirs:
            added = await KINDS[kind](theirs, p)
        with pytest.raises(StrangersError) as caught:
            await run_purge(p, api, ledger)
        assert [(one["table"], one["id"]) for one in caught.value.strangers] == [(kind, added)]

    after_desk(world, step)


def test_a_further_version_of_an_article_is_somebodys_and_the_root_goes_with_ours(
    world: World,
) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        article = row_of(p, "knowledgearticle", 1, block=0)
        root = (await read(api, "knowledgearticles", article, "_rootarticleid_value"))[
            "_rootarticleid_value"
        ]
        binds = {
            "rootarticleid@odata.bind": f"/knowledgearticles({root})",
            "previousarticlecontentid@odata.bind": f"/knowledgearticles({article})",
        }
        async with as_tester(world, None) as theirs:
            second = await create(theirs, "knowledgearticles", title="Draft, second", **binds)
        with pytest.raises(StrangersError) as caught:
            await run_purge(p, api, ledger)
        assert [one["id"] for one in caught.value.strangers] == [second]
        await api.send("DELETE", f"knowledgearticles({second})")
        await run_purge(p, api, ledger)

    after_desk(world, step)
    assert world.dump() == before


def test_a_picture_that_a_tester_put_on_a_row_is_an_edit_and_goes_with_it(world: World) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> PurgeResult:
        path = f"contacts({row_of(p, 'contact', 1)})/entityimage"
        named = {"Content-Type": "application/octet-stream", "x-ms-file-name": "a.png"}
        async with as_tester(world, None) as theirs:
            await change(theirs, "contacts", row_of(p, "contact"), entityimage=PIXEL)
            await theirs.send("PATCH", path, b64decode(PIXEL), named)
        return await run_purge(p, api, ledger)

    result = after_desk(world, step)
    assert result.survey.edited_counts == {"contact": 2}
    assert not result.left
    assert world.dump() == before


def test_the_file_of_a_column_goes_with_its_row_and_an_attached_file_is_a_stranger(
    tmp_path: Path,
) -> None:
    local = LocalEnvironment(tmp_path)
    before = local.dump()
    run = local.seed("quick", households=2, overrides=("engagement.cases=1.5",))

    async def work(*, attach: bool) -> str:
        async with local.api() as api:
            (mail, *_) = await api.all("emails", {"$select": "activityid"})
            if attach:
                bind = {"objectid_email@odata.bind": f"/emails({mail['activityid']})"}
                values = {"filename": "scan.txt", "body": "aGVsbG8=", "objecttypecode": "email"}
                return await create(api, "activitymimeattachments", **values, **bind)
            named = {"Content-Type": "application/octet-stream", "x-ms-file-name": "a.txt"}
            path = f"emails({mail['activityid']})/descriptionblobid"
            await api.send("PATCH", path, b"hello", named)
            return ""

    asyncio.run(work(attach=False))
    assert len(local.dump()["fileattachment"]) == 1
    added = asyncio.run(work(attach=True))
    with pytest.raises(StrangersError) as caught:
        local.purge(run)
    assert [one["id"] for one in caught.value.strangers] == [added]

    async def clean() -> None:
        async with local.api() as api:
            await api.send("DELETE", f"activitymimeattachments({added})")

    asyncio.run(clean())
    local.purge(run)
    assert local.dump() == before
