"""The main job from the command line: seed, look, verify, purge."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from seedkit.emulator import dump
from seedkit.ledger import Ledger, RunState
from seedkit.settings import Settings
from tests.cli.conftest import CommandLine

SEED = ("seed", "--profile", "retail", "--households", "4")


def test_seed_verify_purge_leave_no_trace(seedkit: CommandLine) -> None:
    assert seedkit("runs").code == 0
    before = dump(seedkit.database)

    seeded = seedkit(*SEED, "--run-id", "flow-1", "--json")
    assert seeded.code == 0
    assert seeded.json["run"] == "flow-1"
    assert seeded.json["rows"]["contact"] >= 4
    assert seeded.json["refused"] == {}

    verified = seedkit("verify", "--json")
    assert verified.code == 0
    assert verified.json["holds"] is True
    found = {name: entry["found"] for name, entry in verified.json["tables"].items()}
    assert found == seeded.json["rows"]

    purged = seedkit("purge", "--yes", "--json")
    assert purged.code == 0
    assert purged.json["deleted"] == seeded.json["rows"]
    assert purged.json["left"] == {}
    assert dump(seedkit.database) == before

    again = seedkit("purge", "--yes")
    assert (again.code, again.err) == (0, "Nothing to purge.\n")


def test_human_output_names_the_next_command(seedkit: CommandLine) -> None:
    seeded = seedkit(*SEED, "--run-id", "flow-2")
    assert "contact" in seeded.out
    assert "random seed 1, as of 2026-06-30" in seeded.err
    assert "seedkit purge flow-2" in seeded.err
    purged = seedkit("purge", "flow-2", "--yes")
    assert "Run flow-2 is gone, verified" in purged.err


def test_the_json_contract(seedkit: CommandLine) -> None:
    seeded = seedkit(*SEED, "--json").json
    assert set(seeded) == {
        *("run", "environment", "profile", "random_seed", "as_of", "expires"),
        *("rows", "refused", "skipped", "requests", "seconds", "report", "manifest", "left_out"),
    }
    assert set(seeded["environment"]) == {"name", "url", "id"}
    dry = seedkit("purge", "--dry-run", "--json").json
    purged = seedkit("purge", "--yes", "--json").json
    keys = {
        *("run", "deleted", "already_gone", "kept", "edited", "shared", "left", "doubtful"),
        *("strangers", "rows_of_others", "strangers_deleted", "crippled", "gone_before"),
        "partly_seen",
        *("requests", "seconds", "report", "fingerprint", "page"),
    }
    assert set(purged) == keys
    assert set(dry) == keys | {"dry_run"}


def test_a_dry_run_counts_and_writes_nothing(seedkit: CommandLine) -> None:
    seedkit("runs")
    before = dump(seedkit.database)
    dry = seedkit(*SEED, "--dry-run", "--json")
    assert dry.json["dry_run"] is True
    assert dump(seedkit.database) == before
    real = seedkit(*SEED, "--json")
    assert dry.json["rows"] == real.json["rows"]


def test_several_runs_are_told_apart(seedkit: CommandLine) -> None:
    for name in ("one-1", "two-2"):
        assert seedkit(*SEED, "--run-id", name).code == 0
    unclear = seedkit("purge", "--yes")
    assert unclear.code == 2
    assert "one-1, two-2" in unclear.err
    assert {row["run"] for row in seedkit("runs", "--json").json} == {"one-1", "two-2"}
    assert seedkit("purge", "one-1", "--yes", "--json").json["run"] == "one-1"
    assert seedkit("verify", "two", "--json").json["holds"] is True
    assert seedkit("purge", "latest", "--yes", "--json").json["run"] == "two-2"


def test_all_runs_of_a_profile_or_of_an_environment_go_at_once(seedkit: CommandLine) -> None:
    for name in ("one-1", "two-2"):
        seedkit(*SEED, "--run-id", name)
    both = seedkit("purge", "--profile", "retail", "--yes", "--json")
    assert [document["run"] for document in both.json] == ["one-1", "two-2"]
    seedkit(*SEED, "--run-id", "three-3")
    assert seedkit("purge", "--all", "--yes", "--json").json["run"] == "three-3"


def test_a_machine_without_the_ledger_purges_by_the_header_note(seedkit: CommandLine) -> None:
    seedkit("runs")
    before = dump(seedkit.database)
    seedkit(*SEED, "--run-id", "lost-1")
    for file in seedkit.home.glob("ledger*"):
        file.unlink()
    (row,) = seedkit("runs", "--json").json
    assert (row["run"], row["ledger"], row["note"]) == ("lost-1", False, True)
    assert seedkit("verify", "lost-1", "--json").json["holds"] is True
    assert seedkit("purge", "lost-1", "--yes").code == 0
    assert dump(seedkit.database) == before


def test_nobody_to_ask_means_no_purge(seedkit: CommandLine) -> None:
    seedkit(*SEED, "--run-id", "asked-1")
    result = seedkit("purge")
    assert result.code == 5
    assert "--yes" in result.err
    assert Ledger.open(seedkit.home / "ledger.sqlite3").find(None).state is RunState.SEEDED


def test_verify_tells_of_a_missing_row(seedkit: CommandLine) -> None:
    seedkit(*SEED)
    with sqlite3.connect(seedkit.database) as connection:
        connection.execute("DELETE FROM msfsi_relationship WHERE rowid = 1")
    connection.close()
    result = seedkit("verify", "--json")
    assert result.code == 1
    assert result.json["holds"] is False


@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_generate_writes_one_file_per_table(seedkit: CommandLine, format: str) -> None:
    out = seedkit.home / "files"
    result = seedkit(
        *("generate", "--profile", "retail", "--households", "3"),
        *("--out", str(out), "--format", format, "--json"),
    )
    assert result.code == 0
    heading = format == "csv"
    for table, count in result.json["rows"].items():
        lines = (out / f"{table}.{format}").read_text(encoding="utf-8").splitlines()
        assert len(lines) == count + heading
    again = seedkit("generate", "--profile", "retail", "--out", str(out))
    assert again.code == 2
    assert "not empty" in again.err


def test_an_unseen_purge_takes_no_beginning_for_an_id(seedkit: CommandLine) -> None:
    """A cleanup step that runs twice must never reach a parallel run with a longer name."""
    for name in ("ci-4", "ci-42"):
        seedkit(*SEED, "--run-id", name)
    assert seedkit("purge", "ci-4", "--yes", "--json").json["run"] == "ci-4"
    again = seedkit("purge", "ci-4", "--yes")
    assert (again.code, again.err) == (0, "Nothing to purge.\n")
    never = seedkit("purge", "ci", "--yes")
    assert never.code == 2
    assert "ci-42" in never.err
    assert seedkit("verify", "ci-42").code == 0


def test_a_run_id_is_free_again_after_its_purge(seedkit: CommandLine) -> None:
    seedkit("runs")
    before = dump(seedkit.database)
    for _ in range(2):
        assert seedkit(*SEED, "--run-id", "again-1").code == 0
        assert seedkit(*SEED, "--run-id", "again-1").code == 2
        assert seedkit("verify", "again-1").code == 0
        assert seedkit("purge", "again-1", "--yes").code == 0
    assert dump(seedkit.database) == before


def test_a_reset_ends_the_runs_that_it_takes_away(seedkit: CommandLine) -> None:
    seedkit(*SEED, "--run-id", "reset-1")
    assert seedkit("emulator", "reset", "--yes").code == 0
    assert seedkit("runs", "--json").json == []
    assert seedkit("resume", "reset-1").code == 2


def test_a_reset_leaves_other_files_alone(seedkit: CommandLine, tmp_path: Path) -> None:
    profile = tmp_path / "mine.yaml"
    profile.write_text("extends: retail")
    for target in (profile, tmp_path):
        result = seedkit("emulator", "reset", "--yes", "--database", str(target))
        assert result.code == 2
        assert "left alone" in result.err
    assert profile.exists()


def test_a_reset_waits_for_nobody_who_uses_the_file(seedkit: CommandLine) -> None:
    seedkit("runs")
    with contextlib.closing(sqlite3.connect(seedkit.database)) as other:
        other.execute("SELECT * FROM contact").fetchall()
        result = seedkit("emulator", "reset", "--yes")
    assert result.code == 5
    assert seedkit.database.exists()
    assert seedkit("emulator", "reset", "--yes").code == 0


def test_a_damaged_header_note_is_told(seedkit: CommandLine) -> None:
    seedkit(*SEED, "--run-id", "note-1")
    for file in seedkit.home.glob("ledger*"):
        file.unlink()
    with contextlib.closing(sqlite3.connect(seedkit.database)) as connection:
        connection.execute("UPDATE annotation SET notetext = 'hello'")
        connection.commit()
    assert "run note-1 that can't be read" in seedkit("runs").err
    purged = seedkit("purge", "note-1", "--yes")
    assert purged.code == 2
    assert "can't be read" in purged.err


def test_text_with_brackets_is_printed_as_it_is(seedkit: CommandLine, tmp_path: Path) -> None:
    profile = tmp_path / "mine.yaml"
    profile.write_text('extends: retail\ndescription: "[red]boo[/red] [/x]"\n')
    assert "[red]boo[/red] [/x]" in seedkit("profiles", "show", str(profile)).out


def test_a_second_purge_reaches_no_namesake_in_another_ledger(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Two people's runs may have one id; what was purged from here is done."""
    seedkit(*SEED, "--run-id", "same-1")
    assert seedkit("purge", "same-1", "--yes").code == 0
    with monkeypatch.context() as somebody_else:
        somebody_else.setattr(Settings, "ledger", tmp_path / "theirs.sqlite3")
        assert seedkit(*SEED, "--run-id", "same-1").code == 0
    assert seedkit("purge", "same-1", "--yes").err == "Nothing to purge.\n"
    assert dump(seedkit.database)["contact"] != []


