"""Drawing edge cases among a block's customers, each kind from a stream of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from seedkit.population.days import day
from seedkit.population.draw import coin
from seedkit.population.edges.cases import CASES, Case
from seedkit.population.edges.money import has_cents
from seedkit.population.locale import locale_of
from seedkit.population.model import Bank, Block
from seedkit.population.notable import EdgeCase, notables
from seedkit.population.scenery import Finds, Scenery
from seedkit.population.streams import stream
from seedkit.profile.models import Profile


def with_edge_cases(profile: Profile, as_of: date, bank: Bank, block: Block) -> Block:
    """Turn the profile's share of customers into edge cases; none where it asks for none.

    All kinds are about as frequent. Who becomes what depends on nobody of a later household.
    """
    if not profile.edge_cases:
        return block
    scenery = Scenery(block, day(as_of), locale_of(profile.locale))
    made = _cast(scenery, [(case, _draw(profile, scenery, case)) for case in _possible(bank)])
    for person, (case, row) in sorted(made.items(), key=lambda each: each[1][0] is CASES[0]):
        scenery = replace(scenery, block=case.edit(scenery, person, row))
    homes, edges = block.people.household[list(made)], [case.edge for case, _ in made.values()]
    return replace(scenery.block, notables=notables(homes.tolist(), list(made), edges))


def _cast(scenery: Scenery, drawn: Sequence[tuple[Case, Finds]]) -> dict[int, tuple[Case, int]]:
    """Choose one edge case for each person: the first that was drawn and that the household bears.

    Returns the case and the row that it is about.
    """
    made: dict[int, tuple[Case, int]] = {}
    lonely: dict[int, bool] = {}  # by household: whether its edge case stands alone
    for case, finds in drawn:
        homes = scenery.block.people.household[finds.person].tolist()
        for person, row, home in zip(finds.person.tolist(), finds.row.tolist(), homes, strict=True):
            full = home in lonely if case.lonely else lonely.get(home, False)
            if person not in made and not full:
                made[person], lonely[home] = (case, row), case.lonely
    return made


def _possible(bank: Bank) -> list[Case]:
    """Return the kinds that there can be: without cents in the currency nothing is one cent."""
    return [
        case for case in CASES if case.edge is not EdgeCase.ONE_CENT or has_cents(bank.currency)
    ]


def _draw(profile: Profile, scenery: Scenery, case: Case) -> Finds:
    """Return those who become one kind of edge case, each person once."""
    finds = case.find(scenery)
    _, first = np.unique(finds.person, return_index=True)
    finds = Finds(finds.person[first], finds.row[first])
    share = min(profile.edge_cases / len(CASES) / case.usual, 1.0)
    rng = stream(profile.random_seed, scenery.block.number, f"edge case {case.edge}")
    becomes = coin(rng, share, len(scenery.block.people.household))
    return finds.where(becomes[finds.person])
