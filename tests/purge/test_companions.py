"""Rows that the platform makes under ours are no strangers; what people add is."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import StrangersError
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from tests.purge.test_purge import after_seeding, purge_tiny
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
