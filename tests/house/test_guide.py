"""The guide to the local environment shows what works."""

from __future__ import annotations

import json
import re
from pathlib import Path

from seedkit.emulator.limits.rules import read_rules
from tests.house.probing import Ask, probing
from tests.house.reference import ROOT

GUIDE = (ROOT / "docs" / "local-environment.md").read_text(encoding="utf-8")
LINES, LETTERS = 250, 100


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found
    return found.group(1)


def test_the_guide_is_short() -> None:
    lines = GUIDE.splitlines()
    assert len(lines) <= LINES
    assert [line for line in lines if len(line) > LETTERS and not line.startswith("|")] == []


def test_the_table_that_it_shows_can_be_made() -> None:
    with probing() as probe:
        made = probe.ask(Ask("POST", "EntityDefinitions", json.loads(block("json"))))
        assert made.status_code == 204, made.text
        assert probe.ask(Ask("POST", "new_visits", {"new_name": "First"})).status_code == 204


def test_the_faults_that_it_shows_are_understood(tmp_path: Path) -> None:
    file = tmp_path / "faults.toml"
    file.write_text(block("toml"), encoding="utf-8")
    (rule,) = read_rules(file).faults
    assert (rule.fault, rule.fire, rule.count) == ("reset-after-commit", "nth", 3)


def test_the_user_that_it_names_is_there() -> None:
    named = re.findall(r"[\w.]+@bank\.example", GUIDE)
    assert named
    with probing() as probe:
        found = probe.ask(Ask("GET", "systemusers?$select=domainname")).json()["value"]
    assert set(named) <= {user["domainname"] for user in found}
