from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedkit.emulator.query.functions import FUNCTIONS
from seedkit.emulator.query.periods import COUNTED, NAMES, day_of, fiscal_period, period

# A Wednesday; the environment's clock in these tests.
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
_CRM = "Microsoft.Dynamics.CRM."


@pytest.mark.parametrize(
    ("name", "x", "start", "end"),
    [
        ("yesterday", None, "2026-06-30T00:00", "2026-07-01T00:00"),
        ("today", None, "2026-07-01T00:00", "2026-07-02T00:00"),
        ("tomorrow", None, "2026-07-02T00:00", "2026-07-03T00:00"),
        ("last-week", None, "2026-06-21T00:00", "2026-06-28T00:00"),
        ("this-week", None, "2026-06-28T00:00", "2026-07-05T00:00"),
        ("next-week", None, "2026-07-05T00:00", "2026-07-12T00:00"),
        ("last-month", None, "2026-06-01T00:00", "2026-07-01T00:00"),
        ("this-month", None, "2026-07-01T00:00", "2026-08-01T00:00"),
        ("next-month", None, "2026-08-01T00:00", "2026-09-01T00:00"),
        ("last-year", None, "2025-01-01T00:00", "2026-01-01T00:00"),
        ("this-year", None, "2026-01-01T00:00", "2027-01-01T00:00"),
        ("next-year", None, "2027-01-01T00:00", "2028-01-01T00:00"),
        ("last-fiscal-period", None, "2026-04-01T00:00", "2026-07-01T00:00"),
        ("this-fiscal-period", None, "2026-07-01T00:00", "2026-10-01T00:00"),
        ("next-fiscal-year", None, "2027-01-01T00:00", "2028-01-01T00:00"),
        ("in-fiscal-year", 2020, "2020-01-01T00:00", "2021-01-01T00:00"),
        ("last-seven-days", None, "2026-06-24T00:00", "2026-07-01T09:00:01"),
        ("last-x-days", 2, "2026-06-29T00:00", "2026-07-01T09:00:01"),
        ("last-x-hours", 1, "2026-07-01T08:00", "2026-07-01T09:00:01"),
        ("last-x-months", 1, "2026-06-01T00:00", "2026-07-01T09:00:01"),
        ("next-seven-days", None, "2026-07-01T09:00", "2026-07-09T00:00"),
        ("next-x-weeks", 1, "2026-07-01T09:00", "2026-07-09T00:00"),
        ("next-x-hours", 2, "2026-07-01T09:00", "2026-07-01T11:00"),
        ("last-x-fiscal-periods", 2, "2026-01-01T00:00", "2026-07-01T00:00"),
        ("next-x-fiscal-years", 2, "2027-01-01T00:00", "2029-01-01T00:00"),
        ("olderthan-x-minutes", 5, None, "2026-07-01T08:55"),
        ("olderthan-x-months", 1, None, "2026-06-01T00:00"),
    ],
)
def test_ranges_of_time(name: str, x: int | None, start: str | None, end: str) -> None:
    expected = [
        None if text is None else datetime.fromisoformat(text + "+00:00") for text in (start, end)
    ]
    assert list(period(name, NOW, x)) == expected


@given(
    name=st.sampled_from(sorted(NAMES)),
    now=st.integers(630_000_000, 3_800_000_000).map(lambda s: datetime.fromtimestamp(s, UTC)),
    x=st.integers(1, 50),
)
def test_ranges_have_a_length_and_lie_on_their_side_of_now(
    name: str, now: datetime, x: int
) -> None:
    count = (2000 + x if name == "in-fiscal-year" else x) if name in COUNTED else None
    start, end = period(name, now, count)
    assert end is not None
    if start is not None:
        assert start < end
    if name.startswith("this-") or name == "today":
        assert start is not None
        assert start <= now < end
    if name.startswith(("last-x", "last-seven", "olderthan", "yesterday")):
        assert end <= now + timedelta(seconds=1)
    if name.startswith("next-"):
        assert end > now


def test_a_month_that_lacks_a_day_ends_with_its_last() -> None:
    start, _end = period("last-x-months", datetime(2026, 3, 31, 5, tzinfo=UTC), 1)
    assert start == datetime(2026, 2, 28, tzinfo=UTC)


