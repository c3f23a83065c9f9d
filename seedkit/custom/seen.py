"""A block as plug-ins see it: plain values, household by household."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Any, TypeVar

from seedkit.generators import Bank, Branch, Card, Customer, Holding, Household, Known, LifeEvent
from seedkit.population import words
from seedkit.population.model import BLOCK_HOUSEHOLDS, Ints, Money
from seedkit.records.batch import Bindings
from seedkit.records.sheet import Sheet
from seedkit.records.tables import CURRENCY_TABLE, TABLE_OF_PART
from seedkit.records.view import BankView, BlockView

Thing = TypeVar("Thing", bound=Known)


@dataclass(frozen=True, slots=True)
class Seen:
    """The rows of a part by their number in it; those that will not be rows are not there."""

    customers: Mapping[int, Customer]
    holdings: Mapping[int, Holding]
    cards: Mapping[int, Card]
    events: Mapping[int, LifeEvent]


def bank_seen(view: BankView, as_of: date, bindings: Bindings, left_out: Collection[str]) -> Bank:
    """Return the bank in plain words."""
    bank, branches = view.bank, view.bank.branches
    sheet = _sheet(view.sheets, "branches", left_out)
    names, cities = branches.name.tolist(), branches.city.tolist()
    return Bank(
        name=bank.name,
        country=bank.country,
        currency=bank.currency,
        as_of=as_of,
        branches=tuple(
            Branch(table, id, names[row], cities[row]) for row, (table, id) in _ids(sheet)
        ),
        currencies={
            code: Known(CURRENCY_TABLE, bindings.currencies[code]) for code in bank.currencies
        },
    )


def households_seen(view: BlockView, bank: Bank, left_out: Collection[str]) -> Iterator[Household]:
    """Return a block's households in plain words, in order."""
    block, homes, seen = view.block, view.block.households, _seen(view, left_out)
    customers = _by_household(seen.customers, block.people.household)
    holdings = _by_household(seen.holdings, block.holdings.household)
    cards = _by_household(seen.cards, block.cards.household)
    events = _by_household(seen.events, block.events.household)
    branch, kinds = homes.branch.tolist(), _words(words.HouseholdKind, homes.kind)
    address = zip(
        *(column.tolist() for column in (homes.street, homes.city, homes.state, homes.postcode)),
        strict=True,
    )
    for row, (street, city, state, postcode) in enumerate(address):
        yield Household(
            block.number * BLOCK_HOUSEHOLDS + row,
            kinds[row],
            street,
            city,
            state,
            postcode,
            bank.branches[branch[row]] if bank.branches else None,
            tuple(customers.get(row, ())),
            tuple(holdings.get(row, ())),
            tuple(cards.get(row, ())),
            tuple(events.get(row, ())),
            bank,
        )


def _seen(view: BlockView, left_out: Collection[str]) -> Seen:
    customers = _customers(view, left_out)
    holdings = _holdings(view, customers, left_out)
    cards = _cards(view, customers, holdings, left_out)
    return Seen(customers, holdings, cards, _events(view, customers, left_out))


def _customers(view: BlockView, left_out: Collection[str]) -> dict[int, Customer]:
    people = view.block.people
    columns = zip(
        people.first_name.tolist(),
        people.last_name.tolist(),
        _words(words.Sex, people.sex),
        people.birth.tolist(),
        _words(words.Marital, people.marital),
        _words(words.Employment, people.employment),
        people.occupation.tolist(),
        _money(people.income),
        people.email.tolist(),
        people.mobile.tolist(),
        people.customer_since.tolist(),
        strict=True,
    )
    return _made(Customer, _sheet(view.sheets, "people", left_out), list(columns))


def _holdings(
    view: BlockView, customers: Mapping[int, Customer], left_out: Collection[str]
) -> dict[int, Holding]:
    holdings, roles = view.block.holdings, view.block.holding_roles
    owners = {
        holding: customers.get(person)
        for holding, person, role in zip(
            roles.holding.tolist(), roles.person.tolist(), roles.role.tolist(), strict=True
        )
        if role == words.HolderRole.OWNER
    }
    codes = [view.bank.bank.currencies[index] for index in holdings.currency.tolist()]
    columns = zip(
        _words(words.Category, holdings.category),
        holdings.name.tolist(),
        holdings.code.tolist(),
        codes,
        _money(holdings.balance),
        holdings.opened.tolist(),
        [owners.get(row) for row in range(len(codes))],
        strict=True,
    )
    return _made(Holding, _sheet(view.sheets, "holdings", left_out), list(columns))


def _cards(
    view: BlockView,
    customers: Mapping[int, Customer],
    holdings: Mapping[int, Holding],
    left_out: Collection[str],
) -> dict[int, Card]:
    cards = view.block.cards
    columns = zip(
        _words(words.CardKind, cards.kind),
        cards.network.tolist(),
        cards.number.tolist(),
        _words(words.CardStatus, cards.status),
        cards.expires.tolist(),
        [holdings.get(row) for row in cards.holding.tolist()],
        [customers.get(row) for row in cards.person.tolist()],
        strict=True,
    )
    return _made(Card, _sheet(view.sheets, "cards", left_out), list(columns))


def _events(
    view: BlockView, customers: Mapping[int, Customer], left_out: Collection[str]
) -> dict[int, LifeEvent]:
    events = view.block.events
    columns = zip(
        _words(words.Event, events.kind),
        events.date.tolist(),
        events.title.tolist(),
        events.planned.tolist(),
        [customers.get(row) for row in events.person.tolist()],
        strict=True,
    )
    return _made(LifeEvent, _sheet(view.sheets, "events", left_out), list(columns))


def _sheet(sheets: Mapping[str, Sheet], part: str, left_out: Collection[str]) -> Sheet | None:
    """Return the rows that a part becomes; None when the profile leaves its table out."""
    table = TABLE_OF_PART[part].name
    return None if table in left_out else sheets[table]


def _ids(sheet: Sheet | None) -> Iterator[tuple[int, tuple[str, str]]]:
    """Return table and id of each row of a part that becomes a row of a table."""
    if sheet is not None:
        for row, id in enumerate(sheet.id_of[:-1].tolist()):
            if id is not None:
                yield row, (sheet.table.name, id)


def _made(
    kind: type[Thing], sheet: Sheet | None, columns: list[tuple[Any, ...]]
) -> dict[int, Thing]:
    return {row: kind(*known, *columns[row]) for row, known in _ids(sheet)}


def _by_household(found: Mapping[int, Thing], households: Ints) -> dict[int, list[Thing]]:
    grouped: dict[int, list[Thing]] = defaultdict(list)
    household = households.tolist()
    for row, thing in found.items():
        grouped[household[row]].append(thing)
    return grouped


def _words(words: type[IntEnum], column: Ints) -> list[str]:
    names = {int(word): word.name.lower() for word in words}
    return [names[value] for value in column.tolist()]


def _money(minor: Money) -> list[Decimal]:
    return [Decimal(value).scaleb(-2) for value in minor.tolist()]
