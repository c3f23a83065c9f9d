"""Firms of customers: small businesses that bank with us."""

from __future__ import annotations

from dataclasses import dataclass

from seedkit.population.model.columns import Dates, Ints, Money, Texts


@dataclass(frozen=True, slots=True)
class Firms:
    """Firms, by household; each is run by one customer, from home."""

    household: Ints
    person: Ints  # who owns and runs it
    name: Texts
    trade: Ints  # Trade
    employees: Ints
    revenue: Money  # a year
    founded: Dates
    customer_since: Dates
    email: Texts
    phone: Texts


@dataclass(frozen=True, slots=True)
class FirmRoles:
    """What firms are to holdings: the owner, of whatever is held for business."""

    household: Ints
    firm: Ints  # index into Firms
    holding: Ints
