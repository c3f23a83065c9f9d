"""The first screen of the README is the thing working."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from seedkit.cli.app import run
from tests.house.commands import in_shell
from tests.house.reference import EXIT_CODES, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
FIRST_SCREEN = 30  # lines
FEW = ["--households", "4"]
TOLERANCE = 0.2  # the README's numbers may lag behind small changes of the model


def screen() -> str:
    found = BLOCK.search(README)
    assert found
    return found.group(1)


def masked(text: str) -> set[str]:
    """Return lines without what differs from run to run."""
    plain = re.sub(r"retail-[0-9a-f]{6}", "RUN", text)
    plain = re.sub(r"[\d,.-]*\d", "0", plain)
    return {" ".join(line.split()).strip(" ─") for line in plain.splitlines()} - {""}


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 150
    assert README.index("```console") < len("\n".join(README.splitlines()[:FIRST_SCREEN]))


@pytest.mark.parametrize(
    "command",
    [
        "python -m pip install . && seedkit seed --profile retail",
        'python -m pip install -e ".[dev]" && python -m pytest',
    ],
)
def test_the_two_commands_stand_there(command: str) -> None:
    lines = [line.strip().removeprefix("$ ") for line in README.splitlines()]
    assert command in lines


def test_the_first_screen_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEEDKIT_HOME", str(tmp_path))
    seed, purge = in_shell("\n".join(x for x in screen().splitlines() if x.startswith("$")))
    assert run([*shlex.split(seed)[1:], *FEW]) == 0
    assert run([*shlex.split(purge)[1:], "--yes"]) == 0  # nobody can be asked here
    captured = capsys.readouterr()
    shown = masked(re.sub(r"^(\$|Delete ).*$|^ *\.\.\.$", "", screen(), flags=re.MULTILINE))
    assert shown - masked(captured.out + captured.err) == set()


def test_the_numbers_are_about_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEEDKIT_HOME", str(tmp_path))
    assert run(["seed", "--profile", "retail", "--dry-run", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    for name, count in re.findall(r"^ +(\w+) +([\d,]+)$", screen(), re.MULTILINE):
        told = int(count.replace(",", ""))
        made = rows[name] if name != "total" else sum(rows.values()) + 1  # and the header note
        assert told == pytest.approx(made, rel=TOLERANCE), name


def test_the_installed_command_answers() -> None:
    command = [sys.executable, "-m", "seedkit", "--version"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout.startswith("seedkit ")


def test_the_exit_codes_are_those_of_the_reference() -> None:
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", README, re.MULTILINE)
    assert [(int(code), meaning) for code, meaning in rows] == list(EXIT_CODES)
