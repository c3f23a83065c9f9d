"""A range of rows on its way: what to send, by which message, and what is there already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from seedkit.dataverse.batch import Operation, send_batch
from seedkit.dataverse.client import WebApi, seconds_of
from seedkit.dataverse.listing import among, windows
from seedkit.dataverse.metadata import NUMBER_COLUMN
from seedkit.errors import ServiceError
from seedkit.ledger import Range, Step
from seedkit.load.states import CLOSE, RESOLUTION, final_states, is_final
from seedkit.plan import Plan, TablePlan
from seedkit.records.batch import STATE, STATUS, Lookup, RecordBatch

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Work:
    """Making the rows of a range, or what is done to them when they are there."""

    api: WebApi
    plan: Plan
    step: Step
    table: TablePlan
    batch: RecordBatch
    bodies: dict[int, Body]  # by row number; rows without anything to do have none

    @property
    def message(self) -> str:
        """Return the message that does the work: a bulk message or `$batch`."""
        return message_of(self.table, self.step)

    @property
    def checkable(self) -> bool:
        """Tell whether asking says what was done; setting a lookup twice does no harm.

        Unless the row has its final state by then: what is closed can't be changed.
        """
        return self.step is not Step.LINK or self.batch.states is not None

    async def send(
        self, rows: Sequence[int], took: Callable[[float], None]
    ) -> list[tuple[int, ServiceError]]:
        """Send rows in one request; return those that were refused one by one.

        `took` hears how many seconds the answer took, when there was one.
        A bulk message is all or nothing: it raises ServiceError without saying which row it was.
        """
        message = self.message
        bodies = [self.bodies[row] for row in rows]
        if message == "$batch":
            operations = [self._operation(body) for body in bodies]
            outcomes = await send_batch(self.api, operations, took=took)
            return [
                (row, ServiceError(outcome.status, outcome.code, outcome.message))
                for row, outcome in zip(rows, outcomes, strict=True)
                if not outcome.ok
            ]
        kind = {"@odata.type": f"Microsoft.Dynamics.CRM.{self.table.name}"}
        answer = await self.api.post(
            f"{self.table.entity_set}/Microsoft.Dynamics.CRM.{message}",
            {"Targets": [kind | body for body in bodies]},
            rows=len(bodies),
        )
        if self.step is Step.CREATE and _made(answer.content) != len(bodies):
            raise ServiceError(answer.status_code, "", "a bulk message got half an answer")
        took(seconds_of(answer))
        return []

    async def existing(self, rows: Sequence[int]) -> set[int]:
        """Return which rows are there already and carry our mark; or have their final state."""
        by_id = {self.batch.ids[row]: row for row in rows}
        found: set[int] = set()
        for window in windows(list(by_id)):
            for there in await _existing(self, window):
                row = by_id[there[self.table.primary_id]]
                if self.step is Step.CREATE or is_final(self.batch, row, there):
                    found.add(row)
        return found

    def _operation(self, body: Body) -> Operation:
        if self.step is Step.CREATE:
            return Operation("POST", self.table.entity_set, body)
        if RESOLUTION in body:
            return Operation("POST", CLOSE, body)
        key = self.table.primary_id
        rest = {name: value for name, value in body.items() if name != key}
        address = f"{self.table.entity_set}({body[key]})"
        return Operation("PATCH", address, rest, must_exist=True)


def message_of(table: TablePlan, step: Step) -> str:
    """Return by which message rows of a table are made, or changed.

    No document says that a bulk message takes states; single updates do.
    """
    if step.changes_states:
        return "$batch"
    return table.create_by if step is Step.CREATE else table.update_by


def _made(content: bytes) -> int:
    """Return how many ids an answer to a bulk create lists; -1 when it can't be read."""
    try:
        return len(orjson.loads(content)["Ids"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return -1


def creation(api: WebApi, plan: Plan, batch: RecordBatch, part: Range) -> Work:
    """Return the work of making a range of rows, without the lookups that close cycles."""
    table = plan.table(part.table)
    unknown = () if table.numbered else (NUMBER_COLUMN,)
    rows = batch.rows(
        lambda lookup: _bind(plan, table, lookup),
        leave_out=frozenset({*table.deferred, *unknown}),
        first=part.first,
        count=part.count,
    )
    return Work(api, plan, Step.CREATE, table, batch, dict(enumerate(rows, part.first)))


def linking(api: WebApi, plan: Plan, batch: RecordBatch, part: Range) -> Work:
    """Return the work of setting the lookups of a range that close cycles."""
    table = plan.table(part.table)
    deferred = [lookup for lookup in batch.lookups if lookup.column in table.deferred]
    bodies: dict[int, Body] = {}
    for row in range(part.first, part.first + part.count):
        links = dict(_links(plan, table, deferred, row))
        if links:
            bodies[row] = {table.primary_id: batch.ids[row], **links}
    return Work(api, plan, Step.LINK, table, batch, bodies)


def moving(api: WebApi, plan: Plan, batch: RecordBatch, part: Range) -> Work:
    """Return the work of giving the rows of a range their final states."""
    table = plan.table(part.table)
    rows = range(part.first, part.first + part.count)
    bodies = final_states(plan, batch, rows, of_parents=part.step is Step.PARENT_STATE)
    return Work(api, plan, part.step, table, batch, bodies)


def _links(
    plan: Plan, table: TablePlan, lookups: Iterable[Lookup], row: int
) -> Iterable[tuple[str, str]]:
    for lookup in lookups:
        if lookup.ids[row] is not None:
            name, prefix = _bind(plan, table, lookup)
            yield name, f"{prefix}({lookup.ids[row]})"


def _bind(plan: Plan, table: TablePlan, lookup: Lookup) -> tuple[str, str]:
    """Return the property name and address prefix of a lookup, by the environment's own names."""
    key = f"{lookup.column}:{lookup.target}"
    bind = table.references[key] if key in table.references else table.binds[key]
    return f"{bind}@odata.bind", f"/{plan.sets[lookup.target]}"


async def _existing(work: Work, ids: Sequence[str]) -> list[dict[str, Any]]:
    key = work.table.primary_id
    ours = f" and {NUMBER_COLUMN} eq {work.plan.mark}" if work.table.numbered else ""
    columns = (key,) if work.step is Step.CREATE else (key, STATE, STATUS)
    query = {"$select": ",".join(columns), "$filter": among(key, ids) + ours}
    return await work.api.all(work.table.entity_set, query)
