"""Which of our rows were changed after they were made, and what of that can be seen.

The platform tells that a row was changed, by its version and by who did it last; what it was before
is not kept. So a row says what it is now: who changed it, merged, in which state, given away, hung
elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from seedkit.dataverse.client import WORDED, WebApi
from seedkit.dataverse.metadata import OWNER_COLUMN, LiveTable
from seedkit.ledger import Origin
from seedkit.plan import Plan, TablePlan
from seedkit.purge.candidates import Candidate, read_rows
from seedkit.purge.findings import Edited, TableSurvey, shown_at

DESCRIBED = 200  # edited rows of each table that are looked at closely; all are counted


@dataclass(frozen=True, slots=True)
class Editors:
    """Whose changes are no edits: the run's makers until its watermark, and the purge itself.

    `since` is the highest version before a purge that was interrupted began: what `purger` or a
    maker changed after that, the purge did, by emptying lookups and opening closed rows.
    """

    origin: Origin
    purger: str
    since: int | None = None

    def edited(self, row: Candidate) -> bool:
        """Tell whether a row was changed after it was made."""
        own = self.origin.makers | {self.purger}
        if self.since is not None and (row.version or 0) > self.since and row.changed_by in own:
            return False
        return changed_by_another(row, self.origin) or changed_later(row, self.origin)


def changed_by_another(row: Candidate, origin: Origin) -> bool:
    """Tell whether somebody else than the run's makers changed a row last."""
    if row.changed_by is None or not origin.makers:
        return False
    return row.changed_by not in origin.makers


def changed_later(row: Candidate, origin: Origin) -> bool:
    """Tell whether a row has a version above the run's watermark, whoever gave it."""
    if row.version is None or origin.watermark is None:
        return False
    return row.version > origin.watermark


async def describe(
    api: WebApi, plan: Plan, live: Mapping[str, LiveTable], tables: Mapping[str, TableSurvey]
) -> tuple[Edited, ...]:
    """Return what can be seen of the changes."""
    found: list[Edited] = []
    for table in plan.tables:
        ids = islice(tables[table.name].edited, DESCRIBED)
        columns = _columns(table, live[table.name])
        async for row in read_rows(api, live[table.name], ids, ",".join(columns), worded=True):
            id = row[table.primary_id]
            name = row.get(live[table.name].primary_name or "") or ""
            changes = tuple(_changes(plan, table, row, tables))
            found.append(
                Edited(table.name, id, name, shown_at(api.url, live[table.name], id), changes)
            )
    return tuple(found)


def _columns(table: TablePlan, live: LiveTable) -> list[str]:
    lookups = [OWNER_COLUMN, "modifiedby", "masterid", *_own_lookups(table)]
    plain = [live.primary_name or "", "modifiedon", "statecode", "merged"]
    names = [name for name in plain if name in live.columns]
    names += [f"_{name}_value" for name in lookups if name in live.columns]
    return list(dict.fromkeys([table.primary_id, *names]))


def _own_lookups(table: TablePlan) -> dict[str, list[str]]:
    """Return the lookups by which rows of a table point at others of the run, with the targets."""
    found: dict[str, list[str]] = {}
    for bind in table.binds:
        column, target = bind.split(":")
        found.setdefault(column, []).append(target)
    found.pop(OWNER_COLUMN, None)
    return found


def _changes(
    plan: Plan, table: TablePlan, row: Mapping[str, Any], tables: Mapping[str, TableSurvey]
) -> list[str]:
    changes = []
    if row.get("modifiedon"):
        changes.append(f"changed {row['modifiedon']} by {_worded(row, '_modifiedby_value')}")
    if row.get("merged"):
        changes.append(f"merged into {_named(row, '_masterid_value')}")
    elif row.get("statecode") is not None:
        changes.append(f"state {_worded(row, 'statecode')}")
    if (owner := row.get(f"_{OWNER_COLUMN}_value")) and owner not in _owners(plan):
        changes.append(f"owned by {_named(row, f'_{OWNER_COLUMN}_value')}")
    for column, targets in _own_lookups(table).items():
        value, known = row.get(f"_{column}_value"), [name for name in targets if name in tables]
        if value and known and not any(value in tables[name].ours for name in known):
            other = _named(row, f"_{column}_value")
            changes.append(f"{column} points at {other}, which is not the run's")
    return changes


def _worded(row: Mapping[str, Any], name: str) -> Any:
    return row.get(f"{name}{WORDED}") or row.get(name)


def _named(row: Mapping[str, Any], lookup: str) -> str:
    """Return the name of the row that a lookup points at, with its id."""
    name, id = row.get(f"{lookup}{WORDED}"), row.get(lookup)
    return f"{name} ({id})" if name else str(id)


def _owners(plan: Plan) -> set[str]:
    return {*plan.makers, *(owner.who.id for owner in plan.owners)}
