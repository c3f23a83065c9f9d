import numpy as np
from hypothesis import given

from seedkit.population.credit import DAYS_TO_PAY, SMALLEST_DUE
from seedkit.population.days import add_months, known
from seedkit.population.words import CreditKind
from seedkit.profile.models import BankingSection, Profile

from .held import any_held, hold
from .made import FEW


@FEW
@given(any_held)
def test_nobody_owes_more_than_the_limit(held):
    lines = held.credit_lines
    balance = held.of(lines, "balance")
    assert (lines.limit >= 300_00).all()
    assert ((balance >= 0) & (balance <= lines.limit)).all()
    assert (lines.statement_balance <= lines.limit).all()
    assert 0.3 < (balance == 0).mean() < 0.6
    assert 0.15 < (balance / lines.limit).mean() < 0.45


@FEW
@given(any_held)
def test_two_of_three_cards_that_carry_nothing_over_are_not_used(held):
    lines = held.credit_lines
    name = held.of(lines, "name")
    card = np.isin(name, ["Credit card account", "Rewards card account", "Charge card account"])
    clear = card & (lines.carried == 0)
    unused = clear & (held.of(lines, "balance") == 0)
    assert 0.5 < unused.sum() / clear.sum() < 0.8
    assert (lines.statement_balance[unused] == 0).all()
    opened, used = held.of(lines, "opened")[unused], held.of(lines, "last_used")[unused]
    assert ((used == opened) | ((held.today - used).astype(int) > 90)).all()


@FEW
@given(any_held)
def test_the_limits_of_a_household_fit_its_income(held):
    lines, people = held.credit_lines, held.people
    asked = np.zeros(held.households.household.size, np.int64)
    np.add.at(asked, lines.household, lines.limit * (lines.limit > 300_00))
    customers = people.customer.astype(np.int64)
    income = np.zeros_like(asked)
    np.add.at(income, people.household, people.income * customers)
    assert (asked * 2 <= income + 200_00).all()


@FEW
@given(any_held)
def test_a_home_equity_line_stays_below_the_homes_value(held):
    lines = held.credit_lines
    home = held.of(lines, "name") == "Home equity line"
    assert (lines.limit[home] <= held.households.home_value[lines.household[home]]).all()
    opened = held.of(lines, "opened")[home]
    assert (opened >= held.households.home_since[lines.household[home]]).all()


@FEW
@given(any_held)
def test_statements_are_monthly_and_around_today(held):
    lines, today = held.credit_lines, held.today
    stated = known(lines.statement)
    assert (lines.statement[stated] <= today).all()
    assert (lines.statement[stated] >= held.of(lines, "opened")[stated]).all()
    assert (lines.next_statement > today).all()
    assert ((lines.next_statement - today).astype(int) <= 31).all()
    assert (add_months(lines.statement[stated], 1) == lines.next_statement[stated]).all()
    young = (today - held.of(lines, "opened")).astype(int) < 31
    assert young[~stated].all()
    assert (lines.statement_balance[~stated] == 0).all()


@FEW
@given(any_held)
def test_dues_follow_statements(held):
    lines, today = held.credit_lines, held.today
    assert (lines.next_payment >= today).all()
    past = known(lines.last_due)
    assert (lines.last_due[past] < today).all()
    statements = {
        day
        for column in (lines.statement, lines.next_statement)
        for day in column[known(column)].tolist()
    }
    for day in lines.next_payment.tolist():
        assert day - DAYS_TO_PAY * np.timedelta64(1, "D").astype(object) in statements


@FEW
@given(any_held)
def test_the_minimum_due_is_a_part_of_the_statement(held):
    lines = held.credit_lines
    part = (lines.statement_balance * lines.monthly_percentage + 5_000) // 10_000
    least = np.maximum(part, SMALLEST_DUE)
    assert (lines.minimum_due == np.minimum(least, lines.statement_balance)).all()
    charge = held.of(lines, "kind") == CreditKind.OTHER
    assert (lines.minimum_due == lines.statement_balance)[charge].all()
    assert (lines.monthly_percentage[~charge] <= 500).all()


def test_late_payers_owe_something_that_was_due():
    held = hold(Profile(banking=BankingSection(delinquent=1.0)))
    lines = held.credit_lines
    owing = (lines.statement_balance > 0) & (lines.carried > 0) & known(lines.last_due)
    assert (lines.delinquent == owing).all()
    assert (known(lines.overdue_since) == owing).all()
    since, opened = lines.overdue_since[owing], held.of(lines, "opened")[owing]
    assert (since > opened).all()
    assert (since <= lines.last_due[owing]).all()
    assert not hold(Profile(banking=BankingSection(delinquent=0.0))).credit_lines.delinquent.any()
