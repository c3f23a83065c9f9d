"""Seeding and purging where it looks like production."""

from __future__ import annotations

import pytest

from seedkit.ledger import Ledger
from seedkit.testing import RunningEnvironment, local_environment
from tests.cli.conftest import CommandLine
from tests.cli.people import DANA

SEED = ("seed", "--profile", "quick", "--households", "1", "--run-id", "guard-1")
NAME = "Local environment"
AS_DANA = ("--impersonate", DANA)


def rows(there: RunningEnvironment) -> int:
    return sum(len(found) for found in there.dump().values())


def test_nothing_is_written_until_the_name_is_given(seedkit: CommandLine) -> None:
    with local_environment(served=True, settings={"environment_type": "Production"}) as there:
        where = ("--environment", there.origin)
        before = rows(there)
        for words in ((), ("--allow-production", "local")):
            stopped = seedkit(*SEED, *where, *words, "--json")
            assert stopped.code == 5
            assert stopped.json["error"]["kind"] == "Production"
            assert f'--allow-production "{NAME}"' in stopped.err
        assert rows(there) == before
        assert Ledger.open(seedkit.home / "ledger.sqlite3").runs() == []
        assert all(entry.method == "GET" for entry in there.requests)

        assert seedkit(*SEED, *where, "--dry-run").code == 0
        assert rows(there) == before
        allowed = seedkit(*SEED, *where, "--allow-production", NAME)
        assert allowed.code == 0
        assert there.origin in allowed.err.splitlines()[0]
        assert NAME in allowed.err.splitlines()[0]


def test_purge_and_resume_ask_again(seedkit: CommandLine) -> None:
    with local_environment(served=True) as there:
        assert seedkit(*SEED, "--environment", there.origin).code == 0
        there.change_settings(environment_type="Production")
        seeded = rows(there)
        assert seedkit("purge", "guard-1", "--yes").code == 5
        assert seedkit("resume", "guard-1", "--refused").code == 5
        assert seedkit("purge", "guard-1", "--dry-run").code == 0
        assert rows(there) == seeded
        assert seedkit("resume", "guard-1", "--allow-production", NAME).code == 0
        assert seedkit("purge", "guard-1", "--yes", "--allow-production", NAME).code == 0


def test_another_environment_than_the_recorded_one_stays_refused(seedkit: CommandLine) -> None:
    with local_environment(served=True) as there:
        assert seedkit(*SEED, "--environment", there.origin).code == 0
        there.reset()
        with local_environment(served=True) as other:
            where = ("--environment", other.origin)
            for words in (("resume", "guard-1"), ("purge", "guard-1", "--yes")):
                refused = seedkit(*words, *where)
                assert refused.code in {2, 5}
                assert rows(other) == rows(there)


@pytest.mark.parametrize("words", [("seed", "--profile", "quick"), ("purge",), ("resume",)])
def test_the_option_wants_a_name(seedkit: CommandLine, words: tuple[str, ...]) -> None:
    assert seedkit(*words, "--allow-production").code == 2


@pytest.mark.parametrize(
    "words",
    [AS_DANA, ("--bypass-logic",), ("--as-of", "2020-01-01"), ("--set", f"owners=[{DANA}]")],
)
def test_nothing_gets_round_the_guard(seedkit: CommandLine, words: tuple[str, ...]) -> None:
    with local_environment(served=True, settings={"environment_type": "Production"}) as there:
        _try_to_get_round(seedkit, there, words)


def _try_to_get_round(
    seedkit: CommandLine, there: RunningEnvironment, words: tuple[str, ...]
) -> None:
    where = ("--environment", there.origin)
    before = rows(there)
    assert seedkit(*SEED, *where, *words).code == 5
    assert rows(there) == before
    assert all(entry.method == "GET" for entry in there.requests)
    there.change_settings(environment_type="Sandbox")
    assert seedkit(*SEED, *where, *words).code == 0
    there.change_settings(environment_type="Production")
    acting = words if words[0] in {"--impersonate", "--bypass-logic"} else ()
    seeded = rows(there)
    assert seedkit("resume", *acting).code == 5
    assert seedkit("purge", "--yes", *acting).code == 5
    assert rows(there) == seeded
    assert seedkit("purge", "--yes", "--allow-production", NAME).code == 0
    assert rows(there) == before


@pytest.mark.parametrize("words", [AS_DANA, ("--bypass-logic",)])
def test_nothing_gets_into_another_environment_than_the_recorded_one(
    seedkit: CommandLine, words: tuple[str, ...]
) -> None:
    with local_environment(served=True) as there, local_environment(served=True) as other:
        assert seedkit(*SEED, "--environment", there.origin, *words).code == 0
        other.reset()
        where = ("--environment", other.origin)
        before = rows(other)
        for command in (("resume", "guard-1"), ("purge", "guard-1", "--yes")):
            assert seedkit(*command, *where, *words).code in {2, 5}
        assert rows(other) == before
