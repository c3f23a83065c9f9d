"""How long `seedkit emulator serve` takes until it answers, with a new and an existing file.

python -m tests.benchmarks.ready FOLDER
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from tests.benchmarks.measure import ROOT

_IMPORTS = "import httpx, orjson, pydantic, starlette.applications, typer, uvicorn"


def measure(folder: Path) -> dict[str, float]:
    """Return milliseconds until ready, and those of only importing the libraries it stands on."""
    file = folder / "ready.db"
    _until_ready(folder, folder / "first.db")  # so that all files are compiled and cached
    subprocess.run([sys.executable, "-c", _IMPORTS], check=True, env=_surroundings(folder))
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", _IMPORTS], check=True, env=_surroundings(folder))
    return {
        "libraries_milliseconds": (time.perf_counter() - began) * 1e3,
        "new_file_milliseconds": _until_ready(folder, file),
        "existing_file_milliseconds": _until_ready(folder, file),
        "open_processor_milliseconds": _open(file),
    }


def _surroundings(folder: Path) -> dict[str, str]:
    """Return an environment in which compiled files are kept, as they are once installed."""
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "SEEDKIT_HOME": str(folder), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def _until_ready(folder: Path, file: Path) -> float:
    words = ("-m", "seedkit", "emulator", "serve", "--port", "0", "--database", str(file))
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-u", *words],
        cwd=ROOT,
        env=_surroundings(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    took = (time.perf_counter() - began) * 1e3
    process.terminate()
    process.wait()
    if "http" not in said:
        raise RuntimeError(f"the server didn't start: {said}")
    return took


def _open(file: Path) -> float:
    """Return what every command in process pays for opening the file, imports left out."""
    from seedkit.emulator import create_app

    import_module("seedkit.emulator.app")
    began = time.process_time()
    app = create_app(file, clock=lambda: datetime.now(UTC))
    took = (time.process_time() - began) * 1e3
    app.state.close()
    return took


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
