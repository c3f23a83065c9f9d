import numpy as np
from hypothesis import given

from seedkit.population.days import add_months
from seedkit.population.savings import interest
from seedkit.population.words import AccountKind, Category, SavingKind
from seedkit.profile.models import BankingSection, InstrumentsSection, Profile

from .held import any_held, hold
from .made import FEW


def limits(held) -> np.ndarray:
    """The overdraft limit of each holding, 0 without one."""
    found = np.zeros(held.holdings.code.size, np.int64)
    found[held.overdrafts.holding] = held.overdrafts.limit
    return found


@FEW
@given(any_held)
def test_available_is_what_can_be_spent(held):
    accounts = held.accounts
    limit = limits(held)[accounts.holding]
    held_back = accounts.blocked + accounts.uncleared
    assert (accounts.available == held.of(accounts, "balance") + limit - held_back).all()
    assert (accounts.available >= 0).all()
    assert (accounts.average >= 0).all()


@FEW
@given(any_held)
def test_nobody_is_overdrawn_beyond_the_overdraft(held):
    overdrafts, holdings = held.overdrafts, held.holdings
    accounts = holdings.category == Category.ACCOUNT
    assert (holdings.balance[~accounts] >= 0).all()
    assert (holdings.balance >= -limits(held)).all()
    assert (overdrafts.used == np.maximum(-held.of(overdrafts, "balance"), 0)).all()
    assert (held.of(overdrafts, "kind") == AccountKind.CHECKING).all()
    assert (overdrafts.limit > 0).all()


@FEW
@given(any_held)
def test_few_accounts_raise_an_alert(held):
    accounts = held.accounts
    off = np.abs(accounts.available - accounts.average) * 100 >= accounts.average * 30
    assert off[accounts.average > 0].mean() < 0.1
    assert (accounts.blocked > accounts.average).mean() < 0.02


@FEW
@given(any_held)
def test_quiet_accounts_have_no_transactions_this_month(held):
    accounts = held.accounts
    quiet = (held.today - held.of(accounts, "last_used")).astype(int) > 30
    assert ((accounts.transactions == 0) == quiet).all()


@FEW
@given(any_held)
def test_only_accounts_named_for_it_hold_foreign_currency(held):
    holdings = held.holdings
    foreign = holdings.currency > 0
    codes = np.array(held.bank.currencies, object)[holdings.currency[foreign]]
    assert holdings.name[foreign].tolist() == [f"{code} account" for code in codes]
    assert (holdings.currency >= 0).all()


def test_foreign_currencies_are_as_frequent_as_the_profile_says_and_yen_are_whole():
    held = hold(Profile(banking=BankingSection(foreign_currency=1.0)))
    holdings, accounts = held.holdings, held.accounts
    foreign = np.flatnonzero(holdings.currency > 0)
    assert np.unique(holdings.household[foreign]).size == 256
    assert len(set(holdings.currency[foreign].tolist())) == 5
    yen = held.of(accounts, "currency") == held.bank.currencies.index("JPY")
    assert yen.sum() > 5
    for column in (accounts.available, accounts.average, accounts.blocked, accounts.uncleared):
        assert (column[yen] % 100 == 0).all()
    own = holdings.balance * np.array(held.bank.exchange_rates)[holdings.currency] // 10_000
    assert 100_000 < np.median(own[foreign]) < 1_000_000  # 1,000 to 10,000 dollars


def test_a_bank_with_one_currency_has_no_foreign_accounts():
    banking = BankingSection(foreign_currency=1.0, foreign_currencies="")
    held = hold(Profile(banking=banking))
    assert held.bank.currencies == ("USD",)
    assert not (held.holdings.name == "USD account").any()
    assert not held.holdings.currency.any()


def test_overdrafts_are_as_frequent_as_the_profile_says():
    def number(share: float) -> int:
        held = hold(Profile(instruments=InstrumentsSection(overdrafts=share)))
        return held.overdrafts.holding.size

    every = number(1.0)
    assert number(0.0) == 0
    assert 0.2 * every < number(0.35) < 0.5 * every


@FEW
@given(any_held)
def test_savings_mature_with_what_they_promise(held):
    savings = held.savings
    balance, rate = held.of(savings, "balance"), held.of(savings, "rate")
    opened = held.of(savings, "opened")
    assert (savings.matures == add_months(opened, savings.term_months)).all()
    assert (savings.matures > held.today).all()
    days = (savings.matures - opened).astype(np.int64)
    assert (savings.projected == interest(balance, rate, days)).all()
    assert (savings.at_maturity == balance + savings.projected).all()
    assert ((savings.accrued >= 0) & (savings.accrued <= savings.projected)).all()


def test_simple_interest_of_a_year_is_the_rate():
    assert interest(np.array([1_000_000]), np.array([450]), np.array([365])).tolist() == [45_000]


@FEW
@given(any_held)
def test_a_deposit_is_paid_in_once(held):
    savings = held.savings
    deposit = held.of(savings, "kind") == SavingKind.DEPOSIT
    assert (held.of(savings, "last_used")[deposit] == held.of(savings, "opened")[deposit]).all()
    assert (savings.source != "").all()
    assert (savings.instructions != "").all()
