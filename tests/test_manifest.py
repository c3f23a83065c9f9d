"""The manifest: each trait is what it says, and a customer's rows are those in the environment."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from seedkit.assembly import CurrencyByCode, make_source
from seedkit.errors import UnknownNameError, UsageError
from seedkit.manifest import GUIDES, TRAITS, Customer, Manifest, Row, Trait, customers_of
from seedkit.marks import HIGHEST_MARK, Stamp
from seedkit.population.notable import EdgeCase, Showcase
from seedkit.profile import read_profile
from seedkit.records.source import RunSource
from seedkit.schema import load_catalogue
from tests.house.reference import ROOT

AS_OF = date(2026, 6, 30)
DAY = timedelta(days=1)
SETS = {name: table.entity_set for name, table in load_catalogue().items()}
Found = dict[str, dict[str, Any]]  # rows by id


def make(*overrides: str, households: int = 256) -> RunSource:
    settings = ["showcase=false", *overrides, f"households={households}"]
    profile = read_profile("retail", settings).profile
    return make_source(profile, AS_OF, Stamp(HIGHEST_MARK, 0), "trait-1", CurrencyByCode())


@cache
def retail() -> Manifest:
    return Manifest(customers_of(make(), SETS))


@cache
def rows() -> Found:
    """Return the rows of the same bank as they would be sent, by id."""
    source, found = make(), Found()
    for block in source.blocks:
        for batch in source.batches(block):
            sent = batch.rows(lambda lookup: (lookup.column, f"{lookup.target} "))
            found |= dict(zip(batch.ids, sent, strict=True))
    return found


def sent(row: Row) -> dict[str, Any]:
    return rows()[row.id]


def points(value: str) -> str:
    """Return the id that a lookup of `rows` points at."""
    return value.rpartition("(")[2].rstrip(")")


def day(row: dict[str, Any], column: str) -> date:
    return date.fromisoformat(row[column][:10])


def of(customer: Customer, trait: str, table: str) -> list[dict[str, Any]]:
    found = [sent(row) for row in customer.traits[trait] if row.table == table]
    assert found, f"{trait} of {customer.name} has no row of {table}"
    return found


def test_a_customer_is_told_as_the_contact_is_sent() -> None:
    for customer in retail().customers[:80]:
        contact = sent(customer.row)
        assert customer.row.path == f"contacts({customer.id})"
        assert customer.name == f"{contact['firstname']} {contact['lastname']}"
        assert customer.birthday.isoformat() == contact["birthdate"]
        assert customer.integration_key == contact["msfsi_integrationkey"]


def test_a_household_is_the_group_in_which_the_customer_is_at_home() -> None:
    main = {
        points(row["msfsi_member"]): points(row["msfsi_group"])
        for row in rows().values()
        if row.get("msfsi_isprimarygroup")
    }
    assert {each.id: each.household for each in retail().customers} == main


def test_every_customer_is_there_once_and_every_row_behind_a_trait_exists() -> None:
    ids = [customer.id for customer in retail().customers]
    assert len(ids) == len(set(ids))
    assert set(ids) == {id for id, row in rows().items() if "contactid" in row}
    for customer in retail().customers:
        for behind in customer.traits.values():
            assert len(set(behind)) == len(behind)
            assert all(f"{row.table}id" in sent(row) for row in behind)


def owned(customer: Customer, trait: str) -> list[dict[str, Any]]:
    """Return the holdings behind a trait, which the customer owns, alone or with others."""
    found = of(customer, trait, "msfsi_financialholding")
    ids = {row["msfsi_financialholdingid"] for row in found}
    roles = [
        row
        for row in rows().values()
        if "msfsi_customerfinancialholdingid" in row
        and points(row["msfsi_customerid"]) == customer.id
        and points(row["msfsi_financialholdingid"]) in ids
    ]
    assert {points(row["msfsi_financialholdingid"]) for row in roles} == ids
    return found


def expires_soon(customer: Customer) -> bool:
    trait = "card about to expire"
    return all(
        AS_OF <= day(card, "msfsi_expirydate") <= AS_OF + 60 * DAY
        and card["msfsi_status"] in (104800000, 104800004)
        and points(card["msfsi_cardholder"]) == customer.id
        for card in of(customer, trait, "msfsi_fi_card")
    )


def has_birthday(customer: Customer) -> bool:
    days = [AS_OF + ahead * DAY for ahead in range(15)]
    return (customer.birthday.month, customer.birthday.day) in [(d.month, d.day) for d in days]


def owes_a_mortgage_for_a_while(customer: Customer) -> bool:
    trait = "mortgage maturing soon"
    return bool(owned(customer, trait)) and all(
        AS_OF <= day(loan, "msfsi_maturitydate") <= AS_OF + 1825 * DAY
        for loan in of(customer, trait, "msfsi_fh_loan")
    )


def is_late(customer: Customer) -> bool:
    return all(
        day(event, "msfsi_modifiedon") < day(event, "msfsi_lifemomentdate") < AS_OF
        and points(event["msfsi_contact"]) == customer.id
        for event in of(customer, "overdue life event", "msfsi_lifemoment")
    )


def shares(customer: Customer) -> bool:
    (account, *_) = owned(customer, "joint account")
    return (
        sum(
            points(row.get("msfsi_financialholdingid", "")) == account["msfsi_financialholdingid"]
            for row in rows().values()
            if "msfsi_customerfinancialholdingid" in row
        )
        > 1
    )


CHECKS: dict[str, Callable[[Customer], bool]] = {
    "minor": lambda who: who.birthday > date(AS_OF.year - 18, AS_OF.month, AS_OF.day),
    "birthday soon": has_birthday,
    "card about to expire": expires_soon,
    "mortgage maturing soon": owes_a_mortgage_for_a_while,
    "overdue life event": is_late,
    "joint account": shares,
    "widowed": lambda who: sent(who.row)["familystatuscode"] == 4,
    "youth account": lambda who: bool(owned(who, "youth account")),
    "several accounts": lambda who: len(owned(who, "several accounts")) > 1,
    "overdraft used": lambda who: all(
        row["msfsi_overdraftlimitused"] > 0
        for row in of(who, "overdraft used", "msfsi_fi_overdraft")
    ),
    "investment at a loss": lambda who: all(
        investment["msfsi_gainloss"] < 0
        for investment in of(who, "investment at a loss", "msfsi_fh_investment")
    ),
    "open goal": lambda who: all(
        not row["msfsi_iscompleted"] for row in of(who, "open goal", "msfsi_financialgoal")
    ),
}


@pytest.mark.parametrize("trait", CHECKS)
def test_a_trait_is_what_it_says(trait: str) -> None:
    found = retail().find(trait)
    assert [customer.name for customer in found if not CHECKS[trait](customer)] == []


def test_nobody_with_the_trait_is_left_out() -> None:
    young = {who.id for who in retail().customers if CHECKS["minor"](who)}
    assert {who.id for who in retail().find("minor")} == young
    born = {who.id for who in retail().customers if has_birthday(who)}
    assert {who.id for who in retail().find("birthday soon")} == born
    lost = {
        row["msfsi_fi_cardid"]
        for row in rows().values()
        if row.get("msfsi_status") in (104800001, 104800003) and "msfsi_fi_cardid" in row
    }
    told = {
        row.id
        for who in retail().find("lost or stolen card")
        for row in who.traits["lost or stolen card"]
        if row.table == "msfsi_fi_card"
    }
    assert told == lost


@pytest.mark.parametrize("trait", TRAITS, ids=lambda trait: trait.name)
def test_every_trait_is_met_and_its_setting_gives_more_of_it(trait: Trait) -> None:
    usual = retail().traits[trait.name]
    assert usual or trait.more
    if trait.more:
        source = make(trait.more)
        more = sum(trait.name in who.traits for who in customers_of(source, SETS))
        assert more > usual


def test_several_traits_are_asked_for_together() -> None:
    both = retail().find("mortgage", "joint account")
    assert both
    assert all({"mortgage", "joint account"} <= who.traits.keys() for who in both)
    assert retail().customer("mortgage", "joint account") == both[0]
    assert retail().find() == retail().customers


def test_an_unknown_trait_is_told_with_the_nearest_ones() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean card about to expire") as caught:
        retail().find("card abot to expire")
    assert "There are: minor, birthday soon," in (caught.value.hint or "")


def test_a_trait_that_nobody_has_names_the_setting_that_would_give_one() -> None:
    source = make("cards.lost_or_stolen=0", households=3)
    manifest = Manifest(customers_of(source, SETS))
    with pytest.raises(UsageError, match=r"None of the \d customers has 'lost or stolen") as caught:
        manifest.find("lost or stolen card")
    assert "overrides=['cards.lost_or_stolen=0.3']" in (caught.value.hint or "")
    with pytest.raises(UsageError, match="None of the") as caught:
        manifest.customer("widowed", "minor")
    assert "more households" in (caught.value.hint or "")


def test_rows_that_did_not_come_are_left_out() -> None:
    who = retail().customer("card about to expire", "joint account")
    behind = who.traits["card about to expire"]
    cards = {row.id for row in behind if row.table == "msfsi_fi_card"}
    source = make()
    without = {each.id: each for each in customers_of(source, SETS, cards)}
    assert "card about to expire" not in without[who.id].traits
    assert "joint account" in without[who.id].traits
    assert who.id not in {each.id for each in customers_of(source, SETS, {who.id})}


def test_a_larger_bank_begins_with_the_smaller_ones_customers() -> None:
    few = [who.to_json() for who in customers_of(make(households=20), SETS)]
    many = [who.to_json() for who in retail().customers[: len(few)]]
    for who in few + many:
        del who["traits"]  # later households may be relatives, and share groups
    assert few == many


def test_the_page_lists_every_trait() -> None:
    page = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| (?:`([^`]+)`)? ?\|$", page, re.MULTILINE)
    assert listed == [(trait.name, trait.meaning, trait.more) for trait in TRAITS]


def test_the_page_of_demos_lists_every_showcase() -> None:
    page = (ROOT / "docs" / "how-to" / "demo.md").read_text(encoding="utf-8")
    table = page.partition("## Who shows what")[2].partition("## ")[0]
    listed = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", table, re.MULTILINE)
    assert listed == [(str(what), guide.look, guide.see) for what, guide in GUIDES.items()]
    assert list(GUIDES) == list(Showcase)


def test_the_page_of_profiles_lists_every_edge_case() -> None:
    page = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
    table = page.partition("## Edge cases")[2]
    kinds = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    listed = {name for kind in kinds for name in re.findall(r"`([^`]+)`", kind)}
    assert listed == set(EdgeCase)
