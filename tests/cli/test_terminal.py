"""What is printed fits a terminal of 80 columns, and can be copied from it."""

from __future__ import annotations

import io
import sys

import pytest

from seedkit.cli.lines import fold, width_of
from tests.cli.conftest import CommandLine

NARROW = 80
GROUPS = ("", "profiles", "schema", "emulator", "environments", "auth")


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print tables as on a narrow terminal."""
    monkeypatch.setattr("seedkit.cli.shell.PIPE_WIDTH", NARROW)


def test_lines_are_broken_between_words() -> None:
    assert fold("all of them are ours", 12) == "all of them\nare ours"
    assert fold("all of them are ours", None) == "all of them are ours"
    assert fold("it fits\nhere", 12) == "it fits\nhere"


def test_what_belongs_to_a_list_stays_below_it() -> None:
    assert fold("  contact has changed", 16) == "  contact has\n    changed"


def test_no_command_and_no_address_is_broken() -> None:
    command = "seedkit purge retail-7f3a --environment qa"
    assert fold(f"Go on with: {command}", 20) == f"Go on with:\n{command}"
    address = "https://contoso.crm4.dynamics.com/main.aspx"
    assert fold(f"See {address} there", 20) == f"See\n{address}\nthere"


def test_a_pipe_has_no_width() -> None:
    assert width_of(io.StringIO()) is None


@pytest.mark.parametrize("group", GROUPS)
def test_no_command_is_told_of_by_half(seedkit: CommandLine, group: str) -> None:
    told = seedkit(*group.split(), "--help").out
    assert "Commands:" in told
    assert "..." not in told.split("Commands:")[1]
    assert max(map(len, told.splitlines())) <= NARROW


@pytest.mark.usefixtures("narrow")
def test_runs_fit_without_a_broken_word(seedkit: CommandLine) -> None:
    seeded = ("seed", "--profile", "quick", "--households", "1", "--ttl", "14d")
    seedkit(*seeded, "--run-id", "retail-uk-7f3a")
    told = seedkit("runs").out
    for word in (
        "retail-uk-7f3a",
        "environment",
        "created",
        "state",
        "known",
        "2026-06-30",
        "06:13",
        "seeded,",
        "until",
        "2026-07-14",
        "ledger",
        "note",
    ):
        assert word in told.split(), told


@pytest.mark.usefixtures("narrow")
def test_a_check_fits_without_a_broken_name(seedkit: CommandLine) -> None:
    told = seedkit("check").out
    assert max(map(len, told.splitlines())) <= NARROW
    for name in ("FinancialServicesCommonDataModel", "prvActOnBehalfOfAnotherUser"):
        assert name in told.split(), told


def test_a_refused_value_is_told_in_our_words(seedkit: CommandLine) -> None:
    told = seedkit("purge", "one", "--strangers", "ask").err
    assert "'ask' is not one of 'stop', 'keep', 'delete'." in told
    assert "Value error" not in told


def test_interrupting_a_question_says_that_nothing_is_deleted(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seedkit("seed", "--profile", "quick", "--households", "1", "--run-id", "one-1")
    typed = io.StringIO()
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr(typed, "readline", interrupted)
    monkeypatch.setattr(sys, "stdin", typed)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    stopped = seedkit("purge")
    assert stopped.code == 130
    assert stopped.err.endswith("rows? [y/N] \nNothing was deleted.\nInterrupted.\n")


def interrupted() -> str:
    raise KeyboardInterrupt
