"""What both receipts of a purge tell of single rows: why one stayed, and which are others'."""

from __future__ import annotations

from collections.abc import Iterator

from seedkit.load.header import note_id
from seedkit.plan import Plan
from seedkit.purge import PurgeResult, Stranger


def kept_rows(plan: Plan, result: PurgeResult) -> Iterator[tuple[str, str, str]]:
    """Return table, id and reason of each row of ours that stayed."""
    found = result.survey
    parents = {(one.parent, one.parent_id) for one in (*found.strangers, *found.crippled)}
    header = note_id(plan)
    for name, rows in sorted(result.decision.kept.items()):
        for id in rows:
            if id == header:
                yield name, id, "it tells of the run"
                continue
            reasons = ["changed after seeding"] if id in found.tables[name].edited else []
            reasons += ["a row of others hangs on it"] if (name, id) in parents else []
            yield name, id, ", ".join(reasons) or "a row that stays points at it"


def others_of(result: PurgeResult) -> list[Stranger]:
    """Return the rows of others that a delete would harm, each once for what it hangs on."""
    found = (*result.survey.strangers, *result.survey.crippled)
    return list({(one.table, one.id, one.above, one.harm): one for one in found}.values())
