"""Amounts, cards and mandates that are hard to handle."""

from __future__ import annotations

from functools import partial

import numpy as np

from seedkit.population.accounts import WITHOUT_CENTS
from seedkit.population.days import NEVER, add_days, add_months
from seedkit.population.model import Block
from seedkit.population.model.keeping import changed
from seedkit.population.scenery import Edit, Finds, Scenery, of_holdings
from seedkit.population.words import CardStatus

LARGEST = 100_000_000_000 * 100  # cents: what amounts in base currency can hold at most
_SHORTEST_LIFE = 26  # months since a card was issued that may have ended by now


def accounts(scenery: Scenery) -> Finds:
    """Find accounts in the bank's currency without an overdraft, of one owner."""
    block, own = scenery.block, scenery.block.accounts
    free = ~np.isin(own.holding, block.overdrafts.holding)
    return of_holdings(scenery, "accounts", free & (scenery.on(own, "currency") == 0))


def _hold(balance: int, scenery: Scenery, _person: int, row: int) -> Block:
    holding = scenery.block.accounts.holding[row]
    block = changed(scenery.block, "holdings", holding, balance=balance)
    return changed(
        block, "accounts", row, available=balance, average=balance, blocked=0, uncleared=0
    )


empty: Edit = partial(_hold, 0)
leave_a_cent: Edit = partial(_hold, 1)
fill: Edit = partial(_hold, LARGEST)


def card_holders(scenery: Scenery) -> Finds:
    """Find carriers of cards all of which could have ended by now."""
    own = scenery.block.cards
    young = own.issued > add_months(scenery.today, -_SHORTEST_LIFE)
    unused = np.isnat(own.activated)
    wrong = np.isin(own.person, own.person[young | unused])
    rows = np.flatnonzero(~wrong)
    return Finds(own.person[rows], rows).where(scenery.shown[own.person[rows]])


def expire(scenery: Scenery, person: int, _row: int) -> Block:
    """Let all cards, mandates and orders of somebody be over."""
    block = scenery.block
    over = add_days(scenery.today.astype("datetime64[M]"), -1)
    cards = np.flatnonzero(block.cards.person == person)
    own = block.cards
    block = changed(
        block,
        "cards",
        cards,
        status=CardStatus.EXPIRED,
        expires=np.minimum(own.expires[cards], over),
        last_used=np.minimum(own.last_used[cards], over),
        last_withdrawal=np.minimum(own.last_withdrawal[cards], over),
        transactions=0,
        withdrawals=0,
    )
    owned = np.flatnonzero(scenery.owner == person)
    debits = np.flatnonzero(np.isin(block.direct_debits.holding, owned))
    ended = block.direct_debits.last_date[debits]
    return changed(block, "direct_debits", debits, ends=ended, next_date=NEVER)


def has_cents(currency: str) -> bool:
    """Tell whether a currency has amounts below one unit."""
    return currency not in WITHOUT_CENTS
