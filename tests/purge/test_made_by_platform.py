"""Rows that the platform makes under ours go with them; what people hang on those does not."""

from __future__ import annotations

import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import StrangersError
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from seedkit.purge import Strangers
from tests.purge.desks import OPEN_CASE, RESOLVED_CASE, after_desk, resolve, row_of
from tests.purge.test_edits import run_purge
from tests.purge.test_strangers import note_on, open_case
from tests.purge.testers import as_tester, create
from tests.worlds import FaultyTransport, World

MAIL = "system@bank.example"
Hung = tuple[str, str, str]  # entity set, lookup, table of what it hangs on


async def resolution_of(api: WebApi, case: str) -> str:
    query = {"$select": "activityid", "$filter": f"_incidentid_value eq {case}"}
    return str((await api.all("incidentresolutions", query))[0]["activityid"])


async def attach(api: WebApi, kind: str, activity: str) -> str:
    """Attach a file to an activity, by its row in the table of all."""
    bind = {"objectid_activitypointer@odata.bind": f"/activitypointers({activity})"}
    values = {"filename": "scan.txt", "body": "aGVsbG8=", "objecttypecode": kind}
    return await create(api, "activitymimeattachments", **values, **bind)


async def note_on_resolution(api: WebApi, plan: Plan) -> tuple[str, str]:
    resolution = await resolution_of(api, row_of(plan, "incident", RESOLVED_CASE))
    return "annotation", await note_on(api, "incidentresolution", "incidentresolutions", resolution)


async def file_of_call(api: WebApi, plan: Plan) -> tuple[str, str]:
    return "activitymimeattachment", await attach(api, "phonecall", row_of(plan, "phonecall"))


async def file_of_task(api: WebApi, plan: Plan) -> tuple[str, str]:
    return "activitymimeattachment", await attach(api, "task", row_of(plan, "task", OPEN_CASE))


DEEDS = {"note on resolution": note_on_resolution, "call": file_of_call, "task": file_of_task}
KEPT = {"note on resolution": "incident", "call": "phonecall", "task": "task"}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_hangs_on_a_row_between_stops_the_purge_and_keeps_ours(
    world: World, deed: str
) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        async with as_tester(world, None) as theirs:
            table, added = await DEEDS[deed](theirs, p)
        seeded = world.dump()
        with pytest.raises(
            StrangersError, match=r"hangs on the (incidentresolution|activitypointer) of"
        ):
            await run_purge(p, api, ledger)
        assert world.dump() == seeded
        found = (await run_purge(p, api, ledger, dry_run=True)).decision.harmed
        assert [(one.table, one.id) for one in found] == [(table, added)]
        result = await run_purge(p, api, ledger, strangers=Strangers.KEEP)
        assert result.kept[KEPT[deed]] == 1
        assert not result.left
        (kept,) = (row for row in world.dump()[table] if row[f"{table}id"] == added)
        assert kept in seeded[table]

    after_desk(world, step)


@pytest.mark.parametrize("deed", DEEDS)
def test_what_hangs_on_a_row_between_goes_when_a_person_says_so(world: World, deed: str) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        async with as_tester(world, None) as theirs:
            table, _id = await DEEDS[deed](theirs, p)
        result = await run_purge(p, api, ledger, strangers=Strangers.DELETE)
        assert dict(result.strangers_deleted) == {table: 1}
        assert not result.left

    after_desk(world, step)
    assert world.dump() == before


def test_what_hangs_on_rows_between_under_strangers_is_told_too(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        async with as_tester(world, None) as theirs:
            case = await open_case(theirs, row_of(p, "contact"))
            await resolve(theirs, case)
            resolution = await resolution_of(theirs, case)
            note = await note_on(theirs, "incidentresolution", "incidentresolutions", resolution)
            bind = {"regardingobjectid_incident_task@odata.bind": f"/incidents({case})"}
            task = await create(theirs, "tasks", subject="After", **bind)
            file = await attach(theirs, "task", task)
        found = (await run_purge(p, api, ledger, dry_run=True)).decision.harmed
        assert {one.id for one in found} == {case, note, task, file}

    after_desk(world, step)
