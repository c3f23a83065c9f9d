from __future__ import annotations

import sqlite3

import pytest

from .conftest import Local
from .fetching import contacts, fetch, page, plain, refused

FORMATTED = "OData.Community.Display.V1.FormattedValue"


def aggregated(inner: str, **attributes: str) -> str:
    return contacts(inner, aggregate="true", **attributes)


@pytest.fixture
def people(local: Local) -> Local:
    for name, city, children, income, joined in (
        ("A", "Delft", 1, 100, "2023-03-25T10:00:00Z"),
        ("B", "delft", 2, 50, "2023-08-27T00:00:00Z"),
        ("C", "Ghent", 2, None, "2023-08-27T23:00:00Z"),
        ("D", None, None, None, "2024-01-01T00:00:00Z"),
    ):
        local.create(
            "contacts",
            lastname=name,
            address1_city=city,
            numberofchildren=children,
            annualincome=income,
            msfsi_joindate=joined,
        )
    return local


def test_functions_leave_empty_values_out_of_account(people: Local) -> None:
    functions = ("count", "countcolumn", "sum", "avg", "min", "max")
    inner = "".join(
        f"<attribute name='numberofchildren' alias='{name}' aggregate='{name}'/>"
        for name in functions
    )
    inner += (
        "<attribute name='numberofchildren' alias='unlike' aggregate='countcolumn' distinct='1'/>"
    )
    assert fetch(people, "contacts", aggregated(inner)) == [
        {"count": 4, "countcolumn": 3, "sum": 5, "avg": 1, "min": 1, "max": 2, "unlike": 2}
    ]


def test_groups_ignore_case_and_hold_the_empty(people: Local) -> None:
    inner = (
        "<attribute name='address1_city' alias='city' groupby='true'/>"
        "<attribute name='annualincome' alias='total' aggregate='sum'/>"
        "<attribute name='contactid' alias='n' aggregate='count'/><order alias='city'/>"
    )
    rows = fetch(people, "contacts", aggregated(inner))
    assert [(row.get("city", "").lower(), row["total"], row["n"]) for row in rows] == [
        ("", 0, 1),
        ("delft", 150, 2),
        ("ghent", 0, 1),
    ]
    by_sum = inner.replace("alias='city'/>", "alias='total' descending='true'/>")
    assert fetch(people, "contacts", aggregated(by_sum))[0]["total"] == 150


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("day", [(1, None), (25, None), (27, None)]),
        ("week", [(1, None), (12, None), (35, None)]),
        ("month", [(1, None), (3, None), (8, None)]),
        ("quarter", [(1, None), (3, None)]),
        ("year", [(2023, None), (2024, None)]),
        ("fiscal-year", [(2023, "FY2023"), (2024, "FY2024")]),
        (
            "fiscal-period",
            [(1, "Quarter 1 FY2023"), (1, "Quarter 1 FY2024"), (3, "Quarter 3 FY2023")],
        ),
    ],
)
def test_dates_are_grouped_by_their_parts(
    people: Local, part: str, expected: list[tuple[int, str | None]]
) -> None:
    inner = (
        f"<attribute name='msfsi_joindate' alias='part' groupby='true' dategrouping='{part}'/>"
        "<attribute name='contactid' alias='n' aggregate='count'/>"
    )
    rows = page(people, "contacts", aggregated(inner))["value"]
    texts = [(row["part"], row.get(f"part@{FORMATTED}")) for row in rows]
    if expected[0][1] is None:
        texts = [(number, None) for number, _text in texts]
    assert sorted(texts) == expected
    assert sum(row["n"] for row in rows) == 4


def test_groups_by_lookups_and_choices_are_annotated(people: Local) -> None:
    inner = (
        "<attribute name='ownerid' alias='owner' groupby='true'/>"
        "<attribute name='statecode' alias='state' groupby='true'/>"
        "<attribute name='contactid' alias='n' aggregate='countcolumn'/>"
    )
    (row,) = page(people, "contacts", aggregated(inner))["value"]
    assert row["owner"] == people.get("WhoAmI()")["UserId"]
    assert row["owner@Microsoft.Dynamics.CRM.lookuplogicalname"] == "systemuser"
    assert row[f"state@{FORMATTED}"] == "Active"
    assert row["owner@OData.Community.Display.V1.AttributeName"] == "ownerid"
    assert "@odata.etag" not in row
    assert "contactid" not in row


