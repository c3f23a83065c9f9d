"""Commands that are told can be pasted, also where the ledger knows nothing of a run."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from seedkit.testing import RunningEnvironment, local_environment
from tests.cli.conftest import CommandLine


@pytest.fixture
def there(seedkit: CommandLine) -> Iterator[RunningEnvironment]:
    """A served environment with a run of which this machine knows nothing."""
    with local_environment(served=True) as found:
        words = ("--profile", "quick", "--households", "1", "--run-id", "lost-1")
        assert seedkit("seed", *words, "--environment", found.origin).code == 0
        for file in seedkit.home.glob("ledger.sqlite3*"):
            file.unlink()
        yield found


def commands(told: str) -> list[list[str]]:
    """Return the words of the commands that a text tells, without the program's name."""
    return [line.split() for line in re.findall(r"(?:: |^)seedkit (.*)$", told, re.MULTILINE)]


def test_who_agrees_pastes_the_command(seedkit: CommandLine, there: RunningEnvironment) -> None:
    stopped = seedkit("purge", "lost-1", "--environment", there.origin)
    assert stopped.code == 5
    (again,) = commands(stopped.err)
    assert seedkit(*again).code == 0
    assert there.dump()["contact"] == []


def test_strangers_end_with_commands_that_find_the_run(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    contact = there.dump()["contact"][0]["contactid"]
    note = {"subject": "mine", "objectid_contact@odata.bind": f"/contacts({contact})"}
    there.client.post("annotations", json=note)
    stopped = seedkit("purge", "lost-1", "--environment", there.origin, "--yes")
    assert stopped.code == 5
    again, keeping = commands(stopped.err)
    assert seedkit(*again, "--yes").code == 5, "it is still there"
    kept = seedkit(*keeping, "--yes")
    assert kept.code == 0
    (rest,) = commands(kept.err)
    assert seedkit(*rest, "--yes").code == 5
    (mine,) = [row for row in there.dump()["annotation"] if row["subject"] == "mine"]
    there.client.delete(f"annotations({mine['annotationid']})")
    assert seedkit(*rest, "--yes").code == 0
    assert there.dump()["contact"] == []


@pytest.mark.usefixtures("there")
def test_a_run_that_nobody_knows_here_may_be_in_another_environment(seedkit: CommandLine) -> None:
    told = seedkit("purge", "lost-1", "--yes").err
    assert "seedkit runs --environment ENV" in told
