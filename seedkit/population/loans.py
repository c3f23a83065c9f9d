"""Loans: lent at the rates of their time, paid back month by month, a few of them late.

The balance is the principal that has not been paid back. When instalments are overdue, their
capital is part of it (it is still owed) and stands in `arrears_capital` too; overdue interest and
fees come on top and are not part of the balance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.amortisation import even_principal, instalment, part_left, pay
from seedkit.population.amounts import CENTS, to_step
from seedkit.population.common import (
    MISSED,
    Common,
    draw_rates,
    own_currency,
    within_income,
    within_means,
)
from seedkit.population.contracts import (
    EDUCATION_LOAN,
    MAIN_ACCOUNT,
    MORTGAGE,
    SAVINGS_ACCOUNT,
    VEHICLE_LOAN,
    Contracts,
    owned_of,
)
from seedkit.population.days import NEVER, add_months, whole_months
from seedkit.population.draw import Whole, coin, pick, pick_by
from seedkit.population.model import Dates, Ints, Loans, Money, Texts
from seedkit.population.offers import catalogue
from seedkit.population.rates import house_price_ratio, largest_study, mortgage_rate
from seedkit.population.scene import Scene
from seedkit.population.words import Category, Education, PayFrom, Risk

MOST_DAYS_LATE = 120
SMALLEST = 500 * CENTS  # that banks lend
LATE_FEE = 25 * CENTS  # for each overdue instalment
LONGEST_REVIEW = 12

_LOWEST_RATE = 25
_INTEREST_FREE = 0.04  # of vehicle loans: a dealer's promotion
_SHORT_TERM = 240  # mortgages up to this term cost less
_SHORT_DISCOUNT = 55
LARGEST_LTV = 97  # percent, at purchase
_LARGEST_BURDEN = 43  # percent of the income that all instalments take together
_SMALLEST_LONG = 5_000 * CENTS  # of loans longer than the next
_LONG_TERM = 120  # from here on rounded instalments would add up to something
_STEP = 50 * CENTS  # of other principals

_INTEREST_KINDS = ((93, 7, 0), (98, 0, 2), (85, 5, 10), (75, 5, 20))  # by LoanKind
REVIEW_MONTHS = np.array([0, LONGEST_REVIEW, 6])  # by InterestKind
_PAY_FROM = (72, 8, 12, 6, 2)  # weights of PayFrom
_RISK_DAYS = (31, 61)  # first days late of a medium and of a high collection risk


@dataclass(frozen=True, slots=True)
class Payments:
    """How far loans have been paid."""

    due: Whole  # instalments due until today
    paid: Whole
    overdue_since: Dates


def make_loans(scene: Scene, contracts: Contracts, codes: Texts) -> tuple[Loans, Common]:
    """Draw terms and payments of loans; `codes` are those of all contracts."""
    rng = scene.stream("loans")
    rows = contracts.of(Category.LOAN)
    own = contracts.take(rows)
    rate = _rates(scene, rng, own)
    paid = _payments(scene, rng, own)
    principal = _principals(scene, own, rate, paid.paid)
    monthly = instalment(principal, rate, own.term)
    missed = paid.due - paid.paid
    balance, interest_paid = pay(principal, rate, monthly, paid.paid)
    later, interest_missed = pay(balance, rate, monthly, missed)
    kind = pick_by(rng, _INTEREST_KINDS, catalogue().kind[own.offer])
    last_payment = np.where(paid.paid > 0, add_months(own.opened, paid.paid), NEVER)
    pay_from, account = _paying_accounts(rng, contracts, own, codes)
    loans = Loans(
        household=own.household,
        holding=rows.astype(np.int32),
        principal=principal,
        instalment=monthly,
        term_months=own.term.astype(np.int32),
        paid_months=paid.paid.astype(np.int32),
        starts=own.opened,
        matures=add_months(own.opened, own.term),
        interest_kind=kind.astype(np.int8),
        interest_paid=interest_paid,
        last_payment=last_payment,
        next_payment=add_months(own.opened, paid.due + 1),
        next_review=_reviews(own.opened, paid.due, kind),
        overdue_since=paid.overdue_since,
        arrears_capital=balance - later,
        arrears_interest=interest_missed,
        arrears_fees=missed * LATE_FEE,
        collection_risk=collection_risks(scene.today, paid.overdue_since),
        pay_from=pay_from,
        repayment_account=account,
        event=own.event.astype(np.int32),
    )
    last_used = np.where(paid.paid > 0, last_payment, own.opened)
    return loans, Common(rows, balance, rate, last_used, own_currency(rows.size))


def _rates(scene: Scene, rng: np.random.Generator, own: Contracts) -> Whole:
    """Draw rates around the mortgage average of the year in which each loan began."""
    n = own.offer.size
    short = own.are(MORTGAGE) & (own.term <= _SHORT_TERM)
    usual = mortgage_rate(scene.locale, own.opened)
    rate = usual + draw_rates(scene, rng, own) - _SHORT_DISCOUNT * short
    free = own.are(VEHICLE_LOAN) & coin(rng, _INTEREST_FREE, n)
    return np.where(free, 0, np.maximum(rate, _LOWEST_RATE))


def _principals(scene: Scene, own: Contracts, rate: Whole, paid: Whole) -> Money:
    """Return what was lent, so that what is left today is what the household owes.

    Nobody borrowed more on a home than banks lent on its price of that time, and nobody's
    instalments take more of the income than banks allow; the rest is owed elsewhere.
    Those of long loans are chosen so that their instalments need no rounding.
    """
    then, now = house_price_ratio(scene.locale, own.opened, scene.today)
    price = scene.households.home_value[own.household] * then // now
    once = np.rint(own.size / part_left(rate, own.term, paid)).astype(np.int64)
    asked = within_income(own, once)
    secured = np.minimum(asked, price * LARGEST_LTV // 100)
    asked = np.where(own.are(MORTGAGE), secured, asked)
    asked = np.where(own.are(EDUCATION_LOAN), np.minimum(asked, _largest_study(scene, own)), asked)
    yearly = instalment(asked, rate, own.term) * 12
    lent = within_means(own, asked, yearly, _LARGEST_BURDEN)
    long = own.term > _LONG_TERM
    even = even_principal(np.maximum(lent, _SMALLEST_LONG), rate, own.term)
    # half a step more than asked and rounded down: as much too high as too low
    return np.where(long, even, to_step(np.maximum(lent, SMALLEST) + _STEP // 2, _STEP))


def _largest_study(scene: Scene, own: Contracts) -> Money:
    """Return what banks lent at most: more where studies led to an advanced degree."""
    advanced = scene.people.education[own.owner] == Education.ADVANCED
    return largest_study(scene.locale, own.opened, advanced)


def _payments(scene: Scene, rng: np.random.Generator, own: Contracts) -> Payments:
    """Draw who is late, by one to four instalments and at most 120 days."""
    n = own.offer.size
    due = whole_months(own.opened, scene.today)
    late = coin(rng, scene.profile.banking.delinquent, n)
    wished = np.minimum(1 + pick(rng, MISSED, n), due)
    first = add_months(own.opened, due - wished + 1)
    too_old = (scene.today - first).astype(np.int64) > MOST_DAYS_LATE
    missed = np.where(late, wished - too_old, 0)
    first = add_months(own.opened, due - missed + 1)
    late = (missed > 0) & (first < scene.today)
    return Payments(
        due=due,
        paid=due - np.where(late, missed, 0),
        overdue_since=np.where(late, first, NEVER),
    )


def _reviews(opened: Dates, due: Whole, kind: Whole) -> Dates:
    """Return when the rates that are not fixed are looked at next: on whole half or full years."""
    months = REVIEW_MONTHS[kind]
    step = np.maximum(months, 1)
    following = add_months(opened, (due // step + 1) * step)
    return np.where(months > 0, following, NEVER)


def collection_risks(today: np.datetime64, overdue_since: Dates) -> Ints:
    """Return how risky collection is, by days late."""
    late = ~np.isnat(overdue_since)
    days = (today - np.where(late, overdue_since, today)).astype(np.int64)
    by_days = np.array([Risk.LOW, Risk.MEDIUM, Risk.HIGH], np.int8)
    return by_days[np.searchsorted(_RISK_DAYS, days, side="right")]


def _paying_accounts(
    rng: np.random.Generator, contracts: Contracts, own: Contracts, codes: Texts
) -> tuple[Ints, Texts]:
    """Draw where instalments come from, and the code of the paying account if it is one of ours."""
    wished = pick(rng, _PAY_FROM, own.offer.size)
    checking = owned_of(contracts, MAIN_ACCOUNT)[own.owner]
    savings = owned_of(contracts, SAVINGS_ACCOUNT)[own.owner]
    pay_from = np.where((wished == PayFrom.SAVINGS) & (savings < 0), PayFrom.CHECKING, wished)
    account = np.select(
        [pay_from == PayFrom.CHECKING, pay_from == PayFrom.SAVINGS], [checking, savings], -1
    )
    return pay_from.astype(np.int8), np.append(codes, "")[account]
