"""Financial market products of invented issuers: nothing here is traded anywhere."""

from __future__ import annotations

import numpy as np

from seedkit.population.bank_tables import ISSUERS, PRODUCTS, ProductTable
from seedkit.population.days import NEVER, add_days, year_of
from seedkit.population.draw import Whole, amount, between
from seedkit.population.locale import locale_of
from seedkit.population.model import Dates, Products, Texts
from seedkit.population.streams import BANK_BLOCK, stream
from seedkit.population.words import ProductKind
from seedkit.profile.models import Profile

_CALENDAR_DAYS = 366
_LOWEST_RETURN = -6_500
_STRIDE = 7  # shares no factor with the number of issuers
_SERIES = ("", " II", " III", " IV", " V")


def make_products(profile: Profile, today: np.datetime64) -> Products:
    """Make the products of a bank: at least one of each kind, sorted as in the tables."""
    counts = _counts(profile.bank.products)
    rng = stream(profile.random_seed, BANK_BLOCK, "products")
    say = locale_of(profile.locale).say
    said = [table._replace(names=tuple(say.each(table.names))) for table in PRODUCTS]
    parts = [_of_kind(rng, table, n, today) for table, n in zip(said, counts, strict=True)]
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in Products.__dataclass_fields__
    }
    return Products(**columns)


def _counts(wanted: int) -> list[int]:
    """Return how many products of each kind there are; what the weights leave goes to the first."""
    total = sum(table.weight for table in PRODUCTS)
    spare = wanted - len(PRODUCTS)
    counts = [1 + spare * table.weight // total for table in PRODUCTS]
    counts[0] += wanted - sum(counts)
    return counts


def _of_kind(
    rng: np.random.Generator, table: ProductTable, n: int, today: np.datetime64
) -> Products:
    """Make n products of a kind."""
    shift = int(between(rng, 0, len(ISSUERS) - 1, 1)[0])
    issuers = [ISSUERS[(shift + _STRIDE * i) % len(ISSUERS)] for i in range(n)]
    last_year = amount(rng, table.yearly, n)
    # years differ in sign more often than not: two together stray less than twice as far
    two_before = (amount(rng, table.yearly, n) + amount(rng, table.yearly, n)) * 2 // 3
    coupon, matures = _bond_terms(rng, table.kind, n, today)
    return Products(
        name=_names(table, issuers, coupon, matures),
        kind=np.full(n, table.kind, np.int8),
        ticker=_tickers(table, issuers),
        price=amount(rng, table.prices, n),
        performance_1y=last_year.astype(np.int32),
        performance_3y=np.maximum(last_year + two_before, _LOWEST_RETURN).astype(np.int32),
        performance_ytd=(last_year * _day_of_year(today) // _CALENDAR_DAYS).astype(np.int32),
        coupon=coupon.astype(np.int32),
        matures=matures,
    )


def _bond_terms(
    rng: np.random.Generator, kind: ProductKind, n: int, today: np.datetime64
) -> tuple[Whole, Dates]:
    """Draw coupon and maturity of bonds; other kinds have none."""
    if kind != ProductKind.BOND:
        return np.zeros(n, np.int64), np.full(n, NEVER)
    days = between(rng, 300, 7_000, n)
    return 25 * between(rng, 6, 26, n), add_days(np.full(n, today), days)


def _names(table: ProductTable, issuers: list[str], coupon: Whole, matures: Dates) -> Texts:
    """Return names: no two products of a kind share issuer, template and series."""
    names = []
    for i, issuer in enumerate(issuers):
        turn, series = _place(table, i)
        name = table.names[turn].format(issuer) + _SERIES[series]
        if table.kind == ProductKind.BOND:
            name += f" {coupon[i] / 100:.2f}% {year_of(matures[i : i + 1])[0]}"
        names.append(name)
    return np.array(names, dtype=object)


def _tickers(table: ProductTable, issuers: list[str]) -> Texts:
    """Return symbols that no exchange uses: too long, with a suffix of our own."""
    places = [_place(table, i) for i in range(len(issuers))]
    return np.array(
        [
            f"{issuer[:4].upper()}{table.letter}{turn}{series}.X"
            for issuer, (turn, series) in zip(issuers, places, strict=True)
        ],
        dtype=object,
    )


def _place(table: ProductTable, i: int) -> tuple[int, int]:
    """Return template and series of the i-th product of a kind."""
    rounds = i // len(ISSUERS)
    return (i % len(ISSUERS) + rounds) % len(table.names), rounds // len(table.names)


def _day_of_year(today: np.datetime64) -> int:
    return int((today - today.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64)) + 1
