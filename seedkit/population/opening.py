"""When contracts began: not before their owners could, with the event that they paid for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from seedkit.population.contracts import (
    MAIN_ACCOUNT,
    MORTGAGE,
    VEHICLE_LOAN,
    YOUTH_ACCOUNT,
    Contracts,
)
from seedkit.population.days import NEVER, add_days, add_months, known, whole_months
from seedkit.population.draw import Whole, between, coin, pick_by
from seedkit.population.holders import Holders
from seedkit.population.model import Dates
from seedkit.population.offers import Need, Other, catalogue
from seedkit.population.scene import Scene
from seedkit.population.words import Category, Event

_FEWEST_DAYS = 28  # of a month
# Part of the contracts with a term that are in their last month, beside what falls there by chance.
_NEARLY_OVER = {Category.SAVING: 0.15, Category.LOAN: 0.02}


def open_contracts(scene: Scene, holders: Holders, wanted: Contracts) -> Contracts:
    """Date contracts and sort them; leave out those that have ended or fit none of the owners."""
    rng = scene.stream("opened")
    contracts = _fit_mortgages(scene, holders, wanted)
    lower = _earliest(scene, holders, contracts)
    offers = catalogue()
    choice = pick_by(rng, offers.month_weights, contracts.offer)
    term = offers.months[contracts.offer, choice]
    opened = np.where(
        term > 0, _within_term(scene, rng, contracts, lower, term), _since(scene, rng, lower)
    )
    first = contracts.are(MAIN_ACCOUNT) | contracts.are(YOUTH_ACCOUNT)
    opened = np.where(first, lower, np.maximum(opened, lower))
    dated = _begin_with_events(scene, lower, replace(contracts, opened=opened, term=term))
    running = (term == 0) | (add_months(dated.opened, term) > scene.today)
    return _sorted(dated.take(running & (dated.opened >= lower)))


def _within_term(
    scene: Scene, rng: np.random.Generator, contracts: Contracts, lower: Dates, term: Whole
) -> Dates:
    """Draw first days of contracts that end after their term, so that nearly all still run."""
    reach = np.clip(whole_months(lower, scene.today), 0, np.maximum(term - 1, 0))
    category = catalogue().category[contracts.offer]
    nearly_over = np.array([_NEARLY_OVER.get(kind, 0.0) for kind in Category])[category]
    months = between(rng, 0, reach, term.size)
    months = np.where(coin(rng, nearly_over, term.size), reach, months)
    days = between(rng, 0, _FEWEST_DAYS - 1, term.size)
    return add_days(add_months(np.full(term.size, scene.today), -months), -days)


def _since(scene: Scene, rng: np.random.Generator, lower: Dates) -> Dates:
    """Draw first days between the earliest one and today."""
    days = (scene.today - lower).astype(np.int64)
    return add_days(lower, between(rng, 0, days, lower.size))


def _earliest(scene: Scene, holders: Holders, contracts: Contracts) -> Dates:
    """Return the first day on which each contract could have begun."""
    need = catalogue().need[contracts.offer]
    child = holders.minor[contracts.owner]
    lower = _both_since(holders, contracts.owner, contracts.joint)
    home = scene.households.home_since[contracts.household]
    lower = np.where(need == Need.HOME_OWNER, np.maximum(lower, home), lower)
    born = scene.people.birth[child]
    return np.where(need == Need.PARENT, np.maximum(lower, born), lower)


def _both_since(holders: Holders, owner: Whole, joint: Whole) -> Dates:
    """Return since when the owner, and the joint owner if there is one, could hold something."""
    beside = np.where(joint >= 0, joint, owner)
    return np.maximum(holders.earliest[owner], holders.earliest[beside])


def _fit_mortgages(scene: Scene, holders: Holders, contracts: Contracts) -> Contracts:
    """Give mortgages to those of a couple who were with us when the home was bought."""
    mortgage = contracts.are(MORTGAGE)
    bought = scene.households.home_since[contracts.household]
    partner = holders.others[Other.PARTNER, contracts.owner]
    owner_fits = holders.earliest[contracts.owner] <= bought
    partner_fits = (partner >= 0) & (holders.earliest[partner] <= bought)
    swap = mortgage & ~owner_fits & partner_fits
    lonely = mortgage & ~(owner_fits & partner_fits)
    return replace(
        contracts,
        owner=np.where(swap, partner, contracts.owner),
        joint=np.where(lonely, -1, contracts.joint),
    )


def _begin_with_events(scene: Scene, lower: Dates, contracts: Contracts) -> Contracts:
    """Begin mortgages with the purchase of the home, vehicle loans with that of a vehicle."""
    bought = scene.households.home_since[contracts.household]
    home = _last_event(scene, Event.HOME_PURCHASE)[contracts.owner]
    vehicle = _last_event(scene, Event.VEHICLE_PURCHASE)[contracts.owner]
    vehicle_day = np.append(scene.events.date, NEVER)[vehicle]
    mortgage = contracts.are(MORTGAGE)
    financed = (
        contracts.are(VEHICLE_LOAN)
        & known(vehicle_day)
        & (vehicle_day >= lower)
        & (add_months(vehicle_day, contracts.term) > scene.today)
    )
    same_home = np.append(scene.events.date, NEVER)[home] == bought
    return replace(
        contracts,
        opened=np.select([mortgage, financed], [bought, vehicle_day], contracts.opened),
        event=np.select([mortgage & same_home, financed], [home, vehicle], -1),
    )


def _last_event(scene: Scene, kind: Event) -> Whole:
    """Return each person's last event of a kind that came true, -1.

    A plan whose day has passed untouched is not known to have come true.
    """
    events = scene.events
    true = ~events.planned & (events.date <= scene.today) & (events.touched >= events.date)
    rows = np.flatnonzero((events.kind == kind) & true)
    rows = rows[np.argsort(events.date[rows], kind="stable")]
    last = np.full(scene.people.household.size, -1, np.int64)
    last[events.person[rows]] = rows
    return last


def _sorted(contracts: Contracts) -> Contracts:
    return contracts.take(np.lexsort((contracts.offer, contracts.owner, contracts.household)))
