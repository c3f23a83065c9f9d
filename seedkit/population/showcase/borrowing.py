"""Showcases of loans."""

from __future__ import annotations

import numpy as np

from seedkit.population.amortisation import even_principal, instalment, pay
from seedkit.population.days import NEVER, add_months, known, whole_months
from seedkit.population.loans import LATE_FEE, REVIEW_MONTHS, collection_risks
from seedkit.population.model import Block, Dates, Flags
from seedkit.population.model.keeping import changed
from seedkit.population.rates import mortgage_rate
from seedkit.population.scenery import Finds, Scenery, of_holdings
from seedkit.population.words import InterestKind, LoanKind

_TERM = 120  # months of the mortgage that ends
_MATURES_DAYS = 42
_PART_LENT = 60  # percent of the earlier loan: the rest was paid back when it was replaced
_REVIEW_DAYS = (7, 45)
_LONG_RUNNING = 8  # months that are left, so that the end raises no alert of its own
_MISSED = 3  # instalments: the first of them is more than 30 days old in any month


def _settled(scenery: Scenery) -> Flags:
    """Tell which loans are paid up and run for a while yet."""
    own = scenery.block.loans
    left = own.term_months - own.paid_months
    return np.asarray(~known(own.overdue_since) & (left > _LONG_RUNNING))


def mortgages(scenery: Scenery) -> Finds:
    """Find mortgages that could have been replaced by one that ends soon."""
    own = scenery.block.loans
    fits = _settled(scenery) & (scenery.on(own, "kind") == LoanKind.MORTGAGE)
    began = add_months(scenery.ahead(_MATURES_DAYS), -_TERM)
    earliest = np.maximum(scenery.since[own.holding], own.starts)
    return of_holdings(scenery, "loans", fits & (began >= earliest))


def end_mortgage(scenery: Scenery, _person: int, row: int) -> Block:
    """Let a mortgage end soon: it replaced an earlier one, for ten years."""
    own = scenery.block.loans
    holding, matures = own.holding[row], scenery.ahead(_MATURES_DAYS)
    starts = add_months(np.array([matures]), -_TERM)
    rate = np.asarray(
        scenery.on(own, "rate")[[row]] - mortgage_rate(scenery.locale, own.starts[[row]])
    )
    rate = np.maximum(rate + mortgage_rate(scenery.locale, starts), 1)
    term = np.array([_TERM])
    principal = even_principal(own.principal[[row]] * _PART_LENT // 100, rate, term)
    monthly, paid = instalment(principal, rate, term), whole_months(starts, scenery.today)
    balance, interest_paid = pay(principal, rate, monthly, paid)
    last = add_months(starts, paid)
    block = changed(
        scenery.block,
        "holdings",
        holding,
        balance=balance[0],
        rate=rate[0],
        opened=starts[0],
        last_used=last[0],
    )
    return changed(
        block,
        "loans",
        row,
        principal=principal[0],
        instalment=monthly[0],
        term_months=_TERM,
        paid_months=paid[0],
        starts=starts[0],
        matures=matures,
        interest_kind=InterestKind.FIXED,
        interest_paid=interest_paid[0],
        last_payment=last[0],
        next_payment=add_months(starts, paid + 1)[0],
        next_review=NEVER,
        event=-1,
    )


def reviewed(scenery: Scenery) -> Finds:
    """Find loans whose rate would be looked at soon if it floated."""
    days = scenery.days_until(_next_review(scenery))
    low, high = _REVIEW_DAYS
    near = (days >= low) & (days <= high)
    return of_holdings(scenery, "loans", near & _settled(scenery))


def review(scenery: Scenery, _person: int, row: int) -> Block:
    """Let a loan's rate float, and be looked at soon."""
    return changed(
        scenery.block,
        "loans",
        row,
        interest_kind=InterestKind.FLOATING,
        next_review=_next_review(scenery)[row],
    )


def _next_review(scenery: Scenery) -> Dates:
    own, step = scenery.block.loans, REVIEW_MONTHS[InterestKind.FLOATING]
    due = whole_months(own.starts, scenery.today)
    return add_months(own.starts, (due // step + 1) * step)


def running(scenery: Scenery) -> Finds:
    """Find loans of which several instalments were paid."""
    paid = scenery.block.loans.paid_months
    return of_holdings(scenery, "loans", _settled(scenery) & (paid > 2 * _MISSED))


def fall_behind(scenery: Scenery, _person: int, row: int) -> Block:
    """Let a loan's last instalments be missed."""
    own = scenery.block.loans
    holding, starts = own.holding[row], own.starts[[row]]
    due = whole_months(starts, scenery.today)
    paid = due - _MISSED
    principal, monthly = own.principal[[row]], own.instalment[[row]]
    rate = scenery.on(own, "rate")[[row]]
    balance, interest_paid = pay(principal, rate, monthly, paid)
    later, interest_missed = pay(balance, rate, monthly, due - paid)
    last, since = add_months(starts, paid), add_months(starts, paid + 1)
    block = changed(scenery.block, "holdings", holding, balance=balance[0], last_used=last[0])
    return changed(
        block,
        "loans",
        row,
        paid_months=paid[0],
        interest_paid=interest_paid[0],
        last_payment=last[0],
        overdue_since=since[0],
        arrears_capital=(balance - later)[0],
        arrears_interest=interest_missed[0],
        arrears_fees=_MISSED * LATE_FEE,
        collection_risk=collection_risks(scenery.today, since)[0],
    )
