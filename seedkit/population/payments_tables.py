"""Invented creditors of direct debits and standing orders: who pays them, and usual amounts."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from seedkit.population.words import Frequency


class Who(IntEnum):
    """Who pays something. HOME is one account of each household, that of its head or partner."""

    ANYONE = 0
    HOME = 1
    OWNER = 2  # HOME of those who own it
    PARENT = 3  # HOME with a child that needs care
    WORKER = 4
    SAVER = 5  # has a savings account with us
    GIVER = 6  # has a child with a youth account


class Creditor(NamedTuple):
    """Who collects from whom, and between which amounts a month in whole units."""

    name: str
    who: Who
    weight: int
    lowest: int
    highest: int


CREDITORS = (
    Creditor("Brightmoor Electric Cooperative", Who.HOME, 32, 60, 240),
    Creditor("Clearwell Water District", Who.HOME, 12, 25, 95),
    Creditor("Hearthstone Natural Gas", Who.HOME, 10, 30, 180),
    Creditor("Fernline Broadband", Who.HOME, 18, 45, 110),
    Creditor("Pebble Mobile", Who.ANYONE, 24, 25, 140),
    Creditor("Larkspur Auto Insurance", Who.ANYONE, 16, 70, 260),
    Creditor("Foxglove Home Insurance", Who.OWNER, 12, 55, 210),
    Creditor("Harborlight Life Insurance", Who.HOME, 6, 20, 130),
    Creditor("Meadowlark Health Plan", Who.HOME, 6, 90, 480),
    Creditor("Willow & Finch Dental Plan", Who.ANYONE, 3, 18, 60),
    Creditor("Moonbeam Streaming", Who.ANYONE, 12, 9, 24),
    Creditor("Cedarbox Music", Who.ANYONE, 6, 6, 18),
    Creditor("Ironleaf Fitness Club", Who.ANYONE, 7, 20, 85),
    Creditor("Copperkettle Waste Services", Who.OWNER, 5, 18, 55),
    Creditor("Silverbirch Home Security", Who.OWNER, 4, 25, 65),
    Creditor("Marigold Child Care", Who.PARENT, 30, 180, 950),
    Creditor("Old Mill Homeowners Association", Who.OWNER, 6, 40, 320),
    Creditor("Wren & Thistle Newspapers", Who.ANYONE, 3, 8, 35),
    Creditor("Bluewater Cloud Storage", Who.ANYONE, 5, 2, 15),
    Creditor("Acorn Pet Insurance", Who.ANYONE, 3, 18, 75),
    Creditor("Sunpath Solar Lease", Who.OWNER, 3, 60, 190),
    Creditor("Riverbend Toll Account", Who.ANYONE, 4, 10, 70),
    Creditor("Juniper Meal Box", Who.ANYONE, 3, 40, 160),
)


class Purpose(NamedTuple):
    """Whom a standing order pays, how often, and between which amounts a month in whole units."""

    name: str
    who: Who
    weight: int
    lowest: int
    highest: int
    frequencies: tuple[int, int, int, int, int, int]  # weights of Frequency


LANDLORDS = (
    "Hollow Oak Property Management",
    "Stonebridge Rentals",
    "Maple Row Apartments",
    "Tilden Park Rentals",
)
MONTHLY = (0, 0, 0, 100, 0, 0)
_GIFTS = (0, 0, 5, 65, 20, 10)
_DUES = (0, 0, 0, 30, 40, 30)
PURPOSES = (
    Purpose("Own savings", Who.SAVER, 120, 25, 600, (20, 14, 16, 45, 5, 0)),
    Purpose("Allowance", Who.GIVER, 40, 20, 100, (0, 80, 20, 0, 0, 0)),
    Purpose("Lantern House Food Pantry", Who.ANYONE, 7, 5, 60, _GIFTS),
    Purpose("Green Valley Animal Shelter", Who.ANYONE, 7, 5, 60, _GIFTS),
    Purpose("Riverside Youth Orchestra", Who.ANYONE, 6, 5, 60, _GIFTS),
    Purpose("Open Door Literacy Fund", Who.ANYONE, 6, 5, 60, _GIFTS),
    Purpose("Oakfield Tennis Club", Who.ANYONE, 5, 15, 60, _DUES),
    Purpose("Bellamy Alumni Association", Who.ANYONE, 5, 5, 25, _DUES),
    Purpose("Harbor Rowing Society", Who.ANYONE, 4, 15, 60, _DUES),
    Purpose("Millpond Community Garden", Who.ANYONE, 4, 5, 20, _DUES),
    Purpose("Ferry Lane Parking", Who.WORKER, 5, 60, 180, MONTHLY),
    Purpose("Cobalt Commuter Pass", Who.WORKER, 6, 60, 180, MONTHLY),
)

# Why items fail: those that are rejected, the others, and those for want of money.
DEBIT_REFUSALS = ("Refused by the account holder", "Mandate not recognised")
ORDER_REFUSALS = ("Stopped by the account holder", "Account of the receiver closed")
FAULTS = ("Account temporarily blocked", "Technical fault")
NO_FUNDS = "Insufficient funds"
SCARCE = 5  # times the amount: an account on which less lies may have had too little
MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}
DAYS = {Frequency.DAILY: 1, Frequency.WEEKLY: 7, Frequency.BIWEEKLY: 14}
PART_OF_MONTH = (33, 250, 500, 1_000, 3_000, 12_000)  # per mille, by Frequency