def test_joined_tables_take_part(people: Local) -> None:
    firm = people.create("accounts", name="Acme")
    for number in range(3):
        people.create(
            "contacts", lastname=f"E{number}", parentcustomerid_account__bind=f"/accounts({firm})"
        )
    xml = aggregated(
        "<attribute name='contactid' alias='n' aggregate='count'/>"
        "<link-entity name='account' from='accountid' to='parentcustomerid' alias='a'>"
        "<attribute name='name' alias='firm' groupby='true'/></link-entity>"
    )
    assert plain(fetch(people, "contacts", xml)) == [{"n": 3, "firm": "Acme"}]


def test_groups_come_in_pages(people: Local) -> None:
    inner = (
        "<attribute name='lastname' alias='name' groupby='true'/>"
        "<attribute name='contactid' alias='n' aggregate='count'/><order alias='name'/>"
    )
    first = page(people, "contacts", aggregated(inner, count="3", page="1"))
    assert [row["name"] for row in first["value"]] == ["A", "B", "C"]
    assert first["@Microsoft.Dynamics.CRM.morerecords"] is True
    assert "@Microsoft.Dynamics.CRM.fetchxmlpagingcookie" not in first
    second = page(people, "contacts", aggregated(inner, count="3", page="2"))
    assert [row["name"] for row in second["value"]] == ["D"]


def test_more_rows_than_the_limit_are_refused(people: Local) -> None:
    inner = "<attribute name='contactid' alias='n' aggregate='count'/>"
    assert fetch(people, "contacts", aggregated(inner, aggregatelimit="4"))
    status, code, message = refused(people, "contacts", aggregated(inner, aggregatelimit="3"))
    assert (status, code) == (400, "0x8004e023")
    assert "AggregateQueryRecordLimit" in message


def test_the_limit_is_50000_rows(local: Local) -> None:
    with sqlite3.connect(local.database) as connection:
        connection.execute("DELETE FROM theme")
        connection.execute(
            "INSERT INTO theme (themeid, name) WITH RECURSIVE n(i) AS "
            "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50001) SELECT 'x' || i, 'x' FROM n"
        )
    count = "<attribute name='themeid' alias='n' aggregate='count'/>"
    xml = f"<fetch aggregate='true'><entity name='theme'>{count}</entity></fetch>"
    assert refused(local, "themes", xml)[1] == "0x8004e023"
    with sqlite3.connect(local.database) as connection:
        connection.execute("DELETE FROM theme WHERE themeid = 'x1'")
    assert fetch(local, "themes", xml)[0]["n"] == 50_000


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ("<attribute name='lastname' aggregate='count'/>", "0x8004110b"),
        ("<attribute name='lastname' alias='x'/>", "0x80041107"),
        ("<attribute name='lastname' alias='x' groupby='1' aggregate='count'/>", "0x80041107"),
        ("<all-attributes/>", "0x80041107"),
        ("", "0x8004111a"),
        ("<attribute name='lastname' alias='x' aggregate='sum'/>", "0x8004111a"),
        ("<attribute name='lastname' alias='x' aggregate='median'/>", "0x8004111a"),
        ("<attribute name='lastname' alias='x' aggregate='count' distinct='1'/>", "0x8004111a"),
        ("<attribute name='lastname' alias='x' groupby='1' dategrouping='day'/>", "0x8004111a"),
        ("<attribute name='createdon' alias='x' groupby='1' dategrouping='age'/>", "0x8004111a"),
        ("<attribute name='lastname' alias='x' groupby='1'/><order alias='y'/>", "0x8004110a"),
        (
            "<attribute name='lastname' alias='x' groupby='1'/><order attribute='lastname'/>",
            "0x8004110a",
        ),
    ],
)
def test_faulty_aggregates_are_refused(shared: Local, inner: str, code: str) -> None:
    assert refused(shared, "contacts", aggregated(inner))[:2] == (400, code)


def test_an_aggregate_in_a_plain_query_is_refused(shared: Local) -> None:
    inner = "<attribute name='lastname' alias='x' aggregate='count'/>"
    assert refused(shared, "contacts", contacts(inner))[1] == "0x80041107"
