"""What the machine allows: the same web server with nothing but SQLite behind it.

    POST /rows/TABLE                       {"Targets": [...]} becomes one executemany
    GET /rows/TABLE?mark=&after=&size=     a page of ids by the index on the mark

Nothing is checked, filled in or linked: no types, keys, rights, rules or references.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
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


class Bare:
    """One database with tables that hold the columns of the emulator's, and a key each."""

    def __init__(self, file: Path, tables: Mapping[str, Sequence[str]]) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -65536"):
            self._connection.execute(f"PRAGMA {pragma}").fetchall()
        for name, (key, *columns) in tables.items():
            rest = "".join(f', "{column}"' for column in columns)
            self._connection.execute(f'CREATE TABLE "{name}" ("{key}" TEXT PRIMARY KEY{rest})')
            if MARK in columns:
                index = f'CREATE INDEX "{name}.mark" ON "{name}" ("{MARK}", "{key}")'
                self._connection.execute(index)
        self._columns = {name: {column.lower() for column in named} for name, named in tables.items()}
        self._keys = {name: columns[0] for name, columns in tables.items()}

    async def insert(self, request: Request) -> Response:
        """Insert the targets of a body; columns are those of the first."""
        table, targets = request.path_params["table"], orjson.loads(await request.body())["Targets"]
        known, key = self._columns[table], self._keys[table]
        names = {name: _column(name) for target in targets for name in target}
        names = {name: column for name, column in names.items() if column in known}
        head = ", ".join(f'"{column}"' for column in names.values())
        rows = [[_value(name, target.get(name)) for name in names] for target in targets]
        self._connection.execute("BEGIN")
        self._connection.executemany(
            f'INSERT INTO "{table}" ({head}) VALUES ({", ".join("?" * len(names))})', rows
        )
        self._connection.execute("COMMIT")
        return _json({"Ids": [target[key] for target in targets]})

    async def page(self, request: Request) -> Response:
        """Return a page of ids with a mark, in the order of the ids."""
        table, options = request.path_params["table"], request.query_params
        key = self._keys[table]
        found = self._connection.execute(
            f'SELECT "{key}" FROM "{table}" WHERE "{MARK}" = ? AND "{key}" > ? '
            f'ORDER BY "{key}" LIMIT ?',
            (int(options["mark"]), options["after"], int(options["size"])),
        ).fetchall()
        return _json({"value": [{key: row[0]} for row in found]})


def make_bare(file: Path, tables: Mapping[str, Sequence[str]]) -> Starlette:
    """Return the application; `tables` names the columns of each, the key first."""
    bare = Bare(file, tables)
    return Starlette(
        routes=[
            Route("/rows/{table}", bare.insert, methods=["POST"]),
            Route("/rows/{table}", bare.page, methods=["GET"]),
        ]
    )


def _json(data: Any) -> Response:
    return Response(orjson.dumps(data), media_type="application/json")


def _column(name: str) -> str:
    """Return the column that a property goes to: a bind is called as its lookup, but for case."""
    return name.removesuffix(BIND).lower()


def _value(name: str, value: Any) -> Any:
    if name.endswith(BIND) and value is not None:
        match = _ID_IN(value)
        return value if match is None else match[1]
    return value
