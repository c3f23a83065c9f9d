"""Testers: people with a browser, who see rows as they are now and have ways to change them.

A move draws what it is about and tells what it did; `None` when the environment would not have it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from seedkit.emulator import dump
from seedkit.schema import Relationship, Table, load_catalogue
from tests.purge.stories.ground import Row, Rows
from tests.purge.stories.theatre import API

COLLEAGUE = "jordan.pierce@bank.example"
TRIES = 12


@dataclass
class Tester:
    """A person with a browser.

    `seeded` are the rows that runs wrote, by their marks; `spared` those that are left alone.
    """

    url: str
    database: Path
    draw: random.Random
    seeded: dict[int, frozenset[Row]]
    spared: frozenset[Row] = frozenset()

    def __post_init__(self) -> None:
        self._client = httpx.Client(base_url=self.url + API, timeout=30)
        self._catalogue = load_catalogue()
        self._seen: Rows | None = None
        self._colleague = httpx.post(
            f"{self.url}/emulator/tokens", json={"user": COLLEAGUE, "seconds": 360_000}
        ).json()["access_token"]

    def close(self) -> None:
        self._client.close()

    def rows(self) -> Rows:
        """Return all rows; they are read again after a change."""
        if self._seen is None:
            self._seen = dump(self.database)
        return self._seen

    def table(self, name: str) -> Table:
        return self._catalogue[name]

    def at(self, row: Row) -> str:
        return f"{self.table(row[0]).entity_set}({row[1]})"

    def values(self, row: Row) -> dict[str, object]:
        """Return a row's columns."""
        key = self.table(row[0]).primary_id
        return next(one for one in self.rows()[row[0]] if one[key] == row[1])

    def ours(self, *tables: str) -> Row | None:
        """Draw a table, and of it a row of a run that is still there."""
        mine = frozenset[Row]().union(*self.seeded.values())
        return self._drawn(tables or sorted({table for table, _ in mine}), lambda row: row in mine)

    def theirs(self, *tables: str) -> Row | None:
        """Draw a table, and of it a row that is nobody's run's."""
        mine = frozenset[Row]().union(*self.seeded.values())
        drawn = self._drawn(tables, lambda row: row not in mine)
        return None if drawn in self.spared else drawn

    def _drawn(self, tables: Iterable[str], wanted: Callable[[Row], bool]) -> Row | None:
        there = self.rows()
        found = {
            name: rows
            for name in tables
            if (rows := [row for row in self._keys(name, there) if wanted(row)])
        }
        if not found:
            return None
        return self.draw.choice(sorted(found[self.draw.choice(sorted(found))]))

    def _keys(self, name: str, rows: Rows) -> list[Row]:
        key = self.table(name).primary_id
        return [(name, str(row[key])) for row in rows[name]]

    def ask(
        self,
        method: str,
        address: str,
        body: Mapping[str, object] | None = None,
        *,
        colleague: bool | None = None,
    ) -> bool:
        """Ask as the administrator or as a colleague; tell whether it was done."""
        self._seen = None
        colleague = self.draw.random() < 0.5 if colleague is None else colleague
        headers = {"Authorization": f"Bearer {self._colleague}"} if colleague else {}
        answer = self._client.request(method, address, json=body, headers=headers)
        if answer.status_code == httpx.codes.FORBIDDEN:
            answer = self._client.request(method, address, json=body)
        assert answer.status_code < 500, answer.text  # nothing that a tester does breaks it
        return answer.is_success

    def make(self, set_name: str, body: Mapping[str, object]) -> bool:
        return self.ask("POST", set_name, body)

    def children(self, table: str) -> tuple[Relationship, ...]:
        return self._catalogue.children[table]

    def body_of(self, table: Table) -> dict[str, object]:
        """Return what a new row of a table says of itself."""
        name = table.primary_name or ""
        named = name in table.columns and table.columns[name].creatable
        return {name: f"By a tester {self.draw.randrange(1000)}"} if named else {}

    def new_id(self, kind: str) -> str:
        return f"00000000-0000-4000-8000-{kind}{self.draw.randrange(16**10):010x}"


Move = Callable[[Tester], str | None]
