"""What the retail profile must show, read through the Web API and never from the generator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

from seedkit.schema import load_catalogue
from seedkit.testing import LocalEnvironment

Rows = list[dict[str, Any]]
HOUSEHOLDS = 250
OWNERS = (104800000, 104800004)
TABLES = {  # what the application shows
    *("contact", "annotation", "msfsi_bank", "msfsi_branch", "msfsi_financialgoal"),
    *("msfsi_financialholding", "msfsi_customerfinancialholding", "msfsi_lifemoment"),
    *("msfsi_fh_account", "msfsi_fh_creditline", "msfsi_fh_investment", "msfsi_fh_loan"),
    *("msfsi_fh_saving", "msfsi_financialholdinginstrument", "msfsi_financialmarketproduct"),
    *("msfsi_fi_card", "msfsi_fi_directdebit", "msfsi_fi_overdraft", "msfsi_fi_position"),
    *("msfsi_fi_standingorder", "msfsi_group", "msfsi_groupmember"),
    *("msfsi_groupfinancialholding", "msfsi_relationship"),
}
SNAPSHOT = (
    *("fullname", "governmentid", "mobilephone", "emailaddress1", "address1_composite"),
    *("jobtitle", "annualincome", "_msfsi_branch_value", "_transactioncurrencyid_value"),
)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> LocalEnvironment:
    environment = LocalEnvironment(tmp_path_factory.mktemp("acceptance"))
    environment.seed(households=HOUSEHOLDS)
    return environment


@pytest.fixture(scope="module")
def customers(bank: LocalEnvironment) -> Rows:
    return bank.read("contacts", filter="msfsi_ismanagedbybanksystem eq true and statecode eq 0")


def share(part: Iterable[object], whole: Iterable[object]) -> float:
    wanted = set(whole)
    return len(wanted & set(part)) / len(wanted)


def ids(customers: Rows) -> set[str]:
    return {row["contactid"] for row in customers}


def adults(customers: Rows) -> set[str]:
    return {row["contactid"] for row in customers if row["birthdate"] <= "2008-06-30"}


def owners_of(bank: LocalEnvironment, categories: tuple[int, ...]) -> set[str]:
    links = bank.read(
        "msfsi_customerfinancialholdings",
        select="_msfsi_customerid_value,msfsi_financialholdingrole",
        expand="msfsi_FinancialHoldingID($select=msfsi_financialholdingcategory)",
    )
    return {
        row["_msfsi_customerid_value"]
        for row in links
        if row["msfsi_financialholdingrole"] in OWNERS
        and row["msfsi_FinancialHoldingID"]["msfsi_financialholdingcategory"] in categories
    }


def test_every_table_is_filled(bank: LocalEnvironment) -> None:
    rows = bank.dump()
    assert {name for name in TABLES if not rows[name]} == set()


def test_every_snapshot_is_complete(customers: Rows) -> None:
    assert len(customers) >= HOUSEHOLDS
    empty = (None, "")  # an income of nothing is one
    gaps = [
        (row["contactid"], name) for row in customers for name in SNAPSHOT if row[name] in empty
    ]
    assert gaps == []


# Most families owe something, but 58% of them a loan or credit at their main bank: of customers,
# who are single persons and children too, four in ten.
@pytest.mark.parametrize(
    ("categories", "least"),
    [((104800004,), 0.95), ((104800001, 104800000), 0.40), ((104800002,), 0.30)],
    ids=["account", "loan or credit line", "investment"],
)
def test_customers_own(
    bank: LocalEnvironment, customers: Rows, categories: tuple[int, ...], least: float
) -> None:
    assert share(owners_of(bank, categories), ids(customers)) >= least


def test_main_household(bank: LocalEnvironment, customers: Rows) -> None:
    members = bank.read("msfsi_groupmembers", filter="msfsi_isprimarygroup eq true")
    found = [row["_msfsi_member_value"] for row in members]
    assert sorted(found) == sorted(ids(customers))


def test_cards(bank: LocalEnvironment, customers: Rows) -> None:
    cards = bank.read("msfsi_fi_cards", filter="msfsi_financialinstrumenttype eq 104800002")
    assert share((row["_msfsi_cardholder_value"] for row in cards), ids(customers)) >= 0.75


def test_relationships(bank: LocalEnvironment, customers: Rows) -> None:
    rows = bank.read("msfsi_relationships")
    assert share((row["_msfsi_contactfrom_value"] for row in rows), ids(customers)) >= 0.60


def test_life_events(bank: LocalEnvironment, customers: Rows) -> None:
    events: dict[str, int] = defaultdict(int)
    for row in bank.read("msfsi_lifemoments", select="_msfsi_contact_value"):
        events[row["_msfsi_contact_value"]] += 1
    enough = {person for person, count in events.items() if count >= 3}
    assert share(enough, adults(customers)) >= 0.80


def test_few_life_events_are_new(bank: LocalEnvironment) -> None:
    """The app marks what was created within eight days; the rest is created on its own day."""
    rows = bank.read("msfsi_lifemoments", select="createdon,msfsi_modifiedon,overriddencreatedon")
    today = max(row["overriddencreatedon"] or "" for row in rows)
    backdated = [row for row in rows if row["createdon"][:10] == row["msfsi_modifiedon"][:10]]
    assert all(row["createdon"] <= today for row in rows)
    assert len(backdated) >= 0.95 * len(rows)


def test_every_configured_category_of_life_events_occurs(bank: LocalEnvironment) -> None:
    configured = {row["msfsi_categorycode"] for row in bank.read("msfsi_lifemomentcategoryconfigs")}
    birthdays = {104800000}  # the app draws these from the birth date
    found = {row["msfsi_lifemomentcategory"] for row in bank.read("msfsi_lifemoments")}
    assert configured - birthdays <= found
    assert found <= configured


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("msfsi_fi_card", "msfsi_status"),
        ("msfsi_fi_card", "msfsi_cardtype"),
        ("msfsi_fh_loan", "msfsi_financialholdingtype"),
        ("msfsi_fh_investment", "msfsi_financialholdingtype"),
        ("msfsi_fh_saving", "msfsi_financialholdingtype"),
        ("msfsi_fh_account", "msfsi_financialholdingtype"),
        ("msfsi_fh_creditline", "msfsi_financialholdingtype"),
        ("msfsi_financialholding", "msfsi_financialholdingcategory"),
        ("msfsi_financialholdinginstrument", "msfsi_financialholdinginstrumenttype"),
        ("msfsi_group", "msfsi_type"),
    ],
)
def test_every_option_occurs(bank: LocalEnvironment, table: str, column: str) -> None:
    described = load_catalogue()[table]
    options = set(described.column(column).options or {})
    found = {row[column] for row in bank.read(described.entity_set, select=column)}
    assert options - found == set()


def test_signs_and_categories_agree(bank: LocalEnvironment) -> None:
    for table in ("msfsi_fh_loan", "msfsi_fh_creditline"):
        for row in bank.read(load_catalogue()[table].entity_set):
            assert row["msfsi_balance"] <= 0
            assert row["msfsi_balancedefault"] <= 0
            assert row["msfsi_balancedisplayvalue"] == -row["msfsi_balance"]


def test_the_primary_member_is_a_member_of_the_group(bank: LocalEnvironment) -> None:
    members = {row["msfsi_groupmemberid"]: row for row in bank.read("msfsi_groupmembers")}
    for group in bank.read("msfsi_groups"):
        primary = members[group["_msfsi_primarymember_value"]]
        assert primary["_msfsi_group_value"] == group["msfsi_groupid"]
