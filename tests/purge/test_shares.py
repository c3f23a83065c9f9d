"""Rows that a tester shared: the share ends with the row, and is told of."""

from __future__ import annotations

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from seedkit.purge import PurgeResult
from tests.purge.test_edits import contact_of, run_purge
from tests.purge.test_purge import ROWS, add_contact, after_seeding
from tests.purge.testers import as_tester, who_is
from tests.worlds import FaultyTransport, World


async def share(api: WebApi, contact: str, mail: str = "dana.whitlock@bank.example") -> None:
    """Let a colleague read a contact."""
    whom = await who_is(api, mail)
    user = {"@odata.type": "Microsoft.Dynamics.CRM.systemuser", "systemuserid": whom.id}
    row = {"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": contact}
    access = {"Principal": user, "AccessMask": "ReadAccess"}
    await api.post("GrantAccess", {"Target": row, "PrincipalAccess": access})


@pytest.mark.parametrize("keep_edited", [True, False])
def test_shares_of_a_row_end_with_it_are_told_of_and_are_no_edit(
    world: World, keep_edited: bool
) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> PurgeResult:
        async with as_tester(world, None) as theirs:
            await share(theirs, contact_of(p))
            await share(theirs, contact_of(p), "jordan.pierce@bank.example")
            await share(theirs, contact_of(p, 1))
        return await run_purge(p, api, ledger, keep_edited=keep_edited)

    result = after_seeding(world, step)
    assert dict(result.deleted) == ROWS
    assert result.survey.shares.counts == {"contact": 2}
    assert sorted(one.whom for one in result.survey.shares.found) == [
        "Dana Whitlock",
        "Dana Whitlock",
        "Jordan Pierce",
    ]
    assert not result.survey.shares.unknown
    assert world.dump() == before


def test_shares_of_others_rows_are_not_counted_and_stay(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> PurgeResult:
        await share(api, await add_contact(api))
        await share(api, await add_contact(api, importsequencenumber=p.mark))
        return await run_purge(p, api, ledger)

    assert after_seeding(world, step).survey.shares.found == ()
    assert len(world.dump()["principalobjectaccess"]) == 2


def test_shares_that_may_not_be_read_are_no_reason_to_stop_and_told_of(world: World) -> None:
    async def refuse(request: httpx.Request) -> httpx.Response | None:
        if b"principalobjectaccess" not in request.url.query:
            return None
        body = {"error": {"code": "0x80040220", "message": "Shares are not for you."}}
        return httpx.Response(403, json=body)

    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> PurgeResult:
        transport.before.append(refuse)
        return await run_purge(p, api, ledger)

    result = after_seeding(world, step)
    assert dict(result.deleted) == ROWS
    assert result.survey.shares.unknown["contact"] == "Shares are not for you."


def test_shares_beyond_those_that_are_read_are_not_passed_over_in_silence(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seedkit.purge.shares.MOST", 2)

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> PurgeResult:
        async with as_tester(world, None) as theirs:
            for row in range(3):
                await share(theirs, contact_of(p, row))
        return await run_purge(p, api, ledger)

    shares = after_seeding(world, step).survey.shares
    assert shares.counts == {"contact": 2}
    assert shares.unknown == {"contact": "only the first 2 were read"}
