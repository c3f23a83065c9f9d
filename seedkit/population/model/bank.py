"""The bank itself, its branches and its market products."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from seedkit.population.model.columns import Dates, Ints, Money, Texts
from seedkit.population.model.library import Library


@dataclass(frozen=True, slots=True)
class Branches:
    """The bank's branches, best known first."""

    code: Texts  # unique inside the bank
    name: Texts
    street: Texts
    city: Texts
    state: Texts
    postcode: Texts
    phone: Texts  # fictional range, of the city's area or the head office's
    latitude: Ints  # int32, 1/10,000 degree
    longitude: Ints


@dataclass(frozen=True, slots=True)
class Products:
    """Financial market products, invented; prices in the bank's own currency."""

    name: Texts
    kind: Ints  # ProductKind
    ticker: Texts
    price: Money
    performance_1y: Ints  # basis points, may be negative
    performance_3y: Ints
    performance_ytd: Ints
    coupon: Ints  # bonds: basis points, else 0
    matures: Dates  # bonds, else NaT


@dataclass(frozen=True, slots=True)
class Bank:
    """The bank itself: made once per run, the same for any number of households."""

    name: str
    code: str
    street: str
    city: str
    state: str
    postcode: str
    phone: str
    country: str
    locale: str
    currency: str
    currencies: tuple[str, ...]  # ISO codes; index 0 is the bank's own
    exchange_rates: tuple[int, ...]  # own minor units per 10,000 minor units of each currency
    branches: Branches
    products: Products
    library: Library = field(default_factory=Library)

    def size(self, part: str) -> int:
        """Return how many rows a part of the bank has, or of its library."""
        found = getattr(self if hasattr(self, part) else self.library, part)
        return len(getattr(found, fields(found)[0].name))
