"""When contracts began: not before their owners could, with the event that they paid for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from seedkit.population.causes import day_of, last_event
from seedkit.population.contracts import (
    EDUCATION_LOAN,
    MAIN_ACCOUNT,
    MORTGAGE,
    VEHICLE_LOAN,
    YOUTH_ACCOUNT,
    Contracts,
)
from seedkit.population.days import NEVER, add_days, add_months, add_years, known, whole_months
from seedkit.population.draw import Whole, between, coin, pick_by
from seedkit.population.firms import firm_of
from seedkit.population.holders import Holders
from seedkit.population.model import Dates, Flags
from seedkit.population.offers import Need, Other, catalogue
from seedkit.population.scene import Scene
from seedkit.population.words import Category, Event

OLDEST_BORROWER = 85  # years at the end of a loan
_FEWEST_DAYS = 28  # of a month
# Part of the contracts with a term that are in their last month, beside what falls there by chance.
_NEARLY_OVER = {Category.SAVING: 0.15, Category.LOAN: 0.02}


def open_contracts(scene: Scene, holders: Holders, wanted: Contracts) -> Contracts:
    """Date contracts and sort them; leave out those that have ended or fit none of the owners."""
    rng = scene.stream("opened")
    fitted = _fit_main_accounts(holders, _fit_mortgages(scene, holders, wanted))
    contracts, begun = _begin_with_causes(scene, rng, holders, fitted)
    lower = _earliest(scene, holders, contracts)
    term, fits = _terms(scene, rng, contracts, begun)
    drawn = np.where(
        term > 0, _within_term(scene, rng, contracts, lower, term), _since(scene, rng, lower)
    )
    first = contracts.are(MAIN_ACCOUNT) | contracts.are(YOUTH_ACCOUNT)
    opened = np.where(first, lower, np.maximum(drawn, lower))
    opened = np.where(known(begun), begun, opened)
    running = (term == 0) | (add_months(opened, term) > scene.today)
    dated = replace(contracts, opened=opened, term=term)
    return _sorted(dated.take(fits & running & (opened >= lower)))


def _terms(
    scene: Scene, rng: np.random.Generator, contracts: Contracts, begun: Dates
) -> tuple[Whole, Flags]:
    """Draw terms that still run and end while the owner is not too old; tell where there is one."""
    offers = catalogue()
    term, fits = (np.full(contracts.offer.size, value) for value in (0, True))
    rows = np.flatnonzero(offers.months[contracts.offer, 0])
    offer = contracts.offer[rows]
    start = np.where(known(begun[rows]), begun[rows], scene.today)
    too_old = add_years(scene.people.birth[contracts.owner[rows]], OLDEST_BORROWER)
    loan = offers.category[offer] == Category.LOAN
    months = offers.months[offer]
    most = np.where(loan, whole_months(start, too_old), offers.months.max())[:, None]
    fitting = (months > whole_months(start, scene.today)[:, None]) & (months <= most)
    weights = offers.month_weights[offer] * fitting
    fits[rows] = weights.any(axis=1)
    weights[~fits[rows], 0] = 1
    choice = pick_by(rng, weights, np.arange(rows.size))
    term[rows] = months[np.arange(rows.size), choice]
    return term, fits


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
    lower = _both_since(holders, contracts)
    home = scene.households.home_since[contracts.household]
    lower = np.where(need == Need.HOME_OWNER, np.maximum(lower, home), lower)
    firm = firm_of(scene.firms, scene.people.age.size)[contracts.owner]
    since = np.append(scene.firms.customer_since, NEVER)[firm]
    lower = np.where(need == Need.FIRM, np.maximum(lower, since), lower)
    born = scene.people.birth[child]
    return np.where(need == Need.PARENT, np.maximum(lower, born), lower)


def _both_since(holders: Holders, contracts: Contracts) -> Dates:
    """Return since when the owners could hold something; a main account waits for one of them."""
    alone = (contracts.joint < 0) | contracts.are(MAIN_ACCOUNT)
    beside = np.where(alone, contracts.owner, contracts.joint)
    return np.maximum(holders.earliest[contracts.owner], holders.earliest[beside])


def _fit_main_accounts(holders: Holders, contracts: Contracts) -> Contracts:
    """Give joint main accounts to who came first; the other joined later."""
    owner, joint = contracts.owner, contracts.joint
    swap = contracts.are(MAIN_ACCOUNT) & (joint >= 0)
    swap &= holders.earliest[joint] < holders.earliest[owner]
    return replace(
        contracts, owner=np.where(swap, joint, owner), joint=np.where(swap, owner, joint)
    )


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


def _begin_with_causes(
    scene: Scene, rng: np.random.Generator, holders: Holders, contracts: Contracts
) -> tuple[Contracts, Dates]:
    """Return when loans begin that have a cause, and the contracts with the events behind them.

    Mortgages begin with the purchase of the home, vehicle loans with that of the vehicle and
    education loans during studies. Who was no customer then is no joint owner.
    """
    owner = contracts.owner
    moved = scene.households.home_since[contracts.household]
    mortgage, vehicle = contracts.are(MORTGAGE), contracts.are(VEHICLE_LOAN)
    education = contracts.are(EDUCATION_LOAN)
    home, bought = last_event(scene, Event.HOME_PURCHASE)[owner], holders.causes.vehicle[owner]
    studied = _study_day(scene, rng, holders, np.where(education, owner, -1))
    begun = np.select(
        [mortgage, vehicle, education], [moved, day_of(scene, bought), studied], NEVER
    )
    same_home = day_of(scene, home) == moved
    late = vehicle & (contracts.joint >= 0) & (holders.earliest[contracts.joint] > begun)
    tied = replace(
        contracts,
        joint=np.where(late, -1, contracts.joint),
        event=np.select([mortgage & same_home, vehicle], [home, bought], -1),
    )
    return tied, begun


def _study_day(scene: Scene, rng: np.random.Generator, holders: Holders, owner: Whole) -> Dates:
    """Draw days within the studies of owners; any day where there is none (-1)."""
    begin = np.append(holders.causes.study_from, scene.today)[owner]
    end = np.append(holders.causes.study_to, scene.today)[owner]
    return add_days(begin, between(rng, 0, (end - begin).astype(np.int64), owner.size))


def _sorted(contracts: Contracts) -> Contracts:
    return contracts.take(np.lexsort((contracts.offer, contracts.owner, contracts.household)))
