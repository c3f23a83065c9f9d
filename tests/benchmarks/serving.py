"""The local environment over HTTP beside a bare server: bulk creates, and reads by the mark.

python -m tests.benchmarks.serving WRITES FOLDER
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import orjson

from tests.benchmarks.server import Server, served
from tests.benchmarks.writes import Write, read_writes

ROOT = "/api/data/v9.2/"
# Wide with composed texts and addresses, narrow with many lookups, and in between.
TABLES = ("contact", "msfsi_customerfinancialholding", "msfsi_fi_card")
_READ, _READS, _PAGE = "contact", 20, 500
_CONTENDERS = ("emulator", "bare")


@dataclass(slots=True)
class Used:
    """Rows that went through a server, and what that took."""

    rows: int = 0
    seconds: float = 0.0
    processor: float = 0.0

    def rates(self, name: str) -> dict[str, float]:
        """Return rows per second, named like other benchmarks' rates."""
        return {
            f"{name}_rows_per_second": self.rows / self.seconds,
            f"{name}_rows_per_processor_second": self.rows / self.processor,
        }


@dataclass(slots=True)
class Contender:
    """A server with what it used for each kind of work."""

    server: Server
    used: dict[str, Used] = field(default_factory=lambda: defaultdict(Used))

    @contextmanager
    def watch(self, name: str) -> Iterator[Used]:
        """Count what the block takes."""
        used, began, processor = self.used[name], self.server.seconds, self.server.processor()
        yield used
        used.processor += self.server.processor() - processor
        used.seconds += self.server.seconds - began


def measure(writes: Path, folder: Path) -> dict[str, dict[str, float]]:
    """Play a seeding to both servers in turns; return each one's rates."""
    with ExitStack() as stack:
        contenders = {
            kind: Contender(stack.enter_context(served(kind, folder / f"{kind}.db")))
            for kind in _CONTENDERS
        }
        mark = 0
        for table, found in groupby(read_writes(writes), key=lambda write: write.table):
            stretch = list(found)
            for contender in contenders.values():
                _play(contender, table, stretch, contender is contenders["bare"])
            if table == _READ:
                mark = orjson.loads(stretch[0].body)["Targets"][0]["importsequencenumber"]
        # The first read opens a connection of its own, which is no read's cost.
        contenders["emulator"].server.good("GET", f"{ROOT}{_READ}s?$top=1")
        for _ in range(_READS):
            _read(contenders["emulator"], mark)
            _read_bare(contenders["bare"], mark)
    return {kind: _rates(contender.used) for kind, contender in contenders.items()}


def _play(contender: Contender, table: str | None, stretch: list[Write], bare: bool) -> None:
    if table is None:
        for write in () if bare else stretch:
            contender.server.good(write.method, ROOT + write.path, write.body)
        return
    with contender.watch(table) as used:
        for write in stretch:
            path = f"/rows/{table}" if bare else ROOT + write.path
            contender.server.good("POST", path, write.body)
            used.rows += write.rows


def _read(contender: Contender, mark: int) -> None:
    """Read the ids of all rows with a mark, as a purge does."""
    path = f"{ROOT}{_READ}s?$select={_READ}id&$filter=importsequencenumber%20eq%20{mark}"
    with contender.watch("marked") as used:
        while path:
            page = orjson.loads(
                contender.server.good("GET", path, Prefer=f"odata.maxpagesize={_PAGE}")
            )
            used.rows += len(page["value"])
            path = page.get("@odata.nextLink", "")
            path = path[path.find("/", len("https://")) :] if path else ""


def _read_bare(contender: Contender, mark: int) -> None:
    after, size = "", _PAGE
    with contender.watch("marked") as used:
        while size == _PAGE:
            path = f"/rows/{_READ}?mark={mark}&after={after}&size={_PAGE}"
            found = orjson.loads(contender.server.good("GET", path))["value"]
            size = len(found)
            used.rows += size
            after = found[-1][f"{_READ}id"] if found else ""


def _rates(used: Mapping[str, Used]) -> dict[str, float]:
    rates: dict[str, float] = {}
    for name in (*TABLES, "marked"):
        rates |= used[name].rates(name)
    return rates


if __name__ == "__main__":
    writes, folder = map(Path, sys.argv[1:])
    print(json.dumps(measure(writes, folder)))
