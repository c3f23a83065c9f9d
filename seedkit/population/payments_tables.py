"""Invented creditors of direct debits and standing orders, with usual amounts."""

from __future__ import annotations

from typing import NamedTuple

from seedkit.population.words import Frequency


class Creditor(NamedTuple):
    """Who collects, and between which amounts in whole units."""

    name: str
    lowest: int
    highest: int


# A prime number of them: steps of any length visit all before one comes twice.
CREDITORS = (
    Creditor("Brightmoor Electric Cooperative", 60, 240),
    Creditor("Clearwell Water District", 25, 95),
    Creditor("Hearthstone Natural Gas", 30, 180),
    Creditor("Fernline Broadband", 45, 110),
    Creditor("Pebble Mobile", 25, 140),
    Creditor("Larkspur Auto Insurance", 70, 260),
    Creditor("Foxglove Home Insurance", 55, 210),
    Creditor("Harborlight Life Assurance", 20, 130),
    Creditor("Meadowlark Health Plan", 90, 480),
    Creditor("Willow & Finch Dental Plan", 18, 60),
    Creditor("Moonbeam Streaming", 9, 24),
    Creditor("Cedarbox Music", 6, 18),
    Creditor("Ironleaf Fitness Club", 20, 85),
    Creditor("Copperkettle Waste Services", 18, 55),
    Creditor("Silverbirch Home Security", 25, 65),
    Creditor("Marigold Child Care", 180, 950),
    Creditor("Old Mill Homeowners Association", 40, 320),
    Creditor("Wren & Thistle Newspapers", 8, 35),
    Creditor("Bluewater Cloud Storage", 2, 15),
    Creditor("Acorn Pet Insurance", 18, 75),
    Creditor("Sunpath Solar Lease", 60, 190),
    Creditor("Riverbend Toll Account", 10, 70),
    Creditor("Juniper Meal Box", 40, 160),
)


class Purpose(NamedTuple):
    """What a standing order is for, how often it pays, and how much."""

    names: tuple[str, ...]
    weight: int
    lowest: int
    highest: int
    frequencies: tuple[int, int, int, int, int, int]  # weights of Frequency


RENT, OWN_SAVINGS, ALLOWANCE = range(3)
PURPOSES = (
    Purpose(
        (
            "Hollow Oak Property Management",
            "Stonebridge Lettings",
            "Maple Row Apartments",
            "Tilden Park Rentals",
        ),
        *(60, 850, 2_600),
        (0, 0, 0, 100, 0, 0),
    ),
    Purpose(("Own savings",), *(45, 25, 600), (0, 10, 20, 65, 5, 0)),
    Purpose(("Allowance",), *(20, 5, 30), (0, 80, 20, 0, 0, 0)),
    Purpose(
        (
            "Lantern House Food Pantry",
            "Green Valley Animal Shelter",
            "Riverside Youth Orchestra",
            "Open Door Literacy Fund",
        ),
        *(25, 10, 150),
        (0, 0, 5, 65, 20, 10),
    ),
    Purpose(
        (
            "Oakfield Tennis Club",
            "Bellamy Alumni Association",
            "Harbor Rowing Society",
            "Millpond Allotments",
        ),
        *(18, 35, 300),
        (0, 0, 0, 30, 40, 30),
    ),
    Purpose(("Ferry Lane Parking", "Cobalt Commuter Pass"), *(8, 3, 12), (60, 40, 0, 0, 0, 0)),
)

FAILURES = (  # by ItemStatus; of successful items there is nothing to say
    ("",),
    ("Refused by the account holder", "Amount above the limit", "Mandate not recognised"),
    ("Insufficient funds", "Account temporarily blocked", "Technical fault"),
)
MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}
DAYS = {Frequency.DAILY: 1, Frequency.WEEKLY: 7, Frequency.BIWEEKLY: 14}
