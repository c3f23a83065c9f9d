"""A loyalty programme: one row for the programme, members among the customers, their points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from pydantic import BaseModel, Field

from seedkit.generators import Bank, Chance, Customer, Household, Link, Row, Table

PROGRAMME, MEMBERSHIP, ENTRY = "loy_programme", "loy_membership", "loy_entry"
POINTS = {"Welcome": 500, "Groceries": 40, "Fuel": 60, "Travel": 250}
TIERS = {100000000: 70, 100000001: 25, 100000002: 5}  # Silver, Gold, Platinum
ADULT = timedelta(days=18 * 365 + 5)


class Options(BaseModel):
    """What a profile can say below `generators: loyalty:`."""

    share: float = Field(0.4, ge=0, le=1, description="part of adult customers who take part")
    entries: int = Field(6, ge=0, le=50, description="most entries of points per member")


@dataclass(frozen=True)
class Loyalty:
    """The generator; it keeps nothing between two households."""

    name: str = "loyalty"
    version: str = "1.0.0"
    options: type[BaseModel] = Options
    tables: tuple[Table, ...] = (
        Table(PROGRAMME, ("loy_name",), once=True),
        Table(
            MEMBERSHIP,
            ("loy_name", "loy_number", "loy_tier", "loy_joinedon"),
            (
                Link("loy_customer", "contact", "loy_Customer"),
                Link("loy_programme", PROGRAMME, "loy_Programme"),
            ),
        ),
        Table(
            ENTRY,
            ("loy_name", "loy_points"),
            (Link("loy_membership", MEMBERSHIP, "loy_Membership"),),
            entity_set="loy_entries",
        ),
    )

    def of_bank(self, bank: Bank, options: Options, chance: Chance) -> Iterator[Row]:
        """Return the one programme that all members share."""
        yield Row(PROGRAMME, {"loy_name": f"{bank.name} Rewards"})

    def of_household(self, household: Household, options: Options, chance: Chance) -> Iterator[Row]:
        """Return the members of a household, and their points."""
        for customer in household.customers:
            adult = customer.birth + ADULT <= household.bank.as_of
            if adult and chance.share(options.share):
                yield from self.member(household, customer, options, chance)

    def member(
        self, household: Household, customer: Customer, options: Options, chance: Chance
    ) -> Iterator[Row]:
        """Return one member with entries of points; the member stands before them."""
        (programme,) = household.bank.rows
        place = household.customers.index(customer)
        membership = Row(
            MEMBERSHIP,
            {
                "loy_name": customer.name,
                "loy_number": f"L{household.number:07}{place:02}",
                "loy_tier": chance.weighted(TIERS),
                "loy_joinedon": household.bank.as_of - timedelta(days=chance.between(1, 1500)),
            },
            {"loy_customer": customer, "loy_programme": programme},
        )
        yield membership
        for _ in range(chance.between(0, options.entries)):
            what = chance.choose(tuple(POINTS))
            yield Row(
                ENTRY,
                {"loy_name": what, "loy_points": POINTS[what]},
                {"loy_membership": membership},
            )


loyalty = Loyalty()
