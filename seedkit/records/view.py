"""A block as the tables' functions see it: the population, and the ids of all that will be rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from seedkit.population.days import NEVER, known
from seedkit.population.locale import locale_of
from seedkit.population.locale.phrases import Phrases
from seedkit.population.model import Bank, Block, Dates, Flags, Ints, Texts
from seedkit.population.service.words import OPEN_STATES, Done
from seedkit.records.batch import BANK_BLOCK, Lookup, RecordContext
from seedkit.records.money import Amounts, Exchange, make_exchange
from seedkit.records.ownership import USER, Ownership
from seedkit.records.sheet import Sheet, make_sheet
from seedkit.records.table import RecordTable
from seedkit.records.tables import (
    BANK_TABLES,
    TABLE,
    TABLE_OF_PART,
    TABLES,
)
from seedkit.records.values import noons, only


@dataclass(frozen=True, slots=True)
class BankView:
    """The bank, and the ids of its rows."""

    bank: Bank
    exchange: Exchange
    sheets: dict[str, Sheet]
    context: RecordContext

    def backdated(self, days: Dates) -> list[str | None]:
        """Return the days as creation days; None where rows are new, or backdating is off."""
        return creation_days(days, self.context.stamp.day, self.context)


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block with what its rows need from outside; `full_names` are those of its people."""

    block: Block
    bank: BankView
    as_of: date
    sheets: dict[str, Sheet]
    full_names: Texts
    context: RecordContext

    def sheet(self, part: str) -> Sheet:
        """Return the rows that a part of the block becomes."""
        return self.sheets[TABLE_OF_PART[part].name]

    def backdated(self, days: Dates) -> list[str | None]:
        """Return the days as creation days; None where rows are new, or backdating is off."""
        return creation_days(days, min(self.as_of, self.context.stamp.day), self.context)

    def amounts(self, holdings: Ints) -> Amounts:
        """Return money in the currencies of these holdings."""
        return self.bank.exchange.amounts(self.block.holdings.currency[holdings])

    def own_amounts(self, count: int) -> Amounts:
        """Return money of `count` rows in the bank's own currency."""
        return self.bank.exchange.amounts(np.zeros(count, dtype=np.int64))

    @property
    def say(self) -> Phrases:
        """What the bank's locale says for American texts."""
        return locale_of(self.bank.bank.locale).say

    def agents(self, table: str) -> list[str | None]:
        """Return the users who work on the rows of a table; None where nobody knows yet."""
        return self.context.ownership.users(self.sheets[table].owner)

    def working(self, column: str, table: str, shown: Flags | None = None) -> Lookup:
        """Return a lookup at the users who work on the rows of a table, where `shown`."""
        users = self.agents(table)
        return Lookup(column, USER, users if shown is None else only(shown, users))

    def people(self, persons: Ints) -> list[str]:
        """Return the full names of people."""
        found: list[str] = self.full_names[persons].tolist()
        return found

    def holdings(self, holdings: Ints) -> list[str]:
        """Return the names of holdings."""
        found: list[str] = self.block.holdings.name[holdings].tolist()
        return found


def creation_days(days: Dates, before: date, context: RecordContext) -> list[str | None]:
    """Return days as creation days, where they are earlier than a day.

    A creation in the future is refused, so only days before the run's own will do.
    """
    past = days < np.datetime64(before, "D")
    return noons(np.where(past & context.backdate, days, NEVER))


def bank_view(bank: Bank, context: RecordContext) -> BankView:
    """Give ids to the bank's rows."""
    sheets = {name: _bank_sheet(bank, context, TABLE[name]) for name in BANK_TABLES}
    exchange = make_exchange(bank.currencies, bank.exchange_rates, context.bindings.currencies)
    return BankView(bank, exchange, sheets, context)


def _bank_sheet(bank: Bank, context: RecordContext, table: RecordTable) -> Sheet:
    """Take all rows of a table's part; the bank itself is one row and no part."""
    count = sum(map(bank.size, table.parts)) if table.parts else 1
    nobody = np.zeros(count, dtype=np.int64)
    return make_sheet(context, table, BANK_BLOCK, np.arange(count), nobody)


def block_view(block: Block, bank: Bank, context: RecordContext, as_of: date) -> BlockView:
    """Give ids to all that becomes a row in a block."""
    people = block.people
    one_name = people.first_name == ""
    both = people.first_name + " " + people.last_name
    full_names = np.where(one_name, people.last_name, both).astype(object)
    managers = context.ownership.of_households(block.number)
    sheets = {
        table.name: _sheet(block, context, table, managers)
        for table in TABLES
        if table.parts and table.name not in BANK_TABLES
    }
    return BlockView(block, bank_view(bank, context), as_of, sheets, full_names, context)


# People who are no customers are not known to the bank: they, and what is told about them, are
# no rows.
_KNOWN: dict[str, Callable[[Block], Flags]] = {
    "contact": lambda block: block.people.customer,
    "msfsi_relationship": lambda block: (
        block.people.customer[block.relationships.person]
        & block.people.customer[block.relationships.other]
    ),
    "msfsi_lifemoment": lambda block: block.people.customer[block.events.person],
    "msfsi_financialgoal": lambda block: block.people.customer[block.goals.person],
    "queueitem": lambda block: np.isin(block.cases.state, OPEN_STATES),
    "phonecall": lambda block: block.activities.kind == Done.PHONE_CALL,
    "email": lambda block: block.activities.kind == Done.EMAIL,
    "appointment": lambda block: block.activities.kind == Done.APPOINTMENT,
    "task": lambda block: block.activities.kind == Done.TASK,
    "letter": lambda block: block.activities.kind == Done.LETTER,
    "msdyn_ocliveworkitemparticipant": lambda block: known(block.conversations.accepted),
}


def _sheet(block: Block, context: RecordContext, table: RecordTable, managers: Ints) -> Sheet:
    """Choose and order a table's rows; those of several parts are ordered by household."""
    households = np.concatenate([getattr(block, part).household for part in table.parts])
    rows: Ints = np.argsort(households, kind="stable")
    if table.name in _KNOWN:
        rows = rows[_KNOWN[table.name](block)[rows]]
    owners = np.concatenate(
        [_owners(getattr(block, part), context.ownership, managers) for part in table.parts]
    )
    return make_sheet(context, table, block.number + 1, rows, owners)


def _owners(part: Any, ownership: Ownership, managers: Ints) -> Ints:
    """Return the owner of each row: of the household, or of the seat where it was made."""
    own = managers[part.household]
    return ownership.of_desks(part.desk, part.seat, own) if hasattr(part, "seat") else own
