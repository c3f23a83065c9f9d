"""`verify`, before a purge and after it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import pytest

from seedkit.emulator import dump
from seedkit.ledger import Ledger
from seedkit.marks import mark_for
from tests.cli.conftest import CommandLine
from tests.worlds import World

SEED = ("seed", "--profile", "quick", "--households", "1", "--run-id", "seen")


def leave_behind(seedkit: CommandLine) -> None:
    """Restore a row of the run, as an administrator does from the recycle bin."""

    async def work() -> None:
        async with World(seedkit.home).api() as (api, _):
            body = {"lastname": "Back", "importsequencenumber": mark_for("seen")}
            ids = {"contactid": seedkit_id}
            await api.post("contacts", {**body, **ids})

    (entry,) = Ledger.open(seedkit.home / "ledger.sqlite3").runs(purged=True)
    plan = entry.plan
    (seedkit_id,) = plan.stamp.ids(plan.table("contact").number, 1, 1)
    asyncio.run(work())


def test_before_and_after_a_purge(seedkit: CommandLine) -> None:
    seedkit(*SEED)
    assert seedkit("verify", "seen").code == 0
    seedkit("purge", "seen", "--yes")
    gone = seedkit("verify", "seen", "--json")
    assert (gone.code, gone.json) == (
        0,
        {"run": "seen", "holds": True, "tables": {}, "states": []},
    )
    assert "no row of it is there" in seedkit("verify", "seen").err


def test_a_row_that_came_back_after_a_purge_is_told(seedkit: CommandLine) -> None:
    seedkit(*SEED)
    seedkit("purge", "seen", "--yes")
    leave_behind(seedkit)
    back = seedkit("verify", "seen", "--json")
    assert back.code == 1
    assert back.json["tables"] == {"contact": {"expected": 0, "found": 1}}


@pytest.fixture
def busy(seedkit: CommandLine) -> CommandLine:
    """A bank with cases, of which some are closed."""
    words = ("--profile", "service", "--households", "20", "--run-id", "busy")
    assert seedkit("seed", *words).code == 0
    return seedkit


def states(seedkit: CommandLine, table: str) -> dict[int, tuple[int, int]]:
    """Return by status how many rows of a table are expected in their final states, and found."""
    listed = seedkit("verify", "busy", "--json").json["states"]
    mine = [one for one in listed if one["table"] == table]
    return {one["status"]: (one["expected"], one["found"]) for one in mine}


def closed_rows(seedkit: CommandLine, table: str) -> Counter[object]:
    """Return how many rows of a table are in each status that is not the first one's state."""
    return Counter(row["statuscode"] for row in dump(seedkit.database)[table] if row["statecode"])


@pytest.mark.parametrize("table", ["incident", "phonecall", "task"])
def test_rows_are_in_the_states_in_which_they_ended(busy: CommandLine, table: str) -> None:
    assert busy("verify", "busy").code == 0
    there = closed_rows(busy, table)
    assert there
    assert states(busy, table) == {status: (count, count) for status, count in there.items()}


def test_a_case_that_was_opened_again_is_told_in_words(busy: CommandLine) -> None:
    (status, count), *_ = closed_rows(busy, "incident").most_common(1)

    async def reopen() -> None:
        closed = {"$filter": f"statuscode eq {status}", "$select": "incidentid"}
        async with World(busy.home).api() as (api, _):
            (row, *_) = await api.all("incidents", closed)
            body = json.dumps({"statecode": 0, "statuscode": 1}).encode()
            await api.send("PATCH", f"incidents({row['incidentid']})", body)

    asyncio.run(reopen())
    assert states(busy, "incident")[int(str(status))] == (count, count - 1)
    told = busy("verify", "busy")
    assert told.code == 1
    (line,) = [line for line in told.out.splitlines() if "differs" in line]
    assert line.split()[0].rstrip(",") in {"Resolved", "Cancelled"}
    assert line.split()[-3:] == [str(count), str(count - 1), "differs"]


def test_another_machine_knows_the_states_by_the_note(busy: CommandLine) -> None:
    before = states(busy, "incident")
    for file in busy.home.glob("ledger*"):
        file.unlink()
    assert states(busy, "incident") == before != {}


def test_a_run_that_nobody_knows_is_a_wrong_command_line(seedkit: CommandLine) -> None:
    assert seedkit("verify", "unheard").code == 2
