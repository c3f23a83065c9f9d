"""Everything of a run is lost but its rows: they are found by their marks, and a person decides."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any

import pytest

from seedkit.dataverse.client import WebApi
from seedkit.emulator import dump
from seedkit.errors import RunNotFoundError, SafetyStopError, ServiceError, UsageError
from tests.cli.conftest import CommandLine
from tests.cli.test_many_runs import answer

SEED = ("seed", "--profile", "quick", "--households", "1")
LOCAL = ("--environment", "local")


def lose(seedkit: CommandLine, run_id: str, note: str = "gone") -> str:
    """Lose the ledger, and a run's note; return the run's mark."""
    subject = f"seedkit run {run_id}"
    (seedkit.home / "ledger.sqlite3").unlink()
    with closing(sqlite3.connect(seedkit.database)) as connection, connection:
        query = "SELECT annotationid FROM annotation WHERE subject = ?"
        ((id,),) = connection.execute(query, (subject,))
        if note == "gone":
            connection.execute("DELETE FROM annotation WHERE annotationid = ?", (id,))
        else:
            change = "UPDATE annotation SET notetext = ? WHERE annotationid = ?"
            connection.execute(change, (note, id))
    return str(id).partition("-")[0]


def test_nothing_is_found_where_every_run_is_known(seedkit: CommandLine) -> None:
    seedkit(*SEED)
    found = seedkit("find", "--json").json
    assert (found["marks"], found["known"], found["unsearched"]) == ([], 1, {})
    assert "No mark without a run (1 run that is known" in seedkit("find").err


def test_a_lost_run_is_found_with_counts_maker_and_command(seedkit: CommandLine) -> None:
    seeded = seedkit(*SEED, "--run-id", "lost-1", "--json").json["rows"]
    mark = lose(seedkit, "lost-1")
    seedkit(*SEED, "--run-id", "known")
    (found,) = seedkit("find", "--json").json["marks"]
    assert found["mark"] == mark
    assert (
        found["rows"]
        == found["with_id"]
        == {name: count for name, count in seeded.items() if name != "annotation"}
    )
    assert found["makers"]
    assert found["first"] >= "2026", "rows of the past count by the moment they were made"
    assert found["command"] == (
        f"seedkit purge --mark {mark} --environment local --include-doubtful"
    )
    assert found["command"] in seedkit("find").err


def test_a_note_that_cannot_be_read_still_gives_the_name(seedkit: CommandLine) -> None:
    seedkit(*SEED, "--run-id", "lost-1")
    lose(seedkit, "lost-1", note="changed")
    (found,) = seedkit("find", "--json").json["marks"]
    assert found["run"] == "lost-1"
    assert "seedkit find --environment local" in seedkit("runs").err


def test_a_number_of_somebody_else_is_shown_and_not_offered(seedkit: CommandLine) -> None:
    seedkit(*SEED)
    number = -2_000_000_000
    with closing(sqlite3.connect(seedkit.database)) as connection, connection:
        connection.execute("UPDATE contact SET importsequencenumber = ?", (number,))
    (found,) = seedkit("find", "--json").json["marks"]
    assert (found["number"], found["command"]) == (number, None)
    assert found["with_id"] == {"contact": 0}
    refused = seedkit("purge", "--mark", found["mark"], "--include-doubtful", *LOCAL)
    assert refused.code == RunNotFoundError.exit_code


@pytest.mark.parametrize("note", ["gone", "changed"])
def test_a_person_may_purge_what_was_found(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch, note: str
) -> None:
    seedkit("runs")
    before = dump(seedkit.database)
    seedkit(*SEED, "--run-id", "lost-1")
    mark = lose(seedkit, "lost-1", note)
    seeded = dump(seedkit.database)
    asked = ("purge", "--mark", mark, *LOCAL)
    doubtful = seedkit(*asked)
    assert doubtful.code == SafetyStopError.exit_code
    assert "--include-doubtful" in doubtful.err
    assert seedkit(*asked, "--dry-run").code == 0
    assert seedkit(*asked, "--include-doubtful", "--yes").code == SafetyStopError.exit_code
    answer(monkeypatch, "y")
    assert seedkit(*asked, "--include-doubtful").code == SafetyStopError.exit_code
    assert dump(seedkit.database) == seeded
    answer(monkeypatch, mark)
    purged = seedkit(*asked, "--include-doubtful")
    assert purged.code == 0, purged.err
    assert dump(seedkit.database) == before


def test_a_mark_of_a_run_that_is_known_is_left_to_the_run(seedkit: CommandLine) -> None:
    seedkit(*SEED, "--run-id", "known")
    (note,) = [row["annotationid"] for row in dump(seedkit.database)["annotation"]]
    mark = str(note).partition("-")[0]
    refused = seedkit("purge", "--mark", mark, "--include-doubtful", *LOCAL)
    assert refused.code == UsageError.exit_code
    assert "seedkit purge known" in refused.err


@pytest.mark.parametrize("words", [("--mark", "c3a1"), ("--mark", "c3a1f09b", "--all")])
def test_a_wrong_command_line_is_refused(seedkit: CommandLine, words: tuple[str, ...]) -> None:
    assert seedkit("purge", *words, *LOCAL).code == UsageError.exit_code


@pytest.mark.parametrize("command", ["find", "purge"])
def test_a_table_that_can_not_be_searched_is_told_of(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    seedkit(*SEED, "--run-id", "lost-1")
    mark = lose(seedkit, "lost-1")
    read = WebApi.pages

    def refuse(
        self: WebApi, path: str, *words: Any, **also: Any
    ) -> AsyncIterator[list[dict[str, Any]]]:
        if path == "incidents":
            raise ServiceError(403, "0x80040220", "prvReadIncident is missing")
        return read(self, path, *words, **also)

    monkeypatch.setattr(WebApi, "pages", refuse)
    words = ("--mark", mark, *LOCAL, "--dry-run") if command == "purge" else ()
    assert "incident can't be searched: prvReadIncident is missing" in seedkit(command, *words).err
