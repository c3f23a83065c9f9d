"""What others do between a look and what follows from it: nothing goes that nobody agreed to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import SafetyStopError, StrangersError
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from seedkit.purge import Decision, Strangers, Survey
from tests.purge.test_edits import contact_of, run_purge
from tests.purge.test_engines import SETTINGS, leave_a_job
from tests.purge.test_purge import ROWS, add_contact, after_seeding, purge_tiny
from tests.purge.test_strangers import note_on, open_case
from tests.purge.testers import change
from tests.worlds import FaultyTransport, World


def test_no_job_of_a_purge_before_goes_on_when_the_next_one_stops(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> None:
        await api.send("PATCH", SETTINGS, b'{"job_queue_seconds": 9999999}')
        await leave_a_job(p, api, ledger, t)
        assert [job["statecode"] for job in world.dump()["asyncoperation"]] == [0]
        await note_on(api, "contact", "contacts", contact_of(p))
        with pytest.raises(StrangersError):
            await purge_tiny(p, api, ledger)
        assert world.dump()["asyncoperation"] == []

    after_seeding(world, step)


def after_agreeing(
    transport: FaultyTransport, meddle: Callable[[], Awaitable[object]]
) -> Callable[[Survey, Decision], None]:
    """Agree, and do something else before the next request arrives."""

    async def strike(_: httpx.Request) -> None:
        transport.before.clear()
        await meddle()

    return lambda found, decision: transport.before.append(strike)


def test_what_comes_to_rows_of_others_while_a_person_reads_stops_it(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> None:
        case = await open_case(api, contact_of(p))
        seeded = world.dump()
        agree = after_agreeing(t, lambda: note_on(api, "incident", "incidents", case))
        with pytest.raises(StrangersError, match="1 row that is not ours") as caught:
            await run_purge(p, api, ledger, strangers=Strangers.DELETE, agree=agree)
        assert [row["table"] for row in caught.value.strangers] == ["annotation"]
        after = world.dump()
        assert [len(rows) for rows in after.values()] == [
            len(rows) + (table == "annotation") for table, rows in seeded.items()
        ]

    after_seeding(world, step)


def test_a_row_of_others_that_was_moved_while_a_person_read_stays(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> None:
        case, other = await open_case(api, contact_of(p)), await add_contact(api)
        bind = {"customerid_contact@odata.bind": f"/contacts({other})"}
        agree = after_agreeing(t, lambda: change(api, "incidents", case, **bind))
        result = await run_purge(p, api, ledger, strangers=Strangers.DELETE, agree=agree)
        assert (dict(result.strangers_deleted), dict(result.deleted)) == ({}, ROWS)
        assert [row["incidentid"] for row in world.dump()["incident"]] == [case]

    after_seeding(world, step)


@pytest.mark.parametrize("keep_edited", [True, False])
def test_a_row_that_is_edited_while_a_person_reads_stops_a_purge_that_keeps_edited_ones(
    world: World, keep_edited: bool
) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> None:
        agree = after_agreeing(t, lambda: change(api, "contacts", contact_of(p), jobtitle="Mine"))
        options = {"keep_edited": keep_edited, "agree": agree, "again": "seedkit purge tiny-0001"}
        if not keep_edited:
            assert dict((await run_purge(p, api, ledger, **options)).deleted) == ROWS
            return
        with pytest.raises(SafetyStopError, match="1 row of contact was changed") as stop:
            await run_purge(p, api, ledger, **options)
        assert stop.value.hint == "Look again: seedkit purge tiny-0001 --keep-edited"
        left = world.dump()
        assert [len(left[table]) for table in ROWS] == list(ROWS.values()), "nothing was deleted"
        kept = await run_purge(p, api, ledger, keep_edited=True)
        assert kept.kept["contact"] == 1

    after_seeding(world, step)
