"""Where stories begin: environments with a life of their own, in which runs were seeded.

A ground is made once and copied for every story; the environment lives in a process of its own.
"""

from __future__ import annotations

import asyncio
import shutil
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import httpx

from seedkit.dataverse.client import RetryPolicy, WebApi
from seedkit.emulator import create_app, dump
from seedkit.ledger import Ledger
from seedkit.load import RecordSource, load
from seedkit.marks import read_id
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.records.batch import RecordBatch
from seedkit.schema import load_catalogue
from tests.purge.stories.banks import BANK, SERVICE, Bank, help_desk, profiled, tiny
from tests.purge.stories.others import OTHERS
from tests.purge.stories.theatre import API
from tests.purge.testers import DANA, who_is
from tests.worlds import NOW, FaultyTransport, no_sleep

Row = tuple[str, str]
Rows = dict[str, list[dict[str, object]]]
Index = dict[Row, dict[str, object]]
HEADER_TABLE = "annotation"
NUMBER = "importsequencenumber"


@dataclass(frozen=True)
class Kind:
    """What a ground is like: its runs, the tables that lack the number, and what befell the seed.

    All tables of our profiles have the number: rows of some are written without, and it is hidden.

    `edited` is a table of which somebody edits a row while it is seeded, `taken` one of which the
    first row is refused, and somebody's row has its id.
    """

    bank: Bank
    runs: tuple[str, ...] = ("first-0001",)
    unnumbered: tuple[str, ...] = ()
    edited: str | None = None
    taken: str | None = None


KINDS = {
    "tiny": Kind(tiny, edited="contact"),
    "two": Kind(tiny, runs=("first-0001", "second-0001")),
    "narrow": Kind(tiny, unnumbered=("contact", "msfsi_lifemoment"), taken="msfsi_lifemoment"),
    "help": Kind(help_desk),
    "bank": Kind(profiled(BANK)),
    "service": Kind(profiled(SERVICE), edited="contact"),
}


@dataclass(frozen=True)
class Seeding:
    """A run as it was when it was complete: its rows, and all that was there with them.

    `made_with` are the rows that came with them without being asked for; `began` and `ended` are
    the times of the header note.
    """

    plan: Plan
    rows: Index
    made_with: frozenset[Row]
    began: datetime
    ended: datetime

    @property
    def header(self) -> Row:
        return HEADER_TABLE, self.plan.stamp.ids(1, 0, 1)[0]


@dataclass(frozen=True)
class Ground:
    """A folder with an environment's file and a ledger, and the runs in it."""

    folder: Path
    seedings: tuple[Seeding, ...]

    def copy(self, folder: Path) -> Path:
        """Copy environment and ledger; return the environment's file."""
        return copy_all(self.folder, folder)


def copy_all(source: Path, target: Path) -> Path:
    """Copy an environment's file, and the ledger if there is one; return the former."""
    for name in ("local.sqlite3", "ledger.sqlite3"):
        if (source / name).exists():
            shutil.copy(source / name, target / name)
    return target / "local.sqlite3"


def indexed(rows: Rows) -> Index:
    """Return the rows of known tables by table and id."""
    catalogue = load_catalogue()
    return {
        (table, str(row[catalogue[table].primary_id])): row
        for table, found in rows.items()
        if table in catalogue
        for row in found
    }


def seeding_of(plan: Plan, before: Rows, after: Rows) -> Seeding:
    """Return what a seed added to an environment."""
    old = indexed(before)
    new = {key: row for key, row in indexed(after).items() if key not in old}
    ours = {
        key: row
        for key, row in new.items()
        if row.get(NUMBER) == plan.mark or _is_marked(key[1], plan)
    }
    note = ours[HEADER_TABLE, plan.stamp.ids(1, 0, 1)[0]]
    began, ended = (datetime.fromisoformat(str(note[name])) for name in ("createdon", "modifiedon"))
    return Seeding(plan, ours, frozenset(new.keys() - ours.keys()), began, ended)


def _is_marked(id: str, plan: Plan) -> bool:
    read = read_id(id)
    return read is not None and read.mark == plan.mark


