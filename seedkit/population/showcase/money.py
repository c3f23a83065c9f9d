"""Showcases of accounts, savings, investments and payments."""

from __future__ import annotations

import numpy as np

from seedkit.population.amounts import CENTS
from seedkit.population.days import add_months, known
from seedkit.population.model import Block, Flags
from seedkit.population.model.keeping import changed
from seedkit.population.payments_tables import FAULTS, NO_FUNDS, SCARCE
from seedkit.population.savings import interest
from seedkit.population.scenery import Finds, Scenery, of_holdings
from seedkit.population.words import AccountKind, Category, HolderRole, ItemStatus, SavingKind

_WORTHWHILE = 500 * CENTS  # that lies on an account which is looked at
_HIGHER = 165  # percent of the average that is there: a third or more off
_BLOCKED = 52  # percent of the balance: more than the average, which is half
_USED = 97  # percent of an overdraft's limit
_SAVINGS_DAYS = 20
_POSITIONS = 4


def _plain_accounts(scenery: Scenery) -> Flags:
    """Tell which accounts are checking accounts in the bank's currency with something on them."""
    block, own = scenery.block, scenery.block.accounts
    checking = scenery.on(own, "kind") == AccountKind.CHECKING
    overdraft = np.isin(own.holding, block.overdrafts.holding)
    rich = scenery.on(own, "balance") >= _WORTHWHILE
    return np.asarray(checking & rich & ~overdraft & (scenery.on(own, "currency") == 0))


def plain_accounts(scenery: Scenery) -> Finds:
    """Find ordinary checking accounts."""
    return of_holdings(scenery, "accounts", _plain_accounts(scenery))


def leave_average(scenery: Scenery, _person: int, row: int) -> Block:
    """Let an account have much more on it than on average."""
    balance = scenery.on(scenery.block.accounts, "balance")[row]
    return changed(
        scenery.block,
        "accounts",
        row,
        available=balance,
        average=balance * 100 // _HIGHER,
        blocked=0,
        uncleared=0,
    )


def block_much(scenery: Scenery, _person: int, row: int) -> Block:
    """Block more of an account than lies on it on average; what is left is near the average."""
    balance = scenery.on(scenery.block.accounts, "balance")[row]
    blocked = balance * _BLOCKED // 100
    return changed(
        scenery.block,
        "accounts",
        row,
        available=balance - blocked,
        average=balance // 2,
        blocked=blocked,
        uncleared=0,
    )


def overdrafts(scenery: Scenery) -> Finds:
    """Find overdrafts."""
    return of_holdings(scenery, "overdrafts", scenery.block.overdrafts.limit >= _WORTHWHILE)


def use_overdraft(scenery: Scenery, _person: int, row: int) -> Block:
    """Use an overdraft up to its limit, as its owner usually does."""
    own = scenery.block.overdrafts
    holding, limit = own.holding[row], own.limit[row]
    used = limit * _USED // 100
    account = np.flatnonzero(scenery.block.accounts.holding == holding)
    block = changed(scenery.block, "overdrafts", row, used=used)
    block = changed(block, "holdings", holding, balance=-used)
    left = limit - used
    return changed(block, "accounts", account, available=left, average=left, blocked=0, uncleared=0)


def foreign_accounts(scenery: Scenery) -> Finds:
    """Find accounts in another currency than the bank's own, with something on them."""
    own = scenery.block.accounts
    rich = scenery.on(own, "balance") >= _WORTHWHILE
    return of_holdings(scenery, "accounts", rich & (scenery.on(own, "currency") > 0))


def deposits(scenery: Scenery) -> Finds:
    """Find deposits that could have begun their term before today."""
    own = scenery.block.savings
    fits = scenery.on(own, "kind") == SavingKind.DEPOSIT
    began = add_months(scenery.ahead(_SAVINGS_DAYS), -own.term_months)
    return of_holdings(scenery, "savings", fits & (began >= scenery.since[own.holding]))


def end_deposit(scenery: Scenery, _person: int, row: int) -> Block:
    """Let a deposit end soon, and have begun its term before that."""
    own = scenery.block.savings
    holding, matures = own.holding[row], scenery.ahead(_SAVINGS_DAYS)
    began = add_months(matures, -own.term_months[row])
    balance, rate = (scenery.on(own, column)[row] for column in ("balance", "rate"))
    days = ((day - began).astype(np.int64) for day in (scenery.today, matures))
    accrued, projected = (interest(balance, rate, each) for each in days)
    block = changed(scenery.block, "holdings", holding, opened=began, last_used=began)
    return changed(
        block,
        "savings",
        row,
        matures=matures,
        accrued=accrued,
        projected=projected,
        at_maturity=balance + projected,
    )


def investors(scenery: Scenery) -> Finds:
    """Find investments with several positions."""
    own = scenery.block.investments
    counts = np.bincount(
        scenery.block.positions.holding, minlength=len(scenery.block.holdings.household)
    )
    return of_holdings(scenery, "investments", counts[own.holding] >= _POSITIONS)


def owners_of_all(scenery: Scenery) -> Finds:
    """Find people who own something of each category."""
    roles, holdings = scenery.block.holding_roles, scenery.block.holdings
    own = np.isin(roles.role, (HolderRole.OWNER, HolderRole.JOINT_OWNER))
    owned = np.zeros((len(scenery.block.people.household), len(Category)), np.bool_)
    owned[roles.person[own], holdings.category[roles.holding[own]]] = True
    rows = np.flatnonzero(owned.all(axis=1) & scenery.shown)
    return Finds(rows, rows)


def guests(scenery: Scenery) -> Finds:
    """Find people who may sign for, or will have, what somebody else owns."""
    roles = scenery.block.holding_roles
    rows = np.flatnonzero(np.isin(roles.role, (HolderRole.SIGNATORY, HolderRole.BENEFICIARY)))
    return Finds(roles.person[rows], rows).where(scenery.shown[roles.person[rows]])


def debits(scenery: Scenery) -> Finds:
    """Find direct debits that have been drawn."""
    return of_holdings(scenery, "direct_debits", known(scenery.block.direct_debits.last_date))


def orders(scenery: Scenery) -> Finds:
    """Find standing orders that have paid."""
    return of_holdings(scenery, "standing_orders", known(scenery.block.standing_orders.last_date))


def fail_debit(scenery: Scenery, _person: int, row: int) -> Block:
    """Let the last payment of a direct debit fail."""
    return _fail(scenery, "direct_debits", row, scenery.block.direct_debits.last_amount[row])


def fail_order(scenery: Scenery, _person: int, row: int) -> Block:
    """Let the last payment of a standing order fail."""
    return _fail(scenery, "standing_orders", row, scenery.block.standing_orders.amount[row])


def _fail(scenery: Scenery, part: str, row: int, amount: int) -> Block:
    lies = scenery.on(getattr(scenery.block, part), "balance")[row]
    why = NO_FUNDS if lies < SCARCE * amount else FAULTS[-1]
    return changed(
        scenery.block,
        part,
        row,
        last_status=ItemStatus.FAILED,
        last_reason=scenery.locale.say(why),
    )
