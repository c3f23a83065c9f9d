"""A customer's environment: columns and tables of their own, and an installed generator."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from seedkit.testing import LocalEnvironment
from tests.cli.conftest import seedkit as seedkit
from tests.custom.customer import add_columns, add_loyalty
from tests.house.reference import ROOT

PACKAGE = ROOT / "examples" / "generator"


def install(folder: Path, group: dict[str, str], name: str = "seedkit-loyalty") -> None:
    """Make entry points visible, as an installed distribution's are."""
    found = folder / f"{name.replace('-', '_')}-1.0.0.dist-info"
    found.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0.0\n"
    (found / "METADATA").write_text(metadata, encoding="utf-8")
    points = "".join(f"{key} = {value}\n" for key, value in group.items())
    (found / "entry_points.txt").write_text(f"[seedkit.generators]\n{points}", encoding="utf-8")


@pytest.fixture
def loyalty_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example package, as its own project file declares it."""
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    install(tmp_path / "site", project["entry-points"]["seedkit.generators"], project["name"])
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.syspath_prepend(str(PACKAGE))
    yield
    sys.modules.pop("seedkit_loyalty", None)


@pytest.fixture
def local(tmp_path: Path) -> LocalEnvironment:
    """A local environment with columns and a table of the customer's own."""
    environment = LocalEnvironment(tmp_path)
    add_columns(environment)
    return environment


@pytest.fixture
def loyal(local: LocalEnvironment) -> LocalEnvironment:
    """The same with the tables of the loyalty programme."""
    add_loyalty(local)
    return local
