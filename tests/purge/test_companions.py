"""Rows that the platform makes under ours are no strangers; what people add is."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import StrangersError
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from tests.purge.test_edits import contact_of, run_purge
from tests.purge.test_purge import add_contact, after_seeding, purge_tiny
from tests.purge.testers import as_tester, create
from tests.worlds import FaultyTransport, World


async def first_contact(plan: Plan, api: WebApi) -> str:
    query = {"$select": "contactid", "$filter": f"importsequencenumber eq {plan.mark}"}
    return str((await api.all("contacts", query))[0]["contactid"])


def test_the_addresses_of_our_customers_go_with_them(world: World) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> int:
        contact = await first_contact(p, api)
        query = {"$filter": f"_parentid_value eq {contact}"}
        found = await api.all("customeraddresses", query)
        await purge_tiny(p, api, ledger)
        return len(found)

    assert after_seeding(world, step) == 3
    assert world.dump() == before


@pytest.mark.parametrize(
    ("entity_set", "bind", "values", "table"),
    [
        ("customeraddresses", "parentid_contact", {"name": "Summer house"}, "customeraddress"),
        ("tasks", "regardingobjectid_contact_task", {"subject": "Call back"}, "task"),
    ],
)
def test_what_people_hang_on_our_customers_stops_the_purge(
    world: World, entity_set: str, bind: str, values: Mapping[str, object], table: str
) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> set[str]:
        bound = {f"{bind}@odata.bind": f"/contacts({await first_contact(p, api)})"}
        await api.post(entity_set, {**values, **bound})
        with pytest.raises(StrangersError) as caught:
            await purge_tiny(p, api, ledger)
        return {str(item["table"]) for item in caught.value.strangers}

    assert after_seeding(world, step) == {table}


def test_an_address_on_a_certain_row_is_a_stranger_when_doubtful_ones_go_too(world: World) -> None:
    """The addresses of the doubtful customer go with it, as its maker made them."""

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> set[str]:
        doubtful = await add_contact(api, importsequencenumber=p.mark)
        bind = {"parentid_contact@odata.bind": f"/contacts({contact_of(p)})"}
        async with as_tester(world, None) as theirs:
            added = await create(theirs, "customeraddresses", name="Mine", addressnumber=2, **bind)
        found = await run_purge(p, api, ledger, include_doubtful=True, dry_run=True)
        assert doubtful in found.survey.tables["contact"].ours
        return {one.id for one in found.survey.strangers} ^ {added}

    assert after_seeding(world, step) == set()
