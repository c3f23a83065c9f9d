"""The benchmarks: what runs beside what, and which ratios matter."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import interleave, ratios, run_module, summarise, time_command
from tests.benchmarks.serving import TABLES

RATES = (
    "rows_per_second",
    "rows_per_processor_second",
    "steady_rows_per_second",
    "steady_rows_per_processor_second",
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    repetitions: int
    households: int
    memory_households: tuple[int, int]
    memory_repetitions: int
    local_households: int
    starts: int
    served_households: int
    many_rows: int
    sending_seconds: int


FULL = Effort(5, 1_000, (2_000, 20_000), 3, 250, 9, 200, 1_000_000, 30)
QUICK = Effort(3, 600, (1_000, 4_000), 1, 100, 5, 60, 60_000, 12)


def generation(effort: Effort) -> dict[str, Any]:
    """Time the same bundle of rows, to JSON lines, by seedkit, Faker and Mimesis."""
    with tempfile.TemporaryDirectory() as folder:
        shape = Path(folder) / "shape.json"
        run_module("shape", str(effort.households), str(shape), "{folder}")
        words = (str(effort.households), "{folder}", str(shape))
        runs = interleave(
            {
                name: partial(run_module, "generation", name, *words)
                for name in ("seedkit", "faker", "mimesis")
            },
            effort.repetitions,
        )
    return {
        "households": effort.households,
        "contenders": summarise(runs),
        "ratios": {
            f"seedkit / {peer}": {key: ratios(runs, key, "seedkit", peer) for key in RATES}
            for peer in ("faker", "mimesis")
        },
    }


def memory(effort: Effort) -> dict[str, Any]:
    """Compare the peak memory of making few and many households."""
    few, many = effort.memory_households
    runs = interleave(
        {
            f"{households} households": partial(
                run_module, "generation", "seedkit", str(households), "{folder}"
            )
            for households in (few, many)
        },
        effort.memory_repetitions,
    )
    names = list(runs)
    return {
        "contenders": summarise(runs),
        "ratios": {
            f"{key}, many / few": ratios(runs, key, names[1], names[0])
            for key in ("peak_mib", *RATES)
        },
    }


def local(effort: Effort) -> dict[str, Any]:
    """Time seeding and purging the local environment, beside bare inserts into SQLite."""
    words = (str(effort.local_households), "{folder}")
    runs = interleave(
        {name: partial(run_module, "local", name, *words) for name in ("seedkit", "sqlite")},
        effort.repetitions,
    )
    return {
        "households": effort.local_households,
        "contenders": summarise(runs),
        "ratios": {
            f"{action} / bare inserts": {
                rate: ratios(runs, f"{action}_{rate}", "seedkit", "sqlite", f"insert_{rate}")
                for rate in RATES[:2]
            }
            for action in ("seed", "purge")
        },
    }


def serving(effort: Effort) -> dict[str, Any]:
    """Time bulk creates and marked reads over HTTP, beside a bare server over bare SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        writes = Path(folder) / "writes.jsonl"
        run_module("writes", str(effort.served_households), str(writes), "{folder}")
        played = [run_module("serving", str(writes), "{folder}") for _ in range(effort.repetitions)]
    runs = {name: [figures[name] for figures in played] for name in ("emulator", "bare")}
    return {
        "households": effort.served_households,
        "contenders": summarise(runs),
        "ratios": {
            f"{work} / bare": {
                rate: ratios(runs, f"{work}_{rate}", "emulator", "bare") for rate in RATES[:2]
            }
            for work in (*TABLES, "marked")
        },
    }


