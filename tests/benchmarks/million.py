"""A local environment with a million rows: what its ordinary requests take.

python -m tests.benchmarks.million ROWS FOLDER
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import orjson

from seedkit.emulator import create_app
from seedkit.emulator.storage.layout import ID_TYPES, TAG, Layout, make_layouts
from seedkit.schema import load_catalogue
from tests.benchmarks.local import seed
from tests.benchmarks.server import Server, served

ROOT = "/api/data/v9.2/"
SEEDED = 200  # households that are really seeded; the rest are copies with ids of their own
_FETCH = (
    '<fetch count="250"><entity name="contact"><attribute name="lastname"/>{filter}'
    '<link-entity name="msfsi_customerfinancialholding" from="msfsi_customerid" to="contactid">'
    '<attribute name="msfsi_name"/></link-entity><order attribute="contactid"/></entity></fetch>'
)


def join(mark: int | None) -> str:
    """Return the path of a FetchXML query over contacts, those with a mark or all of them."""
    marked = f'<filter><condition attribute="{TAG}" operator="eq" value="{mark}"/></filter>'
    return f"contacts?fetchXml={quote(_FETCH.format(filter=marked if mark is not None else ''))}"


def fill(rows: int, folder: Path) -> tuple[Path, int]:
    """Make an environment with at least so many rows; return its file and a mark in it."""
    os.environ["SEEDKIT_HOME"] = str(folder)
    seed(SEEDED)
    file = folder / "local.sqlite3"
    layouts = [x for x in make_layouts(load_catalogue()).values() if TAG in x.position]
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("CREATE TEMP TABLE seeded (id TEXT PRIMARY KEY) WITHOUT ROWID")
        filled = [layout for layout in layouts if _note_ids(database, layout)]
        (seeded,) = database.execute("SELECT count(*) FROM seeded").fetchone()
        (mark,) = database.execute(f'SELECT max("{TAG}") FROM contact').fetchone()
        for copy in range(1, rows // seeded + 1):
            database.execute("BEGIN")
            for layout in filled:
                database.execute(_copy(layout), {"copy": copy})
            database.execute("COMMIT")
    return file, mark


def _note_ids(database: sqlite3.Connection, layout: Layout) -> int:
    return database.execute(
        f'INSERT INTO seeded SELECT "{layout.primary_id}" FROM "{layout.stored}" '
        f'WHERE "{TAG}" IS NOT NULL'
    ).rowcount


def _copy(layout: Layout) -> str:
    """Return the SQL that copies a table's seeded rows under other ids, keys and marks."""
    keys = {name for key in layout.table.alternate_keys.values() for name in key}
    columns = ", ".join(f'"{name}"' for name in layout.columns)
    values = ", ".join(_copied(layout, name, name in keys) for name in layout.columns)
    return (
        f'INSERT INTO "{layout.stored}" ({columns}) SELECT {values} FROM "{layout.stored}" '
        f'WHERE "{layout.primary_id}" IN seeded'
    )


def _copied(layout: Layout, name: str, is_key: bool) -> str:
    column = layout.table.columns.get(name)
    kind = "uniqueidentifier" if name == layout.primary_id or column is None else column.type
    if kind in ID_TYPES and "@" not in name:
        other = f"printf('%08x', :copy) || substr(\"{name}\", 9)"
        return f'CASE WHEN "{name}" IN seeded THEN {other} ELSE "{name}" END'
    if name == TAG:
        return f'"{name}" - :copy'
    return f"\"{name}\" || '-' || :copy" if is_key else f'"{name}"'


class Watch:
    """Milliseconds of each request: wall, and the server's processor."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.figures: dict[str, float] = {}

    @contextmanager
    def over(self, name: str) -> Iterator[None]:
        """Count what a block of requests takes."""
        wall, processor = self._server.seconds, self._server.processor()
        yield
        self.figures[f"{name}_milliseconds"] = (self._server.seconds - wall) * 1e3
        used = (self._server.processor() - processor) * 1e3
        self.figures[f"{name}_processor_milliseconds"] = used


def measure(rows: int, folder: Path) -> dict[str, float]:
    """Fill a file and ask a server over it."""
    began = time.perf_counter()
    file, mark = fill(rows, folder)
    filling = time.perf_counter() - began
    began, processor = time.perf_counter(), time.process_time()
    create_app(file, clock=lambda: datetime.now(UTC)).state.close()
    figures = {
        "rows": _count(file),
        "mebibytes": file.stat().st_size / 2**20,
        "filling_seconds": filling,
        "open_milliseconds": (time.perf_counter() - began) * 1e3,
        "open_processor_milliseconds": (time.process_time() - processor) * 1e3,
    }
    with served("emulator", file) as server:
        watch = Watch(server)
        _ask(server, watch, mark)
    return {**figures, **watch.figures}


def _count(file: Path) -> int:
    layouts = [x for x in make_layouts(load_catalogue()).values() if x.stored == x.name]
    with closing(sqlite3.connect(file)) as database:
        counts = [database.execute(f'SELECT count(*) FROM "{x.name}"') for x in layouts]
        return sum(found.fetchone()[0] for found in counts)


def _ask(server: Server, watch: Watch, mark: int) -> None:
    marked = f"contacts?$select=contactid&$filter=importsequencenumber eq {mark}"
    for name in ("first_request", "marked"):  # the first one also opens a connection to read
        with watch.over(name):
            found = _value(server, marked)
    contact = found[0]["contactid"]
    with watch.over("ten_pages"):
        path = ROOT + "msfsi_lifemoments?$select=msfsi_name"
        for _ in range(10):
            page = orjson.loads(server.good("GET", path, Prefer="odata.maxpagesize=5000"))
            if "@odata.nextLink" in page:
                path = "/" + page["@odata.nextLink"].split("/", 3)[3]
    with watch.over("fetch_join"):
        _value(server, join(mark), encoded=True)
    with watch.over("fetch_join_all"):
        _value(server, join(None), encoded=True)
    body = orjson.dumps({"lastname": "Marlowe", "emailaddress1": "marlowe@example.net"})
    with watch.over("create"):
        server.good("POST", ROOT + "contacts", body)
    with watch.over("delete_cascade"):
        server.good("DELETE", f"{ROOT}contacts({contact})")


def _value(server: Server, path: str, *, encoded: bool = False) -> list[dict[str, str]]:
    path = path if encoded else quote(path, safe="?$&=,()'")
    found: list[dict[str, str]] = orjson.loads(server.good("GET", ROOT + path))["value"]
    return found


if __name__ == "__main__":
    rows, folder = sys.argv[1:]
    print(json.dumps(measure(int(rows), Path(folder))))
