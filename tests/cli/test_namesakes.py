"""Two runs of one name in two environments are two, whatever command takes a RUN."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from seedkit.emulator import dump
from seedkit.testing import RunningEnvironment, local_environment
from tests.cli.conftest import CommandLine
from tests.cli.test_hints import commands

NAME = "nightly"
SEED = ("seed", "--profile", "quick", "--run-id", NAME)
OURS, THEIRS = "1", "2"  # households


@pytest.fixture
def theirs(seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningEnvironment]:
    """An environment with somebody's run; one of ours has its name, in the local environment."""
    with local_environment(served=True) as there:
        with monkeypatch.context() as elsewhere:
            elsewhere.setenv("SEEDKIT_HOME", str(seedkit.home / "theirs"))
            words = ("--households", THEIRS, "--environment", there.origin)
            assert seedkit(*SEED, *words).code == 0
        assert seedkit(*SEED, "--households", OURS).code == 0
        yield there


def contacts(tables: dict[str, dict[str, int]]) -> int:
    return tables["contact"]["found"]


def test_verify_looks_at_the_run_of_the_environment(
    seedkit: CommandLine, theirs: RunningEnvironment
) -> None:
    there = seedkit("verify", NAME, "--environment", theirs.origin, "--json")
    here = seedkit("verify", NAME, "--json")
    assert (there.code, here.code) == (0, 0)
    assert contacts(there.json["tables"]) == len(theirs.dump()["contact"])
    assert contacts(here.json["tables"]) == len(dump(seedkit.database)["contact"])


def test_a_purge_of_ours_leaves_theirs_to_be_verified_and_theirs_leaves_ours(
    seedkit: CommandLine, theirs: RunningEnvironment
) -> None:
    place = ("--environment", theirs.origin)
    assert seedkit("purge", NAME, "--yes").code == 0
    assert seedkit("verify", NAME, "--json").json["tables"] == {}
    assert seedkit("verify", NAME, *place, "--json").json["holds"] is True
    assert seedkit("purge", NAME, *place, "--yes").code == 0
    assert theirs.dump()["contact"] == []


def test_a_run_that_others_began_does_not_go_on_in_the_ledger_of_its_namesake(
    seedkit: CommandLine, theirs: RunningEnvironment
) -> None:
    before = theirs.dump()
    stopped = seedkit("resume", NAME, "--environment", theirs.origin)
    assert stopped.code == 2
    assert f"Run {NAME} of {theirs.origin} can't go on here" in stopped.err
    assert "in local (" in stopped.err
    assert commands(stopped.err) == [["resume", NAME, "--environment", theirs.origin]]
    assert theirs.dump() == before
    seedkit("purge", NAME, "--yes")
    resumed = seedkit("resume", NAME, "--environment", theirs.origin)
    assert resumed.code == 0, resumed.err
    assert theirs.dump()["contact"] == before["contact"]


def test_both_are_listed(seedkit: CommandLine, theirs: RunningEnvironment) -> None:
    (here,) = seedkit("runs", "--json").json
    (there,) = seedkit("runs", "--environment", theirs.origin, "--json").json
    assert (here["environment"], here["ledger"], here["households"]) == ("local", True, 1)
    assert (there["environment"], there["ledger"], there["note"]) == (theirs.origin, False, True)


def test_a_namesake_in_the_local_environment_is_listed_beside_the_ledgers(
    seedkit: CommandLine, theirs: RunningEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEEDKIT_HOME", str(seedkit.home / "theirs"))
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("seedkit.settings.Settings.ledger", seedkit.home / "third.sqlite3")
        assert seedkit(*SEED, "--households", OURS).code == 0
    rows = seedkit("runs", "--json").json
    places = [(row["environment"], row["ledger"], row["note"]) for row in rows]
    assert sorted(places) == sorted([("local", False, True), (theirs.origin, True, None)])


def test_rows_of_a_lost_run_are_found_though_a_namesake_elsewhere_is_known(
    seedkit: CommandLine, theirs: RunningEnvironment
) -> None:
    (note,) = theirs.dump()["annotation"]
    theirs.client.delete(f"annotations({note['annotationid']})").raise_for_status()
    (mark,) = seedkit("find", "--environment", theirs.origin, "--json").json["marks"]
    assert mark["rows"]["contact"] == len(theirs.dump()["contact"])
    dry = seedkit(*mark["command"].split()[1:], "--dry-run", "--json")
    assert dry.json["left"]["contact"] == mark["rows"]["contact"]


def test_a_new_run_learns_where_its_name_is_taken(
    seedkit: CommandLine, theirs: RunningEnvironment
) -> None:
    taken = seedkit(*SEED, "--environment", theirs.origin)
    assert taken.code == 2
    assert commands(taken.err) == [["purge", NAME, "--environment", theirs.origin]]


@pytest.mark.parametrize("command", ["verify", "resume", "showcase", "purge"])
def test_a_run_of_another_environment_is_named_with_both_and_the_command_works(
    seedkit: CommandLine, command: str
) -> None:
    seedkit("seed", "--profile", "retail", "--households", "1", "--run-id", NAME)
    with local_environment(served=True) as other:
        if command == "purge":
            assert seedkit("purge", NAME, "--environment", "local", "--dry-run").code == 0
        refused = seedkit(command, NAME, "--environment", other.origin)
    assert refused.code == 2
    assert re.search(
        rf"Run {NAME} is in local \([-0-9a-f]{{36}}\), not in {other.origin} \(", refused.err
    )
    (again,) = commands(refused.err)
    assert again == [command, NAME, "--environment", "local"]
    assert seedkit(*again, *(["--dry-run"] if command == "purge" else [])).code == 0


@pytest.mark.parametrize("command", ["verify", "resume", "showcase", "purge"])
def test_without_a_name_the_runs_are_told_with_a_command(
    seedkit: CommandLine, theirs: RunningEnvironment, command: str
) -> None:
    seedkit(*SEED[:-1], "other", "--households", "1", "--environment", theirs.origin)
    refused = seedkit(command)
    assert refused.code == 2
    assert f"{NAME} in local, other in {theirs.origin}" in refused.err
    assert commands(refused.err)[0] == [command, "other"]


def test_all_runs_of_several_environments_are_told_with_commands(
    seedkit: CommandLine, theirs: RunningEnvironment
) -> None:
    seedkit(*SEED[:-1], "other", "--households", "1", "--environment", theirs.origin)
    refused = seedkit("purge", "--profile", "quick", "--yes")
    assert refused.code == 2
    first, second = re.findall(r"seedkit (purge .*)", refused.err)
    assert seedkit(*first.split(), "--dry-run").code == 0
    assert second == f"purge --profile quick --environment {theirs.origin}"
