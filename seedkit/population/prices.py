"""The level of prices and incomes of a day, against the year that the tables speak of."""

from __future__ import annotations

from datetime import date

TABLE_YEAR = 2022
# Consumer prices of the United States, yearly means (CPI-U, FRED series CPIAUCSL), in hundredths
CONSUMER_PRICES = {2020: 25886, 2021: 27097, 2022: 29263, 2023: 30470, 2024: 31370, 2025: 32158}
PRICE_BASE = 10_000  # parts of the prices of that year
LATER_RISE = 25  # per thousand a year, assumed after the last known year


def price_level(as_of: date) -> int:
    """Return prices of a day's year as parts per 10,000 of those of 2022."""
    first, last = min(CONSUMER_PRICES), max(CONSUMER_PRICES)
    level = CONSUMER_PRICES[min(max(as_of.year, first), last)]
    for _ in range(last, as_of.year):
        level += level * LATER_RISE // 1_000
    return level * PRICE_BASE // CONSUMER_PRICES[TABLE_YEAR]
