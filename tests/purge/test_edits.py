"""What testers do to our rows: each kind of change has a rule, and a line in the report."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from seedkit.dataverse.client import WebApi
from seedkit.ledger import Ledger, RunState
from seedkit.load.header import find_headers
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.purge import PurgeOptions, PurgeResult, Strangers, purge
from tests.purge.test_purge import ROWS, add_contact, after_seeding
from tests.purge.testers import as_tester, change, create, remove, who_is
from tests.worlds import FaultyTransport, World

Deed = Callable[[WebApi, Plan], Awaitable[Any]]


async def run_purge(plan: Plan, api: WebApi, ledger: Ledger | None, **options: Any) -> PurgeResult:
    return await purge(plan, api, ledger, Unwatched(), PurgeOptions(rows_per_request=3, **options))


def contact_of(plan: Plan, row: int = 0) -> str:
    return plan.stamp.ids(4, 1, 1, row)[0]


async def edit(api: WebApi, plan: Plan) -> None:
    await change(api, "contacts", contact_of(plan), jobtitle="Baker")


async def deactivate(api: WebApi, plan: Plan) -> None:
    await change(api, "contacts", contact_of(plan), statecode=1)


async def merge_away(api: WebApi, plan: Plan) -> None:
    kind = {"@odata.type": "Microsoft.Dynamics.CRM.contact"}
    await api.post(
        "Merge",
        {
            "Target": {**kind, "contactid": await add_contact(api)},
            "Subordinate": {**kind, "contactid": contact_of(plan)},
            "PerformParentingChecks": False,
        },
    )


async def assign(api: WebApi, plan: Plan) -> None:
    dana = await who_is(api, "jordan.pierce@bank.example")
    bind = {"ownerid@odata.bind": f"/systemusers({dana.id})"}
    await change(api, "contacts", contact_of(plan), **bind)


async def re_parent(api: WebApi, plan: Plan) -> None:
    branch = await create(api, "msfsi_branchs", msfsi_name="Elsewhere")
    await change(
        api,
        "contacts",
        contact_of(plan),
        **{"msfsi_Branch@odata.bind": f"/msfsi_branchs({branch})"},
    )


DEEDS: dict[str, tuple[Deed, str]] = {
    "edited": (edit, "changed 2026-06-30T12:30:00Z by "),
    "deactivated": (deactivate, "state Inactive"),
    "merged": (merge_away, "merged into Stranger ("),
    "assigned": (assign, "owned by Jordan Pierce ("),
    "re-parented": (re_parent, "msfsi_branch points at Elsewhere ("),
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("mail", ["dana.whitlock@bank.example", None])
def test_a_row_that_was_changed_goes_and_is_told_of(
    world: World, deed: str, mail: str | None
) -> None:
    do, told = DEEDS[deed]

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> PurgeResult:
        async with as_tester(world, mail) as theirs:
            await do(theirs, p)
        dry = await run_purge(p, api, ledger, dry_run=True)
        assert dry.survey.edited_counts["contact"] == 1
        return await run_purge(p, api, ledger)

    result = after_seeding(world, step)
    assert result.deleted["contact"] == 10
    (row,) = (row for row in result.survey.edited if row.table == "contact")
    assert any(change.startswith(told) for change in row.changes), row.changes
    assert row.link.endswith(f"({row.id})")


def test_an_edit_while_the_run_was_made_is_seen_by_who_did_it(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        ledger.set_state(p.run_id, RunState.SEEDING)
        async with as_tester(world) as theirs:
            await edit(theirs, p)
        ledger.set_state(p.run_id, RunState.SEEDED)
        found = (await run_purge(p, api, ledger, dry_run=True)).survey
        assert found.edited_counts == {"contact": 1}

    after_seeding(world, step)


def test_an_ordinary_run_has_no_edited_rows(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        for known in (ledger, None):
            found = (await run_purge(p, api, known, dry_run=True)).survey
            assert (found.edited_counts, found.edited) == ({}, ())

    after_seeding(world, step)


@pytest.mark.parametrize("known", [True, False])
def test_edited_rows_are_kept_with_all_that_they_point_at(world: World, known: bool) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        before = world.dump()
        member = p.stamp.ids(6, 1, 1, 2)[0]
        async with as_tester(world, None) as theirs:
            await change(theirs, "msfsi_groupmembers", member, msfsi_name="Mine now")
        edited = world.dump()
        result = await run_purge(p, api, ledger if known else None, keep_edited=True)
        # The member, its group, the group's primary member, their customers, branches and bank.
        assert result.kept == {
            "annotation": 1,
            "msfsi_bank": 1,
            "msfsi_branch": 1,
            "contact": 2,
            "msfsi_group": 1,
            "msfsi_groupmember": 2,
        }
        assert not result.left
        after = world.dump()
        for table in ("msfsi_groupmember", "contact", "msfsi_group", "msfsi_branch"):
            assert [row for row in edited[table] if row in after[table]] == after[table]
        assert len(before["msfsi_lifemoment"]) == 10
        assert after["msfsi_lifemoment"] == []
        assert [run.state for run in (await find_headers(api)).runs] == ["partly kept"]
        if known:
            assert ledger.find(None).state is RunState.KEPT
        second = await run_purge(p, api, ledger if known else None, keep_edited=True)
        assert (second.kept, dict(second.deleted)) == (result.kept, {})
        last = await run_purge(p, api, ledger if known else None)
        assert sum(last.deleted.values()) == sum(result.kept.values())

    before = world.dump()
    after_seeding(world, step)
    assert world.dump() == before


@pytest.mark.parametrize("number", [1, 5, 9, 13])
def test_a_purge_that_was_cut_off_does_not_take_its_own_changes_for_edits(
    world: World, number: int
) -> None:
    import httpx

    from seedkit.errors import ConnectionFailedError

    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        async with as_tester(world) as theirs:
            await edit(theirs, p)
        batches = 0

        async def die(request: httpx.Request) -> None:
            nonlocal batches
            batches += request.url.path.endswith("$batch")
            if batches >= number:
                raise httpx.ReadError("reset", request=request)

        transport.after.append(die)
        with pytest.raises(ConnectionFailedError):
            await run_purge(p, api, ledger, keep_edited=True)
        transport.after.clear()
        result = await run_purge(p, api, ledger, keep_edited=True)
        assert result.kept == {"annotation": 1, "msfsi_bank": 1, "msfsi_branch": 1, "contact": 1}

    after_seeding(world, step)


def test_what_a_kept_row_takes_part_in_stays_too(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        first, second = contact_of(p), contact_of(p, 1)
        await create(
            api,
            "phonecalls",
            subject="Theirs",
            **{
                "regardingobjectid_contact_phonecall@odata.bind": f"/contacts({first})",
                "phonecall_activity_parties": [
                    {
                        "partyid_contact@odata.bind": f"/contacts({second})",
                        "participationtypemask": 2,
                    }
                ],
            },
        )
        result = await run_purge(p, api, ledger, strangers=Strangers.KEEP)
        assert result.kept["contact"] == 2
        assert len(world.dump()["phonecall"]) == 1

    after_seeding(world, step)


def test_doubtful_rows_go_when_a_person_says_so(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        copied = await add_contact(api, importsequencenumber=p.mark)
        note = {"subject": "Mine", "objectid_contact@odata.bind": f"/contacts({copied})"}
        added = await create(api, "annotations", **note)
        held = await run_purge(p, api, ledger, include_doubtful=True, dry_run=True)
        assert [one.id for one in held.decision.harmed] == [added]
        await api.send("DELETE", f"annotations({added})")
        result = await run_purge(p, api, ledger, include_doubtful=True)
        assert result.deleted["contact"] == 11
        assert not result.left

    before = world.dump()
    after_seeding(world, step)
    assert world.dump() == before


@pytest.mark.parametrize("include_doubtful", [False, True])
def test_a_copy_does_not_stand_for_a_row_that_is_gone(world: World, include_doubtful: bool) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> PurgeResult:
        for gone in p.stamp.ids(7, 1, 2):
            await remove(api, "msfsi_lifemoments", gone)
        await create(api, "msfsi_lifemoments", msfsi_name="Copy", importsequencenumber=p.mark)
        return await run_purge(p, api, ledger, include_doubtful=include_doubtful)

    assert after_seeding(world, step).gone_before == {"msfsi_lifemoment": 2}


def test_samples_of_somebody_else_are_never_touched(world: World) -> None:
    async def samples() -> str:
        async with world.api() as (api, _):
            bank = await create(
                api, "contacts", lastname="Sample", importsequencenumber=1, contactid=SAMPLE
            )
            await create(
                api,
                "msfsi_lifemoments",
                msfsi_name="Sample",
                **{"msfsi_Contact@odata.bind": f"/contacts({SAMPLE})"},
            )
            return bank

    asyncio.run(samples())
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> PurgeResult:
        return await run_purge(p, api, ledger)

    assert dict(after_seeding(world, step).deleted) == ROWS
    assert world.dump() == before


SAMPLE = "5a3a1e00-0000-4000-8000-000000000001"
