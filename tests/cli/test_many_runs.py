"""Several runs at once, runs whose time is over, and runs that came with a copied environment."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import sys
from collections.abc import Callable

import pytest

from seedkit.assembly import take_out
from seedkit.emulator import dump
from seedkit.errors import MissingInTargetError, StrangersError, UsageError
from seedkit.plan import Plan
from seedkit.purge import PurgeResult
from tests.cli.conftest import NOW, CommandLine
from tests.worlds import World

SEED = ("seed", "--profile", "quick", "--households", "1")
DAY = 24 * 60 * 60
COPY = "0c0ffee0-0000-4000-8000-000000000001"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let days pass."""
    return lambda days: monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW) + days * DAY))


def copy_environment(seedkit: CommandLine) -> None:
    """Turn the environment into a copy of itself: the same rows under another id."""
    with sqlite3.connect(seedkit.database) as connection:
        connection.execute("UPDATE environment SET value = ? WHERE name = 'environment'", (COPY,))
    connection.close()


def hang_a_note(seedkit: CommandLine, contact: object) -> None:
    """Be a tester who writes a note on a customer."""

    async def work() -> None:
        async with World(seedkit.home).api() as (api, _):
            bind = {"objectid_contact@odata.bind": f"/contacts({contact})"}
            await api.post("annotations", {"subject": "Called", **bind})

    asyncio.run(work())


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Sit at a terminal and type a line."""
    typed = io.StringIO(text + "\n")
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", typed)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)


def runs(seedkit: CommandLine) -> list[str]:
    return [row["run"] for row in seedkit("runs", "--json").json]


def test_several_runs_go_in_one_call(seedkit: CommandLine) -> None:
    seedkit("runs")
    before = dump(seedkit.database)
    for name in ("many-1", "many-2", "many-3"):
        assert seedkit(*SEED, "--run-id", name).code == 0
    result = seedkit("purge", "many-1", "many-3", "--yes")
    assert result.code == 0
    assert "contact" not in result.out, "one line per run, not one per table"
    assert all(name in result.out for name in ("many-1", "many-3"))
    assert runs(seedkit) == ["many-2"]
    assert seedkit("purge", "--all", "--yes").code == 0
    assert dump(seedkit.database) == before


def test_a_run_that_is_stopped_keeps_none_of_the_others(seedkit: CommandLine) -> None:
    for name in ("many-1", "many-2"):
        seedkit(*SEED, "--run-id", name)
    hang_a_note(seedkit, dump(seedkit.database)["contact"][0]["contactid"])
    before = len(dump(seedkit.database)["contact"])
    result = seedkit("purge", "--all", "--yes", "--json")
    stopped, gone = result.json
    assert result.code == StrangersError.exit_code
    assert stopped["run"] == "many-1"
    assert stopped["error"]["kind"] == "Strangers"
    assert gone["run"] == "many-2"
    assert len(dump(seedkit.database)["contact"]) == before - gone["deleted"]["contact"]


def test_a_run_that_can_not_be_purged_keeps_none_of_the_others(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("many-1", "many-2"):
        seedkit(*SEED, "--run-id", name)

    async def refuse(plan: Plan, *words: object) -> PurgeResult:
        if plan.run_id == "many-1":
            raise MissingInTargetError("The environment lacks a table.")
        return await take_out(plan, *words)  # type: ignore[arg-type]

    monkeypatch.setattr("seedkit.cli.purge.take_out", refuse)
    result = seedkit("purge", "--all", "--yes", "--json")
    stopped, gone = result.json
    assert result.code == MissingInTargetError.exit_code
    assert (stopped["run"], stopped["error"]["kind"]) == ("many-1", "MissingInTarget")
    assert (gone["run"], gone["left"]) == ("many-2", {})


def test_a_run_that_may_stay_for_a_time_is_removed_when_it_is_over(
    seedkit: CommandLine, later: Callable[[int], None]
) -> None:
    seeded = seedkit(*SEED, "--run-id", "short", "--ttl", "14d", "--json")
    assert seeded.json["expires"] == "2026-07-14T06:13:20+00:00"
    seedkit(*SEED, "--run-id", "lasting")
    later(13)
    assert "Nothing to purge" in seedkit("purge", "--expired", "--yes").err
    assert "over" not in seedkit("runs").out
    later(14)
    told = seedkit("runs")
    assert "over since 2026-07-14 06:13" in told.out
    assert "seedkit purge --expired --environment local" in told.err
    assert seedkit("purge", "--expired", "--environment", "local", "--yes").code == 0
    assert runs(seedkit) == ["lasting"]


def test_another_machine_knows_of_the_time_by_the_note(
    seedkit: CommandLine, later: Callable[[int], None]
) -> None:
    seedkit(*SEED, "--run-id", "short", "--ttl", "36h")
    (seedkit.home / "ledger.sqlite3").unlink()
    later(2)
    assert seedkit("purge", "--expired", "--yes").code == 0
    assert runs(seedkit) == []


@pytest.mark.parametrize("words", ["14", "0d", "-1d", "d", "1m", "99999w", ""])
def test_a_time_that_is_none_is_refused(seedkit: CommandLine, words: str) -> None:
    result = seedkit(*SEED, "--ttl", words)
    assert result.code == UsageError.exit_code
    assert "--ttl 14d" in result.err


@pytest.mark.parametrize("words", [("--expired", "--all"), ("--expired", "short")])
def test_words_that_contradict_one_another_are_refused(
    seedkit: CommandLine, words: tuple[str, ...]
) -> None:
    assert seedkit("purge", *words, "--yes").code == UsageError.exit_code


def test_a_run_in_a_copy_is_known_as_one_and_left_alone(seedkit: CommandLine) -> None:
    seedkit(*SEED, "--run-id", "many-1")
    copy_environment(seedkit)
    before = dump(seedkit.database)
    (row,) = seedkit("runs", "--environment", "local", "--json").json
    assert (row["copied"], row["note"], row["ledger"]) == (True, True, False)
    refused = seedkit("purge", "many-1", "--environment", "local", "--yes")
    assert refused.code == 5
    assert "seedkit purge many-1 --environment local --adopt-copy" in refused.err
    assert seedkit("purge", "many-1", "--yes").code == 5, "the id betrays it"
    every = seedkit("purge", "--all", "--environment", "local", "--yes")
    assert every.code == 0
    assert "Left alone" in every.err
    assert dump(seedkit.database) == before


def test_a_run_in_a_copy_is_removed_there_when_that_is_asked_for(seedkit: CommandLine) -> None:
    seedkit("runs")
    before = dump(seedkit.database)
    seedkit(*SEED, "--run-id", "many-1")
    copy_environment(seedkit)
    adopt = ("purge", "many-1", "--environment", "local", "--adopt-copy")
    assert seedkit(*adopt).code == 5, "nobody can be asked"
    assert seedkit(*adopt, "--yes").code == 0
    assert dump(seedkit.database) == before
    (row,) = seedkit("runs", "--json").json
    assert (row["run"], row["state"]) == ("many-1", "seeded"), "the original is another matter"


@pytest.mark.parametrize(("typed", "code"), [("yes", 5), ("Local environment", 0)])
def test_a_copy_wants_its_name_typed(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch, typed: str, code: int
) -> None:
    seedkit(*SEED, "--run-id", "many-1")
    copy_environment(seedkit)
    answer(monkeypatch, typed)
    result = seedkit("purge", "many-1", "--environment", "local", "--adopt-copy")
    assert result.code == code, result.err
