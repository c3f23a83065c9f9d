"""Every safety check is needed: with one of them switched off, something is lost.

The table in docs/purge.md names the checks; each is one function, and here one story.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import SeedkitError, WrongTargetError
from seedkit.ledger import Ledger
from seedkit.load import load
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.purge import Strangers
from tests.purge.desks import after_desk
from tests.purge.test_edits import contact_of, edit, run_purge
from tests.purge.test_made_by_platform import file_of_task, note_on_resolution
from tests.purge.test_meanwhile import after_agreeing
from tests.purge.test_posts import ELSEWHERE, Timeline
from tests.purge.test_purge import add_contact, after_seeding
from tests.purge.test_strangers import note_on, open_case
from tests.purge.testers import DANA, LATER, as_tester, create, remove
from tests.worlds import NOW, FaultyTransport, TinySource, World, plan_for

Story = Callable[[World], bool]
PAGE = Path(__file__).parents[2] / "docs" / "purge.md"


def told(work: Callable[[Plan, WebApi, Ledger, FaultyTransport, World], Awaitable[bool]]) -> Story:
    """Return a story that plays after seeding, and tells whether all is well in the end."""

    def story(world: World) -> bool:
        async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> bool:
            return await work(p, api, ledger, transport, world)

        return after_seeding(world, step)

    return story


async def purged(p: Plan, api: WebApi, ledger: Ledger | None, **options: Any) -> None:
    try:
        await run_purge(p, api, ledger, **options)
    except SeedkitError:
        return


def contacts(world: World) -> set[object]:
    return {row["contactid"] for row in world.dump()["contact"]}


@told
async def a_copy(p: Plan, api: WebApi, ledger: Ledger, _: Any, world: World) -> bool:
    copied = await add_contact(api, importsequencenumber=p.mark)
    await purged(p, api, ledger)
    return copied in contacts(world)


def put_back(mail: str | None) -> Story:
    """A life event is put back with all its marks: at once by another, or later by ourselves."""

    @told
    async def story(p: Plan, api: WebApi, ledger: Ledger, _: Any, world: World) -> bool:
        moment = p.stamp.ids(7, 1, 1)[0]
        async with as_tester(world, mail, NOW if mail else LATER) as theirs:
            await remove(api, "msfsi_lifemoments", moment)
            marks = {"msfsi_lifemomentid": moment, "importsequencenumber": p.mark}
            await create(theirs, "msfsi_lifemoments", msfsi_name="Mine", **marks)
        await purged(p, api, ledger)
        return moment in {row["msfsi_lifemomentid"] for row in world.dump()["msfsi_lifemoment"]}

    return story


@told
async def a_note(p: Plan, api: WebApi, ledger: Ledger, _: Any, world: World) -> bool:
    note = await note_on(api, "contact", "contacts", contact_of(p))
    await purged(p, api, ledger)
    return note in {row["annotationid"] for row in world.dump()["annotation"]}


@told
async def a_deep_note(p: Plan, api: WebApi, ledger: Ledger, _: Any, world: World) -> bool:
    case = await open_case(api, contact_of(p))
    note = await note_on(api, "incident", "incidents", case)
    found = (await run_purge(p, api, ledger, dry_run=True)).decision.harmed
    return note in {one.id for one in found}


def a_note_on_a_row_between(world: World) -> bool:
    """A note on the row that tells how a case was resolved."""

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> bool:
        table, note = await note_on_resolution(api, p)
        await purged(p, api, ledger)
        return note in {row["annotationid"] for row in world.dump()[table]}

    return after_desk(world, step)


def a_file_of_an_activity(world: World) -> bool:
    """A file that is attached to an activity by its row in the table of all."""

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> bool:
        await file_of_task(api, p)
        await purged(p, api, ledger)
        return len(world.dump()["activitymimeattachment"]) == 1

    return after_desk(world, step)


@told
async def a_post(
    p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport, world: World
) -> bool:
    """A post goes with the customer whom it is about."""
    transport.before.append(Timeline(transport, contact_of(p), ELSEWHERE))
    await purged(p, api, ledger)
    return contact_of(p) in contacts(world)


@told
async def a_late_note(
    p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport, world: World
) -> bool:
    late: list[str] = []

    async def intrude(request: httpx.Request) -> None:
        if not late and request.url.path.endswith("$batch"):
            late.append("")
            late[0] = await note_on(api, "contact", "contacts", contact_of(p))

    transport.after.append(intrude)
    await purged(p, api, ledger)
    return late[0] in {row["annotationid"] for row in world.dump()["annotation"]}


@told
async def an_address(p: Plan, api: WebApi, ledger: Ledger, _: Any, world: World) -> bool:
    async with as_tester(world, None) as theirs:
        bind = {"parentid_contact@odata.bind": f"/contacts({contact_of(p)})"}
        added = await create(theirs, "customeraddresses", name="Mine", addressnumber=2, **bind)
    await purged(p, api, ledger)
    return added in {row["customeraddressid"] for row in world.dump()["customeraddress"]}


def an_edit(mail: str | None) -> Story:
    @told
    async def story(p: Plan, api: WebApi, ledger: Ledger, _: Any, world: World) -> bool:
        if mail:  # while the run was made: no version tells it
            known = ledger.origin(p.run_id)
            ledger.set_state(p.run_id, ledger.find(None).state, replace(known, watermark=10**9))
        async with as_tester(world, mail) as theirs:
            await edit(theirs, p)
        await purged(p, api, ledger, keep_edited=True)
        return contact_of(p) in contacts(world)

    return story


@told
async def a_kept_row(p: Plan, api: WebApi, ledger: Ledger, _: Any, world: World) -> bool:
    async with as_tester(world, None) as theirs:
        await edit(theirs, p)
    await purged(p, api, ledger, keep_edited=True)
    return len(world.dump()["msfsi_branch"]) == 1


@told
async def an_allowed_stranger(p: Plan, api: WebApi, ledger: Ledger, _: Any, world: World) -> bool:
    """A stranger below a row that stays is in nobody's way, and stays."""
    async with as_tester(world, None) as theirs:
        await edit(theirs, p)
    note = await note_on(api, "contact", "contacts", contact_of(p))
    await purged(p, api, ledger, keep_edited=True, strangers=Strangers.DELETE)
    return note in {row["annotationid"] for row in world.dump()["annotation"]}


