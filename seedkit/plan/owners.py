"""Owners: from the names in a profile to users and teams of the environment.

Rows change hands by their own lookup, which only tables of users and teams have.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import OWNER_COLUMN, LiveTable
from seedkit.dataverse.people import SETS, fault_of, find_owners, who_is_there
from seedkit.errors import MissingInTargetError
from seedkit.plan.model import Owner


async def read_owners(api: WebApi, weights: Mapping[str, float]) -> tuple[Owner, ...]:
    """Return the owners that names stand for, in the order in which they were named.

    MissingInTargetError tells of all names at once that stand for nobody, for several, or for
    somebody who can't own rows. Two names of the same owner are one, with both weights.
    """
    found = await asyncio.gather(*(find_owners(api, word) for word in weights))
    named = dict(zip(weights, found, strict=True))
    faults = {
        word: fault
        for word, candidates in named.items()
        if (fault := fault_of(word, candidates, "user or team")) is not None
    }
    if faults:
        raise MissingInTargetError(
            f"Not every owner can be found: {'; '.join(faults.values())}.",
            await who_is_there(api, faults, teams=True)
            + "\nRows belong to whoever makes them with: --set owners={}",
        )
    owners: dict[str, Owner] = {}
    for word, (candidate,) in named.items():
        who = candidate.principal
        weight = weights[word] + (owners[who.id].weight if who.id in owners else 0)
        owners[who.id] = Owner(who, weight)
    return tuple(owners.values())


def owner_binds(live: LiveTable, owners: tuple[Owner, ...]) -> dict[str, str]:
    """Return by which property a table's rows are given to owners, by column and target."""
    if not live.owned:
        return {}
    return {f"{OWNER_COLUMN}:{owner.who.table}": OWNER_COLUMN for owner in owners}


def owner_sets(owners: tuple[Owner, ...]) -> dict[str, str]:
    """Return the entity sets of the owners' tables."""
    return {owner.who.table: SETS[owner.who.table] for owner in owners}
