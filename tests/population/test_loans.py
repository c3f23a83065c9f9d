import numpy as np
import pytest
from hypothesis import given

from seedkit.population.amortisation import instalment
from seedkit.population.days import add_months, add_years, known
from seedkit.population.loans import MOST_DAYS_LATE, SMALLEST
from seedkit.population.locale import locale_of
from seedkit.population.rates import mortgage_rate
from seedkit.population.words import Employment, Event, InterestKind, LoanKind, PayFrom, Place, Risk
from seedkit.profile.models import BankingSection, Profile

from .held import any_held, hold
from .made import FEW
from .test_amortisation import owed

AMERICA = locale_of("en_US")


@FEW
@given(any_held)
def test_the_balance_follows_the_schedule_within_a_cent_per_period(held):
    loans = held.loans
    columns = (
        loans.principal,
        held.of(loans, "rate"),
        loans.term_months,
        loans.paid_months,
        held.of(loans, "balance"),
    )
    for principal, rate, term, paid, balance in zip(*(c.tolist() for c in columns), strict=True):
        assert abs(owed(principal, rate, term, paid) - balance) <= paid
    assert (loans.instalment == instalment(*columns[:3])).all()


@FEW
@given(any_held)
def test_instalments_paid_are_principal_and_interest(held):
    loans = held.loans
    repaid = loans.principal - held.of(loans, "balance")
    assert (repaid + loans.interest_paid == loans.instalment * loans.paid_months).all()


@FEW
@given(any_held)
def test_dates_follow_from_the_start(held):
    loans, today = held.loans, held.today
    late = known(loans.overdue_since)
    assert (loans.starts == held.of(loans, "opened")).all()
    assert (loans.matures == add_months(loans.starts, loans.term_months)).all()
    assert (loans.matures > today).all()
    due = loans.paid_months + np.where(late, 1, 0)
    assert (add_months(loans.starts, due) <= today)[due > 0].all()
    assert (add_months(loans.starts, loans.paid_months + 1) > today)[~late].all()
    begun = loans.paid_months > 0
    last = add_months(loans.starts, loans.paid_months)
    assert (loans.last_payment[begun] == last[begun]).all()
    assert not known(loans.last_payment[~begun]).any()
    assert (loans.next_payment > today).all()
    assert (loans.next_payment <= add_months(np.full(late.size, today), 1) + 3).all()
    assert (loans.next_payment <= loans.matures).all()


@FEW
@given(any_held)
def test_a_loan_is_late_if_and_only_if_it_has_arrears(held):
    loans = held.loans
    late = known(loans.overdue_since)
    arrears = loans.arrears_capital + loans.arrears_interest + loans.arrears_fees
    assert ((arrears > 0) == late).all()
    assert (loans.arrears_capital <= held.of(loans, "balance")).all()
    first = add_months(loans.starts, loans.paid_months + 1)
    assert (loans.overdue_since[late] == first[late]).all()
    days = (held.today - loans.overdue_since[late]).astype(int)
    assert ((days >= 1) & (days <= MOST_DAYS_LATE)).all()
    risk = np.select([days > 60, days > 30], [Risk.HIGH, Risk.MEDIUM], Risk.LOW)
    assert (loans.collection_risk[late] == risk).all()
    assert (loans.collection_risk[~late] == Risk.LOW).all()


def test_late_loans_are_as_many_as_the_profile_says():
    def late(share: float) -> np.ndarray:
        return known(hold(Profile(banking=BankingSection(delinquent=share))).loans.overdue_since)

    assert not late(0.0).any()
    assert 0.35 < late(0.5).mean() < 0.6
    begun = hold(Profile(banking=BankingSection(delinquent=1.0))).loans
    days = (np.datetime64("2025-06-30") - begun.overdue_since[known(begun.overdue_since)]).astype(
        int
    )
    assert days.max() > 90
    assert (days <= 30).sum() > (days > 90).sum() > 0


@FEW
@given(any_held)
def test_mortgages_begin_with_the_home(held):
    loans, events = held.loans, held.events
    mortgage = held.of(loans, "kind") == LoanKind.MORTGAGE
    home = loans.household[mortgage]
    start = loans.starts[mortgage]
    assert (start == held.households.home_since[home]).all()
    assert (loans.principal[mortgage] <= held.households.home_value[home]).all()
    assert set(loans.term_months[mortgage].tolist()) <= {180, 240, 360}
    off = held.of(loans, "rate")[mortgage] - mortgage_rate(AMERICA, start)
    assert (np.abs(off) <= 150).all()
    tied = loans.event[mortgage] >= 0
    event = loans.event[mortgage][tied]
    assert (events.kind[event] == Event.HOME_PURCHASE).all()
    assert (events.date[event] == start[tied]).all()
    assert (events.person[event] == held.owner[loans.holding[mortgage][tied]]).all()


