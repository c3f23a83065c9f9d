"""What a bulk delete job is to do, as it lies in the database file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import orjson

from seedkit.emulator.storage.store import Store

_TABLE = (
    "CREATE TABLE IF NOT EXISTS job (id TEXT PRIMARY KEY, content TEXT, ticks INTEGER);"
    "CREATE TABLE IF NOT EXISTS job_row (job TEXT, number INTEGER, query INTEGER, row TEXT, "
    "PRIMARY KEY (job, number)) WITHOUT ROWID"
)


@dataclass(frozen=True, slots=True)
class Job:
    """One job: `id` is its asyncoperation, `operation` its bulkdeleteoperation."""

    id: str
    operation: str
    owner: str
    name: str
    queries: tuple[dict[str, Any], ...]
    starts: str
    submitted: str
    recoverable: bool
    every_days: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """One row that a job is to delete: its place, the index of the query that found it, its id."""

    number: int
    query: int
    row_id: str


class Jobs:
    """The jobs of a database file; the tables are made when the first job comes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._execute = store.connection.execute

    def all(self) -> list[Job]:
        """Return the jobs that are not finished."""
        if not self._execute("SELECT 1 FROM sqlite_master WHERE name = 'job'").fetchone():
            return []
        found = self._execute("SELECT content FROM job ORDER BY rowid")
        return [_read(content) for (content,) in found]

    def add(self, job: Job) -> None:
        """Keep a job."""
        for statement in _TABLE.split(";"):
            self._execute(statement)
        self._execute(
            "INSERT OR REPLACE INTO job VALUES (?, ?, 0)", (job.id, orjson.dumps(asdict(job)))
        )

    def remove(self, job: Job) -> None:
        """Forget a job and the rows that it had left."""
        self._execute("DELETE FROM job WHERE id = ?", (job.id,))
        self._execute("DELETE FROM job_row WHERE job = ?", (job.id,))

    def tick(self, job: Job) -> int:
        """Count a request that came while the job was there; return how many there were."""
        query = "UPDATE job SET ticks = ticks + 1 WHERE id = ? RETURNING ticks"
        ticks: int = self._execute(query, (job.id,)).fetchone()[0]
        return ticks

    def queue(self, job: Job, rows: list[tuple[int, str]]) -> None:
        """Keep the rows that a job is to delete: index of the query and id."""
        self._store.connection.executemany(
            "INSERT INTO job_row VALUES (?, ?, ?, ?)",
            ((job.id, number, query, row_id) for number, (query, row_id) in enumerate(rows)),
        )

    def next_rows(self, job: Job, limit: int) -> list[Item]:
        """Return the next rows of a job."""
        query = "SELECT number, query, row FROM job_row WHERE job = ? ORDER BY number LIMIT ?"
        return [Item(*found) for found in self._execute(query, (job.id, limit))]

    def done(self, job: Job, up_to: int) -> None:
        """Forget the rows of a job up to a place."""
        self._execute("DELETE FROM job_row WHERE job = ? AND number <= ?", (job.id, up_to))


def _read(content: bytes | str) -> Job:
    data = orjson.loads(content)
    return Job(**{**data, "queries": tuple(data["queries"])})
