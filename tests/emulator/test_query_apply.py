from __future__ import annotations

from typing import Any

import pytest

from seedkit.emulator.query import apply

FORMATTED = "OData.Community.Display.V1.FormattedValue"
PREFER = f'odata.include-annotations="{FORMATTED}"'
_ONLY = "filter(importsequencenumber eq -76)/"


@pytest.fixture(scope="module")
def incomes(shared: Any) -> Any:
    """Four contacts; two have the same employer, one has nothing."""
    firm = shared.create("accounts", name="Firm", importsequencenumber=-76)
    for gender, income, joined in (
        (1, 10.5, "2020-01-01T00:00:00Z"),
        (1, 20, "2021-01-01T00:00:00Z"),
        (2, 1000.25, None),
    ):
        shared.create(
            "contacts",
            gendercode=gender,
            annualincome=income,
            msfsi_joindate=joined,
            importsequencenumber=-76,
            parentcustomerid_account__bind=f"/accounts({firm})",
        )
    shared.create("contacts", importsequencenumber=-76)
    shared.firm = firm
    return shared


def results(local: Any, apply_: str, more: str = "", **headers: str) -> list[dict[str, Any]]:
    body = local.get(f"contacts?$apply={_ONLY}{apply_}{more}", **headers)
    assert body["@odata.context"].endswith("$metadata#contacts")
    return list(body["value"])


@pytest.mark.parametrize(
    ("transformation", "expected"),
    [
        ("aggregate($count as n)", [{"n": 4}]),
        ("aggregate(annualincome with sum as t)", [{"t": 1030.75}]),
        (
            "aggregate(annualincome with min as a,annualincome with max as b)",
            [{"a": 10.5, "b": 1000.25}],
        ),
        ("aggregate(gendercode with countdistinct as n)", [{"n": 2}]),
        ("aggregate(msfsi_joindate with max as last)", [{"last": "2021-01-01T00:00:00Z"}]),
        ("groupby((gendercode))", [{}, {"gendercode": 1}, {"gendercode": 2}]),
        (
            "groupby((gendercode),aggregate(annualincome with average as a,$count as n))",
            [
                {"n": 1},
                {"gendercode": 1, "a": 15.25, "n": 2},
                {"gendercode": 2, "a": 1000.25, "n": 1},
            ],
        ),
        (
            "groupby((parentcustomerid_account/name),aggregate($count as n))",
            [{"n": 1}, {"account_name": "Firm", "n": 3}],
        ),
        ("filter(gendercode eq 2)/aggregate($count as n)", [{"n": 1}]),
        ("filter(gendercode eq 99)/aggregate(annualincome with sum as t,$count as n)", [{"n": 0}]),
        ("groupby((donotphone))", [{"donotphone": False}]),
    ],
)
def test_aggregations(incomes: Any, transformation: str, expected: list[Any]) -> None:
    assert results(incomes, transformation) == expected


def test_results_have_formatted_values(incomes: Any) -> None:
    found = results(
        incomes,
        "groupby((gendercode,_parentcustomerid_value),"
        "aggregate(annualincome with sum as t,$count as n))",
        Prefer='odata.include-annotations="*"',
    )[-1]
    assert found[f"gendercode@{FORMATTED}"] == "Female"
    assert found[f"t@{FORMATTED}"] == "$1,000.25"
    assert found[f"n@{FORMATTED}"] == "1"
    assert found["_parentcustomerid_value"] == incomes.firm
    assert found[f"_parentcustomerid_value@{FORMATTED}"] == "Firm"
    assert found["_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"] == "account"


def test_groups_can_be_put_in_order_and_paged(incomes: Any) -> None:
    by_gender = "groupby((gendercode),aggregate($count as n))"
    down = results(incomes, by_gender, "&$orderby=gendercode desc")
    assert [row.get("gendercode") for row in down] == [2, 1, None]
    first = incomes.get(f"contacts?$apply={_ONLY}{by_gender}", Prefer="odata.maxpagesize=2")
    rest = incomes.get(first["@odata.nextLink"], Prefer="odata.maxpagesize=2")
    assert [row.get("gendercode") for row in first["value"] + rest["value"]] == [None, 1, 2]
    assert "@odata.nextLink" not in rest
    refused = incomes.refused("GET", f"contacts?$apply={_ONLY}{by_gender}&$orderby=n")
    assert refused[2] == "The query node SingleValueOpenPropertyAccess is not supported."


@pytest.mark.parametrize(
    ("transformation", "status"),
    [
        ("groupby((createdon))", 400),
        ("groupby((nonsense))", 400),
        ("groupby(gendercode)", 400),
        ("groupby()", 400),
        ("groupby(())", 400),
        ("aggregate()", 400),
        ("aggregate(lastname with sum as t)", 400),
        ("aggregate(lastname with max as t)", 400),
        ("aggregate(gendercode with sum as t)", 400),
        ("aggregate(annualincome with median as t)", 501),
        ("aggregate(annualincome with sum)", 400),
        ("aggregate($count as n,annualincome with sum as n)", 400),
        ("groupby((gendercode),aggregate($count as gendercode))", 400),
        ("filter(nonsense eq 1)/aggregate($count as n)", 400),
        ("filter(gendercode eq 1) or (true)/aggregate($count as n)", 400),
        ("filter(gendercode eq 1)", 501),
        ("concat(aggregate($count as n))", 501),
        ("aggregate($count as n)/filter(n gt 1)", 501),
        ("groupby((gendercode),aggregate($count as n))&$filter=gendercode eq 1", 501),
        ("groupby((gendercode))&$select=gendercode", 501),
        ("nonsense", 400),
    ],
)
def test_what_the_platform_does_not_aggregate_is_refused(
    incomes: Any, transformation: str, status: int
) -> None:
    assert incomes.refused("GET", f"contacts?$apply={transformation}")[0] == status


def test_too_many_rows_are_refused(incomes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply, "ROW_LIMIT", 3)
    refused = incomes.refused("GET", f"contacts?$apply={_ONLY}aggregate($count as n)")
    assert refused[:2] == (400, "0x8004e023")
    monkeypatch.setattr(apply, "ROW_LIMIT", 4)
    assert results(incomes, "aggregate($count as n)") == [{"n": 4}]
