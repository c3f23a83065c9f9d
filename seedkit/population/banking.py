"""All that the people of a block hold: contracts, roles and the details of every category."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from seedkit.population.accounts import make_accounts, make_overdrafts
from seedkit.population.cards import make_cards
from seedkit.population.common import Common
from seedkit.population.contracts import FOREIGN_ACCOUNT, Contracts, draw_contracts
from seedkit.population.credit import make_credit_lines
from seedkit.population.days import day
from seedkit.population.draw import texts
from seedkit.population.elsewhere import make_elsewhere
from seedkit.population.firms import make_firms
from seedkit.population.holders import Holders, make_holders, make_units
from seedkit.population.investments import make_investments
from seedkit.population.loans import make_loans
from seedkit.population.locale import locale_of
from seedkit.population.model import (
    Accounts,
    Bank,
    Cards,
    CreditLines,
    DirectDebits,
    Elsewhere,
    FirmRoles,
    Firms,
    HoldingRoles,
    Holdings,
    Households,
    Ints,
    Investments,
    LifeEvents,
    Loans,
    Overdrafts,
    People,
    Positions,
    Savings,
    StandingOrders,
    Texts,
)
from seedkit.population.offers import catalogue
from seedkit.population.opening import open_contracts
from seedkit.population.payers import make_payers
from seedkit.population.payments import make_direct_debits, make_standing_orders
from seedkit.population.prices import money_level
from seedkit.population.roles import make_firm_roles, make_roles
from seedkit.population.savings import make_savings
from seedkit.population.scene import Scene
from seedkit.population.surveyed import make_surveyed
from seedkit.population.wallet import share_out
from seedkit.profile.models import Profile


@dataclass(frozen=True, slots=True)
class HoldingParts:
    """The money half of a block."""

    holdings: Holdings
    holding_roles: HoldingRoles
    accounts: Accounts
    savings: Savings
    loans: Loans
    investments: Investments
    credit_lines: CreditLines
    cards: Cards
    direct_debits: DirectDebits
    standing_orders: StandingOrders
    overdrafts: Overdrafts
    positions: Positions
    elsewhere: Elsewhere
    firms: Firms
    firm_roles: FirmRoles


def make_holdings(
    profile: Profile,
    as_of: date,
    bank: Bank,
    number: int,
    households: Households,
    people: People,
    events: LifeEvents,
) -> HoldingParts:
    """Make what the people of a block hold; each stage has its own stream of chance."""
    scene = _scene(profile, as_of, bank, number, households, people, events)
    holders = make_holders(scene)
    contracts = _contracts(scene, holders)
    codes = _codes(number, contracts)
    overdrafts = make_overdrafts(scene, contracts)
    accounts, of_accounts = make_accounts(scene, contracts, overdrafts)
    savings, of_savings = make_savings(scene, contracts)
    loans, of_loans = make_loans(scene, contracts, codes)
    investments, positions, of_investments = make_investments(scene, contracts)
    credit_lines, of_lines = make_credit_lines(scene, contracts)
    holdings = _holdings(
        bank, contracts, codes, (of_accounts, of_savings, of_loans, of_investments, of_lines)
    )
    roles = make_roles(scene, holders, contracts)
    payers = make_payers(scene, holders, contracts)
    return HoldingParts(
        holdings=holdings,
        holding_roles=roles,
        accounts=accounts,
        savings=savings,
        loans=loans,
        investments=investments,
        credit_lines=credit_lines,
        cards=make_cards(scene, holders, contracts, roles, credit_lines, holdings.last_used),
        direct_debits=make_direct_debits(scene, payers, contracts),
        standing_orders=make_standing_orders(scene, payers, contracts, codes),
        overdrafts=overdrafts,
        positions=positions,
        elsewhere=make_elsewhere(scene, contracts, holdings, positions, credit_lines),
        firms=scene.firms,
        firm_roles=make_firm_roles(scene, contracts),
    )


def _scene(
    profile: Profile,
    as_of: date,
    bank: Bank,
    number: int,
    households: Households,
    people: People,
    events: LifeEvents,
) -> Scene:
    """Gather what the stages look at."""
    return Scene(
        profile=profile,
        today=day(as_of),
        number=number,
        bank=bank,
        households=households,
        people=people,
        events=events,
        firms=make_firms(profile, number, people),
        surveyed=make_surveyed(profile, as_of, number),
        price_level=money_level(locale_of(profile.locale), as_of),
        locale=locale_of(profile.locale),
    )


def _contracts(scene: Scene, holders: Holders) -> Contracts:
    """Draw what households have anywhere, and keep what lies with us."""
    drawn = draw_contracts(scene, holders, make_units(scene, holders))
    return share_out(scene, open_contracts(scene, holders, drawn))


def _holdings(
    bank: Bank, contracts: Contracts, codes: Texts, parts: tuple[Common, ...]
) -> Holdings:
    """Put together what all holdings have in common."""
    rows = np.concatenate([part.rows for part in parts])
    back = np.argsort(rows)
    offers = catalogue()
    currency = np.concatenate([part.currency for part in parts])[back]
    return Holdings(
        household=contracts.household,
        category=offers.category[contracts.offer].astype(np.int8),
        kind=offers.kind[contracts.offer].astype(np.int8),
        name=_names(bank, contracts, currency),
        code=codes,
        currency=currency.astype(np.int8),
        balance=np.concatenate([part.balance for part in parts])[back],
        rate=np.concatenate([part.rate for part in parts])[back].astype(np.int32),
        opened=contracts.opened,
        last_used=np.concatenate([part.last_used for part in parts])[back],
    )


def _names(bank: Bank, contracts: Contracts, currency: Ints) -> Texts:
    """Return the offers' names; accounts in a foreign currency name it."""
    say = locale_of(bank.locale).say
    names = say.each(offer.name for offer in catalogue().offers)[contracts.offer]
    foreign = contracts.are(FOREIGN_ACCOUNT)
    codes = np.array(bank.currencies, dtype=object)[currency[foreign]]
    names[foreign] = say.around("{} account", codes)
    return names


def _codes(number: int, contracts: Contracts) -> Texts:
    """Return contract numbers, unique in the whole bank by block and row."""
    prefixes = [offer.prefix for offer in catalogue().offers]
    offers = enumerate(contracts.offer.tolist())
    return texts([f"{prefixes[offer]}-{number:04d}-{row:05d}" for row, offer in offers])
