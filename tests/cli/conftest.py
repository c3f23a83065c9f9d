"""Running the command line in this process, with a home of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from seedkit.cli.app import run

NOW = "1782800000"  # 2026-06-30T06:13:20Z


@dataclass
class Result:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class CommandLine:
    """`seedkit` with a home folder."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.capsys = capsys

    def __call__(self, *words: str) -> Result:
        code = run(list(words))
        captured = self.capsys.readouterr()
        return Result(code, captured.out, captured.err)

    @property
    def database(self) -> Path:
        return self.home / "local.sqlite3"


@pytest.fixture
def seedkit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """The command line with a fresh home and a fixed clock."""
    home = tmp_path / "home"
    monkeypatch.setenv("SEEDKIT_HOME", str(home))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", NOW)
    return CommandLine(home, capsys)
