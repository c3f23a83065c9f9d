import numpy as np
from hypothesis import given

from seedkit.population.days import add_months, known, months_back
from seedkit.population.payments_tables import (
    CREDITORS,
    FAULTS,
    LANDLORDS,
    NO_FUNDS,
    ORDER_REFUSALS,
    SCARCE,
    Who,
)
from seedkit.population.words import (
    AccountKind,
    Category,
    Employment,
    Frequency,
    ItemStatus,
    Place,
    Tenure,
)
from seedkit.profile.models import InstrumentsSection, Profile

from .held import any_held, hold
from .made import FEW

MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}
DAYS = {Frequency.DAILY: 1, Frequency.WEEKLY: 7, Frequency.BIWEEKLY: 14}


def test_going_back_by_months_stops_before_the_limit():
    day = np.array(["2021-02-28", "2021-02-28", "2021-02-28", "2021-01-01"], "M8[D]")
    limit = np.array(["2021-01-31", "2021-01-28", "2020-11-30", "2021-02-01"], "M8[D]")
    assert months_back(day, limit).tolist() == [0, 1, 2, 0]


@FEW
@given(any_held)
def test_payments_leave_checking_accounts(held):
    for part in (held.direct_debits, held.standing_orders, held.overdrafts):
        assert (held.of(part, "category") == Category.ACCOUNT).all()
        assert (held.of(part, "kind") == AccountKind.CHECKING).all()


@FEW
@given(any_held)
def test_direct_debits_are_monthly_since_the_account_is_open(held):
    debits = held.direct_debits
    assert (debits.starts >= held.of(debits, "opened")).all()
    assert (debits.last_date <= held.today).all()
    assert (debits.last_date >= debits.starts).all()
    assert (debits.next_date > held.today).all()
    assert (debits.next_date == add_months(debits.last_date, 1)).all()
    months = (
        debits.last_date.astype("datetime64[M]") - debits.starts.astype("datetime64[M]")
    ).astype(int)
    assert (add_months(debits.starts, months) == debits.last_date).all()
    ends = known(debits.ends)
    assert 0.05 < ends.mean() < 0.3
    assert (debits.ends[ends] >= debits.next_date[ends]).all()


@FEW
@given(any_held)
def test_direct_debits_stay_within_their_mandate(held):
    debits = held.direct_debits
    assert (debits.last_amount > 0).all()
    assert (debits.next_amount > 0).all()
    assert (np.maximum(debits.last_amount, debits.next_amount) <= debits.limit).all()
    assert len(set(debits.mandate)) == debits.mandate.size
    assert set(debits.creditor) <= {creditor.name for creditor in CREDITORS}
    names = set(zip(debits.creditor, debits.creditor_code, strict=True))
    assert len(names) == len(set(debits.creditor))


@FEW
@given(any_held)
def test_an_account_has_each_creditor_once(held):
    debits = held.direct_debits
    pairs = list(zip(debits.holding.tolist(), debits.creditor, strict=True))
    assert len(set(pairs)) == len(pairs)


@FEW
@given(any_held)
def test_standing_orders_keep_their_rhythm(held):
    orders = held.standing_orders
    rows = zip(
        orders.frequency.tolist(),
        orders.first_date,
        orders.last_date,
        orders.next_date,
        strict=True,
    )
    for frequency, first, last, following in rows:
        if frequency in DAYS:
            assert following - last == np.timedelta64(DAYS[frequency], "D")
            assert (last - first).astype(int) % DAYS[frequency] == 0
        else:
            step = MONTHS[frequency]
            assert following == add_months(last, step)
            months = (last.astype("datetime64[M]") - first.astype("datetime64[M]")).astype(int)
            assert months % step == 0
            assert add_months(first, months) == last
    assert (orders.first_date >= held.of(orders, "opened")).all()
    assert (orders.last_date <= held.today).all()
    assert (orders.next_date > held.today).all()
    assert (orders.amount > 0).all()


@FEW
@given(any_held)
def test_the_day_of_standing_orders_agrees_with_their_dates(held):
    orders = held.standing_orders
    by_month = np.isin(orders.frequency, list(MONTHS))
    weekly = np.isin(orders.frequency, [Frequency.WEEKLY, Frequency.BIWEEKLY])
    for day, last in zip(orders.day_of_month[by_month], orders.last_date[by_month], strict=True):
        assert day == last.astype(object).day <= 28
    for day, last in zip(orders.day_of_week[weekly], orders.last_date[weekly], strict=True):
        assert day == last.astype(object).isoweekday() % 7 + 1
    assert (orders.day_of_month[~by_month] == 0).all()
    assert (orders.day_of_week[~weekly] == 0).all()


