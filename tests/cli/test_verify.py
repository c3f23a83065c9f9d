"""`verify`, before a purge and after it."""

from __future__ import annotations

import asyncio

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
    assert (gone.code, gone.json) == (0, {"run": "seen", "holds": True, "tables": {}})
    assert "no row of it is there" in seedkit("verify", "seen").err


def test_a_row_that_came_back_after_a_purge_is_told(seedkit: CommandLine) -> None:
    seedkit(*SEED)
    seedkit("purge", "seen", "--yes")
    leave_behind(seedkit)
    back = seedkit("verify", "seen", "--json")
    assert back.code == 1
    assert back.json["tables"] == {"contact": {"expected": 0, "found": 1}}


def test_a_run_that_nobody_knows_is_a_wrong_command_line(seedkit: CommandLine) -> None:
    assert seedkit("verify", "unheard").code == 2
