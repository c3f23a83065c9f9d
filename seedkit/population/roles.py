"""Who else has a part in a holding: joint owners, partners, parents, children."""

from __future__ import annotations

import numpy as np

from seedkit.population.contracts import Contracts
from seedkit.population.draw import Whole, coin
from seedkit.population.firms import firm_of
from seedkit.population.holders import Holders
from seedkit.population.model import FirmRoles, HoldingRoles
from seedkit.population.offers import catalogue
from seedkit.population.scene import Scene
from seedkit.population.words import Category, HolderRole


def make_roles(scene: Scene, holders: Holders, contracts: Contracts) -> HoldingRoles:
    """Return the roles: the owner of each holding first, then joint owner and the rest.

    What a firm owns has no owner among the people: who runs it signs, and carries its card.
    """
    own = np.flatnonzero(~contracts.of_firms)
    lines = contracts.of_firms & (catalogue().category[contracts.offer] == Category.CREDIT_LINE)
    signed, carried = np.flatnonzero(contracts.of_firms & ~lines), np.flatnonzero(lines)
    shared = np.flatnonzero(contracts.joint >= 0)
    found = [
        (own, contracts.owner[own], HolderRole.OWNER),
        (signed, contracts.owner[signed], HolderRole.SIGNATORY),
        (carried, contracts.owner[carried], HolderRole.CARDHOLDER),
        (shared, contracts.joint[shared], HolderRole.JOINT_OWNER),
        *_further(scene, holders, contracts),
    ]
    holding = np.concatenate([rows for rows, _, _ in found])
    person = np.concatenate([people for _, people, _ in found])
    role = np.concatenate([np.full(rows.size, kind, np.int8) for rows, _, kind in found])
    order = np.lexsort((person, role, holding))
    return HoldingRoles(
        household=contracts.household[holding][order],
        holding=holding[order].astype(np.int32),
        person=person[order].astype(np.int32),
        role=role[order],
    )


def make_firm_roles(scene: Scene, contracts: Contracts) -> FirmRoles:
    """Return which firm owns what is held for one."""
    rows = np.flatnonzero(contracts.of_firms)
    firm = firm_of(scene.firms, scene.people.age.size)[contracts.owner[rows]]
    return FirmRoles(
        household=contracts.household[rows],
        firm=firm.astype(np.int32),
        holding=rows.astype(np.int32),
    )


def _further(
    scene: Scene, holders: Holders, contracts: Contracts
) -> list[tuple[Whole, Whole, HolderRole]]:
    """Draw further roles of holdings with one owner; roles of an offer never meet in a person."""
    found = []
    for row, offer in enumerate(catalogue().offers):
        mine = np.flatnonzero((contracts.offer == row) & (contracts.joint < 0))
        rng = scene.stream(f"roles {offer.prefix}")
        for role, other, share in offer.further:
            person = holders.others[other, contracts.owner[mine]]
            share = share * scene.profile.cards.credit if role == HolderRole.CARDHOLDER else share
            takes = coin(rng, share, mine.size) & (person >= 0)
            found.append((mine[takes], person[takes], role))
    return found
