from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from operator import eq, ge, gt, le, lt, ne
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import NOW, Local
from .fetching import contacts, fetch, found, refused

ONE = "<condition attribute='{0}' operator='{1}' value='{2}'/>"


def listed(attribute: str, operator: str, *values: str) -> str:
    inner = "".join(f"<value>{escape(value)}</value>" for value in values)
    return f"<condition attribute='{attribute}' operator='{operator}'>{inner}</condition>"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory, fresh_file: Any) -> Iterator[Local]:
    path = tmp_path_factory.mktemp("operators") / "local.db"
    shutil.copy(fresh_file, path)
    local = Local(path)
    for name, values in (
        ("A", {"firstname": "Ann", "numberofchildren": 1, "gendercode": 1, "donotfax": True}),
        ("B", {"firstname": "50%", "numberofchildren": 2, "gendercode": 2, "annualincome": 7.5}),
        ("C", {"firstname": "Zoë", "numberofchildren": 3, "birthdate": "1990-02-03"}),
        ("D", {}),
    ):
        local.create("contacts", lastname=name, **values)
    yield local
    local.app.state.close()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (ONE.format("firstname", "eq", "ann"), "A"),
        (ONE.format("firstname", "eq", "ZOË"), "C"),
        (ONE.format("firstname", "ne", "Ann"), "B C D"),
        (ONE.format("firstname", "neq", "Ann"), "B C D"),
        (ONE.format("numberofchildren", "lt", "2"), "A"),
        (ONE.format("numberofchildren", "le", "2"), "A B"),
        (ONE.format("numberofchildren", "gt", "2"), "C"),
        (ONE.format("numberofchildren", "ge", "2"), "B C"),
        (ONE.format("annualincome", "eq", "7.50"), "B"),
        (ONE.format("donotfax", "eq", "1"), "A"),
        (ONE.format("donotfax", "eq", "false"), "B C D"),
        (ONE.format("birthdate", "gt", "1990-02-02"), "C"),
        (ONE.format("firstname", "like", "%n"), "A"),
        (ONE.format("firstname", "like", "a_n"), "A"),
        (ONE.format("firstname", "like", "%[%]"), "B"),
        (ONE.format("firstname", "like", "[a-c]%"), "A"),
        (ONE.format("firstname", "like", "[^a-c]%"), "B C"),
        (ONE.format("firstname", "not-like", "%n"), "B C D"),
        (ONE.format("firstname", "begins-with", "z"), "C"),
        (ONE.format("firstname", "not-begin-with", "z"), "A B D"),
        (ONE.format("firstname", "ends-with", "N"), "A"),
        (ONE.format("firstname", "not-end-with", "n"), "B C D"),
        (listed("firstname", "in", "ann", "ZOË"), "A C"),
        (listed("firstname", "not-in", "Ann", "50%"), "C D"),
        (listed("gendercode", "in", "1", "2"), "A B"),
        (listed("numberofchildren", "between", "2", "3"), "B C"),
        (listed("numberofchildren", "not-between", "2", "3"), "A D"),
        ("<condition attribute='firstname' operator='null'/>", "D"),
        ("<condition attribute='firstname' operator='not-null'/>", "A B C"),
        ("<condition attribute='firstname' operator='eq' valueof='lastname'/>", ""),
        ("<condition attribute='numberofchildren' operator='ge' valueof='numberofchildren'/>",
         "A B C"),
        (ONE.format("gendercodename", "eq", "female"), "B"),
        (ONE.format("owneridname", "like", "%"), "A B C D"),
        ("<condition attribute='ownerid' operator='eq-userid'/>", "A B C D"),
        ("<condition attribute='ownerid' operator='ne-userid'/>", ""),
        ("<condition attribute='owningbusinessunit' operator='eq-businessid'/>", "A B C D"),
        ("<condition attribute='owningbusinessunit' operator='ne-businessid'/>", ""),
        ("<condition attribute='ownerid' operator='eq-userteams'/>", ""),
        ("<condition attribute='ownerid' operator='eq-useroruserteams'/>", "A B C D"),
        ("<condition attribute='numberofchildren' operator='eq-userlanguage'/>", ""),
    ],
)  # fmt: skip
def test_an_operator_finds(people: Local, condition: str, expected: str) -> None:
    assert found(people, condition) == expected