def test_wrong_names_and_numbers_are_told() -> None:
    with pytest.raises(KeyError):
        period("nonsense", NOW)
    for name, x in (
        ("today", 1),
        ("last-x-days", None),
        ("last-x-days", 0),
        ("next-x-years", 9**9),
    ):
        with pytest.raises(ValueError, match=name):
            period(name, NOW, x)
    for number, year in ((0, 2026), (5, 2026), (4, 9999), (1, 0)):
        with pytest.raises(ValueError, match="no fiscal"):
            fiscal_period(number, year)


def test_a_day_is_one_of_utc() -> None:
    moment = datetime.fromisoformat("2026-07-01T01:00:00+02:00")
    assert day_of(moment)[0] == datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def joined(shared: Any) -> Any:
    """Contacts by the day on which they joined; `birthdate` is the same day."""
    for day in ("2026-07-01", "2026-06-30", "2026-06-24", "2026-05-31", "2025-12-31", "2026-07-08"):
        shared.create(
            "contacts",
            firstname=day,
            birthdate=day,
            msfsi_joindate=f"{day}T08:30:00Z",
            importsequencenumber=-71,
            numberofchildren=int(day[-2:]),
        )
    shared.create("contacts", firstname="never", importsequencenumber=-71)
    return shared


def days(local: Any, condition: str) -> list[str]:
    filter_ = f"$filter=importsequencenumber eq -71 and {condition}"
    rows = local.rows(f"contacts?$select=firstname&$orderby=firstname&{filter_}")
    return [row["firstname"][2:] for row in rows]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("Today(PropertyName='{}')", ["26-07-01"]),
        ("Yesterday(PropertyName='{}')", ["26-06-30"]),
        ("LastXDays(PropertyName='{}',PropertyValue=1)", ["26-06-30", "26-07-01"]),
        ("Last7Days(PropertyName='{}')", ["26-06-24", "26-06-30", "26-07-01"]),
        ("LastMonth(PropertyName='{}')", ["26-06-24", "26-06-30"]),
        ("NextWeek(PropertyName='{}')", ["26-07-08"]),
        ("Next7Days(PropertyName='{}')", ["26-07-08"]),
        ("LastYear(PropertyName='{}')", ["25-12-31"]),
        ("ThisFiscalPeriod(PropertyName='{}')", ["26-07-01", "26-07-08"]),
        ("InFiscalYear(PropertyName='{}',PropertyValue=2025)", ["25-12-31"]),
        ("InFiscalPeriod(PropertyName='{}',PropertyValue=4)", ["25-12-31"]),
        (
            "InFiscalPeriodAndYear(PropertyName='{}',PropertyValue1=2,PropertyValue2=2026)",
            ["26-05-31", "26-06-24", "26-06-30"],
        ),
        (
            "InOrAfterFiscalPeriodAndYear(PropertyName='{}',PropertyValue1=3,PropertyValue2=2026)",
            ["26-07-01", "26-07-08"],
        ),
        (
            "InOrBeforeFiscalPeriodAndYear(PropertyName='{}',PropertyValue1=1,PropertyValue2=2026)",
            ["25-12-31"],
        ),
        ("OlderThanXMonths(PropertyName='{}',PropertyValue=1)", ["25-12-31", "26-05-31"]),
        ("On(PropertyName='{}',PropertyValue='2026-06-24')", ["26-06-24"]),
        ("On(PropertyName='{}',PropertyValue=2026-06-24)", ["26-06-24"]),
        ("OnOrAfter(PropertyName='{}',PropertyValue='2026-07-01')", ["26-07-01", "26-07-08"]),
        ("OnOrBefore(PropertyName='{}',PropertyValue='2026-05-31')", ["25-12-31", "26-05-31"]),
        (
            "NotOn(PropertyName='{}',PropertyValue='2026-06-24')",
            ["25-12-31", "26-05-31", "26-06-30", "26-07-01", "26-07-08", "ver"],
        ),
    ],
)
@pytest.mark.parametrize("column", ["msfsi_joindate", "birthdate"])
def test_functions_about_dates(joined: Any, column: str, call: str, expected: list[str]) -> None:
    assert days(joined, _CRM + call.format(column)) == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('Between(PropertyName=\'numberofchildren\',PropertyValues=["24","30"])', "24 30"),
        ("NotBetween(PropertyName='numberofchildren',PropertyValues=['2','40'])", "01 er"),
        ('In(PropertyName=\'numberofchildren\',PropertyValues=["1","8"])', "01 08"),
        ("NotIn(PropertyName='numberofchildren',PropertyValues=['1','8','24','30'])", "31 31 er"),
        ("EqualUserId(PropertyName='ownerid')", "31 31 24 30 01 08 er"),
        ("EqualUserId(PropertyName='_ownerid_value')", "31 31 24 30 01 08 er"),
        ("NotEqualUserId(PropertyName='ownerid')", ""),
        ("EqualBusinessId(PropertyName='owningbusinessunit')", "31 31 24 30 01 08 er"),
        ("EqualUserOrUserHierarchy(PropertyName='ownerid')", "31 31 24 30 01 08 er"),
        ("EqualUserId(PropertyName='createdby')", "31 31 24 30 01 08 er"),
    ],
)
def test_functions_about_values(joined: Any, call: str, expected: str) -> None:
    assert [name[-2:] for name in days(joined, _CRM + call)] == expected.split()


