"""Parts of a bank that not every environment can hold, and what brings them there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OFF, AUTO, ON = "off", "auto", "on"


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that a profile asks for by a key: off, auto or on, or a number above 0 for auto.

    `solution` is what a person knows the solution as that brings its tables. `columns` are those
    that it fills in tables which are there without it, as (table, column).
    """

    key: str
    solution: str
    columns: tuple[tuple[str, str], ...] = ()


_PLATFORM = "Microsoft Dataverse"
_SERVICE = "Dynamics 365 Customer Service"
# Named as the products are called; the tables' own definitions do not tell their solutions.
FEATURES: Mapping[str, Feature] = {
    "cases": Feature("engagement.cases", _SERVICE),
    "timelines": Feature("engagement.cases", _PLATFORM),
    "knowledge": Feature("engagement.knowledge", _SERVICE),
    "scripts": Feature("engagement.scripts", _SERVICE),
    "connections": Feature("engagement.connections", _PLATFORM),
    "firms": Feature("small_business.firms", _PLATFORM),
    "persons": Feature("small_business.firms", "Small Business data model"),
    "conversations": Feature("engagement.conversations", "Omnichannel for Customer Service"),
}
