"""Whatever the random seed and the day, 250 households show everything that a demo needs."""

from __future__ import annotations

from datetime import date
from enum import IntEnum

import numpy as np
import pytest

from seedkit.population import make_bank, make_block
from seedkit.population.model import Block, Ints
from seedkit.population.words import (
    AccountKind,
    CardKind,
    CardStatus,
    Category,
    CreditKind,
    Event,
    HolderRole,
    InvestmentKind,
    LoanKind,
    SavingKind,
)
from seedkit.profile import read_profile

DAYS = (date(2026, 6, 30), date(2026, 11, 21), date(2024, 2, 29))
KINDS: dict[Category, type[IntEnum]] = {
    Category.ACCOUNT: AccountKind,
    Category.SAVING: SavingKind,
    Category.LOAN: LoanKind,
    Category.INVESTMENT: InvestmentKind,
    Category.CREDIT_LINE: CreditKind,
}
BY_THE_APP = {Event.BIRTHDAY}  # the app draws it from the birth date


def worlds() -> list[object]:
    """Return 60 random seeds on three days; the default suite runs the first three."""
    return [
        pytest.param(seed, day, marks=() if seed == 1 else pytest.mark.soak)
        for seed in range(1, 61)
        for day in DAYS
    ]


def missing(found: Ints, words: type[IntEnum]) -> set[IntEnum]:
    return set(words) - {words(value) for value in np.unique(found)}


def share_of(customers: Ints, people: Ints) -> float:
    return float(np.isin(customers, people).mean())


def owners(block: Block, *categories: Category) -> Ints:
    roles = block.holding_roles
    owning = np.isin(roles.role, [HolderRole.OWNER, HolderRole.JOINT_OWNER])
    found: Ints = roles.person[owning & np.isin(block.holdings.category[roles.holding], categories)]
    return found


@pytest.mark.parametrize(("seed", "day"), worlds())
def test_everything_occurs_often_enough(seed: int, day: date) -> None:
    profile = read_profile("retail", [f"random_seed={seed}"]).profile
    block = make_block(profile, day, make_bank(profile, day), 0).front(250)
    customers = np.flatnonzero(block.people.customer)
    adults = np.flatnonzero(block.people.customer & (block.people.age >= 18))
    told = np.bincount(block.events.person, minlength=block.people.age.size)

    assert missing(block.cards.status, CardStatus) == set()
    assert missing(block.cards.kind, CardKind) == set()
    assert missing(block.events.kind, Event) == BY_THE_APP
    for category, kinds in KINDS.items():
        held = block.holdings.kind[block.holdings.category == category]
        assert missing(held, kinds) == set()
    assert share_of(customers, owners(block, Category.ACCOUNT)) >= 0.95
    assert share_of(customers, owners(block, Category.LOAN, Category.CREDIT_LINE)) >= 0.40
    assert share_of(customers, owners(block, Category.INVESTMENT)) >= 0.30
    assert share_of(customers, block.cards.person) >= 0.75
    assert share_of(customers, block.relationships.person) >= 0.60
    assert (told[adults] >= 3).mean() >= 0.80
