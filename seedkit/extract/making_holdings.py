"""From the bank's holdings to rows of the survey's kinds.

A portfolio is shown as what lies in it, since the survey asks for shares, bonds and funds and not
for the accounts around them; all other holdings are one row each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from seedkit.extract.contract import BEHAVIOURS
from seedkit.extract.model import Sheet, Values, make_sheet
from seedkit.extract.rows import money, numbered
from seedkit.population.amounts import scaled
from seedkit.population.bank import EXCHANGE_BASE
from seedkit.population.days import NEVER, day, known
from seedkit.population.draw import Whole, texts
from seedkit.population.model import Bank, Block, Elsewhere, Ints, Money
from seedkit.population.offers import PORTFOLIO, catalogue
from seedkit.population.words import Category, HolderRole, Possession, ProductKind

_PER_CENT = 100  # basis points
TRANSITIONERS = 4  # percent of the limit below which a carried balance comes and goes; an estimate
# The population's kinds have the files' names but for two.
_NAMES = {kind: kind.name.lower() for kind in Possession} | {
    Possession.OTHER_TRANSACTION: "prepaid",
    Possession.OTHER_PROPERTY: "other_real_estate",
}
_CHARGE_CARD = "credit_card"  # of offers that show nothing the survey asks for
_PORTFOLIO = ""
_CASH = "brokerage_cash"
_POSITIONS = {
    ProductKind.EQUITY: "stock",
    ProductKind.BOND: "bond",
    ProductKind.MUTUAL_FUND: "pooled_fund",
    ProductKind.ETF: "pooled_fund",
    ProductKind.CASH: "money_market",
}
_PARTS = ("brokerage_cash", "bond", "money_market", "other_financial", "pooled_fund", "stock")


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows to be: which holding each shows, as what, and how much of it."""

    holding: Whole  # -1 for what lies elsewhere
    household: Whole
    kind: Values
    cents: Money


def make_holding_rows(
    block: Block, bank: Bank, as_of: date, homes: Values, people: Values
) -> tuple[Sheet, Whole]:
    """Return the rows, and the first row that shows each holding of the block."""
    rows = _everything(_rows(block, bank), block.elsewhere)
    held, of, here = block.holdings, rows.holding, rows.holding >= 0
    rated = here & (held.category != Category.INVESTMENT)[of]
    cards = here & np.asarray(rows.kind == "credit_card")
    columns = {
        "id": numbered(homes, rows.household, "A"),
        "household": homes[rows.household],
        "owners": np.where(here, _owners(block, people)[of], ""),
        "kind": rows.kind,
        "amount": money(rows.cents),
        "rate": np.where(rated, held.rate[of] / _PER_CENT, np.nan),
        "opened": np.where(here, held.opened[of], NEVER),
        "with_us": here.astype(np.float64),
    }
    for name, values in _details(block, as_of).items():
        columns[name] = np.where(here, values[of], NEVER if values.dtype.kind == "M" else np.nan)
    columns["behaviour"] = np.where(cards, _behaviour(block)[of], "")
    columns["statement_balance"] = np.where(cards, columns["statement_balance"], np.nan)
    first = np.full(held.household.size, -1, np.int64)
    shown = np.flatnonzero(here)[::-1]
    first[of[shown]] = shown
    return make_sheet("holdings", of.size, columns), first


def _everything(ours: _Rows, others: Elsewhere) -> _Rows:
    """Return our rows and those elsewhere, by household, ours first."""
    household = np.concatenate([ours.household, others.household])
    order = np.argsort(household, kind="stable")
    kinds = texts([_NAMES[kind] for kind in Possession])[others.kind]
    return _Rows(
        holding=np.concatenate([ours.holding, np.full(kinds.size, -1)])[order],
        household=household[order],
        kind=np.concatenate([ours.kind, kinds])[order],
        cents=np.concatenate([ours.cents, others.amount])[order],
    )


