"""The order of deletion equals one worked out by brute force, and no Restrict ever fires."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from seedkit.assembly import Resolved, make_request, source_of
from seedkit.dataverse.environment import read_environment
from seedkit.dataverse.metadata import read_tables
from seedkit.load import load
from seedkit.plan import Plan, make_plan
from seedkit.profile import read_profile, shipped_profiles
from seedkit.progress import Unwatched
from seedkit.purge import PurgeOptions, purge
from seedkit.purge.order import deletion_order
from seedkit.schema import Delete, load_catalogue
from tests.worlds import NOW, World

FIRM = frozenset({Delete.CASCADE, Delete.RESTRICT, Delete.UNKNOWN})
Arrow = tuple[str, str]


class CircleError(AssertionError):
    """A circle that nothing opens."""


def arrows(names: set[str], firm: frozenset[Delete]) -> dict[Arrow, bool]:
    """Return who points at whom, and whether any of the lookups is firm."""
    found: dict[Arrow, bool] = {}
    for name in names:
        for one in load_catalogue()[name].relationships:
            if one.parent in names - {name}:
                found[name, one.parent] = found.get((name, one.parent), False) or (
                    one.on_delete in firm
                )
    return found


def reachable(found: dict[Arrow, bool], start: str) -> set[str]:
    seen: set[str] = set()
    pending = [start]
    while pending:
        here = pending.pop()
        for child, parent in found:
            if child == here and parent not in seen:
                seen.add(parent)
                pending.append(parent)
    return seen


def brute_force(names: set[str]) -> list[str]:
    """Return the order; where rows of ours take one another along in a circle, that is opened."""
    try:
        return by_height(names, FIRM)
    except CircleError:
        return by_height(names, frozenset({Delete.RESTRICT}))


def by_height(names: set[str], firm_ones: frozenset[Delete]) -> list[str]:
    """Open loose arrows on a circle; then who stands on the longest chain goes first."""
    found = arrows(names, firm_ones)
    for (child, parent), firm in sorted(found.items()):
        if not firm and child in reachable(found, parent):
            del found[child, parent]

    def height(name: str, above: tuple[str, ...] = ()) -> int:
        if name in above:
            raise CircleError(above)
        parents = [parent for child, parent in found if child == name]
        return max((1 + height(parent, (*above, name)) for parent in parents), default=0)

    return sorted(names, key=lambda name: (-height(name), name))


async def plan_of(world: World, profile: str, households: int) -> Plan:
    found = read_profile(profile, [f"households={households}"])
    request = make_request(Resolved(found.name, found.profile, NOW.date(), NOW), "order-1")
    async with world.api() as (api, _):
        return await make_plan(request, api, await read_environment(api))


@pytest.mark.parametrize("profile", sorted(shipped_profiles()))
def test_the_order_is_that_of_brute_force(world: World, profile: str) -> None:
    async def run() -> None:
        plan = await plan_of(world, profile, 1)
        names = {table.name for table in plan.tables}
        async with world.api() as (api, _):
            assert deletion_order(plan, await read_tables(api, names)) == brute_force(names)

    asyncio.run(run())


def test_no_delete_of_a_whole_bank_is_refused(world: World) -> None:
    refused = deletes = 0
    inner: httpx.AsyncBaseTransport

    async def count(request: httpx.Request) -> httpx.Response | None:
        nonlocal refused, deletes
        if b"DELETE " not in request.content:
            return None
        answer = await inner.handle_async_request(request)
        content = await answer.aread()
        refused += content.count(b'"error"')
        deletes += content.count(b"204 No Content")
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)

    async def run() -> None:
        nonlocal inner
        plan = await plan_of(world, "retail", 2)
        async with world.api() as (api, transport):
            ledger = world.ledger()
            ledger.add_run(plan)
            await load(plan, source_of(plan), api, ledger, Unwatched())
            inner = transport.inner
            transport.before.append(count)
            result = await purge(plan, api, ledger, Unwatched(), PurgeOptions())
            assert (result.left, result.leftovers, result.already_gone) == ({}, (), {})
            assert deletes == sum(result.deleted.values())

    before = world.dump()
    asyncio.run(run())
    assert refused == 0
    assert world.dump() == before
