from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import Local
from .fetching import ALL, plain


@pytest.fixture
def people(local: Local) -> Local:
    firm = local.create("accounts", name="Acme")
    local.create("accounts", name="Bolt")
    for name, first, children in (
        ("Cole", "Ann", 1),
        ("Reed", "Bo", 2),
        ("Wood", None, 2),
        ("Zorn", "50%", None),
    ):
        bind = {"parentcustomerid_account__bind": f"/accounts({firm})"} if first == "Bo" else {}
        values = {"firstname": first, "numberofchildren": children, **bind}
        local.create("contacts", lastname=name, **values)
    return local


def sql(local: Local, text: str, entity_set: str = "contacts", **headers: str) -> list[Any]:
    return local.rows(f"{entity_set}?sql={quote(text)}", **headers)


def last_names(local: Local, condition: str) -> str:
    text = f"SELECT c.lastname FROM contact AS c WHERE {condition} ORDER BY c.lastname"
    return " ".join(row["lastname"] for row in sql(local, text))


def test_rows_hold_the_columns_and_the_key_without_empty_values(people: Local) -> None:
    rows = sql(people, "SELECT lastname, firstname FROM contact ORDER BY lastname DESC")
    assert [sorted(row) for row in plain(rows)][:2] == [
        ["contactid", "firstname", "lastname"],
        ["contactid", "lastname"],
    ]
    assert rows[0]["@odata.etag"].startswith('W/"')


def test_aliases_name_the_column_behind_them(people: Local) -> None:
    text = "SELECT TOP 1 a.lastname AS who FROM contact a ORDER BY who"
    (row,) = sql(people, text, **ALL)
    assert row["who"] == "Cole"
    assert row["who@OData.Community.Display.V1.AttributeName"] == "lastname"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("c.lastname = 'reed'", "Reed"),
        ("c.lastname <> 'Reed'", "Cole Wood Zorn"),
        ("c.firstname != 'Bo'", "Cole Zorn"),
        ("2 <= c.numberofchildren", "Reed Wood"),
        ("c.numberofchildren < 2", "Cole"),
        ("c.numberofchildren > -1", "Cole Reed Wood"),
        ("c.lastname LIKE '%o%'", "Cole Wood Zorn"),
        ("c.firstname NOT LIKE 'A%'", "Reed Zorn"),
        ("c.firstname LIKE '%[%]'", "Zorn"),
        ("c.lastname IN ('Cole', N'Wood')", "Cole Wood"),
        ("c.firstname NOT IN ('Ann')", "Reed Zorn"),
        ("c.lastname BETWEEN 'D' AND 'S'", "Reed"),
        ("c.firstname IS NULL", "Wood"),
        ("c.firstname IS NOT NULL", "Cole Reed Zorn"),
        ("c.firstname = NULL", ""),
        ("(c.lastname = 'Cole' OR c.lastname = 'Reed') AND c.numberofchildren = 2", "Reed"),
        ("c.createdon >= DATEADD(day, -1, GETUTCDATE())", "Cole Reed Wood Zorn"),
        ("c.createdon > DATEADD(month, 1, '2026-06-01 10:00:00')", ""),
        ("c.createdon <= GETUTCDATE()", "Cole Reed Wood Zorn"),
        ("C.LastName = 'Reed'", "Reed"),
    ],
)
def test_conditions_compare_a_column_with_constants(
    people: Local, condition: str, expected: str
) -> None:
    assert last_names(people, condition) == expected


def test_joins_are_inner_or_left_with_conditions_on_the_joined_table(people: Local) -> None:
    columns = "SELECT a.name, c.lastname FROM account AS a"
    on = "JOIN contact AS c ON a.accountid = c.parentcustomerid"
    inner = sql(people, f"{columns} INNER {on}", "accounts")
    assert [(row["name"], row["lastname"]) for row in inner] == [("Acme", "Reed")]
    left = sql(people, f"{columns} LEFT {on} ORDER BY a.name", "accounts")
    assert [(row["name"], row.get("lastname")) for row in left] == [
        ("Acme", "Reed"),
        ("Bolt", None),
    ]
    narrowed = f"{columns} LEFT {on} AND (c.lastname LIKE 'X%' OR c.firstname = 'Y')"
    assert [row.get("lastname") for row in sql(people, narrowed, "accounts")] == [None, None]
    by_joined = f"{columns} LEFT {on} WHERE c.lastname = 'Reed'"
    assert [row["name"] for row in sql(people, by_joined, "accounts")] == ["Acme"]


def test_of_two_columns_with_one_name_the_later_keeps_its_table(people: Local) -> None:
    columns = "SELECT a.name, a.statecode, c.statecode FROM account AS a"
    on = "JOIN contact AS c ON a.accountid = c.parentcustomerid"
    (row,) = sql(people, f"{columns} {on}", "accounts")
    assert (row["statecode"], row["c.statecode"]) == (0, 0)


def test_aggregates_are_grouped(people: Local) -> None:
    text = (
        "SELECT numberofchildren, COUNT(*) AS n, COUNT(firstname) AS named, MAX(lastname) AS x "
        "FROM contact GROUP BY numberofchildren ORDER BY n DESC"
    )
    assert people.refused("GET", f"contacts?sql={quote(text)}")[1] == "0x8004111a"
    text = text.replace(", MAX(lastname) AS x", "")
    assert sql(people, text)[0] == {"numberofchildren": 2, "n": 2, "named": 1}
    totals = (
        "SELECT COUNT(*) AS n, SUM(numberofchildren) AS s, AVG(numberofchildren) AS a, "
        "MIN(numberofchildren) AS low, COUNT(DISTINCT numberofchildren) AS kinds FROM contact"
    )
    assert sql(people, totals) == [{"n": 4, "s": 5, "a": 1, "low": 1, "kinds": 2}]
    joined = (
        "SELECT a.name, COUNT(*) AS n FROM account AS a "
        "INNER JOIN contact AS c ON a.accountid = c.parentcustomerid "
        "GROUP BY a.name ORDER BY a.name"
    )
    assert sql(people, joined, "accounts") == [{"name": "Acme", "n": 1}]