def _rows(block: Block, bank: Bank) -> _Rows:
    """Return one row per holding; a portfolio has one for each kind of thing in it."""
    held = block.holdings
    names = _kinds_of_offers()
    kind = texts([names[code.partition("-")[0]] for code in held.code])
    rates = np.array(bank.exchange_rates, np.int64)[held.currency]
    balance = held.balance.copy()
    # of cards the survey asks what was left after the last payment
    cards = np.asarray(kind == "credit_card")[block.credit_lines.holding]
    balance[block.credit_lines.holding[cards]] = block.credit_lines.carried[cards]
    cents = np.where(held.currency > 0, scaled(balance, rates, EXCHANGE_BASE), balance)
    # What a firm owns is no household's.
    private = np.ones(held.household.size, np.bool_)
    private[block.firm_roles.holding] = False
    whole = np.flatnonzero(np.asarray(kind != _PORTFOLIO) & private)
    of, part, worth = _contents(block, bank, np.asarray(kind == _PORTFOLIO))
    holding = np.concatenate([whole, of])
    kinds = np.concatenate([kind[whole], np.array(_PARTS, dtype=object)[part]])
    amounts = np.concatenate([cents[whole], worth])
    order = np.argsort(holding, kind="stable")
    household = held.household[holding[order]].astype(np.int64)
    return _Rows(holding[order], household, kinds[order], amounts[order])


def _kinds_of_offers() -> dict[str, str]:
    """Return the kind of each offer's contracts by the letters that their numbers begin with."""
    named = {kind.name: name for kind, name in _NAMES.items()} | {PORTFOLIO: _PORTFOLIO}
    return {offer.prefix: named.get(offer.of, _CHARGE_CARD) for offer in catalogue().offers}


def _contents(block: Block, bank: Bank, wanted: Values) -> tuple[Whole, Whole, Money]:
    """Return (holding, index of its part, worth) of all that lies in portfolios, sorted."""
    products = tuple(_POSITIONS.get(kind, "other_financial") for kind in ProductKind)
    part_of = np.array([_PARTS.index(name) for name in products])
    positions, portfolios = block.positions, block.investments
    holding = np.concatenate([positions.holding, portfolios.holding]).astype(np.int64)
    cash = np.full(portfolios.holding.size, _PARTS.index(_CASH))
    part = np.concatenate([part_of[bank.products.kind[positions.product]], cash])
    worth = np.concatenate([positions.value, portfolios.cash])
    keys = holding * len(_PARTS) + part
    shown = wanted[holding] & (worth > 0)
    keys, worth = keys[shown], worth[shown]
    found, place = np.unique(keys, return_inverse=True)
    total = np.zeros(found.size, np.int64)
    np.add.at(total, place, worth)
    return found // len(_PARTS), found % len(_PARTS), total


def _owners(block: Block, people: Values) -> Values:
    """Return the ids of each holding's owners, the first one first."""
    roles = block.holding_roles
    own = np.isin(roles.role, (HolderRole.OWNER, HolderRole.JOINT_OWNER))
    found = [""] * block.holdings.household.size
    pairs = zip(roles.holding[own].tolist(), roles.person[own].tolist(), strict=True)
    for holding, person in pairs:
        found[holding] += f";{people[person]}" if found[holding] else people[person]
    return texts(found)


def _details(block: Block, as_of: date) -> dict[str, Values]:
    """Return the columns, by holding, that only some categories have."""
    n, today = block.holdings.household.size, day(as_of)
    loans, lines, savings = block.loans, block.credit_lines, block.savings
    return {
        "limit": _spread(n, (lines.holding, money(lines.limit))),
        "payment": _spread(
            n, (loans.holding, money(loans.instalment)), (lines.holding, money(lines.minimum_due))
        ),
        "matures": _spread(n, (loans.holding, loans.matures), (savings.holding, savings.matures)),
        "days_past_due": _spread(
            n,
            (loans.holding, _days_since(loans.overdue_since, today)),
            (lines.holding, _days_since(lines.overdue_since, today)),
        ),
        "statement_balance": _spread(n, (lines.holding, money(lines.statement_balance))),
    }


def _behaviour(block: Block) -> Values:
    """Return how card accounts are used, by holding: whether anything is bought or carried over."""
    lines = block.credit_lines
    little = lines.carried * 100 < lines.limit * TRANSITIONERS
    carries = lines.carried > 0
    used = np.where(lines.statement_balance > 0, 1, 0)
    word = np.where(carries, np.where(little, 3, 2), used)
    found = np.full(block.holdings.household.size, "", dtype=object)
    found[lines.holding] = texts(BEHAVIOURS)[word]
    return found


def _spread(n: int, *parts: tuple[Ints, Values]) -> Values:
    """Return a column of all holdings from those of some; unknown elsewhere."""
    dates = parts[0][1].dtype.kind == "M"
    column = np.full(n, NEVER) if dates else np.full(n, np.nan)
    for holding, values in parts:
        column[holding] = values
    return column


def _days_since(dates: Values, today: np.datetime64) -> Values:
    """Return days since dates, 0 where there is none."""
    there = known(dates)
    return np.where(there, (today - np.where(there, dates, today)).astype(np.float64), 0.0)
