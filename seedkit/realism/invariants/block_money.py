"""Rules of a block about balances, loans, portfolios, lines, cards and who holds them."""

from __future__ import annotations

import re

import numpy as np

from seedkit.population.accounts import WITHOUT_CENTS
from seedkit.population.amortisation import instalment, pay
from seedkit.population.amounts import CENTS, scaled
from seedkit.population.days import add_months, known
from seedkit.population.locale import locale_of
from seedkit.population.rates import house_price_ratio
from seedkit.population.words import CardKind, Category, Employment, HolderRole, LoanKind
from seedkit.realism.invariants.blocks import BlockView
from seedkit.realism.invariants.model import Flags, Rule

ADULT = 18
OVER_LIMIT_PER_CENT = 110
SMALLEST_MORTGAGE = 15_000 * CENTS
HUNDREDTHS = 100  # of a unit: how quantities count
MASKED = re.compile(r"(\*{4} ){3}\d{4}")


def one_owner(v: BlockView) -> Flags:
    """Every holding has exactly one first owner, a person or a firm."""
    roles = v.block.holding_roles
    first = roles.holding[roles.role == HolderRole.OWNER]
    first = np.append(first, v.block.firm_roles.holding)
    return np.asarray(np.bincount(first, minlength=v.block.holdings.kind.size) != 1)


def firms(v: BlockView) -> Flags:
    """A firm is run by a self-employed customer of its household, since before it came to us."""
    own, people = v.block.firms, v.people
    runs = people.customer & (people.employment == Employment.SELF_EMPLOYED)
    early = own.founded > own.customer_since
    away = people.household[own.person] != own.household
    return np.asarray(early | away | ~runs[own.person])


def one_role(v: BlockView) -> Flags:
    """Nobody has two roles on one holding."""
    roles = v.block.holding_roles
    pairs = roles.holding.astype(np.int64) * v.people.age.size + roles.person
    _, first, place = np.unique(pairs, return_index=True, return_inverse=True)
    return np.asarray(first[place] != np.arange(pairs.size))


def joint_owners(v: BlockView) -> Flags:
    """Everyone with a role on a holding is a customer of its household."""
    roles, people = v.block.holding_roles, v.people
    away = people.household[roles.person] != v.block.holdings.household[roles.holding]
    return np.asarray(away | ~people.customer[roles.person])


def guardians(v: BlockView) -> Flags:
    """A minor's holding has an adult who signs for it, or owns it too."""
    roles, people = v.block.holding_roles, v.people
    minor = v.owns & (people.age[roles.person] < ADULT)
    watched = np.zeros(v.block.holdings.kind.size, np.bool_)
    watched[roles.holding[people.age[roles.person] >= ADULT]] = True
    return ~watched[roles.holding[minor]]


def loan_balance(v: BlockView) -> Flags:
    """A loan's balance is what its instalments have left of the principal, to the cent."""
    own = v.block.loans
    rate = v.held(own, "rate")
    monthly = instalment(own.principal, rate, own.term_months)
    left, _ = pay(own.principal, rate, monthly, own.paid_months)
    off = np.abs(left - v.held(own, "balance")) > own.paid_months
    return np.asarray(off | (monthly != own.instalment))


def loan_term(v: BlockView) -> Flags:
    """A loan matures after its term, begins when it is opened and is not paid beyond its end."""
    own = v.block.loans
    off = own.matures != add_months(own.starts, own.term_months)
    off |= own.starts != v.held(own, "opened")
    return np.asarray(off | (own.paid_months > own.term_months))


def loan_late(v: BlockView) -> Flags:
    """A loan is late exactly when capital is overdue, and late capital is part of the balance."""
    own = v.block.loans
    late = np.asarray(known(own.overdue_since))
    off = late != (own.arrears_capital > 0)
    off |= late & (own.overdue_since > v.today)
    return np.asarray(off | (own.arrears_capital > v.held(own, "balance")))


def loan_to_value(v: BlockView) -> Flags:
    """A mortgage was not larger than the home's price when it began."""
    own = v.block.loans
    mine = v.held(own, "kind") == LoanKind.MORTGAGE
    then, now = house_price_ratio(locale_of(v.bank.locale), own.starts, v.today)
    price = v.block.households.home_value[own.household] * then // now
    # prices of cheap homes long ago are a guess; the smallest mortgages are let off
    off = own.principal > np.maximum(price, SMALLEST_MORTGAGE)
    return np.asarray(off[mine], np.bool_)


def repayment_account(v: BlockView) -> Flags:
    """An account that pays a loan is one of ours."""
    codes = set(v.block.holdings.code.tolist())
    told = [code for code in v.block.loans.repayment_account.tolist() if code]
    return np.array([code not in codes for code in told], np.bool_)


