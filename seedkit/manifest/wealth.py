"""How traits of holdings are seen: accounts, loans, credit lines, savings, investments."""

from __future__ import annotations

import numpy as np

from seedkit.manifest.lives import ADULT_YEARS
from seedkit.manifest.sight import Hits, Sight
from seedkit.population.model import Flags
from seedkit.population.words import Category, HolderRole, InvestmentKind, ItemStatus, LoanKind

SAVING_DAYS = 90
MORTGAGE_DAYS = 5 * 365
NEARLY_USED_UP = 80  # percent of a credit line's limit


def joint_owners(sight: Sight) -> Hits:
    """Return all owners of accounts that have several."""
    roles, holdings = sight.block.holding_roles, sight.block.holdings
    shared = np.zeros(len(holdings.household), bool)
    shared[roles.holding[roles.role == HolderRole.JOINT_OWNER]] = True
    return sight.owners(shared & _accounts(sight))


def youths(sight: Sight) -> Hits:
    """Return owners of accounts who are under age."""
    hits = sight.owners(_accounts(sight))
    young = sight.block.people.age[hits.person] < ADULT_YEARS
    return Hits(hits.person[young], {"holdings": hits.rows["holdings"][young]})


def owners_of_several_accounts(sight: Sight) -> Hits:
    """Return owners of two or more accounts."""
    hits = sight.owners(_accounts(sight))
    several = np.bincount(hits.person, minlength=1)[hits.person] > 1
    return Hits(hits.person[several], {"holdings": hits.rows["holdings"][several]})


def foreign_account_owners(sight: Sight) -> Hits:
    """Return owners of accounts in another currency than the bank's own."""
    return sight.owners(_accounts(sight) & (sight.block.holdings.currency > 0))


def signatories(sight: Sight) -> Hits:
    """Return people who may sign for accounts of others."""
    roles = sight.block.holding_roles
    return sight.with_rows("holding_roles", roles.role == HolderRole.SIGNATORY)


def _accounts(sight: Sight) -> Flags:
    found: Flags = sight.block.holdings.category == Category.ACCOUNT
    return found


def overdrawn(sight: Sight) -> Hits:
    """Return owners of accounts whose overdraft is in use."""
    return sight.owners_of("overdrafts", sight.block.overdrafts.used > 0)


def with_failed_debit(sight: Sight) -> Hits:
    """Return owners of accounts on which the last direct debit was not paid."""
    debits = sight.block.direct_debits
    failed = ~np.isnat(debits.last_date) & (debits.last_status != ItemStatus.SUCCESSFUL)
    return sight.owners_of("direct_debits", failed)


def with_failed_order(sight: Sight) -> Hits:
    """Return owners of accounts whose last standing order was not carried out."""
    orders = sight.block.standing_orders
    failed = ~np.isnat(orders.last_date) & (orders.last_status != ItemStatus.SUCCESSFUL)
    return sight.owners_of("standing_orders", failed)


def mortgagors(sight: Sight) -> Hits:
    """Return owners of mortgages."""
    return sight.owners_of("loans", _mortgages(sight))


def nearly_free_mortgagors(sight: Sight) -> Hits:
    """Return owners of mortgages that end in a few years."""
    soon = sight.within(sight.block.loans.matures, MORTGAGE_DAYS)
    return sight.owners_of("loans", soon & _mortgages(sight))


def _mortgages(sight: Sight) -> Flags:
    found: Flags = sight.block.holdings.kind[sight.block.loans.holding] == LoanKind.MORTGAGE
    return found


def overdue_borrowers(sight: Sight) -> Hits:
    """Return owners of loans that are not paid up."""
    return sight.owners_of("loans", ~np.isnat(sight.block.loans.overdue_since))


def stretched_borrowers(sight: Sight) -> Hits:
    """Return owners of credit lines with little left."""
    lines, holdings = sight.block.credit_lines, sight.block.holdings
    used = holdings.balance[lines.holding] * 100 >= lines.limit * NEARLY_USED_UP
    return sight.owners_of("credit_lines", used & (lines.limit > 0))


def late_borrowers(sight: Sight) -> Hits:
    """Return owners of credit lines whose minimum payment was missed."""
    return sight.owners_of("credit_lines", sight.block.credit_lines.delinquent)


def savers(sight: Sight) -> Hits:
    """Return owners of long-term savings."""
    return sight.owners_of("savings", np.ones(len(sight.block.savings.household), bool))


def savers_at_the_end(sight: Sight) -> Hits:
    """Return owners of savings whose term is nearly over."""
    return sight.owners_of("savings", sight.within(sight.block.savings.matures, SAVING_DAYS))


def investors(sight: Sight) -> Hits:
    """Return owners of investments that hold positions."""
    block = sight.block
    return sight.owners_of(
        "investments", np.isin(block.investments.holding, block.positions.holding)
    )


def losers(sight: Sight) -> Hits:
    """Return owners of investments that are worth less than they cost."""
    return sight.owners_of("investments", sight.block.investments.gain < 0)


def savers_for_retirement(sight: Sight) -> Hits:
    """Return owners of retirement accounts."""
    kinds = sight.block.holdings.kind[sight.block.investments.holding]
    return sight.owners_of("investments", kinds == InvestmentKind.RETIREMENT)
