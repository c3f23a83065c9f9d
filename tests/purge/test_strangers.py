"""Rows of others under ours: found as deep as a cascade reaches, kept, deleted, or told of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import IncompleteError, StrangersError
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from seedkit.purge import Strangers
from seedkit.purge.findings import Harm
from tests.purge.test_edits import contact_of, run_purge
from tests.purge.test_purge import ROWS, add_contact, after_seeding, purge_tiny
from tests.purge.test_search import describing
from tests.purge.testers import as_tester, create, make_administrator, remove, who_is
from tests.worlds import NOW, FaultyTransport, World


async def open_case(api: WebApi, contact: str) -> str:
    bind = {"customerid_contact@odata.bind": f"/contacts({contact})"}
    return await create(api, "incidents", title="Theirs", **bind)


async def note_on(api: WebApi, table: str, entity_set: str, id: str) -> str:
    bind = {f"objectid_{table}@odata.bind": f"/{entity_set}({id})"}
    return await create(api, "annotations", subject="Deep", **bind)


def test_strangers_below_strangers_are_found_and_deleted_first(world: World) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        case = await open_case(api, contact_of(p))
        bind = {"regardingobjectid_incident_task@odata.bind": f"/incidents({case})"}
        task = await create(api, "tasks", subject="Do", **bind)
        note = await note_on(api, "task", "tasks", task)
        with pytest.raises(StrangersError) as caught:
            await purge_tiny(p, api, ledger)
        assert {row["id"] for row in caught.value.strangers} == {case, task, note}
        result = await run_purge(p, api, ledger, strangers=Strangers.DELETE)
        assert dict(result.strangers_deleted) == {"incident": 1, "task": 1, "annotation": 1}
        assert dict(result.deleted) == ROWS

    after_seeding(world, step)
    assert world.dump() == before


def test_keeping_strangers_keeps_all_that_they_point_at_and_no_more(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        case = await open_case(api, contact_of(p))
        note = await note_on(api, "incident", "incidents", case)
        seeded = world.dump()
        result = await run_purge(p, api, ledger, strangers=Strangers.KEEP)
        assert result.kept == {"annotation": 1, "msfsi_bank": 1, "msfsi_branch": 1, "contact": 1}
        after = world.dump()
        (contact,) = after["contact"]
        assert contact in seeded["contact"]
        assert [row["incidentid"] for row in after["incident"]] == [case]
        assert note in {row["annotationid"] for row in after["annotation"]}
        assert after["msfsi_groupmember"] == []

    after_seeding(world, step)


def test_rows_that_would_be_crippled_are_told_of_and_kept_on_demand(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        group = await create(api, "msfsi_groups", msfsi_name="Theirs", msfsi_type=104800000)
        binds = {
            "msfsi_group@odata.bind": f"/msfsi_groups({group})",
            "msfsi_member_Contact_contact@odata.bind": f"/contacts({contact_of(p)})",
        }
        await create(api, "msfsi_groupmembers", msfsi_name="Theirs", **binds)
        dry = await run_purge(p, api, ledger, dry_run=True)
        assert (dry.decision.harmed, len(dry.survey.crippled)) == ((), 1)
        assert dry.survey.crippled[0].harm is Harm.EMPTIED
        kept = await run_purge(p, api, ledger, strangers=Strangers.KEEP, dry_run=True)
        assert kept.kept["contact"] == 1
        assert not (await run_purge(p, api, ledger)).left
        (member,) = world.dump()["msfsi_groupmember"]
        assert member["msfsi_member"] is None

    after_seeding(world, step)


def test_so_are_those_of_tables_that_the_run_does_not_know(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        assert "msfsi_fi_card" not in {table.name for table in p.tables}
        bind = {"msfsi_Cardholder_contact@odata.bind": f"/contacts({contact_of(p)})"}
        card = await create(api, "msfsi_fi_cards", msfsi_name="Theirs", **bind)
        kept = await run_purge(p, api, ledger, strangers=Strangers.KEEP)
        assert [one.id for one in kept.survey.crippled] == [card]
        (theirs,) = world.dump()["msfsi_fi_card"]
        assert theirs["msfsi_cardholder"] == contact_of(p)

    after_seeding(world, step)


async def put_back(world: World, plan: Plan, api: WebApi) -> None:
    """Put a customer back at once: ours, with addresses that count as somebody's and can't go."""
    contact = contact_of(plan)
    await remove(api, "contacts", contact)
    async with as_tester(world, None, NOW + timedelta(minutes=1)) as later:
        marks = {"contactid": contact, "importsequencenumber": plan.mark}
        await create(later, "contacts", lastname="Again", **marks)


def test_what_can_not_be_deleted_by_itself_goes_with_its_parent(world: World) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        await put_back(world, p, api)
        with pytest.raises(StrangersError):
            await purge_tiny(p, api, ledger)
        result = await run_purge(p, api, ledger, strangers=Strangers.DELETE)
        assert dict(result.deleted) == ROWS | {"msfsi_lifemoment": 9}  # one went with the customer
        assert len(result.remarks) == len(result.decision.deleting) == 3
        assert "was left to go with its parent" in result.remarks[0]

    after_seeding(world, step)
    assert world.dump() == before


def test_what_can_not_be_deleted_and_forbids_our_deletes_stops_the_purge(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        await put_back(world, p, api)
        described = describing(
            transport, ["contact", "customeraddress"], partial(restricting, "customeraddress")
        )
        transport.before.append(described)
        seeded = world.dump()
        with pytest.raises(IncompleteError, match="none of the run's rows was"):
            await run_purge(p, api, ledger, strangers=Strangers.DELETE)
        assert world.dump() == seeded

    after_seeding(world, step)


def restricting(child: str, description: dict[str, Any]) -> None:
    """Let rows of a table keep what they hang on from being deleted."""
    for link in description["ManyToOneRelationships"] + description["OneToManyRelationships"]:
        if link["ReferencingEntity"] == child:
            link["CascadeConfiguration"] = {"Delete": "Restrict"}


def test_rows_that_would_forbid_the_purge_stop_it_before_it_begins(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        described = describing(
            transport, ["contact", "msfsi_lifemoment"], partial(restricting, "msfsi_lifemoment")
        )
        transport.before.append(described)
        bind = {"msfsi_Contact@odata.bind": f"/contacts({contact_of(p)})"}
        await create(api, "msfsi_lifemoments", msfsi_name="Theirs", **bind)
        before = world.dump()
        with pytest.raises(StrangersError, match="keeps it from being deleted"):
            await purge_tiny(p, api, ledger)
        assert world.dump() == before

    after_seeding(world, step)


def test_a_row_hung_on_one_that_goes_stops_also_where_strangers_are_kept(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        await open_case(api, contact_of(p))
        added = False

        async def intrude(request: httpx.Request) -> None:
            nonlocal added
            if not added and request.url.path.endswith("$batch"):
                added = True
                await open_case(api, contact_of(p, 1))

        transport.after.append(intrude)
        with pytest.raises(IncompleteError, match="meanwhile incident 'Theirs'"):
            await run_purge(p, api, ledger, strangers=Strangers.KEEP)
        transport.after.clear()
        result = await run_purge(p, api, ledger, strangers=Strangers.KEEP)
        assert result.kept["contact"] == 2

    after_seeding(world, step)


BINDS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "customeraddress": ("customeraddresses", {"name": "Mine", "addressnumber": 2}),
    "postfollow": ("postfollows", {}),
}


@pytest.mark.parametrize("table", BINDS)
@pytest.mark.parametrize("mail", ["dana.whitlock@bank.example", None])
def test_what_a_tester_adds_is_no_companion_however_it_looks(
    world: World, table: str, mail: str | None
) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        entity_set, values = BINDS[table]
        lookup = "parentid" if table == "customeraddress" else "regardingobjectid"
        bind = {f"{lookup}_contact@odata.bind": f"/contacts({contact_of(p)})"}
        async with as_tester(world, None) as admin:
            if mail:
                await make_administrator(admin, await who_is(admin, mail))
        async with as_tester(world, mail) as theirs:
            added = await create(theirs, entity_set, **values, **bind)
        with pytest.raises(StrangersError) as caught:
            await purge_tiny(p, api, ledger)
        assert [row["id"] for row in caught.value.strangers] == [added]

    after_seeding(world, step)


def test_both_halves_of_a_testers_connection_are_strangers(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        other = await add_contact(api)
        binds = {
            "record1id_contact@odata.bind": f"/contacts({contact_of(p)})",
            "record2id_contact@odata.bind": f"/contacts({other})",
        }
        await create(api, "connections", **binds)
        found = (await run_purge(p, api, ledger, dry_run=True)).decision.harmed
        assert {row.table for row in found} == {"connection"}
        assert len(found) == 2

    after_seeding(world, step)
