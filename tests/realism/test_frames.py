"""The frames say of people and families what the files say."""

from __future__ import annotations

import numpy as np

from seedkit.realism.frames import make_frames
from seedkit.realism.frames.families import UNIONS

from .conftest import World, put


def test_a_debt_that_names_nobody_is_its_households_heads(world: World) -> None:
    people, holdings = world.extract.people, world.extract.holdings
    owed = np.isin(holdings["kind"], UNIONS["unsecured"]) & (holdings["amount"] > 0)
    nameless = put(world.extract, "holdings", "owners", owed, "")
    found = make_frames([nameless], world.about)["persons"]["owes_unsecured"]
    indebted = np.isin(people["household"], holdings["household"][owed])
    assert (found == (indebted & (people["role"] == "head"))).all()


def test_a_debt_that_names_its_owners_is_theirs(world: World) -> None:
    people, holdings = world.extract.people, world.extract.holdings
    owed = np.isin(holdings["kind"], UNIONS["unsecured"]) & (holdings["amount"] > 0)
    everything = put(world.extract, "holdings", "amount", np.flatnonzero(owed), 0.0)
    row = np.flatnonzero(owed & (holdings["owners"] != ""))[:1]
    one = put(everything, "holdings", "amount", row, 100.0)
    found = make_frames([one], world.about)["persons"]["owes_unsecured"]
    assert set(people["id"][found]) == set(holdings["owners"][row][0].split(";"))


def test_the_use_of_cards_is_each_consumers_own(world: World) -> None:
    """Two consumers: one uses half of a small limit, the other nothing of a large one."""
    holdings = world.extract.holdings
    cards = np.flatnonzero((holdings["kind"] == "credit_card") & (holdings["limit"] > 0))
    extract = put(world.extract, "holdings", "limit", cards, np.nan)
    alone = [row for row in cards if ";" not in holdings["owners"][row]]
    one, two = (
        alone[0],
        next(r for r in alone if holdings["owners"][r] != holdings["owners"][alone[0]]),
    )
    for row, limit, statement in ((one, 100.0, 50.0), (two, 10_000.0, 0.0)):
        extract = put(extract, "holdings", "limit", np.array([row]), limit)
        extract = put(extract, "holdings", "statement_balance", np.array([row]), statement)
    use = make_frames([extract], world.about)["persons"]["card_use"]
    assert sorted(use[~np.isnan(use)]) == [0.0, 0.5]
