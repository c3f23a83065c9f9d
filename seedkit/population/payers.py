"""Payers: which checking account may pay for what, and since when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.accounts import checking_rows
from seedkit.population.contracts import SAVINGS_ACCOUNT, YOUTH_ACCOUNT, Contracts, owned_of
from seedkit.population.days import known
from seedkit.population.draw import Whole
from seedkit.population.holders import TEEN_AGE, Holders
from seedkit.population.model import Dates, Flags, Ints
from seedkit.population.offers import Other
from seedkit.population.payments_tables import Who
from seedkit.population.scene import Scene
from seedkit.population.words import Employment, Place, Tenure

_AT_WORK = (Employment.EMPLOYEE, Employment.SELF_EMPLOYED)


@dataclass(frozen=True, slots=True)
class Payers:
    """Columns by checking account."""

    row: Whole  # of the contracts
    home: Flags  # the one account that pays the household's bills
    rents: Flags  # `home` of those who rent it
    moved_in: Dates
    may: Flags  # [Who, account]
    since: Dates  # [Who, account]
    target: Whole  # [Who, account] row of our own account that is paid, -1 elsewhere


def make_payers(scene: Scene, holders: Holders, contracts: Contracts) -> Payers:
    """Return what each checking account may pay."""
    row = checking_rows(contracts)
    household, owner = contracts.household[row], contracts.owner[row]
    opened = contracts.opened[row]
    home = _first_at_home(scene, household, owner)
    owns = scene.households.tenure[household] == Tenure.OWNER
    moved_in = np.maximum(opened, scene.households.home_since[household])
    child, cared_since = _children(scene)
    savings = owned_of(contracts, SAVINGS_ACCOUNT)[owner]
    youth = owned_of(contracts, YOUTH_ACCOUNT)[holders.others[Other.CHILD, owner]]
    job = scene.people.job_since[owner]
    tests: dict[Who, tuple[Flags, Dates]] = {
        Who.ANYONE: (np.ones(row.size, np.bool_), opened),
        Who.HOME: (home, moved_in),
        Who.OWNER: (home & owns, moved_in),
        Who.PARENT: (home & child[household], np.maximum(moved_in, cared_since[household])),
        Who.WORKER: (
            np.isin(scene.people.employment[owner], _AT_WORK) & known(job),
            np.where(known(job), np.maximum(opened, job), opened),
        ),
        Who.SAVER: (savings >= 0, np.maximum(opened, contracts.opened[savings])),
        Who.GIVER: (home & (youth >= 0), np.maximum(opened, contracts.opened[youth])),
    }
    target = np.full((len(Who), row.size), -1, np.int64)
    target[Who.SAVER], target[Who.GIVER] = savings, youth
    return Payers(
        row=row,
        home=home,
        rents=home & ~owns,
        moved_in=moved_in,
        may=np.stack([tests[who][0] for who in Who]),
        since=np.stack([tests[who][1] for who in Who]),
        target=target,
    )


def _first_at_home(scene: Scene, household: Ints, owner: Whole) -> Flags:
    """Return which accounts are the first of their household's head and partner."""
    adults = np.flatnonzero(scene.people.place[owner] <= Place.PARTNER)
    found = np.zeros(owner.size, np.bool_)
    found[adults[np.unique(household[adults], return_index=True)[1]]] = True
    return found


def _children(scene: Scene) -> tuple[Flags, Dates]:
    """Return the households with a child to be cared for, and the birth of their oldest one."""
    people = scene.people
    small = np.flatnonzero(people.age < TEEN_AGE)
    first = np.full(scene.households.household.size, scene.today)
    np.minimum.at(first, people.household[small], people.birth[small])
    return first < scene.today, first