@pytest.mark.parametrize(
    "condition",
    [
        ONE.format("numberofchildren", "eq", "many"),
        ONE.format("gendercode", "eq", "Male"),
        ONE.format("annualincome", "gt", "nan"),
        ONE.format("donotfax", "eq", "maybe"),
        ONE.format("contactid", "eq", "7"),
        ONE.format("birthdate", "gt", "soon"),
        ONE.format("numberofchildren", "like", "1%"),
        ONE.format("lastname", "today", "1"),
        ONE.format("lastname", "null", "1"),
        ONE.format("createdon", "last-x-days", "x"),
        ONE.format("createdon", "last-x-days", "-1"),
        ONE.format("birthdate", "last-x-hours", "1"),
        ONE.format("lastname", "contain-values", "1"),
        "<condition attribute='lastname' operator='eq'/>",
        "<condition attribute='lastname' operator='in'/>",
        "<condition attribute='createdon' operator='last-x-days'/>",
        "<condition attribute='lastname' operator='eq-userid'/>",
        "<condition attribute='lastname' operator='eq' valueof='numberofchildren'/>",
        "<condition attribute='lastname' operator='like' valueof='firstname'/>",
        "<condition attribute='lastname' operator='eq' valueof='x.name'/>",
        listed("numberofchildren", "between", "1"),
        listed("createdon", "in-fiscal-period-and-year", "9", "2026"),
    ],
)
def test_an_operator_refuses_what_does_not_fit(people: Local, condition: str) -> None:
    xml = contacts(f"<filter>{condition}</filter>")
    status, code, _message = refused(people, "contacts", xml)
    assert (status, code[:6]) == (400, "0x8004")


DAY = timedelta(days=1)
TODAY = datetime(2026, 7, 1, tzinfo=UTC)
WEEK = datetime(2026, 6, 28, tzinfo=UTC)  # the Sunday before


def between(start: datetime | None, end: datetime | None) -> Callable[[datetime], bool]:
    return lambda value: (start is None or value >= start) and (end is None or value < end)


def month(year: int, number: int) -> datetime:
    return datetime(year, number, 1, tzinfo=UTC)


