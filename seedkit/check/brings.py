"""Which solution brings which table, and what a person knows the solutions as.

The tables' solutions are those of the schema files, read from the solutions' own definitions; a
platform's table belongs to «System». What each solution is for is told by its name and contents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seedkit.schema import load_catalogue

PLATFORM = "System"
DEPLOY = (
    "Deploy Unified customer profile of Microsoft Cloud for Financial Services there "
    "(https://solutions.microsoft.com), or use the local environment."
)
UPDATE = "Update Microsoft Cloud for Financial Services there (https://solutions.microsoft.com)."
OTHERS = "Install or update there what brings the table; its own publisher knows."
KNOWN_VERSION = (1, 4)  # of the solutions that the schema files describe


@dataclass(frozen=True, slots=True)
class Solution:
    """A solution: its title, and whether rows can be made without it."""

    title: str
    needed: bool = True


# Unique names and titles as the solutions' definitions have them [verified].
SOLUTIONS: Mapping[str, Solution] = {
    "FinancialServicesCommonDataModel": Solution("Financial Services Common Data Model"),
    "RetailBankingCoreDataModel": Solution("Retail Banking Core Data Model"),
    "RetailBankingCoreComponents": Solution("Banking Core Components", needed=False),
    "UnifiedCustomerProfileApplication": Solution("Unified Customer Profile", needed=False),
}


def tables_by_solution(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the tables that each solution brings, those of the platform left out."""
    found: dict[str, list[str]] = {}
    for name in names:
        solution = solution_of(name)
        if solution is not None:
            found.setdefault(solution, []).append(name)
    return found


def solution_of(table: str) -> str | None:
    """Return the solution that brings a table; None for the platform's and for unknown ones."""
    catalogue = load_catalogue()
    solution = catalogue[table].solution if table in catalogue else None
    return None if solution == PLATFORM else solution


def title_of(solution: str) -> str:
    """Return what a person knows a solution as."""
    known = SOLUTIONS.get(solution)
    return known.title if known else solution


def way_to(table: str) -> str:
    """Return how an environment comes by a table that it lacks."""
    return DEPLOY if table in load_catalogue() else OTHERS


def way_to_part(table: str) -> str:
    """Return how an environment comes by a part of a table that it lacks."""
    return UPDATE if table in load_catalogue() else OTHERS
