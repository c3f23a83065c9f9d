"""What must hold in the store after whatever was asked of it."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seedkit.emulator.storage.layout import (
    DATE_TYPES,
    VERSION,
    Layout,
    is_polymorphic,
    target_column,
)
from seedkit.emulator.storage.store import Store
from seedkit.schema import Column, Delete, load_catalogue

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").fullmatch
DAY = re.compile(r"\d{4}-\d\d-\d\d").fullmatch


def broken(database: Path) -> list[str]:
    """Return what does not hold in an environment's file, one line each."""
    store = Store(database, load_catalogue())
    store.follow_schema()
    try:
        return [*_file(store.connection), *_Checker(store).all()]
    finally:
        store.close()


def _file(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield line


class _Checker:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.stored = [x for x in store.layouts.values() if x.stored is not None]
        self.ids = {x.name: {row[0] for row in self._read(x, x.primary_id)} for x in self.stored}
        for layout in store.layouts.values():
            self.ids.setdefault(layout.name, {row[0] for row in self._read(layout, "activityid")}
                                if layout.primary_id == "activityid" else set())  # fmt: skip

    def all(self) -> Iterator[str]:
        for layout in self.stored:
            for column in layout.table.columns.values():
                if column.name in layout.position:
                    yield from self._column(layout, column)
            yield from self._states(layout)
            yield from self._owners(layout)
            yield from self._keys(layout)
            yield from self._pairs(layout)
        yield from self._versions()
        yield from self._activities()
        yield from self._files()

    def _read(self, layout: Layout, *names: str) -> list[Any]:
        quoted = ", ".join(f'"{name}"' for name in names)
        return self.store.connection.execute(f'SELECT {quoted} FROM "{layout.name}"').fetchall()

    def _column(self, layout: Layout, column: Column) -> Iterator[str]:
        names = [layout.primary_id, column.name]
        if is_polymorphic(column):
            names.append(target_column(column.name))
        for row_id, value, *kind in self._read(layout, *names):
            where = f"{layout.name}({row_id}).{column.name} = {value!r} {kind}"
            if value is None:
                if kind and kind[0] is not None:
                    yield f"{where}: a table without an id"
            elif column.is_lookup:
                yield from self._lookup(column, value, kind, where)
            elif not _fits(column, value):
                yield f"{where}: not a value of {column.type}"

    def _lookup(self, column: Column, value: str, kind: list[str], where: str) -> Iterator[str]:
        targets = column.targets or {}
        if GUID(value) is None:
            yield f"{where}: not an id"
        table = kind[0] if kind else next(iter(targets), None)
        if table is None or table not in targets:
            # What closes a case is about the case, though its column doesn't list cases.
            if targets and not where.startswith("incidentresolution("):
                yield f"{where}: not a target"
        elif value not in self.ids.get(table, {value}) and targets[table].on_delete not in (
            Delete.NONE,
            Delete.UNKNOWN,
        ):
            yield f"{where}: points at nothing"

    def _states(self, layout: Layout) -> Iterator[str]:
        reasons = layout.table.columns.get("statuscode")
        if reasons is None or reasons.options is None or "statecode" not in layout.position:
            return
        for row_id, state, reason in self._read(
            layout, layout.primary_id, "statecode", "statuscode"
        ):
            option = reasons.options.get(reason)
            if option is None or option.state != state:
                yield f"{layout.name}({row_id}): state {state} with reason {reason}"

    def _owners(self, layout: Layout) -> Iterator[str]:
        if not {"ownerid", "owninguser", "owningteam"} <= layout.position.keys():
            return
        found = self._read(
            layout, layout.primary_id, "ownerid", "ownerid@table", "owninguser", "owningteam"
        )
        for row_id, owner, kind, user, team in found:
            expected = (owner, None) if kind == "systemuser" else (None, owner)
            if owner is None or (user, team) != expected:
                yield f"{layout.name}({row_id}): owned by {owner}, {user}, {team}"

    def _keys(self, layout: Layout) -> Iterator[str]:
        for name, columns in layout.table.alternate_keys.items():
            rows = [r for r in self._read(layout, *columns) if None not in r]
            folded = Counter(tuple(str(value).lower() for value in row) for row in rows)
            yield from (f"{layout.name}: {name} {row} twice" for row, n in folded.items() if n > 1)

    def _pairs(self, layout: Layout) -> Iterator[str]:
        pairs = layout.table.many_to_many
        if pairs is None:
            return
        for side in (pairs.first, pairs.second):
            for (row_id,) in self._read(layout, side.column):
                if row_id not in self.ids[side.table]:
                    yield f"{layout.name}: {row_id} is paired, which is gone"

    def _versions(self) -> Iterator[str]:
        found = Counter(
            version
            for layout in self.stored
            for (version,) in self.store.connection.execute(
                f'SELECT "{VERSION}" FROM "{layout.stored}"'
            )
        )
        yield from (f"version {version} {n} times" for version, n in found.items() if n > 1)
        if found and max(found) > self.store.fact("version"):
            yield f"version {max(found)} is beyond the counter {self.store.fact('version')}"

    def _activities(self) -> Iterator[str]:
        pointer = self.store.layouts["activitypointer"]
        kinds = {x.name for x in self.stored
                 if x.primary_id == "activityid" and x.name != pointer.name}  # fmt: skip
        found = dict(self._read(pointer, "activityid", "activitytypecode"))
        expected = {row_id: kind for kind in kinds for row_id in self.ids[kind]}
        if found != expected:
            yield f"the general activities differ: {set(found.items()) ^ set(expected.items())}"
        for party, activity in self._read(
            self.store.layouts["activityparty"], "activitypartyid", "activityid"
        ):
            if activity not in expected:
                yield f"party {party} is in the activity {activity}, which is gone"

    def _files(self) -> Iterator[str]:
        query = 'SELECT "table", row, "column" FROM "file content"'
        for table, row_id, column in self.store.connection.execute(query):
            if row_id not in self.ids[table]:
                yield f"a file of {table}({row_id}).{column}, which is gone"


def _fits(column: Column, value: Any) -> bool:
    if column.type in ("picklist", "state", "status"):
        return column.options is None or value in column.options
    if column.type in ("integer", "bigint", "money", "decimal", "double"):
        low = float("-inf") if column.min is None else column.min
        high = float("inf") if column.max is None else column.max
        return not isinstance(value, str) and low <= value <= high
    if column.type in DATE_TYPES:
        return (MOMENT if column.type == "datetime" else DAY)(value) is not None
    if column.type in ("string", "memo"):
        return value != "" and len(value) <= (column.max_length or 2**30)
    return column.type != "uniqueidentifier" or GUID(value) is not None
