"""Families as the survey sees them: what they earn, own and owe, in prices of 2022."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seedkit.extract.contract import ASSETS, DEBTS, FINANCIAL, HOLDING_KINDS, TRANSACTION
from seedkit.extract.model import About, Extract, Sheet, filled
from seedkit.realism.frames.members import Members
from seedkit.realism.frames.model import (
    DAYS_OF_YEAR,
    Values,
    equal,
    is_in,
    places,
    rows_of,
    sums,
)

COLLEGE = ("bachelor", "advanced")
RETIREMENT_AGE, MIDDLE_AGE, ADULT = 65, 55, 18
EASTERN = ("Brandenburg", "Mecklenburg-Vorpommern", "Sachsen", "Sachsen-Anhalt", "Thüringen")
BETWEEN = "Berlin"  # lies in both parts of Germany
UNIONS = {
    "transaction": tuple(TRANSACTION),
    "savings_or_money_market": ("savings", "money_market"),
    "any_financial": tuple(FINANCIAL),
    "home_debt": ("mortgage", "heloc"),
    "any_debt": tuple(DEBTS),
    "unsecured": ("credit_card", "other_line", "other_instalment", "other_debt"),
}
_MAIN = "checking"


def make_families(extract: Extract, about: About, members: Members) -> dict[str, Values]:
    """Return one row per family."""
    homes, people, who = extract.households, extract.people, members.reference
    age = people["age"][who]
    couple = members.partner >= 0
    kids = members.count(equal(people["role"], "child") & members.in_family)
    owner = equal(homes["home_tenure"], "owner")
    columns: dict[str, Values] = {
        "weight": members.weight,
        "age": age,
        "couple": couple,
        "children": np.minimum(kids, 5),
        "any_child": kids > 0,
        "structure": _structure(couple, kids > 0, age),
        "college": is_in(people["education"][who], COLLEGE),
        "work": _work(people["employment"][who], age),
        "retired": equal(_work(people["employment"][who], age), "retired_or_disabled"),
        "income": np.nan_to_num(homes["income"]) * about.scale_to_2022,
        "owner": owner,
        "home_value": np.where(owner, np.nan_to_num(homes["home_value"]), 0) * about.scale_to_2022,
        "late_60": homes["late_60"],
        "adults": members.count(people["age"] >= ADULT),
        "german_part": _german_part(homes["state"]),
    }
    columns |= _amounts(extract, about, members)
    columns |= _totals(columns)
    return columns | _at_our_bank(extract, about, members)


def _structure(couple: Values, with_child: Values, age: Values) -> Values:
    """Return the survey's five structures; children of any age count."""
    words = np.array(
        [
            "single_without_child_young",
            "single_without_child_older",
            "single_with_child",
            "couple_without_child",
            "couple_with_child",
        ],
        dtype=object,
    )
    alone = np.where(with_child, 2, (age >= MIDDLE_AGE).astype(np.int64))
    return np.asarray(words[np.where(couple, 3 + with_child.astype(np.int64), alone)])


def _german_part(state: Values) -> Values:
    """Return the part of Germany in which a Land lies, nothing where it is neither."""
    west = np.where(equal(state, BETWEEN), "", "west")
    return np.where(is_in(state, EASTERN), "east", west).astype(object)


def _work(employment: Values, age: Values) -> Values:
    """Return the survey's four states; out of work from 65 counts as retired."""
    found = np.where(age >= RETIREMENT_AGE, "retired_or_disabled", "other_not_working")
    found = np.where(is_in(employment, ("retired", "disabled")), "retired_or_disabled", found)
    working = is_in(employment, ("employee", "self_employed"))
    return np.where(working, employment, found).astype(object)


def _amounts(extract: Extract, about: About, members: Members) -> dict[str, Values]:
    """Return sums and ownership by kind of holding, and by the unions of kinds."""
    holdings, n = extract.holdings, members.head.size
    rows = np.flatnonzero(_of_families(extract, members))
    home = rows_of(places(extract.households["id"]), holdings["household"][rows])
    kind, amount = holdings["kind"][rows], holdings["amount"][rows] * about.scale_to_2022
    # an overdrawn account counts as empty
    amount = np.where(equal(kind, _MAIN), np.maximum(amount, 0), np.nan_to_num(amount))
    found: dict[str, Values] = {}
    for name in HOLDING_KINDS:
        mine = equal(kind, name)
        found[name] = sums(home[mine], amount[mine], n)
    for name, parts in UNIONS.items():
        found[name] = np.sum([found[part] for part in parts], axis=0)
    owned = {f"has_{name}": found[name] > 0 for name in found}
    account = is_in(kind, tuple(TRANSACTION))
    owned["has_transaction"] = np.bincount(home[account], minlength=n) > 0
    owned["has_any_financial"] |= owned["has_transaction"]
    card = equal(kind, "credit_card")
    owned["card_holder"] = np.bincount(home[card], minlength=n) > 0
    return found | owned


def _of_families(extract: Extract, members: Members) -> NDArray[np.bool_]:
    """Return which holdings count: not those of people outside the family alone."""
    owners = extract.holdings["owners"]
    outside = frozenset(extract.people["id"][~members.in_family].tolist())
    if not outside:
        return np.ones(owners.size, np.bool_)
    return np.array(
        [not cell or not outside.issuperset(cell.split(";")) for cell in owners.tolist()], np.bool_
    )


def _totals(columns: dict[str, Values]) -> dict[str, Values]:
    """Return what is a sum of everything."""
    assets = columns["home_value"] + np.sum([columns[name] for name in ASSETS], axis=0)
    debts = columns["any_debt"]
    plain = columns["any_financial"] - columns["retirement"] - columns["unsecured"]
    return {
        "assets": assets,
        "net_worth": assets - debts,
        "net_financial": plain,
        "debt_above_assets": debts > assets,
        "mortgaged": columns["has_mortgage"] & columns["owner"],
        "outright": columns["owner"] & ~columns["has_home_debt"],
    }


def _at_our_bank(extract: Extract, about: About, members: Members) -> dict[str, Values]:
    """Return what the bank itself sees: since when, and what lies with it beside the account."""
    holdings, n = extract.holdings, members.head.size
    rows = np.flatnonzero(holdings["with_us"] == 1.0)
    home = rows_of(places(extract.households["id"]), holdings["household"][rows])
    kind = holdings["kind"][rows]
    debt = is_in(kind, tuple(DEBTS))
    other = ~debt & ~equal(kind, _MAIN)
    years = _customer_years(extract.people, about)[members.head]
    return {
        "customer_years": years,
        "customer": ~np.isnan(years),
        "other_asset_here": np.bincount(home[other], minlength=n) > 0,
        "credit_here": np.bincount(home[debt], minlength=n) > 0,
        "accounts_here": np.bincount(home, minlength=n),
    }


def _customer_years(people: Sheet, about: About) -> Values:
    since = people["customer_since"]
    days = (np.datetime64(about.as_of, "D") - since).astype(np.float64)
    return np.where(filled(since), days / DAYS_OF_YEAR, np.nan)
