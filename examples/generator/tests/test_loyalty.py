"""The generator by itself: one household in, rows out, without any environment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from seedkit_loyalty import ENTRY, MEMBERSHIP, Options, loyalty

from seedkit.generators import Bank, Customer, Household, chance_of

AS_OF = date(2026, 6, 30)


def customer(name: str, birth: date) -> Customer:
    income = Decimal("52000.00")
    words = ("female", birth, "single", "employee", "Nurse")
    known = ("contact", f"id of {name}")
    return Customer(*known, name, "Field", *words, income, "", "", date(2020, 1, 1))


def household(*customers: Customer) -> Household:
    bank = Bank("Seedfield Bank", "United States", "USD", AS_OF, (), {})
    (programme,) = loyalty.of_bank(bank, Options(), chance_of("bank"))
    bank = Bank(bank.name, bank.country, bank.currency, AS_OF, (), {}, (programme,))
    address = ("1 Main Street", "Salem", "OR", "97301")
    return Household(7, "couple", *address, None, customers, (), (), (), bank)


def test_children_do_not_take_part() -> None:
    child = customer("Ann", date(2015, 3, 1))
    assert list(loyalty.of_household(household(child), Options(share=1), chance_of("any"))) == []


def test_members_stand_before_their_points() -> None:
    adult = customer("Ben", date(1980, 3, 1))
    member, *entries = loyalty.of_household(household(adult), Options(share=1), chance_of("any"))
    assert (member.table, member.links["loy_customer"]) == (MEMBERSHIP, adult)
    assert all(entry.table == ENTRY for entry in entries)
    assert all(entry.links["loy_membership"] is member for entry in entries)


def test_the_share_counts() -> None:
    adults = [customer(f"Number {count}", date(1980, 3, 1)) for count in range(50)]
    options = Options(share=0.4, entries=0)
    assert 5 < len(list(loyalty.of_household(household(*adults), options, chance_of("any")))) < 35
