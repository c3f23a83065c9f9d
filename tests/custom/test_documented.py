"""The example package and the pages about it work as they stand."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from seedkit.assembly import check_values
from seedkit.custom.naming import PARTS
from seedkit.custom.plugins import _check
from seedkit.generators import Bank, Household, chance_of
from seedkit.profile import read_profile
from seedkit.profile.columns import KINDS
from tests.custom.conftest import PACKAGE
from tests.house.reference import ROOT

PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_packages_own_tests_pass(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", str(PACKAGE / "tests"), "-q", "-p"]
    result = subprocess.run(
        [*command, "no:cacheprovider", "--basetemp", str(tmp_path / "base")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(PACKAGE), str(ROOT)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.startswith("...")


@pytest.mark.usefixtures("loyalty_installed")
def test_the_pages_profiles_have_no_faults(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    for text in blocks("yaml"):
        file.write_text(text, encoding="utf-8")
        check_values(read_profile(str(file)))


def test_the_page_shows_every_kind_and_every_part() -> None:
    (columns, *_) = blocks("yaml")
    assert all(f"{kind}:" in columns for kind in KINDS if kind != "value")
    listed = PAGE[PAGE.index("Parts: ") :].partition(". `groups`")[0]
    assert set(re.findall(r"`([a-z_]+)`", listed)) == set(PARTS)


def test_the_shortest_generator_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date
    from decimal import Decimal

    from seedkit.generators import Customer

    module = tmp_path / "shortest.py"
    module.write_text(blocks("python")[0], encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    generator: Any = importlib.import_module("shortest").nicknames
    _check("nicknames", generator)
    words = ("female", date(1980, 1, 1), "single", "employee", "Nurse", Decimal(1), "", "", None)
    customer = Customer("contact", "an id", "Barbara", "Field", *words)
    bank = Bank("Bank", "United States", "USD", date(2026, 6, 30), (), {})
    household = Household(0, "single", "", "", "", "", None, (customer,), (), (), (), bank)
    options = generator.options(share=1)
    (row,) = generator.of_household(household, options, chance_of("any"))
    assert (row.values["cr1_name"], row.links["cr1_customer"]) == ("Bar", customer)


def test_the_pages_error_is_the_programs() -> None:
    from tests.custom.test_live_faults import FAULTS

    said = " ".join(text for _, _, text in FAULTS.values())
    for line in re.findall(r"^  contact\.\S+ (.*)$", PAGE, re.MULTILINE):
        assert line in said
