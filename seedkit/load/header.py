"""The header note: a run's plan, kept in the environment itself.

It is the first row of a run and the last that a purge deletes; from it a machine without the
ledger can purge, or go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import NUMBER_COLUMN
from seedkit.errors import ServiceError, UsageError
from seedkit.ledger import Origin, Range, RunState, Step
from seedkit.load.lost import Ended
from seedkit.marks import read_id
from seedkit.plan import FORMAT, Plan, digest_of
from seedkit.records.batch import BANK_BLOCK

NOTE_TABLE = "annotation"
NOTE_SET = "annotations"
SUBJECT = "seedkit run "
NOT_FOUND = 404
ALREADY_THERE = 412
HEADER = Range(Step.CREATE, NOTE_TABLE, BANK_BLOCK, 0, 1)
# The states that a note tells of.
SEEDING, SEEDED, KEPT = "seeding", "seeded", "partly kept"


def note_id(plan: Plan) -> str:
    """Return the id of a run's header note: the first row of its table."""
    return plan.stamp.ids(plan.table(NOTE_TABLE).number, block=0, count=1)[0]


async def write_header(api: WebApi, plan: Plan) -> None:
    """Write the header note; one that is there already is left as it is."""
    body = {
        "annotationid": note_id(plan),
        NUMBER_COLUMN: plan.mark,
        "subject": SUBJECT + plan.run_id,
        "notetext": _text(plan, {"state": SEEDING, "makers": sorted(plan.makers)}),
    }
    try:
        await api.send("POST", NOTE_SET, orjson.dumps(body), repeatable=True)
    except ServiceError as error:
        if error.status != ALREADY_THERE:
            raise


async def finish_header(
    api: WebApi,
    plan: Plan,
    rows: Mapping[str, int],
    origin: Origin,
    ended: Mapping[Ended, int],
) -> Origin:
    """Complete the header note; return where the run's rows come from, now that it has ended.

    `ended` is how many rows ended in each state.

    The note's own version after the last row is the highest of the run, and the service's times of
    the note are those of the run: our clock may go wrong.
    """
    if not await restate_header(api, plan, SEEDED, origin, rows, ended):
        await write_header(api, plan)  # somebody deleted it meanwhile
        await restate_header(api, plan, SEEDED, origin, rows, ended)
    row = await api.get(
        f"{NOTE_SET}({note_id(plan)})", {"$select": "versionnumber,createdon,modifiedon"}
    )
    began = min(filter(None, (origin.began, row["createdon"])), default=None)
    closed = Origin(origin.makers, began, row["modifiedon"], int(row["versionnumber"]))
    await restate_header(api, plan, SEEDED, closed, rows, ended)
    return closed


async def restate_header(
    api: WebApi,
    plan: Plan,
    state: str,
    origin: Origin,
    rows: Mapping[str, int] | None = None,
    ended: Mapping[Ended, int] | None = None,
) -> bool:
    """Write the header note anew, with a state; tell whether it was there."""
    facts = {**_facts(origin), **({} if rows is None else {"rows": dict(rows)})}
    if ended is not None:
        facts["states"] = [[*key, count] for key, count in sorted(ended.items())]
    body = orjson.dumps({"notetext": _text(plan, {"state": state, **facts})})
    address = f"{NOTE_SET}({note_id(plan)})"
    try:
        await api.send("PATCH", address, body, {"If-Match": "*"}, repeatable=True)
    except ServiceError as error:
        if error.status != NOT_FOUND:
            raise
        return False
    return True


async def noted_origin(api: WebApi, plan: Plan) -> Origin | None:
    """Return where a run's rows come from by its note; None without one that can be believed."""
    row = await _own_note(api, plan)
    try:
        return None if row is None else _origin(_whole(row), row["createdon"])
    except _UNREADABLE:
        return None


async def noted_plan(api: WebApi, plan: Plan) -> Plan | None:
    """Return the plan in a run's note; in a copy it names the original environment."""
    row = await _own_note(api, plan)
    noted = None if row is None else _read(row)
    return None if noted is None else noted.plan


async def expected_rows(api: WebApi, plan: Plan) -> dict[str, int]:
    """Return the rows per table that the finished header note tells of.

    Empty before that, and when the note is gone or a person changed it.
    """
    row = await _own_note(api, plan)
    try:
        rows = {} if row is None else _status(row)["rows"]
        return {str(table): int(count) for table, count in rows.items()}
    except _UNREADABLE:
        return {}


