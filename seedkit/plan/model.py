"""A plan: a profile resolved against an environment, frozen. A run is nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Self

import orjson

from seedkit.dataverse.environment import Environment
from seedkit.dataverse.manner import Manner
from seedkit.dataverse.metadata import OWNER_COLUMN
from seedkit.dataverse.principals import Principal, User
from seedkit.errors import LedgerError, UsageError
from seedkit.marks import Stamp
from seedkit.plan.formats import FORMAT, upgraded

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
    # As `binds`, for lookups of rows that the environment had before: they put nothing in order.
    references: Mapping[str, str] = field(default_factory=dict)

    @property
    def parents(self) -> frozenset[str]:
        """Return the tables whose rows must be there before rows of this one can be made."""
        ends = (bind.split(":") for bind in self.binds)
        targets = {target for column, target in ends if column not in self.deferred}
        return frozenset(targets - {self.name})

    @property
    def owned(self) -> bool:
        """Tell whether rows are given to an owner of the run."""
        return any(key.startswith(f"{OWNER_COLUMN}:") for key in self.binds)


@dataclass(frozen=True, slots=True)
class Owner:
    """A user or team that rows are given to; weights are relative to one another."""

    who: Principal
    weight: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides a run's rows and where they go.

    `owners` are in the order in which they were named; without any, rows belong to whoever makes
    them. `impersonated` is the user in whose name they are made, and `bypass_logic` tells whether
    the customer's own logic is skipped. `backdates`: the environment lets us set creation days.
    """

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
    owners: tuple[Owner, ...] = ()
    impersonated: User | None = None
    bypass_logic: bool = False
    backdates: bool = True
    # Ids of the languages of articles, by locale id such as "1033".
    languages: Mapping[str, str] = field(default_factory=dict)
    # What the profile's own columns mean in the environment, by table and column.
    columns: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    # Who sits at the desks of customer service, as `owners`; parts that this environment lacks.
    agents: tuple[Owner, ...] = ()
    left_out: tuple[str, ...] = ()
    expires: str | None = None  # ISO 8601 with its offset; None: it stays until it is purged

    @property
    def everyone(self) -> tuple[Owner, ...]:
        """Return all that rows are given to."""
        return (*self.owners, *self.agents)

    @property
    def manner(self) -> Manner:
        """Return how the run's requests are made."""
        return Manner(self.impersonated, self.bypass_logic)

    @property
    def makers(self) -> frozenset[str]:
        """Return who makes the rows: ourselves, and the user in whose name we do.

        Nobody is known where a plan is made up from rows that were found.
        """
        acting = {self.impersonated.id} if self.impersonated else set()
        return frozenset({self.environment.user, *acting} - {""})

    @property
    def stamp(self) -> Stamp:
        """Return what all ids of the run share."""
        return Stamp(self.mark, self.started)

    @property
    def as_of_date(self) -> date:
        """Return the day at which the bank's world is seen."""
        return date.fromisoformat(self.as_of)

    def is_expired(self, now: datetime) -> bool:
        """Tell whether the run's time is over; without one it never is."""
        return self.expires is not None and datetime.fromisoformat(self.expires) <= now

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
        return digest_of(self.to_json())

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a plan of this format or an older one.

        LedgerError when a later version wrote it or it is not whole.
        """
        try:
            values = upgraded(data)
            values["environment"] = Environment(**values["environment"])
            values["tables"] = tuple(_read_table(entry) for entry in values["tables"])
            for kind in ("owners", "agents"):
                values[kind] = tuple(_read_owner(entry) for entry in values[kind])
            values["left_out"] = tuple(values["left_out"])
            if values["impersonated"] is not None:
                values["impersonated"] = User(**values["impersonated"])
            if values["expires"] is not None and not _has_offset(values["expires"]):
                raise ValueError("its expiry has no time zone")
            check_run_id(values["run_id"])  # it names files, and a note may come from anywhere
            return cls(**values)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise LedgerError(f"A recorded plan is not whole: {error}.") from None


def _has_offset(moment: str) -> bool:
    return datetime.fromisoformat(moment).tzinfo is not None


def digest_of(data: Mapping[str, Any]) -> str:
    """Return the hash of a recorded plan, in whatever format it was written."""
    return hashlib.sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _read_table(entry: Mapping[str, Any]) -> TablePlan:
    return TablePlan(**{**entry, "deferred": tuple(entry["deferred"])})


def _read_owner(entry: Mapping[str, Any]) -> Owner:
    return Owner(Principal(**entry["who"]), entry["weight"])