def test_the_partner_holds_the_mortgage_when_the_head_came_to_us_later():
    held = hold(Profile(banking=BankingSection(share_of_wallet=1.0)))
    people, loans = held.people, held.loans
    owner = held.owner[loans.holding[held.of(loans, "kind") == LoanKind.MORTGAGE]]
    bought = held.households.home_since[people.household[owner]]
    spouse = people.spouse[owner]
    late = (spouse >= 0) & (people.customer_since[spouse] > bought)
    assert (late & (people.place[owner] == Place.PARTNER)).any()


def test_nearly_all_mortgages_know_the_purchase_that_began_them():
    held = hold(Profile())
    mortgage = held.of(held.loans, "kind") == LoanKind.MORTGAGE
    assert (held.loans.event[mortgage] >= 0).mean() > 0.95


@FEW
@given(any_held)
def test_other_events_are_vehicles_of_the_owner(held):
    loans, events = held.loans, held.events
    kind = held.of(loans, "kind")
    tied = (loans.event >= 0) & (kind != LoanKind.MORTGAGE)
    event = loans.event[tied]
    assert (kind[tied] == LoanKind.SECURED).all()
    assert (events.kind[event] == Event.VEHICLE_PURCHASE).all()
    assert (events.date[event] == loans.starts[tied]).all()
    assert (events.person[event] == held.owner[loans.holding[tied]]).all()
    assert not events.planned[event].any()


@FEW
@given(any_held)
def test_every_vehicle_loan_knows_its_vehicle(held):
    vehicle = held.of(held.loans, "name") == "Vehicle loan"
    assert vehicle.any()
    assert (held.loans.event[vehicle] >= 0).all()


@FEW
@given(any_held)
def test_education_loans_begin_during_studies(held):
    loans, events = held.loans, held.events
    education = held.of(loans, "name") == "Education loan"
    assert education.any()
    degrees = (events.kind >= Event.ASSOCIATE_DEGREE) & (events.kind <= Event.DOCTORATE)
    for person, start in zip(
        held.owner[loans.holding[education]], loans.starts[education], strict=True
    ):
        days = events.date[degrees & (events.person == person) & ~events.planned]
        around = (start >= add_years(days, -4)) & (start <= add_years(days, 1))
        assert around.any() or held.people.employment[person] == Employment.STUDENT


@pytest.mark.parametrize(
    ("code", "year", "most"),
    [
        ("en_US", 2014, 200_000),
        ("en_US", 2020, 200_000),
        ("en_GB", 2005, 20_000),
        ("en_GB", 2011, 45_000),
        ("en_GB", 2026, 95_000),
        ("de_DE", 2026, 40_000),
    ],
)
def test_studies_are_lent_what_they_cost_in_their_country_and_time(code, year, most):
    found = []
    for number in range(4):
        held = hold(Profile(locale=code), number=number)
        loans = held.loans
        studies = np.char.startswith(held.holdings.code[loans.holding].astype(str), "EDL")
        found += list(loans.principal[studies & (loans.starts < np.datetime64(f"{year + 1}"))])
    # principals of long loans are rounded up to what makes their instalments even
    assert found
    assert max(found) <= most * 103


@FEW
@given(any_held)
def test_loans_are_within_means(held):
    loans, income = held.loans, held.households.income
    mortgage = held.of(loans, "kind") == LoanKind.MORTGAGE
    modest = loans.principal <= 15_000_00
    large = mortgage & ~modest
    assert (loans.principal[large] * 2 <= income[loans.household[large]] * 9).all()
    paid = np.zeros(income.size, np.int64)
    np.add.at(paid, loans.household, loans.instalment * 12)
    assert (paid <= income * 45 // 100).mean() > 0.98
    owner = held.owner[loans.holding]
    assert (loans.matures <= add_years(held.people.birth[owner], 85)).all()


def test_nobody_borrows_small_change():
    assert hold(Profile(banking=BankingSection(loans=3.0))).loans.principal.min() >= SMALLEST


@FEW
@given(any_held)
def test_only_rates_that_are_not_fixed_are_reviewed(held):
    loans = held.loans
    fixed = loans.interest_kind == InterestKind.FIXED
    assert (known(loans.next_review) == ~fixed).all()
    assert (loans.next_review[~fixed] > held.today).all()


@FEW
@given(any_held)
def test_the_repayment_account_is_one_of_the_owners(held):
    loans, roles = held.loans, held.holding_roles
    row_of = {code: row for row, code in enumerate(held.holdings.code.tolist())}
    ours = np.isin(loans.pay_from, [PayFrom.CHECKING, PayFrom.SAVINGS])
    assert ((loans.repayment_account != "") == ours).all()
    own = set(zip(roles.holding.tolist(), roles.person.tolist(), strict=True))
    for code, holding in zip(
        loans.repayment_account[ours], loans.holding[ours].tolist(), strict=True
    ):
        assert (row_of[code], int(held.owner[holding])) in own
