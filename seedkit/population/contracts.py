"""Who holds what and since when: the skeleton of all holdings."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from seedkit.population.amortisation import Floats
from seedkit.population.amounts import CENTS
from seedkit.population.days import no_days
from seedkit.population.draw import Whole, coin, pick
from seedkit.population.holders import Holders, Units
from seedkit.population.model import Dates, Flags, Ints, Money
from seedkit.population.offers import (
    BY_FIRMS,
    FOREIGN_CURRENCY,
    IN_PORTFOLIO,
    PORTFOLIO,
    Form,
    Need,
    Offer,
    catalogue,
)
from seedkit.population.prices import PRICE_BASE
from seedkit.population.scene import Scene
from seedkit.population.surveyed import Surveyed
from seedkit.population.words import Category, Place
from seedkit.profile.models import BankingSection

# Offers that a stage treats in its own way, by their prefix in the catalogue.
MAIN_ACCOUNT, SECOND_ACCOUNT, YOUTH_ACCOUNT = "CHK", "PCK", "YTH"
SAVINGS_ACCOUNT, FOREIGN_ACCOUNT = "SAV", "FCA"
MORTGAGE, VEHICLE_LOAN, EDUCATION_LOAN = "MTG", "VHL", "EDL"
CREDIT_CARD, REWARDS_CARD, CHARGE_ACCOUNT, HOME_EQUITY_LINE = "CRD", "RWD", "CHG", "HEL"
BUSINESS_CARD = "BCC"

_NEW_DAYS = (90, 365)  # in which customers have not brought all yet
_OF_GROWN_CHILDREN = 0.2
_WITHOUT_DEBT = 0.85  # of those who owe nothing on lines: part that keep one, to the usual part
_OWN_ACCOUNTS = {"SAVINGS": 450}  # per mille of those who keep their own money at home
_SETTLED = np.array([0.3, 0.65, 1.0])  # part of the others' holdings


@dataclass(frozen=True, slots=True)
class Contracts:
    """One row per holding, sorted by household, owner and place in the catalogue."""

    household: Ints
    offer: Whole  # row of the catalogue
    owner: Whole  # person
    joint: Whole  # person, -1
    unit: Ints  # its head, a person
    income: Money  # a year, of the unit
    median: Money  # credit lines: limit usual in such a unit, at today's prices, in cents
    size: Money  # what of the household's possessions is to lie in it, in cents
    opened: Dates
    term: Whole  # months, 0 without end
    event: Whole  # the life event that began it, -1

    def of(self, category: Category) -> Whole:
        """Return the rows of a category."""
        return np.flatnonzero(catalogue().category[self.offer] == category)

    def take(self, rows: Whole | Flags) -> Contracts:
        """Return some of the rows."""
        return replace(self, **{item.name: getattr(self, item.name)[rows] for item in fields(self)})

    @property
    def of_firms(self) -> Flags:
        """Tell which rows are held for a firm of the owner's."""
        return np.asarray(catalogue().need[self.offer] == Need.FIRM)

    def are(self, prefix: str) -> Flags:
        """Return which rows are of an offer."""
        return np.asarray(self.offer == catalogue().row(prefix))


def draw_contracts(scene: Scene, holders: Holders, units: Units) -> Contracts:
    """Draw what each unit holds with us; dates and order are still to come."""
    wanted = [
        _draw_offer(scene, holders, units, row, offer)
        for row, offer in enumerate(catalogue().offers)
    ]
    unit, offer, owner, joint = (np.concatenate(column) for column in zip(*wanted, strict=True))
    medians = catalogue().size[offer, units.age_band[unit], units.income_band[unit]]
    return Contracts(
        household=scene.people.household[owner],
        offer=offer,
        owner=owner,
        joint=joint,
        unit=units.head[unit],
        income=units.income[unit],
        median=medians * CENTS * scene.price_level // PRICE_BASE,
        size=np.zeros(unit.size, np.int64),
        opened=no_days(unit.size),
        term=np.zeros(unit.size, np.int64),
        event=np.full(unit.size, -1, np.int64),
    )


