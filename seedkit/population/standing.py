"""What lenders and the bank make of people: score, lateness, main channel, risk of leaving.

None of these has a column in the product. They stand in the population's files, and in a column
that a profile names.
"""

from __future__ import annotations

import numpy as np

from seedkit.population import standing_tables as tables
from seedkit.population.banking import HoldingParts
from seedkit.population.draw import Whole, amount_by, below, coin, pick_by
from seedkit.population.model import (
    Elsewhere,
    Flags,
    Households,
    People,
    Standing,
)
from seedkit.population.streams import stream
from seedkit.population.words import HolderRole, Possession
from seedkit.profile.models import Profile

ADULT = 18
_DEBTS = (
    Possession.MORTGAGE,
    Possession.HELOC,
    Possession.OTHER_RESIDENTIAL_DEBT,
    Possession.VEHICLE_LOAN,
    Possession.EDUCATION_LOAN,
    Possession.OTHER_INSTALMENT,
    Possession.CREDIT_CARD,
    Possession.OTHER_LINE,
    Possession.OTHER_DEBT,
)


def make_standing(
    profile: Profile,
    today: np.datetime64,
    number: int,
    households: Households,
    people: People,
    held: HoldingParts,
) -> Standing:
    """Return the standing of everyone in a block, one row per person."""
    seed, n = profile.random_seed, people.age.size
    late = _late(stream(seed, number, "late in the year"), today, households, people, held)
    adult = people.age >= ADULT
    use = _use(people, held)
    age = people.age.astype(np.int64)
    score = _scores(stream(seed, number, "scores"), age, late[people.household], use)
    unscored = coin(stream(seed, number, "unscored"), tables.UNSCORED, n) & (people.age < 25)
    band = np.searchsorted(tables.CHANNEL_BANDS, people.age, side="right")
    channel = pick_by(stream(seed, number, "main channels"), tables.CHANNELS, band)
    return Standing(
        household=people.household,
        score=np.where(adult & ~unscored, score, 0).astype(np.int16),
        main_channel=np.where(adult, channel, -1).astype(np.int8),
        late=late[people.household],
        churn_risk=_churn(stream(seed, number, "churn"), today, people, held, use),
    )


def _late(
    rng: np.random.Generator,
    today: np.datetime64,
    households: Households,
    people: People,
    held: HoldingParts,
) -> Flags:
    """Draw which households in debt were 60 days late within the year; who is late now was."""
    n = households.household.size
    now = np.zeros(n, np.bool_)
    for part in (held.loans, held.credit_lines):
        days = (today - np.where(np.isnat(part.overdue_since), today, part.overdue_since)).astype(
            int
        )
        now[part.household[days >= tables.LATE_DAYS]] = True
    head = np.searchsorted(people.household, np.arange(n))
    band = np.searchsorted(tables.LATE_BANDS, people.age[head], side="right")
    return (coin(rng, tables.LATE[band], n) & _indebted(n, held, held.elsewhere)) | now


def _indebted(n: int, held: HoldingParts, elsewhere: Elsewhere) -> Flags:
    found = np.zeros(n, np.bool_)
    found[held.loans.household] = True
    found[held.credit_lines.household[held.credit_lines.carried > 0]] = True
    debt = np.isin(elsewhere.kind, _DEBTS) & (elsewhere.amount > 0)
    found[elsewhere.household[debt]] = True
    return found


def _use(people: People, held: HoldingParts) -> Whole:
    """Return how much of their credit lines owners use, in percent; -1 without a line."""
    n, lines = people.age.size, held.credit_lines
    owner = _owners(held)[lines.holding]
    limit, used = (
        np.bincount(owner, weights=values, minlength=n).astype(np.int64)
        for values in (lines.limit, lines.carried)
    )
    return np.where(limit > 0, used * 100 // np.maximum(limit, 1), -1)


def _owners(held: HoldingParts) -> Whole:
    """Return the first owner of each holding."""
    roles = held.holding_roles
    first = roles.role == HolderRole.OWNER
    found = np.zeros(held.holdings.household.size, np.int64)
    found[roles.holding[first]] = roles.person[first]
    return found


def _scores(rng: np.random.Generator, age: Whole, late: Flags, use: Whole) -> Whole:
    """Draw scores by age; lateness and much used credit lower them."""
    band = np.searchsorted(tables.SCORE_BANDS, age, side="right")
    score = amount_by(rng, tables.SCORES, np.zeros(age.size, np.int64)) + tables.SCORE_BY_AGE[band]
    burden = np.minimum(np.maximum(use - tables.USUAL_USE, 0), tables.MOST_COUNTED)
    score = score - late * tables.LATE_COSTS - burden * tables.USE_COSTS // 100
    return np.asarray(np.clip(score, *tables.SCORE_LIMITS), np.int64)


def _churn(
    rng: np.random.Generator,
    today: np.datetime64,
    people: People,
    held: HoldingParts,
    use: Whole,
) -> Whole:
    """Return the risk of leaving within a year, in percent: few products and rest raise it."""
    n, roles = people.age.size, held.holding_roles
    owns = np.isin(roles.role, (HolderRole.OWNER, HolderRole.JOINT_OWNER))
    owner, holding = roles.person[owns], roles.holding[owns]
    products = np.bincount(owner, minlength=n)
    latest = np.full(n, np.datetime64("1900-01-01"))
    np.maximum.at(latest, owner, held.holdings.last_used[holding])
    rests = (today - latest).astype(np.int64) > tables.RESTS_AFTER
    risk = tables.CHURN_BASE - tables.CHURN_PER_PRODUCT * np.minimum(products, tables.MOST_PRODUCTS)
    risk = risk + rests * tables.CHURN_AT_REST - (use > 0) * tables.CHURN_REVOLVING
    risk = risk + below(rng, tables.CHURN_SPREAD, n)
    counted = people.customer & (people.age >= ADULT)
    return np.where(counted, np.clip(risk, 1, 95), 0).astype(np.int8)
