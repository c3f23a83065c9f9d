"""What can't be done in one go is finished by the command that the first one names."""

from __future__ import annotations

import shlex
import sqlite3
from contextlib import closing

import pytest

from seedkit.emulator import dump
from seedkit.testing import local_environment
from tests.cli.conftest import CommandLine
from tests.cli.test_find import LOCAL, lose
from tests.cli.test_many_runs import SEED, answer, copy_environment, hang_a_note


def named(text: str) -> list[str]:
    """Return the words of the purge that a text names, without the name of the program."""
    (line,) = [line for line in text.splitlines() if "The rest goes with: " in line]
    return shlex.split(line.partition("The rest goes with: seedkit ")[2])


def drop_note(seedkit: CommandLine) -> None:
    with closing(sqlite3.connect(seedkit.database)) as connection, connection:
        connection.execute("DELETE FROM annotation WHERE subject = 'Called'")


def test_a_partly_kept_run_in_a_copy_is_finished_there_and_the_original_is_untouched(
    seedkit: CommandLine,
) -> None:
    seedkit("runs")
    before = dump(seedkit.database)
    seedkit(*SEED, "--run-id", "many-1")
    copy_environment(seedkit)
    hang_a_note(seedkit, dump(seedkit.database)["contact"][0]["contactid"])
    adopt = ("purge", "many-1", *LOCAL, "--adopt-copy", "--yes")
    kept = seedkit(*adopt, "--strangers", "keep")
    assert kept.code == 0, kept.err
    drop_note(seedkit)
    done = seedkit(*named(kept.err), "--yes")
    assert done.code == 0, done.err
    assert dump(seedkit.database) == before
    (row,) = seedkit("runs", "--json").json
    assert (row["run"], row["state"]) == ("many-1", "seeded"), "the original is another matter"


def test_a_run_that_a_backup_brought_back_is_purged_again(seedkit: CommandLine) -> None:
    seedkit("runs")
    before = dump(seedkit.database)
    seedkit(*SEED, "--run-id", "many-1")
    seedkit("emulator", "snapshot", "full")
    assert seedkit("purge", "many-1", "--yes").code == 0
    assert seedkit("purge", "many-1", "--yes").err == "Nothing to purge.\n"
    seedkit("emulator", "restore", "full", "--yes")
    again = seedkit("purge", "many-1", "--yes")
    assert (again.code, "many-1 is gone" in again.err) == (0, True)
    assert dump(seedkit.database) == before


def test_a_purged_run_whose_environment_does_not_answer_is_nothing_to_purge(
    seedkit: CommandLine,
) -> None:
    with local_environment(served=True) as there:
        where = ("--environment", there.origin)
        assert seedkit(*SEED, *where, "--run-id", "many-1").code == 0
        assert seedkit("purge", "many-1", "--yes").code == 0
    again = seedkit("purge", "many-1", "--yes")
    assert (again.code, again.err) == (0, "Nothing to purge.\n")


@pytest.mark.parametrize("note", ["gone", "changed"])
def test_a_partly_kept_lost_run_is_finished_by_its_mark(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch, note: str
) -> None:
    seedkit("runs")
    before = dump(seedkit.database)
    seedkit(*SEED, "--run-id", "lost-1")
    mark = lose(seedkit, "lost-1", note)
    hang_a_note(seedkit, dump(seedkit.database)["contact"][0]["contactid"])
    answer(monkeypatch, mark)
    asked = ("purge", "--mark", mark, *LOCAL, "--include-doubtful")
    kept = seedkit(*asked, "--strangers", "keep")
    assert kept.code == 0, kept.err
    assert seedkit("runs").code == 0
    drop_note(seedkit)
    answer(monkeypatch, mark)
    done = seedkit(*named(kept.err))
    assert done.code == 0, done.err
    assert dump(seedkit.database) == before
    assert seedkit("runs", "--json").json == []


def test_a_partly_kept_run_that_only_its_note_knows_is_finished_by_it(seedkit: CommandLine) -> None:
    seedkit("runs")
    before = dump(seedkit.database)
    seedkit(*SEED, "--run-id", "many-1")
    (seedkit.home / "ledger.sqlite3").unlink()
    hang_a_note(seedkit, dump(seedkit.database)["contact"][0]["contactid"])
    kept = seedkit("purge", "many-1", *LOCAL, "--yes", "--strangers", "keep")
    assert kept.code == 0, kept.err
    drop_note(seedkit)
    done = seedkit(*named(kept.err), "--yes")
    assert done.code == 0, done.err
    assert dump(seedkit.database) == before


@pytest.mark.parametrize("words", [("--all",), ("nightly",)])
def test_a_run_of_the_same_name_in_another_environment_is_another_run(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """The ledger knows one of the two, and what happens to the other does not concern it."""
    seedkit(*SEED, "--run-id", "nightly")
    theirs = CommandLine(seedkit.home / "theirs", seedkit.capsys)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("SEEDKIT_HOME", str(theirs.home))
        theirs("runs")
        copy_environment(theirs)
        before = dump(theirs.database)
        assert theirs(*SEED, "--run-id", "nightly").code == 0
    source, copy = (sqlite3.connect(line.database) for line in (theirs, seedkit))
    with closing(source), closing(copy):
        source.backup(copy)
    purged = seedkit("purge", *words, *LOCAL, "--yes")
    assert purged.code == 0, purged.err
    assert dump(seedkit.database) == before
    (row,) = seedkit("runs", "--json").json
    assert (row["run"], row["state"]) == ("nightly", "seeded")
