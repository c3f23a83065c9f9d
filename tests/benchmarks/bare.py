"""What the machine allows: the same web server with nothing but SQLite behind it.

    POST /rows/TABLE                       {"Targets": [...]} becomes one executemany
    GET /rows/TABLE?mark=&after=&size=     a page of ids by the index on the mark

Nothing is checked, filled in or linked: no types, keys, rights, rules or references.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

BIND = "@odata.bind"
MARK = "importsequencenumber"
_ID_IN = re.compile(r"\(([^)]*)\)").search


@dataclass(frozen=True, slots=True)
class BareTable:
    """A table's columns, the key first, and the columns behind its binds."""

    columns: Sequence[str]
    binds: Mapping[str, str]

    def column(self, name: str) -> str | None:
        """Return the column that a property of a body goes to."""
        return self.binds.get(name) if name.endswith(BIND) else None if "@" in name else name


class Bare:
    """One database with tables that hold the columns of the emulator's, and a key each."""

    def __init__(self, file: Path, tables: Mapping[str, BareTable]) -> None:
        self._tables = tables
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -65536"):
            self._connection.execute(f"PRAGMA {pragma}").fetchall()
        for name, table in tables.items():
            key, *columns = table.columns
            rest = "".join(f', "{column}"' for column in columns)
            self._connection.execute(f'CREATE TABLE "{name}" ("{key}" TEXT PRIMARY KEY{rest})')
            if MARK in columns:
                index = f'CREATE INDEX "{name}.mark" ON "{name}" ("{MARK}", "{key}")'
                self._connection.execute(index)

    async def insert(self, request: Request) -> Response:
        """Insert the targets of a body."""
        name, targets = request.path_params["table"], orjson.loads(await request.body())["Targets"]
        table = self._tables[name]
        sent = dict.fromkeys(sent for target in targets for sent in target)
        found = {sent: column for sent in sent if (column := table.column(sent))}
        head = ", ".join(f'"{column}"' for column in found.values())
        rows = [[_value(sent, target.get(sent)) for sent in found] for target in targets]
        self._connection.execute("BEGIN")
        self._connection.executemany(
            f'INSERT INTO "{name}" ({head}) VALUES ({", ".join("?" * len(found))})', rows
        )
        self._connection.execute("COMMIT")
        return _json({"Ids": [target[table.columns[0]] for target in targets]})

    async def page(self, request: Request) -> Response:
        """Return a page of ids with a mark, in the order of the ids."""
        table, options = request.path_params["table"], request.query_params
        key = self._tables[table].columns[0]
        found = self._connection.execute(
            f'SELECT "{key}" FROM "{table}" WHERE "{MARK}" = ? AND "{key}" > ? '
            f'ORDER BY "{key}" LIMIT ?',
            (int(options["mark"]), options["after"], int(options["size"])),
        ).fetchall()
        return _json({"value": [{key: row[0]} for row in found]})


def make_bare(file: Path, tables: Mapping[str, BareTable]) -> Starlette:
    """Return the application over a new file with these tables."""
    bare = Bare(file, tables)
    return Starlette(
        routes=[
            Route("/rows/{table}", bare.insert, methods=["POST"]),
            Route("/rows/{table}", bare.page, methods=["GET"]),
        ]
    )


def _json(data: Any) -> Response:
    return Response(orjson.dumps(data), media_type="application/json")


def _value(name: str, value: Any) -> Any:
    if name.endswith(BIND) and value is not None:
        match = _ID_IN(value)
        return value if match is None else match[1]
    return value
