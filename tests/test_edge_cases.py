"""Edge cases in a local environment: taken as they are, found by the manifest, purged exactly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

import seedkit
from seedkit.population.notable import EdgeCase
from seedkit.seeding import Bank
from seedkit.testing import RunningEnvironment, local_environment

AS_OF = date(2026, 6, 30)
HOUSEHOLDS = 256


@pytest.fixture(scope="module")
def there() -> Iterator[RunningEnvironment]:
    with local_environment(served=True) as there:
        yield there


@pytest.fixture(scope="module")
def bank(
    there: RunningEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bank[Any]]:
    before = there.dump()
    with seedkit.seeded(
        "retail",
        environment=there.origin,
        households=HOUSEHOLDS,
        as_of=AS_OF,
        overrides={"edge_cases": 0.6, "showcase": False},
        home=tmp_path_factory.mktemp("home"),
    ) as bank:
        yield bank
    assert there.dump() == before


def person(bank: Bank[Any], edge: EdgeCase) -> dict[str, Any]:
    return dict(bank.http.get(bank.customer(f"edge case: {edge}").row.path).json())


@pytest.mark.parametrize("edge", EdgeCase)
def test_every_kind_is_there_and_its_customers_can_be_asked_for(
    bank: Bank[Any], edge: EdgeCase
) -> None:
    for customer in bank.find(f"edge case: {edge}"):
        contact = bank.http.get(customer.row.path).json()
        assert contact["fullname"] == customer.name


def test_names_arrive_as_they_were_made(bank: Bank[Any]) -> None:
    longest = person(bank, EdgeCase.LONGEST_NAME)
    assert len(longest["firstname"]) == len(longest["lastname"]) == 50
    alone = person(bank, EdgeCase.ONE_NAME)
    assert alone["firstname"] is None
    assert alone["fullname"] == alone["lastname"]
    assert not person(bank, EdgeCase.CJK)["lastname"].isascii()
    assert person(bank, EdgeCase.LEAP_DAY)["birthdate"].endswith("-02-29")
    bare = person(bank, EdgeCase.FIELDS_MISSING)
    assert {bare[name] for name in ("emailaddress1", "mobilephone", "governmentid")} == {None}


def test_amounts_arrive_to_the_cent(bank: Bank[Any]) -> None:
    details = bank.http.get("msfsi_fh_accounts?$select=msfsi_balance,msfsi_balancedefault").json()
    balances = {row["msfsi_balance"] for row in details["value"]}
    assert {0.0, 0.01, 100_000_000_000.0} <= balances
    assert all(
        row["msfsi_balance"] == row["msfsi_balancedefault"]
        for row in details["value"]
        if row["msfsi_balance"] in (0.01, 100_000_000_000.0)
    )


def test_a_group_of_fifty_has_them_all(bank: Bank[Any]) -> None:
    leader = bank.customer(f"edge case: {EdgeCase.LARGE_GROUP}")
    mine = f"msfsi_groupmembers?$filter=_msfsi_member_value eq {leader.id}"
    groups = [row["_msfsi_group_value"] for row in bank.http.get(mine).json()["value"]]
    sizes = [
        len(bank.http.get(f"msfsi_groupmembers?$filter=_msfsi_group_value eq {g}").json()["value"])
        for g in groups
    ]
    assert 50 in sizes