def test_functions_know_paths_and_range_variables(joined: Any) -> None:
    call = "Microsoft.Dynamics.CRM.EqualUserId(PropertyName='{}')"
    everyone = days(joined, "firstname ne null")
    assert days(joined, call.format("owninguser/systemuserid")) == everyone
    path = "contact_customer_contacts"
    inner = f"{path}/any(c:c/{call.format('createdby')} or {call.format('c/createdby')})"
    assert days(joined, f"not {inner}") == everyone


def test_rows_above_and_below_in_a_hierarchy(local: Any) -> None:
    names = {}
    parent = None
    for name in ("top", "middle", "leaf"):
        bind = {} if parent is None else {"parentaccountid__bind": f"/accounts({parent})"}
        parent = names[name] = local.create("accounts", name=name, importsequencenumber=-72, **bind)

    def found(function: str) -> str:
        call = f"{_CRM}{function}(PropertyName='accountid',PropertyValue='{names['middle']}')"
        filter_ = f"importsequencenumber eq -72 and {call}"
        return " ".join(
            row["name"]
            for row in local.rows(f"accounts?$select=name&$orderby=name&$filter={filter_}")
        )

    assert found("Under") == "leaf"
    assert found("UnderOrEqual") == "leaf middle"
    assert found("Above") == "top"
    assert found("AboveOrEqual") == "middle top"
    assert found("NotUnder") == "middle top"


@pytest.mark.parametrize(
    "call",
    [
        "LastXDays(PropertyName='createdon')",
        "LastXDays(PropertyName='createdon',PropertyValue=0)",
        "LastXDays(PropertyName='createdon',PropertyValue=99999999999999)",
        "LastXDays(PropertyName='lastname',PropertyValue=1)",
        "LastXDays(PropertyName='nonsense',PropertyValue=1)",
        "LastXDays('createdon',1)",
        "Today(PropertyName='createdon',PropertyValue=1)",
        "Today(PropertyName=createdon)",
        "Today(PropertyName='createdon',PropertyName='createdon')",
        "On(PropertyName='createdon',PropertyValue='soon')",
        "Between(PropertyName='numberofchildren',PropertyValues=['1'])",
        "In(PropertyName='gendercode',PropertyValues=['x'])",
        "In(PropertyName='gendercode',PropertyValues=[])",
        "In(PropertyName='contactid',PropertyValues=['x'])",
        "In(PropertyName='lastname',PropertyValues=['O'Hara','x'])",
        "ContainValues(PropertyName='lastname',PropertyValues=['1'])",
        "EqualUserId(PropertyName='lastname')",
        "InFiscalPeriod(PropertyName='createdon',PropertyValue=5)",
        "Under(PropertyName='contactid',PropertyValue='x')",
        "Nonsense(PropertyName='createdon')",
    ],
)
def test_faulty_calls_are_refused(shared: Any, call: str) -> None:
    assert shared.refused("GET", f"contacts?$filter={_CRM}{call}")[0] == 400


def test_single_quotes_need_double_quotes_around_them(shared: Any) -> None:
    shared.create("contacts", lastname="O'Quote", importsequencenumber=-73)
    call = f"{_CRM}In(PropertyName=@c,PropertyValues=@v)"
    path = f"contacts?$filter=importsequencenumber eq -73 and {call}&@c='lastname'&@v="
    assert len(shared.rows(path + '["OQuote","O\'Quote"]')) == 1
    assert shared.refused("GET", path + "['OQuote','O'Quote']")[2].startswith("Invalid JSON.")


def test_all_documented_functions_are_there() -> None:
    kept = {"Above", "AboveOrEqual", "Between", "ContainValues", "DoesNotContainValues"}
    kept |= {"EqualUserLanguage", "Last7Days", "Next7Days", "NotUnder", "OlderThanXMinutes"}
    assert kept <= set(FUNCTIONS)
    assert len(FUNCTIONS) == 70
