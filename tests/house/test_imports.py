"""The arrows between rooms: which part of the package may import which."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import seedkit

PACKAGE = Path(seedkit.__file__).parent
EVERYWHERE = {"errors"}
# room -> rooms of ours that it may import, beside itself and EVERYWHERE
ROOMS: dict[str, set[str]] = {
    "__init__": {"seeding"},
    "errors": set(),
    "schema": set(),
    "marks": set(),
    "spans": set(),
    "ordering": set(),
    "progress": set(),
    "settings": set(),
    "private": set(),
    "profile": set(),
    "population": {"profile"},
    "fitting": {"population"},
    "extract": {"population", "profile", "progress", "__init__"},
    "realism": {"extract", "population", "profile"},
    "records": {"population", "profile", "schema", "marks", "__init__"},
    "generators": {"population"},
    "custom": {
        "dataverse",
        "generators",
        "marks",
        "population",
        "profile",
        "records",
        "schema",
    },
    "dataverse": {"__init__"},
    "plan": {"dataverse", "marks", "ordering"},
    "environments": {"settings"},
    "signin": {"environments"},
    "guard": {"dataverse", "settings"},
    "ledger": {"plan", "private"},
    "holding": {"ledger", "private"},
    "links": {"dataverse", "settings"},
    "load": {"dataverse", "ledger", "marks", "plan", "progress", "records.batch", "spans"},
    "purge": {
        "dataverse",
        "guard",
        "ledger",
        "links",
        "load",
        "marks",
        "ordering",
        "plan",
        "progress",
        "spans",
    },
    "check": {
        "dataverse",
        "guard",
        "load",
        "ordering",
        "plan",
        "purge.companions",
        "schema",
        "settings",
    },
    "manifest": {"population", "records"},
    "reports": {"ledger", "load.header", "plan", "private", "purge"},
    "estimate": {"dataverse", "ledger", "load", "plan", "progress"},
    "verify": {"dataverse", "ledger", "load", "plan", "purge", "records"},
    "pull": {"dataverse", "schema"},
    "emulator": {"schema"},
}
# These put the rooms together, and may import any of them.
ASSEMBLIES = {"__main__", "assembly", "cli", "files", "seeding", "testing", "workplace"}
# What a room must not know, as libraries.
FORBIDDEN_LIBRARIES = {
    "population": {"httpx", "aiohttp", "sqlite3"},
    "extract": {"httpx", "aiohttp", "sqlite3"},
    "realism": {"httpx", "aiohttp", "sqlite3"},
    "records": {"httpx", "aiohttp", "sqlite3"},
    "custom": {"httpx", "aiohttp", "sqlite3"},
    "profile": {"httpx", "sqlite3", "numpy"},
    "schema": {"httpx", "sqlite3", "numpy"},
    "emulator": {"httpx", "aiohttp", "numpy", "faker"},
    "load": {"numpy", "faker", "sqlite3"},
    "environments": {"httpx", "aiohttp", "requests", "msal", "sqlite3"},
    "signin": {"httpx", "aiohttp", "sqlite3", "numpy"},
    "dataverse": {"msal", "requests", "sqlite3", "numpy"},
    "manifest": {"httpx", "aiohttp", "sqlite3"},
    "reports": {"httpx", "aiohttp", "sqlite3"},
    "estimate": {"aiohttp", "numpy", "faker", "sqlite3"},
    "purge": {"numpy", "faker", "sqlite3"},
    "check": {"numpy", "faker", "sqlite3"},
}
CLOCKS = {"now", "utcnow", "today", "time"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


def rooms_imported(path: Path) -> set[str]:
    ours = {
        name.removeprefix("seedkit.") for name in imports_of(path) if name.startswith("seedkit.")
    }
    if "seedkit.__version__" in imports_of(path):
        ours = ours - {"__version__"} | {"__init__"}
    return ours


def allowed(name: str, room: str) -> bool:
    permitted = ROOMS[room] | EVERYWHERE | {room}
    return any(name == item or name.startswith(f"{item}.") for item in permitted)


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_follow_the_arrows(path: Path) -> None:
    room = room_of(path)
    if room in ASSEMBLIES:
        return
    assert room in ROOMS, f"room {room} is not in the table"
    strays = sorted(name for name in rooms_imported(path) if not allowed(name, room))
    # `from seedkit.a import b` gives both seedkit.a and seedkit.a.b; one allowed prefix is enough.
    assert strays == [], f"{room} must not import {strays}"
    libraries = {name.split(".")[0] for name in imports_of(path)}
    assert not libraries & FORBIDDEN_LIBRARIES.get(room, set())


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_clock_chance_or_environment_below_the_command_line(path: Path) -> None:
    if room_of(path) in ASSEMBLIES:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            assert not (node.value.id in {"datetime", "date", "time"} and node.attr in CLOCKS), name
            assert name not in {"os.environ", "os.getenv"}, name
            assert node.value.id not in {"random", "secrets"}, name
            assert not name.startswith("np.random.") or node.attr in {"Generator", "Philox"}, name


def test_the_two_programs_never_meet() -> None:
    for path in (PACKAGE / "emulator").rglob("*.py"):
        assert not any("dataverse" in name for name in rooms_imported(path))
    for room in ("dataverse", "load", "purge", "plan", "ledger"):
        target = PACKAGE / room
        for path in target.rglob("*.py") if target.is_dir() else [target]:
            assert not any(name.startswith("emulator") for name in rooms_imported(path))


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_nothing_stands_on_the_command_line(path: Path) -> None:
    if room_of(path) not in {"__main__", "cli"}:
        assert not any(name.split(".")[0] == "cli" for name in rooms_imported(path))


def test_logical_names_stay_where_records_are_built() -> None:
    for room in (
        "population",
        "profile",
        "custom",
        "dataverse",
        "plan",
        "check",
        "ledger",
        "load",
        "purge",
    ):
        for path in (PACKAGE / room).rglob("*.py"):
            assert "msfsi_" not in path.read_text(encoding="utf-8"), path
    for name in ("ordering.py", "marks.py"):
        assert "msfsi_" not in (PACKAGE / name).read_text(encoding="utf-8"), name
