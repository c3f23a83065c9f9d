"""Adults who live with a family and keep their own money: grown children, parents, housemates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population import family_tables as tables
from seedkit.population.draw import Whole, amount_by, amount_within, between, coin, pick_by, tilted
from seedkit.population.model import BLOCK_HOUSEHOLDS, Flags
from seedkit.population.words import Place, Sex

N = BLOCK_HOUSEHOLDS
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Hosts:
    """Columns by household that say who may live with it; ages in days, 0 for no such person."""

    kind: Whole
    head_days: Whole
    partner_days: Whole
    younger_days: Whole
    mother_days: Whole
    oldest_child_days: Whole


@dataclass(frozen=True, slots=True)
class FurtherAdults:
    """One entry per person, in no order; `child` is the Place of a parent's child, NOBODY else."""

    household: Whole
    place: Whole
    sex: Whole
    days: Whole
    child: Whole


def draw_further_adults(rng: np.random.Generator, share: float, hosts: Hosts) -> FurtherAdults:
    """Draw a further adult for a share of households, and a second one for some of these."""
    tilt: Whole = tables.FURTHER_TILT[hosts.kind]
    has = coin(rng, tilted(share, tilt, N), N)
    first = _draw(rng, hosts, has, tables.FURTHER_PLACES)
    more = has & coin(rng, tables.SECOND_FURTHER, N)
    second = _draw(rng, hosts, more, tables.SECOND_PLACES)
    return _together(first, _other_parents(rng, hosts, first), second)


def _together(*parts: FurtherAdults) -> FurtherAdults:
    names = FurtherAdults.__slots__
    return FurtherAdults(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in names)
    )


def _other_parents(rng: np.random.Generator, hosts: Hosts, first: FurtherAdults) -> FurtherAdults:
    """Draw the spouses of parents, of an age at which they could have had the child."""
    band = np.searchsorted(tables.PARENTS_BANDS, first.days, side="right")
    gap = amount_by(rng, tables.HUSBAND_OLDER, np.ones(band.size, np.int64))
    days = first.days + np.where(first.sex == Sex.FEMALE, gap, -gap)
    of_partner = first.child == Place.PARTNER
    home = first.household
    child = np.where(of_partner, hosts.partner_days[home], hosts.head_days[home])
    both = coin(rng, tables.PARENTS_TOGETHER[band], band.size) & (first.place == Place.PARENT)
    both &= (days >= child + tables.FIRST_BIRTH) & (days <= child + tables.LAST_BIRTH)
    return FurtherAdults(
        household=home[both],
        place=first.place[both],
        sex=1 - first.sex[both],
        days=days[both],
        child=first.child[both],
    )


def _draw(rng: np.random.Generator, hosts: Hosts, wanted: Flags, weights: Whole) -> FurtherAdults:
    """Draw what each further adult is to the household, and how old, as its ages allow."""
    with_partner: Flags = coin(rng, tables.PARENT_OF_PARTNER, N) & (hosts.partner_days > 0)
    child_days = np.where(with_partner, hosts.partner_days, hosts.head_days)
    low, high = _reach(hosts, child_days)
    able = high > low
    fitting: Whole = weights[hosts.kind] * able
    some: Flags = np.asarray(fitting.any(axis=1))
    choice = pick_by(rng, np.where(some[:, None], fitting, 1), np.arange(N))
    rows = np.flatnonzero(wanted & some)
    chosen = choice[rows]
    born = amount_within(
        rng,
        tables.AGE_AT_LAST_BIRTH,
        low[rows, chosen] - child_days[rows],
        high[rows, chosen] - child_days[rows],
        rows.size,
    )
    even = between(rng, low[rows, chosen], high[rows, chosen], rows.size)
    place = tables.FURTHER[chosen]
    parent = place == Place.PARENT
    return FurtherAdults(
        household=rows,
        place=place,
        sex=(~coin(rng, tables.WOMEN_AMONG_FURTHER[chosen], rows.size)).astype(np.int64),
        days=np.where(parent, child_days[rows] + born, even),
        child=np.where(parent, np.where(with_partner[rows], Place.PARTNER, Place.HEAD), NOBODY),
    )


def _reach(hosts: Hosts, child_days: Whole) -> tuple[Whole, Whole]:
    """Return the lowest and highest ages of each kind (column) in each household."""
    young = np.full(N, tables.YOUNGEST_FURTHER)
    grown_low = np.maximum(tables.GROWN_CHILD_AGES[0], hosts.mother_days - tables.LAST_BIRTH)
    grown_low = np.maximum(grown_low, hosts.oldest_child_days + tables.SPACING[1])
    grown_high = np.minimum(tables.GROWN_CHILD_AGES[1], hosts.younger_days - tables.FIRST_BIRTH)
    low = [
        grown_low,
        child_days + tables.FIRST_BIRTH,
        np.maximum(young, hosts.head_days - tables.SIBLINGS_APART),
        np.maximum(young, hosts.head_days - tables.HOUSEMATES_APART),
    ]
    high = [
        grown_high,
        np.minimum(child_days + tables.LAST_BIRTH, tables.OLDEST_PARENT),
        np.minimum(hosts.head_days + tables.SIBLINGS_APART, tables.OLDEST_FURTHER),
        np.minimum(hosts.head_days + tables.HOUSEMATES_APART, tables.OLDEST_FURTHER),
    ]
    return np.stack(low, axis=1), np.stack(high, axis=1)