def test_distinct_rows(people: Local) -> None:
    rows = sql(people, "SELECT DISTINCT numberofchildren FROM contact")
    assert rows == [{}, {"numberofchildren": 1}, {"numberofchildren": 2}]


def test_pages_follow_the_next_link(people: Local) -> None:
    text = quote("SELECT lastname FROM contact ORDER BY firstname DESC")
    path, seen = f"contacts?sql={text}", []
    while path:
        body = people.get(path, Prefer="odata.maxpagesize=3")
        seen += [row["lastname"] for row in body["value"]]
        path = body.get("@odata.nextLink", "")
    assert seen == ["Reed", "Cole", "Zorn", "Wood"]


REFUSED = [
    "SELECT * FROM contact",
    "SELECT c.* FROM contact c",
    "SELECT lastname FROM contact; SELECT lastname FROM contact",
    "DELETE FROM contact",
    "UPDATE contact SET lastname = 'x'",
    "INSERT INTO contact (lastname) VALUES ('x')",
    "DROP TABLE contact",
    "SELECT lastname INTO copy FROM contact",
    "SELECT",
    "",
    "not sql at all",
    "SELECT 'abc' AS x FROM contact",
    "SELECT 1 + 2 AS x FROM contact",
    "SELECT LEN(lastname) AS x FROM contact",
    "SELECT STDEV(numberofchildren) AS x FROM contact",
    "SELECT COUNT(*) FROM contact",
    "SELECT lastname FROM contact ORDER BY LEN(lastname)",
    "SELECT lastname FROM contact ORDER BY lastname OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY",
    "SELECT TOP 10 PERCENT lastname FROM contact",
    "SELECT TOP 0 lastname FROM contact",
    "SELECT lastname FROM contact WHERE 1 = 1",
    "SELECT lastname FROM contact WHERE firstname = lastname",
    "SELECT lastname FROM contact WHERE contactid IN (SELECT contactid FROM contact)",
    "SELECT lastname FROM contact WHERE EXISTS (SELECT contactid FROM contact)",
    "SELECT lastname FROM contact WHERE numberofchildren > 1 + 1",
    "SELECT lastname FROM contact WHERE DATEADD(day, 3, createdon) >= GETUTCDATE()",
    "SELECT lastname FROM contact WHERE createdon >= DATEADD(eon, 3, GETUTCDATE())",
    "SELECT lastname FROM contact WHERE NOT (lastname = 'x')",
    "SELECT lastname FROM contact WHERE lastname LIKE '!%' ESCAPE '!'",
    "SELECT lastname FROM contact GROUP BY lastname HAVING COUNT(*) > 1",
    "SELECT lastname, COUNT(*) AS n FROM contact",
    "SELECT lastname FROM contact UNION SELECT name FROM account",
    "WITH x AS (SELECT lastname FROM contact) SELECT lastname FROM x",
    "SELECT lastname FROM (SELECT lastname FROM contact) AS x",
    "SELECT lastname FROM dbo.contact",
    "SELECT c.lastname FROM contact c, account a",
    "SELECT c.lastname FROM contact c CROSS JOIN account a",
    "SELECT c.lastname FROM contact c RIGHT JOIN account a ON a.accountid = c.parentcustomerid",
    "SELECT c.lastname FROM contact c JOIN account a ON a.accountid <> c.parentcustomerid",
    "SELECT c.lastname FROM contact c JOIN account a ON a.name LIKE 'B%'",
    "SELECT c.lastname FROM contact c JOIN account a ON a.accountid = c.parentcustomerid "
    "AND c.lastname = 'x'",
    "SELECT c.lastname FROM contact c JOIN account a ON a.accountid = c.parentcustomerid "
    "OR a.name = 'x'",
    "SELECT x.lastname FROM contact c",
    "SELECT name FROM sqlite_master",
    "SELECT nothing FROM contact",
    "SELECT lastname FROM contact WHERE lastname = " + "(" * 2000 + "'x'" + ")" * 2000,
    "SELECT lastname FROM contact FOR XML AUTO",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_outside_the_subset_is_refused(shared: Local, text: str) -> None:
    status, _code, _message = shared.refused("GET", f"contacts?sql={quote(text)}")
    assert status == 400


def test_the_address_must_name_the_main_table(people: Local) -> None:
    path = f"accounts?sql={quote('SELECT lastname FROM contact')}"
    assert people.refused("GET", path)[:2] == (400, "0x80041128")


_WORDS = (
    "SELECT FROM WHERE contact account lastname firstname * , ( ) = < > ' 'x' 1 AND OR NOT IN IS "
    "NULL LIKE BETWEEN JOIN LEFT ON AS a b a.lastname COUNT(*) GROUP BY ORDER TOP DISTINCT ; -- "
    "UNION EXISTS CASE WHEN END CAST [x] @p"
)
WORDS = st.sampled_from(_WORDS.split())


@settings(max_examples=150, deadline=None)
@given(words=st.lists(WORDS, max_size=14))
def test_no_sql_breaks_the_service(shared: Local, words: list[str]) -> None:
    text = " ".join(["SELECT", *words])
    assert shared.send("GET", f"contacts?sql={quote(text)}").status_code in (200, 400, 501)
