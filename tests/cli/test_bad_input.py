"""Bad input never costs data: a clear error, the next command, a distinct exit code."""

from __future__ import annotations

import functools
import sqlite3
from pathlib import Path

import pytest

from seedkit import emulator
from seedkit.emulator import create_app, dump
from tests.cli.conftest import CommandLine

SEED = ("seed", "--profile", "retail", "--households", "4")


def profile_file(folder: Path, text: str) -> str:
    file = folder / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("households: [1, 2\n", "bad.yaml:2"),
        ("extends: retail\nhousholds: 3\n", "bad.yaml:2: housholds: "),
        ("extends: retail\nhouseholds: many\n", "bad.yaml:2: households: "),
        ("extends: retail\nhouseholds: -1\n", "between 0 and 1,000,000, not -1"),
        ("extends: retail\nbank:\n  branches: 0\n", "bad.yaml:3: bank.branches: "),
        ("", "bad.yaml"),
    ],
)
def test_a_faulty_profile(seedkit: CommandLine, tmp_path: Path, text: str, expected: str) -> None:
    result = seedkit("seed", "--profile", profile_file(tmp_path, text))
    assert result.code == 2
    assert expected in result.err
    assert not (seedkit.home / "ledger.sqlite3").exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("seed", "--profile", "retial"), "Did you mean retail or "),
        (("seed",), "--profile"),
        ((*SEED, "--households", "-3"), "between 0 and 1,000,000, not -3"),
        ((*SEED, "--set", "bank.brnches=3"), "bank.branches"),
        ((*SEED, "--set", "nothing"), "--set"),
        ((*SEED, "--as-of", "soon"), "--as-of is 'soon'"),
        ((*SEED, "--run-id", "No Way!"), "--run-id retail-7f3a"),
        ((*SEED, "--environment", "teest"), "no environment named 'teest'"),
        (("purge", "nobody", "--yes"), "nobody"),
        (("purge", "--profile", "nope", "--yes"), "nope"),
        (("purge", "--profile", "retail", "--all", "--yes"), "--all"),
        ((*SEED, "--run-id", "latest"), "--run-id retail-7f3a"),
        ((*SEED, "--run-id", ""), "--run-id retail-7f3a"),
        ((*SEED, "--as-of", "20260630"), "--as-of 2026-06-30"),
        (("resume", "nobody"), "nobody"),
        (("verify", "nobody"), "nobody"),
        (("generate", "--profile", "retail", "--out", "x", "--format", "xml"), "jsonl"),
        (("sede",), "seed"),
    ],
)
def test_a_wrong_command_line(seedkit: CommandLine, words: tuple[str, ...], expected: str) -> None:
    result = seedkit(*words)
    assert result.code == 2
    assert expected in result.err
    assert "Traceback" not in result.err
    message, _, hint = result.err.partition("\n\n")
    assert message.startswith("Error: ")
    assert hint.strip()


def test_an_error_is_json_with_json(seedkit: CommandLine) -> None:
    error = seedkit("seed", "--profile", "retial", "--json").json["error"]
    assert error["exit_code"] == 2
    assert "retail" in error["message"]
    assert error["hint"]
    assert seedkit("seed", "--json").json["error"]["exit_code"] == 2


def test_an_environment_that_is_not_there(seedkit: CommandLine) -> None:
    result = seedkit(*SEED, "--environment", "http://127.0.0.1:9", "--json")
    assert result.code == 4
    assert "127.0.0.1:9" in result.json["error"]["message"]


def test_a_real_environment_needs_a_name_that_says_how_to_sign_in(seedkit: CommandLine) -> None:
    result = seedkit(*SEED, "--environment", "https://org.crm.dynamics.com")
    assert result.code == 4
    assert "seedkit environments add NAME --url" in result.err


def test_a_state_folder_that_is_a_file(seedkit: CommandLine) -> None:
    seedkit.home.write_text("in the way")
    result = seedkit(*SEED)
    assert result.code == 2
    assert "SEEDKIT_HOME" in result.err


def test_a_ledger_of_a_newer_format(seedkit: CommandLine) -> None:
    seedkit("runs")
    with sqlite3.connect(seedkit.home / "ledger.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = dump(seedkit.database)
    for words in (SEED, ("purge", "--yes"), ("resume",), ("runs",)):
        result = seedkit(*words)
        assert result.code == 2
        assert "format 99" in result.err
    assert dump(seedkit.database) == before


@pytest.mark.parametrize("name", ["ledger.sqlite3", "local.sqlite3"])
def test_a_state_file_that_is_something_else(seedkit: CommandLine, name: str) -> None:
    seedkit.home.mkdir()
    (seedkit.home / name).write_bytes(b"not a database, but long enough to look like a file" * 50)
    result = seedkit(*SEED)
    assert result.code in {2, 4}
    assert name in result.err
    assert "should not" not in result.err


def test_a_full_database_stops_the_seed_and_loses_nothing(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seedkit("runs")
    before = dump(seedkit.database)
    pages = seedkit.database.stat().st_size // 4096 + 20
    monkeypatch.setattr(emulator, "create_app", functools.partial(create_app, page_limit=pages))
    result = seedkit(*SEED, "--run-id", "full-1")
    assert result.code == 4
    assert "seedkit resume" in result.err
    monkeypatch.setattr(emulator, "create_app", create_app)
    assert seedkit("resume", "full-1").code == 0
    assert seedkit("verify", "full-1").code == 0
    assert seedkit("purge", "full-1", "--yes").code == 0
    assert dump(seedkit.database) == before


@pytest.mark.parametrize("words", [("runs",), ("runs", "--json")])
def test_an_interrupted_command_says_so(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("seedkit.cli.runs.list_runs", interrupt)
    result = seedkit(*words)
    assert (result.code, result.err) == (130, "Interrupted.\n")
    if "--json" in words:
        assert result.json["error"]["kind"] == "Interrupted"
