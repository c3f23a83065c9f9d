"""Invented names and figures of the bank, its branches and its financial market products."""

from __future__ import annotations

from typing import NamedTuple

from seedkit.population.words import ProductKind

# US dollars for one unit, in ten-thousandths; rounded levels of recent years.
DOLLARS = {
    "USD": 10_000,
    "EUR": 10_900,
    "GBP": 12_700,
    "CHF": 11_300,
    "CAD": 7_300,
    "JPY": 67,
}

ISSUERS = (
    "Alderbrook",
    "Bluemere",
    "Cresthollow",
    "Dunvale",
    "Eastmarch",
    "Fernwick",
    "Glenharrow",
    "Highmoor",
    "Ironquay",
    "Juniper Reach",
    "Kestrelton",
    "Larkmead",
    "Maplefen",
    "Northwick",
    "Oakenshaw",
    "Pinehaven",
    "Quillstone",
    "Ravensford",
    "Silverglade",
    "Thornbury Cross",
    "Umberfield",
    "Valewood",
    "Westmarch",
    "Yarrowdale",
    "Zephyr Bay",
)


class ProductTable(NamedTuple):
    """How products of a kind are named and priced; money in cents, returns in basis points."""

    kind: ProductKind
    letter: str  # in symbols
    weight: int
    names: tuple[str, ...]  # `{}` is the issuer
    prices: tuple[int, ...]  # quantiles
    yearly: tuple[int, ...]  # quantiles of a year's return


PRODUCTS = (
    ProductTable(
        ProductKind.EQUITY,
        "S",
        30,
        ("{} Industries", "{} Foods", "{} Energy", "{} Software", "{} Health", "{} Rail"),
        (900, 2_400, 4_800, 8_500, 14_000, 26_000, 61_000),
        (-3_500, -900, 100, 900, 1_700, 3_000, 7_500),
    ),
    ProductTable(
        ProductKind.BOND,
        "B",
        16,
        ("{} Finance Bond", "{} Municipal Bond", "{} Utility Bond"),
        (8_600, 9_300, 9_700, 9_950, 10_050, 10_300, 11_000),
        (-600, -50, 200, 380, 520, 700, 1_100),
    ),
    ProductTable(
        ProductKind.MUTUAL_FUND,
        "M",
        18,
        ("{} Balanced Fund", "{} Growth Fund", "{} Income Fund", "{} Retirement Fund"),
        (1_100, 1_600, 2_300, 3_500, 5_200, 9_000, 19_000),
        (-900, 100, 500, 850, 1_250, 1_800, 2_900),
    ),
    ProductTable(
        ProductKind.ETF,
        "T",
        16,
        ("{} Broad Market ETF", "{} World ETF", "{} Dividend ETF", "{} Bond Market ETF"),
        (2_600, 4_200, 6_500, 9_500, 15_000, 26_000, 48_000),
        (-1_000, 150, 600, 1_000, 1_450, 2_000, 3_200),
    ),
    ProductTable(
        ProductKind.CASH,
        "C",
        4,
        ("{} Money Market Fund", "{} Cash Reserve"),
        (100, 100, 100),
        (150, 400, 520),
    ),
    ProductTable(
        ProductKind.OPTION,
        "O",
        5,
        ("{} Call Option", "{} Put Option"),
        (40, 150, 420, 900, 2_400),
        (-6_000, -2_500, -300, 1_800, 6_000),
    ),
    ProductTable(
        ProductKind.FOREIGN_CURRENCY,
        "F",
        4,
        ("{} Euro Deposit Unit", "{} Sterling Deposit Unit", "{} Yen Deposit Unit"),
        (9_400, 9_900, 10_000, 10_200, 10_700),
        (-900, -250, 100, 400, 1_000),
    ),
    ProductTable(
        ProductKind.CRYPTOCURRENCY,
        "K",
        3,
        ("{} Coin", "{} Token"),
        (30, 900, 24_000, 310_000, 6_400_000),
        (-7_000, -2_500, 2_000, 9_000, 24_000),
    ),
    ProductTable(
        ProductKind.OTHER,
        "X",
        1,
        ("{} Timberland Certificate", "{} Art Share"),
        (5_000, 10_000, 25_000),
        (-400, 300, 900),
    ),
)
