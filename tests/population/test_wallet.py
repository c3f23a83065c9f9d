"""The household's view and the bank's: together they are what the survey's model says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from seedkit.population.model import BLOCK_HOUSEHOLDS
from seedkit.population.offers import catalogue
from seedkit.population.surveyed import make_surveyed, tilts_of
from seedkit.population.words import Possession
from seedkit.profile.models import BankingSection, FamilySection, PeopleSection, Profile
from tests.population.held import Held, any_held, hold
from tests.population.made import FEW, TODAY


def whole(held: Held) -> np.ndarray:
    """What households have, by kind, as the model says."""
    surveyed = make_surveyed(held.profile, held.today.astype(object), held.number)
    return np.stack([surveyed.amounts[kind.name.lower()] for kind in Possession], axis=1)


def elsewhere(held: Held) -> np.ndarray:
    found = np.zeros((BLOCK_HOUSEHOLDS, len(Possession)), np.int64)
    found[held.elsewhere.household, held.elsewhere.kind] = held.elsewhere.amount
    return found


def with_us(held: Held, kind: Possession) -> np.ndarray:
    offers = {offer.prefix for offer in catalogue().offers if offer.of == kind.name}
    ours = np.array([code[:3] in offers for code in held.holdings.code])
    ours &= held.people.family[held.owner]
    found = np.zeros(BLOCK_HOUSEHOLDS, np.int64)
    np.add.at(found, held.holdings.household[ours], np.maximum(held.holdings.balance[ours], 0))
    return found


@FEW
@given(any_held)
def test_what_lies_here_and_elsewhere_is_the_whole(held: Held) -> None:
    for kind in (Possession.SAVINGS, Possession.RETIREMENT, Possession.MORTGAGE):
        total = with_us(held, kind) + elsewhere(held)[:, kind]
        expected = whole(held)[:, kind]
        near = np.abs(total - expected) <= expected // 50 + 1_000
        assert near.mean() > 0.98
        assert ((total > 0) == (expected > 0)).mean() > 0.99


@FEW
@given(any_held)
def test_nothing_elsewhere_is_more_than_the_whole(held: Held) -> None:
    assert (elsewhere(held) <= whole(held)).all()
    card = held.elsewhere.kind == Possession.CREDIT_CARD
    assert ((held.elsewhere.amount > 0) | card).all()
    assert not (held.elsewhere.kind == Possession.HOME).any()


@FEW
@given(any_held)
def test_what_no_bank_holds_is_all_elsewhere(held: Held) -> None:
    for kind in (Possession.VEHICLE, Possession.BUSINESS, Possession.OTHER_REAL_ESTATE):
        assert (elsewhere(held)[:, kind] == whole(held)[:, kind]).all()


def test_the_share_of_the_wallet_moves_money_between_banks() -> None:
    kinds = [Possession.SAVINGS, Possession.RETIREMENT, Possession.STOCK]
    there = [
        elsewhere(hold(Profile(banking=BankingSection(share_of_wallet=share))))[:, kinds].sum()
        for share in (0.0, 0.5, 1.0)
    ]
    assert there[0] > there[1] > there[2]


@FEW
@given(any_held)
def test_cards_carry_over_no_more_than_they_owe(held: Held) -> None:
    lines = held.credit_lines
    balance = held.of(lines, "balance")
    assert ((lines.carried >= 0) & (lines.carried <= balance)).all()
    assert (
        lines.carried[~np.isnat(lines.statement)] <= lines.limit[~np.isnat(lines.statement)]
    ).all()


def test_the_models_shares_are_the_defaults() -> None:
    assert tilts_of(FamilySection(), PeopleSection()) == ()
    assert make_surveyed(Profile(), TODAY, 0).couple.mean() == pytest.approx(0.58, abs=0.08)
