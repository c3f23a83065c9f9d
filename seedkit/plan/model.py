"""A plan: a profile resolved against an environment, frozen. A run is nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

import orjson

from seedkit.dataverse.environment import Environment
from seedkit.errors import LedgerError, UsageError
from seedkit.marks import Stamp

FORMAT = 1
LATEST = "latest"  # means the newest run, so no run can be called so
RUN_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,38}[a-z0-9]")


def check_run_id(run_id: str) -> str:
    """Return a run id that is fit for keys, addresses and file names; UsageError otherwise."""
    if not RUN_ID.fullmatch(run_id) or run_id == LATEST:
        raise UsageError(
            f"The run id {run_id!r} won't do.",
            "Use 2 to 40 lower-case letters, digits and hyphens, such as --run-id retail-7f3a",
        )
    return run_id


def meant(plans: Sequence[Plan], name: str, *, whole: bool = False) -> list[Plan]:
    """Return the plans that a name may mean: the newest for `latest`, an exact id, a beginning.

    `whole` takes no beginning of an id for the id.
    """
    if name == LATEST:
        return sorted(plans, key=lambda plan: plan.created)[-1:]
    exact = [plan for plan in plans if plan.run_id == name]
    return exact or [plan for plan in plans if not whole and plan.run_id.startswith(name)]


@dataclass(frozen=True, slots=True)
class TablePlan:
    """How a table's rows are made: its address, message, layer and lookups.

    `binds` maps "column:target" to the exact name before `@odata.bind`; `deferred` lists the
    lookups that close a cycle and are set in a second pass; `create_by` and `update_by` are a
    bulk message or `$batch`; `numbered` tells whether rows carry the mark in a column.
    """

    name: str
    number: int
    entity_set: str
    primary_id: str
    layer: int
    create_by: str
    update_by: str
    numbered: bool
    binds: Mapping[str, str]
    deferred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides a run's rows and where they go."""

    run_id: str
    mark: int
    started: int
    created: str
    profile_name: str
    profile: Mapping[str, Any]
    as_of: str
    fingerprint: Mapping[str, str]
    environment: Environment
    currencies: Mapping[str, str]
    foreign_sets: Mapping[str, str]
    tables: tuple[TablePlan, ...]

    @property
    def stamp(self) -> Stamp:
        """Return what all ids of the run share."""
        return Stamp(self.mark, self.started)

    @property
    def as_of_date(self) -> date:
        """Return the day at which the bank's world is seen."""
        return date.fromisoformat(self.as_of)

    @property
    def layers(self) -> tuple[tuple[TablePlan, ...], ...]:
        """Return the tables by layer, parents first."""
        count = 1 + max(table.layer for table in self.tables)
        return tuple(
            tuple(table for table in self.tables if table.layer == number)
            for number in range(count)
        )

    def table(self, name: str) -> TablePlan:
        """Return the plan of one table; LedgerError when the run has none of this name."""
        for table in self.tables:
            if table.name == name:
                return table
        raise LedgerError(f"The plan of run {self.run_id} has no table {name}.")

    @property
    def sets(self) -> Mapping[str, str]:
        """Return the entity set of every table that the run writes or points at."""
        return {**self.foreign_sets, **{table.name: table.entity_set for table in self.tables}}

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain values, with its format."""
        return {"format": FORMAT, **asdict(self)}

    def to_bytes(self) -> bytes:
        """Return the plan as canonical JSON."""
        return orjson.dumps(self.to_json(), option=orjson.OPT_SORT_KEYS)

    @property
    def digest(self) -> str:
        """Return the plan's hash."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a plan; LedgerError when a later version wrote it or it is not whole."""
        if not isinstance(data, Mapping):
            raise LedgerError("A recorded plan is not whole: it has no fields.")
        if data.get("format") != FORMAT:
            raise LedgerError(
                f"This plan has format {data.get('format')}, and this version knows {FORMAT}.",
                "Install the version of seedkit that made the run.",
            )
        try:
            values = {key: value for key, value in data.items() if key != "format"}
            values["environment"] = Environment(**values["environment"])
            values["tables"] = tuple(
                TablePlan(**{**entry, "deferred": tuple(entry["deferred"])})
                for entry in values["tables"]
            )
            check_run_id(values["run_id"])  # it names files, and a note may come from anywhere
            return cls(**values)
        except (KeyError, TypeError, ValueError) as error:
            raise LedgerError(f"A recorded plan is not whole: {error}.") from None
