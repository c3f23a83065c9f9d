"""What the environment says about its tables."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import read_currencies, read_environment
from seedkit.dataverse.metadata import LiveRelationship, read_tables, read_with_dependants
from seedkit.errors import MissingInTargetError, ServiceError
from tests.worlds import FaultyTransport, World


def in_world(world: World, work: Callable[[WebApi, FaultyTransport], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with world.api() as (api, transport):
            return await work(api, transport)

    return asyncio.run(run())


def test_a_table_as_it_is(world: World) -> None:
    async def work(api: WebApi, _: FaultyTransport) -> Any:
        return (await read_tables(api, ["contact"]))["contact"]

    contact = in_world(world, work)
    assert (contact.entity_set, contact.primary_id) == ("contacts", "contactid")
    assert contact.primary_name == "fullname"
    assert contact.numbered
    assert contact.column("lastname").creatable
    assert "CreateMultiple" in contact.messages
    assert contact.bind("msfsi_branch", "msfsi_branch") == "msfsi_Branch"
    with pytest.raises(MissingInTargetError, match=r"contact\.msfsi_branch can't point at account"):
        contact.bind("msfsi_branch", "account")
    with pytest.raises(MissingInTargetError, match="lacks the column shoe_size"):
        contact.column("shoe_size")


def test_all_missing_tables_are_named_at_once(world: World) -> None:
    async def work(api: WebApi, _: FaultyTransport) -> None:
        await read_tables(api, ["contact", "msfsi_moon", "msfsi_bank", "msfsi_sun"])

    with pytest.raises(MissingInTargetError, match="lacks the tables msfsi_moon, msfsi_sun") as c:
        in_world(world, work)
    assert "msfsi_bank" not in c.value.message


def test_a_refusal_is_not_taken_for_a_missing_table(world: World) -> None:
    async def forbid(request: httpx.Request) -> httpx.Response | None:
        if "EntityDefinitions" not in request.url.path:
            return None
        return httpx.Response(403, json={"error": {"code": "0x80040220", "message": "no"}})

    async def work(api: WebApi, transport: FaultyTransport) -> None:
        transport.before.append(forbid)
        await read_tables(api, ["contact"])

    with pytest.raises(ServiceError, match="403"):
        in_world(world, work)


@pytest.mark.parametrize(
    ("on_delete", "takes", "blocks"),
    [
        ("Cascade", True, False),
        (None, True, False),
        ("RemoveLink", False, False),
        ("NoCascade", False, False),
        ("Restrict", False, True),
    ],
)
def test_what_a_delete_does_to_children(on_delete: str | None, takes: bool, blocks: bool) -> None:
    link = LiveRelationship("n", "task", "regardingobjectid", "contact", "bind", on_delete)
    assert (link.takes_child, link.blocks) == (takes, blocks)


@pytest.mark.parametrize("cascade", [None, {}, {"Delete": None}])
def test_an_unknown_cascade_brings_its_table_along(
    world: World, cascade: dict[str, Any] | None
) -> None:
    entry = {
        "SchemaName": "contact_mystery",
        "ReferencedEntity": "contact",
        "ReferencingEntity": "mystery",
        "ReferencingAttribute": "who",
        "ReferencingEntityNavigationPropertyName": "who_contact",
        "CascadeConfiguration": cascade,
    }

    def definition(name: str, children: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "LogicalName": name,
            "EntitySetName": f"{name}s",
            "PrimaryIdAttribute": f"{name}id",
            "PrimaryNameAttribute": None,
            "Attributes": [],
            "ManyToOneRelationships": [],
            "OneToManyRelationships": children,
        }

    known = {"contact": definition("contact", [entry]), "mystery": definition("mystery", [])}

    async def describe(request: httpx.Request) -> httpx.Response | None:
        for name, data in known.items():
            if request.url.path.endswith(f"EntityDefinitions(LogicalName='{name}')"):
                return httpx.Response(200, json=data)
        return None

    async def work(api: WebApi, transport: FaultyTransport) -> Any:
        transport.before.append(describe)
        return await read_with_dependants(api, ["contact"])

    tables = in_world(world, work)
    assert sorted(tables) == ["contact", "mystery"]
    assert tables["contact"].children[0].takes_child
    assert not tables["mystery"].numbered


def test_who_and_where_we_are(world: World) -> None:
    async def work(api: WebApi, _: FaultyTransport) -> Any:
        return await read_environment(api), await read_currencies(api)

    environment, (base, currencies) = in_world(world, work)
    assert environment.url == "http://localhost"
    assert environment.id
    assert environment.user
    assert base in currencies


def test_a_base_currency_that_cannot_be_read_is_told(world: World) -> None:
    async def hide(request: httpx.Request) -> httpx.Response | None:
        hidden = request.url.path.endswith("organizations")
        return httpx.Response(200, json={"value": []}) if hidden else None

    async def work(api: WebApi, transport: FaultyTransport) -> None:
        transport.before.append(hide)
        await read_currencies(api)

    with pytest.raises(MissingInTargetError, match="base currency"):
        in_world(world, work)