def million(effort: Effort) -> dict[str, Any]:
    """Time ordinary requests in an environment with very many rows, beside one with few."""
    sizes = {"many": effort.many_rows, "few": effort.many_rows // 50}
    runs = interleave(
        {
            name: partial(run_module, "million", str(rows), "{folder}")
            for name, rows in sizes.items()
        },
        1,
    )
    work = [name for name in runs["many"][0] if name.endswith("_processor_milliseconds")]
    return {
        "contenders": summarise(runs),
        "ratios": {"many / few": {name: ratios(runs, name, "many", "few") for name in work}},
    }


def ready(effort: Effort) -> dict[str, Any]:
    """Time `emulator serve` until it answers, beside importing the libraries it stands on."""
    runs = interleave({"seedkit": partial(run_module, "ready", "{folder}")}, effort.starts)
    return {
        "contenders": summarise(runs),
        "ratios": {
            f"{start} / libraries": ratios(
                runs, f"{start}_milliseconds", "seedkit", "seedkit", "libraries_milliseconds"
            )
            for start in ("new_file", "existing_file")
        },
    }


def startup(effort: Effort) -> dict[str, Any]:
    """Time a fresh interpreter for `--help`, for the library behind it, and for nothing."""
    commands = {
        "seedkit --help": ("-m", "seedkit", "--help"),
        "import typer": ("-c", "import typer"),
        "bare interpreter": ("-c", "pass"),
    }
    contenders = {name: partial(time_command, *words) for name, words in commands.items()}
    interleave(contenders, 1)  # so that all files are compiled and cached
    runs = interleave(contenders, effort.starts)
    return {
        "contenders": summarise(runs),
        "ratios": {
            f"seedkit --help / {other}": {
                key: ratios(runs, key, "seedkit --help", other)
                for key in ("milliseconds", "processor_milliseconds")
            }
            for other in ("import typer", "bare interpreter")
        },
    }


def sending(effort: Effort) -> dict[str, Any]:
    """Send to a server of fixed service time, beside Microsoft's own client where it is there."""
    seconds = str(effort.sending_seconds)
    shapes = {
        "100 rows": ("seedkit", "100", "open"),
        "10 rows": ("seedkit", "10", "open"),
        "window": ("seedkit", "100", "window"),
    }
    peers = {"sdk, 100 rows": ("sdk", "100", "open"), "sdk alone": ("sdk-alone", "100", "open")}
    if find_spec("PowerPlatform") is not None:
        shapes |= peers
    runs = interleave(
        {name: partial(run_module, "sending", *words, seconds) for name, words in shapes.items()},
        effort.repetitions,
    )
    compared = {
        peer: {
            key: ratios(runs, key, "100 rows", peer)
            for key in ("rows_per_second", "processor_ms_per_request")
        }
        for peer in peers
        if peer in runs
    }
    return {
        "seconds": effort.sending_seconds,
        "contenders": summarise(runs),
        "ratios": {f"seedkit / {peer}": found for peer, found in compared.items()},
    }


def purging(effort: Effort) -> dict[str, Any]:
    """Delete rows in the same server by our engine, and by one request for each row."""
    rows = {"batches": 20_000 * effort.sending_seconds, "singles": 500 * effort.sending_seconds}
    runs = interleave(
        {name: partial(run_module, "purging", name, str(count)) for name, count in rows.items()},
        effort.repetitions,
    )
    return {
        "rows": rows,
        "contenders": summarise(runs),
        "ratios": {"batches / singles": {RATES[0]: ratios(runs, RATES[0], *rows)}},
    }


def whole(effort: Effort) -> dict[str, Any]:
    """Load whole banks into the same server, beside the least time that its work can take."""
    sizes = (effort.local_households, 8 * effort.local_households)
    runs = interleave(
        {
            f"{households} households": partial(run_module, "whole", str(households), "{folder}")
            for households in sizes
        },
        effort.repetitions,
    )
    return {"contenders": summarise(runs)}


BENCHMARKS: dict[str, Callable[[Effort], dict[str, Any]]] = {
    "generation": generation,
    "memory": memory,
    "local": local,
    "serving": serving,
    "million": million,
    "startup": startup,
    "sending": sending,
    "purging": purging,
    "whole": whole,
    "ready": ready,
}
