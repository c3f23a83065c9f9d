"""The writes with which the loader seeds a bank, to be played to any server.

python -m tests.benchmarks.writes HOUSEHOLDS TARGET FOLDER
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import orjson

from seedkit.emulator.exchange import Answer, Request
from seedkit.emulator.service import Service
from tests.benchmarks.local import seed

ROWS = 100  # of a request, as many as Microsoft advises for standard tables
_CREATE = "/Microsoft.Dynamics.CRM.CreateMultiple"


@dataclass(frozen=True, slots=True)
class Write:
    """One request; `table` is set when it creates many rows of one."""

    method: str
    path: str
    body: bytes
    table: str | None = None
    rows: int = 0


def record(households: int, target: Path, folder: Path) -> int:
    """Seed a local environment in a folder; write its requests down, and return their number."""
    os.environ["SEEDKIT_HOME"] = str(folder)
    answer, lines = Service.answer, []

    def noted(service: Service, request: Request) -> Answer:
        if request.method != "GET":
            lines.append([request.method, request.path, request.body.decode()])
        return answer(service, request)

    with patch.object(Service, "answer", noted):
        seed(households)
    target.write_bytes(b"\n".join(map(orjson.dumps, lines)))
    return len(lines)


def read_writes(path: Path) -> Iterator[Write]:
    """Yield the requests of a file, creates cut or joined to `ROWS` rows where they follow."""
    pending: list[dict[str, Any]] = []
    at = ""
    for line in path.read_bytes().splitlines():
        method, address, body = orjson.loads(line)
        if address != at:
            yield from _creates(at, pending)
            pending, at = [], address
        if address.endswith(_CREATE):
            pending += orjson.loads(body)["Targets"]
        else:
            yield Write(method, address, body.encode())
    yield from _creates(at, pending)


def _creates(path: str, rows: list[dict[str, Any]]) -> Iterator[Write]:
    for first in range(0, len(rows), ROWS):
        part = rows[first : first + ROWS]
        table = part[0]["@odata.type"].rpartition(".")[2]
        yield Write("POST", path, orjson.dumps({"Targets": part}), table, len(part))


if __name__ == "__main__":
    households, target, folder = sys.argv[1:]
    print(json.dumps({"requests": record(int(households), Path(target), Path(folder))}))
