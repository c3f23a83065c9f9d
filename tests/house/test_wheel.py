"""The wheel holds everything that the program needs, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.reference import ROOT

NEEDED = (
    "seedkit/py.typed",
    "seedkit/profiles/retail.yaml",
    "seedkit/profiles/quick.yaml",
    "seedkit/schema/tables/contact.json",
)


def files_below(folder: Path) -> set[str]:
    """Return the files of a folder, without what running it leaves there."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    profiles = {f"seedkit/{name}" for name in files_below(ROOT / "profiles")}
    assert names == files_below(ROOT / "seedkit") | profiles
    assert set(NEEDED) <= names


def test_the_wheel_works_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    home = tmp_path / "home"
    variables = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "SEEDKIT_HOME": str(home)}

    def seedkit(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "seedkit", *words]
        return subprocess.run(
            command, cwd=tmp_path, env=variables, text=True, capture_output=True, check=True
        )

    listed = seedkit("profiles", "list")
    assert "retail" in listed.stdout
    assert str(tmp_path / "site") in seedkit("profiles", "check", "quick").stderr
    seedkit("seed", "--profile", "quick", "--households", "1")
    assert (home / "local.sqlite3").is_file()
