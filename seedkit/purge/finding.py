"""Marks that nobody knows any more: found by the numbers and ids of rows, in every table.

What is found is described, and can be made a plan that a purge understands; whether such rows may
go is for a person to decide.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from seedkit.dataverse.answers import UNREADABLE
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import Environment
from seedkit.dataverse.metadata import NUMBER_COLUMN, TableWithNumber, read_numbered_tables
from seedkit.errors import ServiceError
from seedkit.load.header import NOTE_SET, NOTE_TABLE, SUBJECT
from seedkit.marks import HIGHEST_MARK, mark_text, read_id
from seedkit.plan import Plan, TablePlan

NO_NUMBER = 0xFFF  # stands for the number of a table of which no id tells it


@dataclass(slots=True)
class FoundRows:
    """Rows of one table with one mark: how many, how many ids carry it too, what those ids say."""

    table: TableWithNumber
    rows: int = 0
    numbers: Counter[int] = field(default_factory=Counter)

    @property
    def fitting(self) -> int:
        """Return how many ids carry the mark as well."""
        return self.numbers.total()

    @property
    def number(self) -> int:
        """Return the table's number in the run, as most ids say it."""
        return self.numbers.most_common(1)[0][0] if self.numbers else NO_NUMBER


@dataclass(slots=True)
class FoundMark:
    """What is there of a mark: rows by table, when they were made and by whom, and its note.

    `run` is what a header note calls the run, None where no note carries the mark.
    """

    mark: int
    tables: dict[str, FoundRows] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    makers: set[str] = field(default_factory=set)
    starts: Counter[int] = field(default_factory=Counter)
    run: str | None = None

    @property
    def name(self) -> str:
        """Return the mark as ids begin with it."""
        return mark_text(self.mark)

    @property
    def rows(self) -> int:
        """Return how many rows there are."""
        return sum(found.rows for found in self.tables.values())

    @property
    def fitting(self) -> int:
        """Return for how many rows the id says the same."""
        return sum(found.fitting for found in self.tables.values())


@dataclass(frozen=True, slots=True)
class Search:
    """Marks that were found, the oldest first, and why tables could not be searched."""

    marks: tuple[FoundMark, ...]
    unsearched: Mapping[str, str]


async def search_marks(api: WebApi, only: int | None = None) -> Search:
    """Look into every table that has the column; `only` looks for one mark."""
    tables = await read_numbered_tables(api)
    marks: defaultdict[int, FoundMark] = defaultdict(lambda: FoundMark(0))
    reasons = await asyncio.gather(*(_search(api, table, marks, only) for table in tables))
    for mark, found in marks.items():
        found.mark = mark
    await _name_runs(api, marks)
    await _name_makers(api, marks.values())
    unsearched = {
        table.name: reason for table, reason in zip(tables, reasons, strict=True) if reason
    }
    return Search(tuple(sorted(marks.values(), key=lambda found: found.first)), unsearched)


async def _search(
    api: WebApi, table: TableWithNumber, marks: Mapping[int, FoundMark], only: int | None
) -> str:
    """Count a table's rows by mark; return why it can't be searched, empty when it can."""
    wanted = f"eq {only}" if only is not None else f"le {HIGHEST_MARK}"
    columns = [table.primary_id, NUMBER_COLUMN, "createdon", "_createdby_value"]
    query = {
        "$select": ",".join([*columns, *(["overriddencreatedon"] if table.backdates else [])]),
        "$filter": f"{NUMBER_COLUMN} {wanted}",
    }
    try:
        async for page in api.pages(table.entity_set, query):
            for row in page:
                _count(marks[row[NUMBER_COLUMN]], table, row)
    except ServiceError as error:
        if error.status not in UNREADABLE:
            raise
        return error.reason
    return ""


def _count(found: FoundMark, table: TableWithNumber, row: Mapping[str, Any]) -> None:
    rows = found.tables.setdefault(table.name, FoundRows(table))
    rows.rows += 1
    read = read_id(row[table.primary_id])
    if read is not None and read.mark == row[NUMBER_COLUMN]:
        rows.numbers[read.table_number] += 1
        found.starts[read.started] += 1
    # A row that was given a day of the past was made at the moment that this column keeps.
    made = row.get("overriddencreatedon") or row["createdon"] or ""
    found.first = min(found.first or made, made)
    found.last = max(found.last, made)
    if row["_createdby_value"]:
        found.makers.add(row["_createdby_value"])


async def _name_runs(api: WebApi, marks: Mapping[int, FoundMark]) -> None:
    """Tell of which run a note with a mark speaks, whatever became of its text."""
    query = {"$select": "annotationid,subject", "$filter": f"startswith(subject,'{SUBJECT}')"}
    for row in await api.all(NOTE_SET, query):
        read = read_id(row["annotationid"])
        if read is not None and read.mark in marks:
            marks[read.mark].run = row["subject"].removeprefix(SUBJECT)


async def _name_makers(api: WebApi, marks: Iterable[FoundMark]) -> None:
    """Put names in the place of users' ids, where they are known."""
    found = list(marks)
    ids = sorted(set().union(*(mark.makers for mark in found)))
    names = dict(zip(ids, await asyncio.gather(*(_user(api, id) for id in ids)), strict=True))
    for mark in found:
        mark.makers = {names[id] for id in mark.makers}


async def _user(api: WebApi, id: str) -> str:
    try:
        row = await api.get(f"systemusers({id})", {"$select": "fullname"})
    except ServiceError as error:
        if error.status not in UNREADABLE:
            raise
        return id
    return row["fullname"] or id


def plan_of(found: FoundMark, here: Environment, now: datetime) -> Plan:
    """Return a plan that is enough to purge what was found of a mark."""
    tables = [_table_plan(rows) for rows in found.tables.values()]
    if NOTE_TABLE not in found.tables:
        note = TableWithNumber(NOTE_TABLE, NOTE_SET, f"{NOTE_TABLE}id", backdates=False)
        tables.append(_table_plan(FoundRows(note)))
    return Plan(
        run_id=f"found-{found.name}",
        mark=found.mark,
        started=found.starts.most_common(1)[0][0] if found.starts else 0,
        created=now.isoformat(timespec="seconds"),
        profile_name="found",
        profile={},
        as_of=now.date().isoformat(),
        fingerprint={},
        environment=replace(here, user=""),  # who made the rows is not known for sure
        currencies={},
        foreign_sets={},
        tables=tuple(tables),
    )


def _table_plan(rows: FoundRows) -> TablePlan:
    table = rows.table
    return TablePlan(
        name=table.name,
        number=rows.number,
        entity_set=table.entity_set,
        primary_id=table.primary_id,
        layer=0,
        create_by="",
        update_by="",
        numbered=True,
        binds={},
        deferred=(),
    )
