"""The documents of `--json` have the keys that `docs/json.md` lists."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from seedkit.cli.app import run
from tests.house.reference import ROOT

PAGE = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
RUN = ("--run-id", "doc-1")


def listed(heading: str) -> set[str]:
    """Return the keys in the table below a heading."""
    section = re.split(rf"^## {heading}$", PAGE, flags=re.MULTILINE)[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


def test_the_documents_are_as_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEEDKIT_HOME", str(tmp_path / "home"))

    def printed(*words: str) -> Any:
        assert run([*words, "--json"]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    seed = ("seed", "--profile", "retail", "--households", "1")
    dry = {"dry_run"}
    assert set(printed(*seed, "--dry-run")) == listed("seed and resume")
    live = listed("seed and resume") - dry - {"estimate", "first_rows"}
    assert set(printed(*seed, *RUN)) == live
    assert set(printed("resume", "doc-1")) == live
    assert set(printed("runs")[0]) == listed("runs")
    assert set(printed("find")) == listed("find")
    assert set(printed("verify")) == listed("verify")
    assert set(printed("showcase")) == listed("showcase")
    assert set(printed("purge", "--dry-run")) == listed("purge")
    assert set(printed("purge", "--yes")) == listed("purge") - dry
    assert printed("purge") == []
    assert set(printed("check")) == listed("check")
    assert set(printed("environments", "test", "local")) == listed("environments test")
    assert set(printed("auth", "status")) == listed("auth status")
    out = ("generate", "--profile", "quick", "--households", "1", "--out", str(tmp_path / "files"))
    file = tmp_path / "customers.jsonl"
    assert set(printed(*out, "--manifest", str(file))) == listed("generate")
    first = json.loads(file.read_text(encoding="utf-8").splitlines()[0])
    assert set(first) == listed("Manifest")
    assert set(printed("realism", "--profile", "quick", "--households", "1")) == listed("realism")