@FEW
@given(any_held)
def test_standing_orders_go_where_they_should(held):
    orders, roles = held.standing_orders, held.holding_roles
    tenure = held.households.tenure[orders.household]
    rents = np.array([name in LANDLORDS for name in orders.creditor])
    assert (tenure[rents] == Tenure.RENTER).all()
    rows = {code: row for row, code in enumerate(held.holdings.code.tolist())}
    own = set(zip(roles.holding.tolist(), roles.person.tolist(), strict=True))
    for name, account, holding in zip(
        orders.creditor, orders.creditor_account, orders.holding.tolist(), strict=True
    ):
        if name == "Own savings":
            assert (rows[account], int(held.owner[holding])) in own
        elif name == "Allowance":
            assert held.people.age[held.owner[rows[account]]] < 18
        else:
            assert account.startswith("EXT-")


@FEW
@given(any_held)
def test_a_renting_household_pays_one_rent_that_it_can_afford(held):
    orders, homes = held.standing_orders, held.households
    rents = np.isin(orders.creditor.astype(str), LANDLORDS)
    household = orders.household[rents]
    assert np.unique(household).size == household.size
    assert household.size > 0.75 * (homes.tenure == Tenure.RENTER).sum()
    assert (orders.amount[rents] * 12 <= homes.income[household] * 45 // 100 + 60_00).all()
    assert (orders.first_date[rents] >= homes.home_since[household]).all()
    pairs = list(zip(orders.holding.tolist(), orders.creditor, strict=True))
    assert len(set(pairs)) == len(pairs)


@FEW
@given(any_held)
def test_payments_fit_who_makes_them(held):
    people, homes = held.people, held.households
    debits, orders = held.direct_debits, held.standing_orders
    who = {item.name: item.who for item in CREDITORS}
    of = np.array([who[name] for name in debits.creditor])
    home = np.isin(of, [Who.HOME, Who.OWNER, Who.PARENT])
    assert (people.place[held.owner[debits.holding[home]]] != Place.CHILD).all()
    pairs = list(zip(debits.household[home].tolist(), debits.creditor[home], strict=True))
    assert len(set(pairs)) == len(pairs)
    assert (homes.tenure[debits.household[of == Who.OWNER]] == Tenure.OWNER).all()
    small = people.household[people.age < 13]
    assert np.isin(debits.household[of == Who.PARENT], small).all()
    commuters = np.isin(orders.creditor.astype(str), ["Ferry Lane Parking", "Cobalt Commuter Pass"])
    assert (orders.frequency[commuters] == Frequency.MONTHLY).all()
    workers = people.employment[held.owner[orders.holding[commuters]]]
    assert np.isin(workers, [Employment.EMPLOYEE, Employment.SELF_EMPLOYED]).all()


def test_failures_have_a_reason_and_are_as_many_as_the_profile_says():
    held = hold(Profile(instruments=InstrumentsSection(failed=0.4)))
    for part in (held.direct_debits, held.standing_orders):
        failed = part.last_status != ItemStatus.SUCCESSFUL
        assert 0.3 < failed.mean() < 0.5
        assert set(part.last_status.tolist()) == set(map(int, ItemStatus))
        assert ((part.last_reason != "") == failed).all()
    fine = hold(Profile(instruments=InstrumentsSection(failed=0.0)))
    assert (fine.direct_debits.last_status == ItemStatus.SUCCESSFUL).all()


def test_money_is_wanting_only_where_little_lies():
    held = hold(Profile(instruments=InstrumentsSection(failed=0.4)))
    for part, amount in (
        (held.direct_debits, held.direct_debits.last_amount),
        (held.standing_orders, held.standing_orders.amount),
    ):
        wanting = part.last_reason == NO_FUNDS
        lies = held.holdings.balance[part.holding]
        assert wanting.any()
        assert (lies[wanting] < SCARCE * amount[wanting]).all()


def test_nobody_asks_for_a_mandate_of_a_standing_order():
    held = hold(Profile(instruments=InstrumentsSection(failed=0.4)))
    said = set(held.standing_orders.last_reason) - {"", NO_FUNDS, *FAULTS}
    assert said == set(ORDER_REFUSALS)


def test_average_numbers_are_those_of_the_profile():
    def per_account(mean: float) -> tuple[float, float]:
        section = InstrumentsSection(direct_debits=mean, standing_orders=mean)
        held = hold(Profile(instruments=section))
        checking = (held.holdings.category == Category.ACCOUNT) & (
            held.holdings.kind == AccountKind.CHECKING
        )
        parts = (held.direct_debits, held.standing_orders)
        return tuple(part.holding.size / checking.sum() for part in parts)

    assert per_account(0.0) == (0.0, 0.0)
    for mean in (1.6, 4.0):
        assert all(0.85 * mean < found < 1.15 * mean for found in per_account(mean))