# What each operator means at 1 July 2026, 9:00 UTC, a Wednesday.
PERIODS: list[tuple[str, tuple[str, ...], Callable[[datetime], bool]]] = [
    ("yesterday", (), between(TODAY - DAY, TODAY)),
    ("today", (), between(TODAY, TODAY + DAY)),
    ("tomorrow", (), between(TODAY + DAY, TODAY + 2 * DAY)),
    ("on", ("2026-06-30",), between(TODAY - DAY, TODAY)),
    ("on-or-before", ("2026-06-30",), between(None, TODAY)),
    ("on-or-after", ("2026-06-30",), between(TODAY - DAY, None)),
    ("last-seven-days", (), between(TODAY - 7 * DAY, NOW + timedelta(seconds=1))),
    ("next-seven-days", (), between(NOW, TODAY + 8 * DAY)),
    ("last-week", (), between(WEEK - 7 * DAY, WEEK)),
    ("this-week", (), between(WEEK, WEEK + 7 * DAY)),
    ("next-week", (), between(WEEK + 7 * DAY, WEEK + 14 * DAY)),
    ("last-month", (), between(month(2026, 6), month(2026, 7))),
    ("this-month", (), between(month(2026, 7), month(2026, 8))),
    ("next-month", (), between(month(2026, 8), month(2026, 9))),
    ("last-year", (), between(month(2025, 1), month(2026, 1))),
    ("this-year", (), between(month(2026, 1), month(2027, 1))),
    ("next-year", (), between(month(2027, 1), month(2028, 1))),
    ("last-x-hours", ("3",), between(NOW - timedelta(hours=3), NOW + timedelta(seconds=1))),
    ("last-x-days", ("3",), between(TODAY - 3 * DAY, NOW + timedelta(seconds=1))),
    ("last-x-weeks", ("2",), between(TODAY - 14 * DAY, NOW + timedelta(seconds=1))),
    ("last-x-months", ("2",), between(month(2026, 5), NOW + timedelta(seconds=1))),
    ("last-x-years", ("1",), between(month(2025, 7), NOW + timedelta(seconds=1))),
    ("next-x-hours", ("3",), between(NOW, NOW + timedelta(hours=3))),
    ("next-x-days", ("3",), between(NOW, TODAY + 4 * DAY)),
    ("next-x-weeks", ("1",), between(NOW, TODAY + 8 * DAY)),
    ("next-x-months", ("1",), between(NOW, datetime(2026, 8, 2, tzinfo=UTC))),
    ("next-x-years", ("1",), between(NOW, datetime(2027, 7, 2, tzinfo=UTC))),
    ("olderthan-x-minutes", ("90",), between(None, NOW - timedelta(minutes=90))),
    ("olderthan-x-hours", ("3",), between(None, NOW - timedelta(hours=3))),
    ("olderthan-x-days", ("3",), between(None, TODAY - 3 * DAY)),
    ("olderthan-x-weeks", ("1",), between(None, TODAY - 7 * DAY)),
    ("olderthan-x-months", ("1",), between(None, month(2026, 6))),
    ("olderthan-x-years", ("1",), between(None, month(2025, 7))),
    ("last-fiscal-period", (), between(month(2026, 4), month(2026, 7))),
    ("this-fiscal-period", (), between(month(2026, 7), month(2026, 10))),
    ("next-fiscal-period", (), between(month(2026, 10), month(2027, 1))),
    ("last-fiscal-year", (), between(month(2025, 1), month(2026, 1))),
    ("this-fiscal-year", (), between(month(2026, 1), month(2027, 1))),
    ("next-fiscal-year", (), between(month(2027, 1), month(2028, 1))),
    ("last-x-fiscal-periods", ("2",), between(month(2026, 1), month(2026, 7))),
    ("next-x-fiscal-periods", ("1",), between(month(2026, 10), month(2027, 1))),
    ("last-x-fiscal-years", ("1",), between(month(2025, 1), month(2026, 1))),
    ("next-x-fiscal-years", ("1",), between(month(2027, 1), month(2028, 1))),
    ("in-fiscal-year", ("2025",), between(month(2025, 1), month(2026, 1))),
    ("in-fiscal-period", ("2",), lambda value: value.month in (4, 5, 6)),
    ("in-fiscal-period", ("5",), lambda value: False),
    ("in-fiscal-period-and-year", ("2", "2026"), between(month(2026, 4), month(2026, 7))),
    ("in-or-before-fiscal-period-and-year", ("2", "2026"), between(None, month(2026, 7))),
    ("in-or-after-fiscal-period-and-year", ("2", "2026"), between(month(2026, 4), None)),
]