def test_a_list_of_runs_can_be_purged_again_after_a_part_of_it_is_gone(
    seedkit: CommandLine,
) -> None:
    for name in ("one-1", "two-2"):
        seedkit(*SEED, "--run-id", name)
    assert seedkit("purge", "one-1", "--yes").code == 0
    assert seedkit("purge", "one-1", "two-2", "--yes", "--json").json["run"] == "two-2"


def test_a_run_id_that_is_in_the_environment_is_taken(seedkit: CommandLine) -> None:
    seedkit(*SEED, "--run-id", "noted-1")
    for file in seedkit.home.glob("ledger*"):
        file.unlink()
    result = seedkit(*SEED, "--run-id", "noted-1")
    assert result.code == 2
    assert "already is a run noted-1" in result.err


def test_a_changed_header_note_is_not_believed(seedkit: CommandLine) -> None:
    seedkit(*SEED, "--run-id", "note-2")
    for file in seedkit.home.glob("ledger*"):
        file.unlink()
    with contextlib.closing(sqlite3.connect(seedkit.database)) as connection:
        connection.execute(
            "UPDATE annotation SET notetext = replace(notetext, 'msfsi_fi_cards', 'contacts')"
        )
        connection.commit()
    before = dump(seedkit.database)
    assert seedkit("purge", "note-2", "--yes").code == 2
    assert dump(seedkit.database) == before


def test_a_foreign_database_is_neither_filled_nor_reset(seedkit: CommandLine) -> None:
    seedkit.home.mkdir()
    with contextlib.closing(sqlite3.connect(seedkit.database)) as connection:
        connection.execute("CREATE TABLE mine (x)")
        connection.commit()
    result = seedkit("runs")
    assert result.code == 4
    assert "not a local environment" in result.err
    with contextlib.closing(sqlite3.connect(seedkit.database)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]
