"""Every benchmark can be run, and the comparison stays fair: peers make what we make."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.benchmarks.bundle import (
    ONCE,
    Shape,
    measure_shape,
    read_columns,
    read_shape,
    write_shape,
)
from tests.benchmarks.ours import write_rows
from tests.benchmarks.peers import write_bundles
from tests.benchmarks.suite import BENCHMARKS, QUICK

PEERS = ("faker", "mimesis")
HOUSEHOLDS = 256  # one whole block: with fewer, rare tables and columns have no rows

SAMPLE = 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our files of one block."""
    made = tmp_path_factory.mktemp("ours")
    write_rows(HOUSEHOLDS, made)
    return made


@pytest.fixture(scope="module")
def shape(folder: Path) -> Shape:
    """What our files hold, as the peers read it."""
    write_shape(measure_shape(folder, HOUSEHOLDS), folder / "shape.json")
    return read_shape(folder / "shape.json")


def test_the_bundle_names_our_tables_and_columns(shape: Shape) -> None:
    columns = read_columns()
    assert set(columns) == set(shape.rows)
    for table, filled in shape.filled.items():
        assert filled.keys() <= columns[table].keys(), table


@pytest.mark.parametrize("peer", PEERS)
def test_peers_fill_our_columns_of_all_tables(peer: str, shape: Shape, tmp_path: Path) -> None:
    write(peer, shape, tmp_path, households=2)
    theirs = measure_shape(tmp_path, 2)
    assert theirs.rows.keys() == shape.rows.keys()
    for table, filled in theirs.filled.items():
        expected = shape.filled[table]
        assert filled.keys() <= expected.keys(), table
        assert {name for name, part in expected.items() if part == 1.0} <= filled.keys(), table


@pytest.mark.parametrize("peer", PEERS)
def test_peers_make_as_much_data(peer: str, shape: Shape, tmp_path: Path) -> None:
    write(peer, shape, tmp_path, households=SAMPLE)
    ours, theirs = per_household(shape), per_household(measure_shape(tmp_path, SAMPLE))
    assert theirs == pytest.approx(ours, rel=0.03)


@pytest.mark.parametrize("peer", PEERS)
def test_references_of_peers_are_valid(peer: str, shape: Shape, tmp_path: Path) -> None:
    write(peer, shape, tmp_path, households=2)
    rows = {path.stem: read_rows(path) for path in tmp_path.glob("*.jsonl")}
    known = {f"/{table}s({row[f'{table}id']})" for table, made in rows.items() for row in made}
    pointed = {
        value
        for made in rows.values()
        for row in made
        for name, value in row.items()
        if name.endswith("@odata.bind") and not name.startswith("transactioncurrencyid")
    }
    assert pointed
    assert pointed <= known


def per_household(shape: Shape) -> tuple[float, float]:
    """Return how many rows and how many fields a household has."""
    rows = {table: count for table, count in shape.rows.items() if table not in ONCE}
    fields = sum(count * sum(shape.filled[table].values()) for table, count in rows.items())
    return sum(rows.values()), fields


def write(peer: str, shape: Shape, out: Path, households: int) -> None:
    library = import_module(f"tests.benchmarks.with_{peer}").make_library()
    write_bundles(library, shape, households, out)


def read_rows(path: Path) -> list[dict[str, str]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


class AnyFigure(dict[str, float]):
    """What a contender tells, whatever is asked of it."""

    def __missing__(self, key: str) -> float:
        return 1.0


@pytest.mark.parametrize("name", BENCHMARKS)
def test_every_benchmark_runs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []

    def played(*words: str) -> Any:
        asked.append(words)
        figures = AnyFigure(seconds=1.0)
        return {"emulator": figures, "bare": figures} if words[0] == "serving" else figures

    monkeypatch.setattr("tests.benchmarks.suite.run_module", played)
    monkeypatch.setattr("tests.benchmarks.suite.time_command", played)
    found = BENCHMARKS[name](QUICK)
    assert found["contenders"]
    assert asked