def _draw_offer(
    scene: Scene, holders: Holders, units: Units, row: int, offer: Offer
) -> tuple[Whole, Whole, Whole, Whole]:
    """Return (unit, offer, owner, joint) of those who hold an offer."""
    rng = scene.stream(f"hold {offer.prefix}")
    n = units.head.size
    meets = holders.meets[offer.need]
    head_may, partner_may = meets[units.head], (units.partner >= 0) & meets[units.partner]
    holds = coin(rng, _share(scene, holders, offer, units), n) & (head_may | partner_may)
    form = pick(rng, offer.couples or _main_account_weights(scene.profile.banking), n)
    pair, adult = head_may & partner_may, holders.meets[Need.ADULT]
    first = np.where(partner_may & (~head_may | (form == Form.PARTNER)), units.partner, units.head)
    second = np.where(first == units.head, units.partner, units.head)
    beside = (units.partner >= 0) & adult[second] & (form == Form.JOINT)
    joint = np.where(beside, second, -1)
    own = np.flatnonzero(holds)
    both = np.flatnonzero(holds & pair & (form == Form.BOTH))
    unit = np.concatenate([own, both])
    owner = np.concatenate([first[own], units.partner[both]])
    joint = np.concatenate([joint[own], np.full(both.size, -1)])
    return unit, np.full(unit.size, row), owner, joint


def _share(scene: Scene, holders: Holders, offer: Offer, units: Units) -> Floats:
    """Return the share of each unit's kind that holds an offer with us."""
    banking = scene.profile.banking
    if isinstance(offer.held, str):
        foreign = banking.foreign_currency if len(scene.bank.currencies) > 1 else 0.0
        shares = {FOREIGN_CURRENCY: foreign, BY_FIRMS: offer.given / 1_000}
        share = shares.get(offer.held, 1.0)
        return np.full(units.head.size, share)
    factor = {
        Category.ACCOUNT: 1.0,
        Category.SAVING: banking.savings,
        Category.LOAN: banking.loans,
        Category.INVESTMENT: banking.investments,
        Category.CREDIT_LINE: banking.credit_lines,
    }[offer.category]
    part = factor * banking.share_of_wallet / 1_000
    known_for = (scene.today - holders.earliest[units.head]).astype(np.int64)
    settled = _SETTLED[np.searchsorted(_NEW_DAYS, known_for, side="right")]
    return np.asarray(_held(scene, offer, units) * part * settled, np.float64)


def _held(scene: Scene, offer: Offer, units: Units) -> Floats:
    """Return per mille of units of each kind that hold an offer anywhere.

    Of what the household has, grown children at home seldom hold a part, but for their studies.
    """
    table = np.asarray(offer.held, np.int64)
    usual = table[units.age_band, units.income_band]
    if not offer.of:
        return np.asarray(usual, np.float64)
    people = scene.people
    has = possessed(scene.surveyed, offer.of)[people.household[units.head]] > 0
    has &= people.family[units.head]
    grown = (people.place[units.head] == Place.CHILD) & (offer.prefix != EDUCATION_LOAN)
    given = np.where(grown, offer.given * _OF_GROWN_CHILDREN, offer.given)
    rest = np.where(people.family[units.head], 0, _OWN_ACCOUNTS.get(offer.of, 0))
    return np.where(has, given, np.maximum(usual * _WITHOUT_DEBT, rest))


def possessed(surveyed: Surveyed, of: str) -> Money:
    """Return what households have of a kind that offers hold, in cents."""
    if of == PORTFOLIO:
        return np.asarray(sum(surveyed.amounts[kind.name.lower()] for kind in IN_PORTFOLIO))
    return surveyed.amounts[of.lower()]


def _main_account_weights(banking: BankingSection) -> tuple[float, ...]:
    return (banking.joint, 0.0, 0.0, 1.0 - banking.joint)


def owned_of(contracts: Contracts, prefix: str) -> Whole:
    """Return the row of an offer that each person owns, also jointly, -1."""
    rows = np.flatnonzero(contracts.are(prefix))
    people = int(max(contracts.owner.max(initial=-1), contracts.joint.max(initial=-1))) + 1
    found = np.full(people + 1, -1, np.int64)
    joint = rows[contracts.joint[rows] >= 0]
    found[contracts.joint[joint]] = joint
    found[contracts.owner[rows]] = rows
    return found