def make_ground(folder: Path, name: str) -> Ground:
    """Make an environment with rows of others and some runs."""
    kind = KINDS[name]
    database = folder / "local.sqlite3"
    app = create_app(database, clock=lambda: NOW)
    transport = FaultyTransport(httpx.ASGITransport(app=app))
    with closing(Ledger.open(folder / "ledger.sqlite3")) as ledger:
        seedings = asyncio.run(_fill(kind, transport, database, ledger))
    app.state.close()
    hidden = [f"{table}.{NUMBER}" for table in kind.unnumbered]
    create_app(database, clock=lambda: NOW, settings={"hidden_columns": hidden}).state.close()
    return Ground(folder, seedings)


async def _fill(
    kind: Kind, transport: FaultyTransport, database: Path, ledger: Ledger
) -> tuple[Seeding, ...]:
    async with httpx.AsyncClient(transport=transport, base_url=f"http://localhost{API}") as client:
        for set_name, body in OTHERS:
            await _done(client, "POST", set_name, body)
        api = WebApi(transport, "http://localhost", RetryPolicy(), sleep=no_sleep)
        return tuple([await _seed(kind, run, client, api, database, ledger) for run in kind.runs])


async def _done(
    client: httpx.AsyncClient, method: str, path: str, body: object, **headers: str
) -> None:
    answer = await client.request(method, path, json=body, headers=headers)
    assert answer.is_success, answer.text


async def _seed(
    kind: Kind,
    run_id: str,
    client: httpx.AsyncClient,
    api: WebApi,
    database: Path,
    ledger: Ledger,
) -> Seeding:
    plan, source = await kind.bank(run_id, api)
    plan = _without_number(plan, kind)
    ledger.add_run(plan)
    if kind.edited:
        _edit_meanwhile(plan, kind.edited, client, api)
    before = dump(database)
    result = await load(plan, Narrow(source, kind), api, ledger, Unwatched())
    assert sum(result.refused.values()) == bool(kind.taken), list(ledger.lost_rows(run_id))
    seeding = seeding_of(plan, before, dump(database))
    if kind.taken:
        table = plan.table(kind.taken)
        id = plan.stamp.ids(table.number, 1, 1)[0]
        await _done(client, "POST", table.entity_set, {table.primary_id: id, "msfsi_name": "Mine"})
    return seeding


def _without_number(plan: Plan, kind: Kind) -> Plan:
    tables = [
        replace(table, numbered=table.numbered and table.name not in kind.unnumbered)
        for table in plan.tables
    ]
    return replace(plan, tables=tuple(tables))


class Narrow:
    """A source whose rows of some tables carry no number."""

    def __init__(self, source: RecordSource, kind: Kind) -> None:
        self._source = source
        self._kind = kind
        self.blocks = source.blocks

    def batches(self, block: int) -> list[RecordBatch]:
        return [self._narrowed(batch) for batch in self._source.batches(block)]

    def _narrowed(self, batch: RecordBatch) -> RecordBatch:
        if batch.table not in self._kind.unnumbered:
            return batch
        columns = {name: values for name, values in batch.columns.items() if name != NUMBER}
        if (batch.table, batch.block) == (self._kind.taken, 1):
            name = "msfsi_name"
            columns[name] = ["much too long " * 100, *columns[name][1:]]
        return replace(batch, columns=columns)


def _edit_meanwhile(plan: Plan, name: str, client: httpx.AsyncClient, api: WebApi) -> None:
    """Let a colleague edit the first row of a table as soon as it is there."""
    transport, table = api.transport, plan.table(name)
    assert isinstance(transport, FaultyTransport)
    id = plan.stamp.ids(table.number, 1, 1)[0]
    path = f"{table.entity_set}({id})"
    done: list[str] = []

    async def edit(request: httpx.Request) -> None:
        if not done and f'id":"{id}"'.encode() in request.content:
            done.append(path)
            headers = {"MSCRMCallerID": (await who_is(api, DANA)).id, "If-Match": "*"}
            await _done(client, "PATCH", path, {"jobtitle": "Edited"}, **headers)

    transport.after.append(edit)