def savings(v: BlockView) -> Flags:
    """Savings mature after they began, with what they promise; interest is never below 0."""
    own = v.block.savings
    opened = v.held(own, "opened")
    off = own.matures != add_months(opened, own.term_months)
    off |= own.at_maturity != v.held(own, "balance") + own.projected
    return np.asarray(off | (own.accrued < 0) | (own.projected < 0) | (own.matures <= opened))


def portfolios(v: BlockView) -> Flags:
    """A portfolio is worth its cash and its positions."""
    own, positions = v.block.investments, v.block.positions
    worth = np.zeros(v.block.holdings.kind.size, np.int64)
    np.add.at(worth, positions.holding, positions.value)
    return np.asarray(v.held(own, "balance") != own.cash + worth[own.holding])


def positions(v: BlockView) -> Flags:
    """A position is worth quantity times the product's price, to the cent."""
    own = v.block.positions
    price = v.bank.products.price[own.product]
    worth = scaled(own.quantity.astype(np.int64), price, HUNDREDTHS)
    return np.asarray((own.value != worth) | (own.price != price) | (own.quantity <= 0))


def available(v: BlockView) -> Flags:
    """What is available is balance and overdraft less what is blocked or has not cleared."""
    own = v.block.accounts
    limit = np.zeros(v.block.holdings.kind.size, np.int64)
    limit[v.block.overdrafts.holding] = v.block.overdrafts.limit
    balance = v.held(own, "balance")
    told = balance + limit[own.holding] - own.blocked - own.uncleared
    return np.asarray((told != own.available) | (balance < -limit[own.holding]))


def whole_units(v: BlockView) -> Flags:
    """Amounts in currencies without minor units are whole."""
    coarse = np.array([code in WITHOUT_CENTS for code in v.bank.currencies])
    mine = coarse[v.block.holdings.currency]
    return np.asarray(v.block.holdings.balance[mine] % CENTS != 0)


def use_of_limits(v: BlockView) -> Flags:
    """What is used of a line lies between 0 and a tenth above the limit."""
    own = v.block.credit_lines
    used = v.held(own, "balance")
    off = (used < 0) | (100 * used > OVER_LIMIT_PER_CENT * own.limit)
    return np.asarray(off | (own.minimum_due > own.statement_balance))


def late_lines(v: BlockView) -> Flags:
    """A late line has a day in the past on which something was due."""
    own = v.block.credit_lines
    was_due = known(own.last_due) & (own.last_due < v.today) & (own.statement_balance > 0)
    return np.asarray(own.delinquent & ~was_due)


def card_accounts(v: BlockView) -> Flags:
    """Debit cards stand on accounts, the others on credit lines."""
    own = v.block.cards
    category = v.held(own, "category")
    wanted = np.where(own.kind == CardKind.DEBIT, Category.ACCOUNT, Category.CREDIT_LINE)
    return np.asarray(category != wanted)


def card_carriers(v: BlockView) -> Flags:
    """Whoever carries a card has a part in the holding behind it."""
    roles, own = v.block.holding_roles, v.block.cards
    pairs = set(zip(roles.holding.tolist(), roles.person.tolist(), strict=True))
    told = zip(own.holding.tolist(), own.person.tolist(), strict=True)
    return np.array([pair not in pairs for pair in told], np.bool_)


def card_days(v: BlockView) -> Flags:
    """A card is activated after issue, and used between activation and its last day."""
    own = v.block.cards
    off = own.activated < own.issued
    off |= (own.last_used < own.activated) | (own.last_used > own.expires)
    return np.asarray(off | (own.last_used > v.today))


def card_numbers(v: BlockView) -> Flags:
    """Card numbers are masked but for the last four digits."""
    return np.array([not MASKED.fullmatch(text) for text in v.block.cards.number], np.bool_)


def last_used(v: BlockView) -> Flags:
    """Holdings were last used between opening and the as-of date."""
    own = v.block.holdings
    return np.asarray((own.last_used < own.opened) | (own.last_used > v.today))


def home_equity(v: BlockView) -> Flags:
    """Lines secured by the home are never used beyond the limit."""
    own = v.block.credit_lines
    names = np.array([str(code).startswith("HEL") for code in v.held(own, "code")], np.bool_)
    return np.asarray(v.held(own, "balance") > own.limit)[names]


MONEY_RULES = tuple(
    Rule(f"bank.{check.__name__}", " ".join((check.__doc__ or "").split()), check)
    for check in (
        one_owner,
        firms,
        one_role,
        joint_owners,
        guardians,
        loan_balance,
        loan_term,
        loan_late,
        loan_to_value,
        repayment_account,
        savings,
        portfolios,
        positions,
        available,
        whole_units,
        use_of_limits,
        home_equity,
        late_lines,
        card_accounts,
        card_carriers,
        card_days,
        card_numbers,
        last_used,
    )
)