@told
async def another_place(p: Plan, api: WebApi, ledger: Ledger, _: Any, world: World) -> bool:
    elsewhere = replace(p, environment=replace(p.environment, id="another"))
    try:
        await run_purge(elsewhere, api, ledger)
    except WrongTargetError:
        return len(contacts(world)) == 10
    return False


@told
async def an_edit_meanwhile(
    p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport, world: World
) -> bool:
    """A customer is edited after the survey, before anything goes."""
    agree = after_agreeing(transport, lambda: edit(api, p))
    await purged(p, api, ledger, keep_edited=True, agree=agree)
    return contact_of(p) in contacts(world)


def a_taken_id(world: World) -> bool:
    """A row that was there before with one of our ids, in a table without the number."""

    async def run() -> bool:
        async with world.api() as (api, _):
            plan, ledger = await plan_for(api), world.ledger()
            ledger.add_run(plan)
            source = TinySource(plan)
            taken = source.ids("contact", 1, 5)[3]
            await create(api, "contacts", contactid=taken, lastname="Before")
            await load(plan, source, api, ledger, Unwatched())
            tables = tuple(
                replace(table, numbered=table.name != "contact") for table in plan.tables
            )
            await purged(replace(plan, tables=tables), api, ledger)
            return taken in contacts(world)

    return asyncio.run(run())


async def _here(_plan: Plan, api: WebApi) -> Any:
    from seedkit.dataverse.environment import read_environment

    return await read_environment(api)


async def _nothing(*_: Any) -> None:
    return None


async def _none(*_: Any) -> list[Any]:
    return []


async def _no_needs(*_: Any) -> dict[str, Any]:
    return {}


PURGE = "seedkit.purge"
CHECKS: dict[str, tuple[object, Story]] = {
    "acceptance.marks_agree": (lambda *_, **__: True, a_copy),
    "acceptance.made_by_us": (lambda *_: True, put_back(DANA)),
    "acceptance.made_in_time": (lambda *_: True, put_back(None)),
    "memory.Memory.lost": (lambda *_: (), a_taken_id),
    "ways.harm_by": (lambda *_: None, a_note),
    "strangers.Search.deeper": (_none, a_deep_note),
    "posts.has_timeline": (lambda _: False, a_post),
    "ways.holds_rows": (lambda _: False, a_note_on_a_row_between),
    "ways.through_the_table_of_all": (lambda *_: iter(()), a_file_of_an_activity),
    "deleting.look_again": (_nothing, a_late_note),
    "companions.not_by_us": (lambda *_: [], an_address),
    "edits.changed_by_another": (lambda *_: False, an_edit(DANA)),
    "edits.changed_later": (lambda *_: False, an_edit(None)),
    "purger.check_edits": (lambda *_: None, an_edit_meanwhile),
    "keeping.Keeper.needed_by": (_no_needs, a_kept_row),
    "decision.harmed_by": (lambda _, strangers: tuple(strangers), an_allowed_stranger),
    "purger.check_target": (_here, another_place),
}


@pytest.mark.parametrize("check", CHECKS)
def test_with_a_check_all_is_well_and_without_it_is_not(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: str
) -> None:
    off, story = CHECKS[check]
    assert story(world)
    monkeypatch.setattr(f"{PURGE}.{check}", off)
    other = tmp_path / "other"
    other.mkdir()
    assert not story(World(other))


def test_the_page_names_every_check() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [check for check in CHECKS if f"`{check}`" not in text] == []