# Moments on both sides of every end above.
MOMENTS = sorted(
    {
        end + step
        for end in (
            NOW, NOW - timedelta(hours=3), NOW + timedelta(hours=3), NOW - timedelta(minutes=90),
            *(TODAY + days * DAY for days in (-14, -7, -3, -1, 0, 1, 2, 4, 8)),
            *(WEEK + days * DAY for days in (-7, 0, 7, 14)),
            *(month(2026, number) for number in (1, 4, 5, 6, 8, 9, 10)),
            *(month(year, number) for year in (2025, 2027, 2028) for number in (1, 7)),
            datetime(2026, 8, 2, tzinfo=UTC), datetime(2027, 7, 2, tzinfo=UTC),
        )
        for step in (-timedelta(seconds=1), timedelta(0), timedelta(seconds=1))
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def calendar(tmp_path_factory: pytest.TempPathFactory, fresh_file: Any) -> Iterator[Local]:
    """One contact per moment, with the moment's day as its birthday."""
    path = tmp_path_factory.mktemp("calendar") / "local.db"
    shutil.copy(fresh_file, path)
    local = Local(path)
    rows = [
        {
            "lastname": moment.isoformat(),
            "birthdate": moment.date().isoformat(),
            "msfsi_joindate": moment.isoformat().replace("+00:00", "Z"),
        }
        for moment in MOMENTS
    ]
    assert local.bulk("contacts", "CreateMultiple", "contact", rows).status_code == 200
    yield local
    local.app.state.close()


@pytest.mark.parametrize(("operator", "values", "holds"), PERIODS)
def test_a_date_operator_means_a_range_of_time(
    calendar: Local, operator: str, values: tuple[str, ...], holds: Callable[[datetime], bool]
) -> None:
    rows = fetch(calendar, "contacts", period_query("msfsi_joindate", operator, values))
    got = sorted(datetime.fromisoformat(row["lastname"]) for row in rows)
    assert got == [moment for moment in MOMENTS if holds(moment)]


@pytest.mark.parametrize(
    ("operator", "values", "holds"),
    [item for item in PERIODS if not item[0].endswith(("hours", "minutes"))],
)
def test_a_date_counts_as_its_midnight(
    calendar: Local, operator: str, values: tuple[str, ...], holds: Callable[[datetime], bool]
) -> None:
    rows = fetch(calendar, "contacts", period_query("birthdate", operator, values))
    got = sorted(datetime.fromisoformat(row["lastname"]) for row in rows)
    assert got == [m for m in MOMENTS if holds(m.replace(hour=0, minute=0, second=0))]


def period_query(attribute: str, operator: str, values: tuple[str, ...]) -> str:
    condition = listed(attribute, operator, *values)
    return contacts(f"<attribute name='lastname'/><filter>{condition}</filter>")


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("under", "C D"),
        ("eq-or-under", "B C D"),
        ("not-under", "A B E"),
        ("above", "A"),
        ("eq-or-above", "A B"),
    ],
)
def test_hierarchies_are_walked(local: Local, operator: str, expected: str) -> None:
    ids: dict[str, str] = {}
    for name, parent in (("A", ""), ("B", "A"), ("C", "B"), ("D", "C"), ("E", "")):
        bind = {"parentaccountid__bind": f"/accounts({ids[parent]})"} if parent else {}
        ids[name] = local.create("accounts", name=name, **bind)
    condition = ONE.format("accountid", operator, ids["B"])
    xml = (
        "<fetch><entity name='account'><attribute name='name'/><order attribute='name'/>"
        f"<filter>{condition}</filter></entity></fetch>"
    )
    assert " ".join(row["name"] for row in fetch(local, "accounts", xml)) == expected
    counted = (
        "<fetch><entity name='account'><attribute name='name'/>"
        "<attribute name='accountid' alias='n' rowaggregate='CountChildren'/></entity></fetch>"
    )
    counts = {row["name"]: row["n"] for row in fetch(local, "accounts", counted)}
    assert counts == {"A": 1, "B": 1, "C": 1, "D": 0, "E": 0}


CHOICES = [
    ("contain-values", ("1", "3"), "A B"),
    ("contain-values", ("2",), "A"),
    ("not-contain-values", ("3",), "A C"),
    ("in", ("3",), "B"),
    ("eq", ("1,2",), "A"),
]


def test_sets_of_choices_are_tested_by_their_members(local: Local) -> None:
    table = "msdyn_liveworkstream"
    layout = local.rows("EntityDefinitions?$select=LogicalName")
    assert any(row["LogicalName"] == table for row in layout)
    options = local.get(
        f"EntityDefinitions(LogicalName='{table}')/Attributes(LogicalName='msdyn_allowedpresences')"
        "/Microsoft.Dynamics.CRM.MultiSelectPicklistAttributeMetadata?$expand=OptionSet"
    )["OptionSet"]["Options"]
    one, two, three = (str(option["Value"]) for option in options[:3])
    values = {"1": one, "2": two, "3": three, "1,2": f"{one},{two}"}
    for name, chosen in (("A", f"{one},{two}"), ("B", three), ("C", None)):
        local.create("msdyn_liveworkstreams", msdyn_name=name, msdyn_allowedpresences=chosen)
    for operator, wanted, expected in CHOICES:
        condition = listed("msdyn_allowedpresences", operator, *(values[x] for x in wanted))
        xml = (
            f"<fetch><entity name='{table}'><attribute name='msdyn_name'/>"
            f"<order attribute='msdyn_name'/><filter>{condition}</filter></entity></fetch>"
        )
        rows = fetch(local, "msdyn_liveworkstreams", xml)
        assert " ".join(row["msdyn_name"] for row in rows) == expected, operator