async def expected_states(api: WebApi, plan: Plan) -> dict[Ended, int]:
    """Return how many rows ended in each state by the finished header note; empty as above."""
    row = await _own_note(api, plan)
    try:
        ended = [] if row is None else _status(row).get("states", [])
        return {
            (str(table), int(state), int(status)): int(count)
            for table, state, status, count in ended
        }
    except _UNREADABLE:
        return {}


async def _own_note(api: WebApi, plan: Plan) -> dict[str, Any] | None:
    """Read a run's header note; None when it is gone."""
    query = {"$select": "annotationid,notetext,createdon"}
    try:
        row: dict[str, Any] = await api.get(f"{NOTE_SET}({note_id(plan)})", query)
    except ServiceError as error:
        if error.status != NOT_FOUND:
            raise
        return None
    return row


@dataclass(frozen=True, slots=True)
class Noted:
    """A run as its header note tells of it; `watermark` as in `Origin`, None before its end."""

    plan: Plan
    state: str
    watermark: int | None

    @property
    def run_state(self) -> RunState:
        """Return how far the run has come; what is not finished is on its way."""
        states = {SEEDED: RunState.SEEDED, KEPT: RunState.KEPT}
        return states.get(self.state, RunState.SEEDING)


@dataclass(frozen=True, slots=True)
class Headers:
    """The header notes of an environment, oldest first.

    `damaged` are the ids of runs whose note a person changed; `later` maps the ids of those that
    a later version of seedkit wrote to that version.
    """

    runs: tuple[Noted, ...]
    damaged: tuple[str, ...]
    later: Mapping[str, str]

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Return the plans in the notes."""
        return tuple(run.plan for run in self.runs)


async def find_headers(api: WebApi) -> Headers:
    """Return the header notes that are in the environment."""
    query = {
        "$select": "annotationid,subject,notetext",
        "$filter": f"startswith(subject,'{SUBJECT}')",
        "$orderby": "createdon asc",
    }
    runs: list[Noted] = []
    damaged: list[str] = []
    later: dict[str, str] = {}
    for row in await api.all(NOTE_SET, query):
        run_id = row["subject"].removeprefix(SUBJECT)
        if (noted := _read(row)) is not None:
            runs.append(noted)
        elif (version := _later(row)) is not None:
            later[run_id] = version
        elif read_id(row["annotationid"]):
            # A person's own note may begin with the same words; its id does not carry a mark.
            damaged.append(run_id)
    return Headers(tuple(runs), tuple(damaged), later)


def _text(plan: Plan, status: dict[str, Any]) -> str:
    return orjson.dumps({**status, "digest": plan.digest, "plan": plan.to_json()}).decode()


# What comes of reading a note that a person wrote or changed.
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, UsageError)


def _facts(origin: Origin) -> dict[str, Any]:
    return {
        "makers": sorted(origin.makers),
        "began": origin.began,
        "ended": origin.ended,
        "watermark": origin.watermark,
    }


def _origin(status: Mapping[str, Any], created: str) -> Origin:
    """Read what a note says; earlier versions told less, and a run without an end is on its way."""
    began = status.get("began") or created
    if status["state"] == SEEDING:
        return Origin(frozenset(status.get("makers", ())), began)
    makers = frozenset(status.get("makers", ()))
    return Origin(makers, began, status.get("ended"), status.get("watermark"))


def _status(row: dict[str, Any]) -> Any:
    return orjson.loads(row["notetext"] or "")


def _read(row: dict[str, Any]) -> Noted | None:
    """Return what a note tells of, or None when a person wrote or changed it."""
    try:
        status = _whole(row)
        plan = Plan.from_json(status["plan"])
        noted = Noted(plan, str(status["state"]), status.get("watermark"))
        return noted if note_id(plan) == row["annotationid"] else None
    except _UNREADABLE:
        return None


def _later(row: dict[str, Any]) -> str | None:
    """Return the version of seedkit that wrote a whole note which this one can't read."""
    try:
        plan = _whole(row)["plan"]
        return str(plan["fingerprint"]["seedkit"]) if plan["format"] > FORMAT else None
    except _UNREADABLE:
        return None


def _whole(row: dict[str, Any]) -> Any:
    """Return what a note holds; ValueError when its plan is not the one that was written."""
    status = _status(row)
    if digest_of(status["plan"]) != status["digest"]:
        raise ValueError("somebody changed the plan")
    return status
