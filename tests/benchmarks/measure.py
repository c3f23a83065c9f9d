"""Running contenders in turn, each time in a fresh process, and summing up what they tell."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.usage import children_seconds

ROOT = Path(__file__).parents[2]
PACKAGES = ("seedkit", "numpy", "orjson", "faker", "mimesis", "typer")

Figures = Mapping[str, Any]
Runs = dict[str, list[Figures]]
Spread = dict[str, float | None]  # median, min, max; None: not to be had on this system


def interleave(contenders: Mapping[str, Callable[[], Figures]], repetitions: int) -> Runs:
    """Run all contenders one after another, and that again and again: noise then hits them all."""
    runs: Runs = {name: [] for name in contenders}
    for _ in range(repetitions):
        for name, run in contenders.items():
            runs[name].append(run())
    return runs


def run_module(module: str, *words: str) -> dict[str, Any]:
    """Run a module of this package in a process and a folder of its own; return what it prints."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        filled = [word.replace("{folder}", folder) for word in words]
        done = subprocess.run(
            [sys.executable, "-m", f"tests.benchmarks.{module}", *filled],
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
        )
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def time_command(*words: str) -> dict[str, float | None]:
    """Run Python with these words; return the wall and processor time of the whole process."""
    wall, before = time.perf_counter(), children_seconds()
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - wall, children_seconds()
    used = None if before is None or after is None else (after - before) * 1e3
    return {"milliseconds": wall * 1e3, "processor_milliseconds": used}


def summarise(runs: Runs) -> dict[str, dict[str, Spread]]:
    """Return for each contender and figure the median, the least and the greatest."""
    return {
        name: {key: spread([figures[key] for figures in found]) for key in found[0]}
        for name, found in runs.items()
    }


def ratios(runs: Runs, key: str, ours: str, other: str, other_key: str = "") -> Spread:
    """Return ours over another's, repetition by repetition."""
    pairs = [
        (mine[key], theirs[other_key or key])
        for mine, theirs in zip(runs[ours], runs[other], strict=True)
    ]
    return spread([None if None in pair else pair[0] / pair[1] for pair in pairs])


def spread(values: Sequence[float | None]) -> Spread:
    """Return median, least and greatest; all None where something could not be measured."""
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return {"median": None, "min": None, "max": None}
    return {
        "median": significant(median(known)),
        "min": significant(min(known)),
        "max": significant(max(known)),
    }


def significant(value: float, digits: int = 4) -> float:
    """Return a number with no more digits than the measurement is worth."""
    short = float(f"{value:.{digits}g}")
    return int(short) if short.is_integer() else short


def facts() -> dict[str, Any]:
    """Return what the figures depend on: machine and versions, nothing that names the machine."""
    return {
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.system(),
            "architecture": platform.machine(),
            "python": f"{platform.python_implementation()} {platform.python_version()}",
        },
        "versions": {name: version(name) for name in PACKAGES},
    }
