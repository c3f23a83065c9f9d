from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_READY = re.compile(r"https://\S+?:(\d+)")


@dataclass(frozen=True)
class Served:
    """A local environment behind TLS, in a process of its own."""

    url: str
    port: int
    authority: Path


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve an environment that lies in memory, as `seedkit emulator serve --tls` does."""
    home = tmp_path_factory.mktemp("home")
    command = [sys.executable, "-m", "seedkit", "emulator", "serve", "--tls", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--database", ":memory:"],
        env={**os.environ, "SEEDKIT_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield _wait(process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(process: subprocess.Popen[str]) -> Served:
    """Read what the command prints until it has named its address and its authority."""
    assert process.stderr is not None
    url = port = authority = None
    seen = []
    for line in process.stderr:
        seen.append(line)
        match = _READY.search(line)
        if match and url is None:
            port, url = int(match[1]), f"https://localhost:{match[1]}"
        found = re.search(r"REQUESTS_CA_BUNDLE=['\"]?([^'\"\n]+)", line)
        if found:
            authority = Path(found[1].strip())
        if url is not None and authority is not None:
            return Served(url, int(port or 0), authority)
    raise AssertionError("the server never said where it is:\n" + "".join(seen))
