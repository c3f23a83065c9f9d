"""What keeps a row from being deleted, and the one change that clears it away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from seedkit.dataverse.batch import Operation, send_batch
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.listing import windows
from seedkit.dataverse.metadata import LiveTable
from seedkit.purge.engines import Leftover

READ_ONLY = "0x80040228"  # CannotDeleteAsItIsReadOnly: it is closed, and wants to be open
STATE, STATUS = "statecode", "statuscode"
OPEN = 0
# Tables with a state in which their rows may refuse to be deleted, whatever code they give for it;
# Dataverse's own words for the state in which an article can be deleted: draft [expected].
DRAFTS: Mapping[str, Mapping[str, int]] = {"knowledgearticle": {STATE: OPEN, STATUS: 2}}


async def clear_away(api: WebApi, table: LiveTable, left: Iterable[Leftover]) -> list[str]:
    """Bring rows that refused to be deleted to a state in which they can be; return their ids."""
    rows = [row for row in left if is_in_the_way(row) and STATE in table.columns]
    body = DRAFTS.get(table.name, {STATE: OPEN})
    cleared: list[str] = []
    for ids in windows([row.id for row in rows]):
        changes = [
            Operation("PATCH", f"{table.entity_set}({id})", dict(body), must_exist=True)
            for id in ids
        ]
        outcomes = await send_batch(api, changes, repeatable=True)
        cleared += [id for id, outcome in zip(ids, outcomes, strict=True) if outcome.ok]
    return cleared


def is_in_the_way(row: Leftover) -> bool:
    """Tell whether a row's own state may be why it was not deleted."""
    return row.code == READ_ONLY or row.table in DRAFTS