TEXTS = st.sampled_from(["", "a", "A", "ab", "b%", "_", "Zoë", "zoË", "x'y", 'q"<&'])
NUMBERS = st.integers(0, 5)
ROWS = st.lists(
    st.fixed_dictionaries({"firstname": st.none() | TEXTS.filter(bool),
                           "numberofchildren": st.none() | NUMBERS}),
    min_size=1, max_size=6,
)  # fmt: skip
COMPARE = {"eq": eq, "ne": ne, "lt": lt, "le": le, "gt": gt, "ge": ge}

Tree = tuple[str, Any]
LEAVES: st.SearchStrategy[Tree] = st.one_of(
    st.tuples(st.just("number"), st.tuples(st.sampled_from(sorted(COMPARE)), NUMBERS)),
    st.tuples(st.just("among"), st.tuples(st.booleans(), st.lists(NUMBERS, min_size=1))),
    st.tuples(st.just("text"), st.tuples(st.sampled_from(["eq", "ne"]), TEXTS)),
    st.tuples(st.just("texts"), st.tuples(st.booleans(), st.lists(TEXTS, min_size=1))),
    st.tuples(st.just("empty"), st.sampled_from(["firstname", "numberofchildren"])),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, max_size=3)),
    max_leaves=8,
)


def to_xml(tree: Tree) -> str:
    kind, what = tree
    if kind in ("and", "or"):
        return f"<filter type='{kind}'>{''.join(map(to_xml, what))}</filter>"
    if kind == "empty":
        return f"<condition attribute='{what}' operator='null'/>"
    if kind in ("among", "texts"):
        attribute = "numberofchildren" if kind == "among" else "firstname"
        return listed(attribute, "not-in" if what[0] else "in", *map(str, what[1]))
    attribute = "numberofchildren" if kind == "number" else "firstname"
    value = quoteattr(str(what[1]))
    return f"<condition attribute='{attribute}' operator='{what[0]}' value={value}/>"


def holds(tree: Tree, row: dict[str, Any]) -> bool:
    kind, what = tree
    if kind == "empty":
        return row[what] is None
    if kind in ("and", "or"):
        # An empty filter sets no condition.
        kept = [part for part in what if not is_empty(part)]
        return not kept or (all if kind == "and" else any)(holds(part, row) for part in kept)
    value = row["numberofchildren" if kind in ("number", "among") else "firstname"]
    if kind in ("among", "texts"):
        denied, listed_values = what
        if value is None:
            return bool(denied)
        return (folded(value) in [folded(item) for item in listed_values]) != denied
    operator, wanted = what
    if value is None:
        return bool(operator == "ne")
    return bool(COMPARE[operator](folded(value), folded(wanted)))


def is_empty(tree: Tree) -> bool:
    return tree[0] in ("and", "or") and all(is_empty(part) for part in tree[1])


def folded(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


@pytest.fixture(scope="module")
def marks() -> Iterator[int]:
    """Numbers that tell the rows of one example from those of another."""
    return count()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, tree=TREES)
def test_conditions_agree_with_plain_python(
    shared: Local, marks: Iterator[int], rows: list[dict[str, Any]], tree: Tree
) -> None:
    marker = f"tree {next(marks)}"
    tagged = [{**row, "lastname": str(n), "jobtitle": marker} for n, row in enumerate(rows)]
    assert shared.bulk("contacts", "CreateMultiple", "contact", tagged).status_code == 200
    own = f"<filter>{ONE.format('jobtitle', 'eq', marker)}</filter>"
    filters = f"{own}<filter>{to_xml(tree)}</filter>"
    got = fetch(shared, "contacts", contacts(f"<attribute name='lastname'/>{filters}"))
    wanted = [str(n) for n, row in enumerate(rows) if holds(tree, row)]
    assert sorted(row["lastname"] for row in got) == wanted
