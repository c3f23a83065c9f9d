"""Hand-set tables of life events: how likely, when, and in which words."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seedkit.population.family_tables import years
from seedkit.population.words import Event

# --- families ---------------------------------------------------------------------------------

MARRIAGE_AGE = np.array(  # of the younger spouse, in days; quantiles
    [years(y) for y in (18, 20.5, 22, 23.3, 24.6, 26, 27.5, 29.4, 32, 37, 58)], np.int64
)
LATER_MARRIAGE_FROM = years(33)
LATER_MARRIAGE = 0.3  # of couples without children from LATER_MARRIAGE_FROM + 2
MARRIED_BEFORE = 0.75  # of each spouse in such a couple
WED_BEFORE_BIRTH = 0.85  # of couples with children, where their ages allow
MARRIED_FOR = np.array(  # days until a divorce, quantiles
    [300, 900, 1400, 1900, 2400, 2900, 3600, 4600, 6000, 8300, 14000], np.int64
)
WIDOWED_FOR = np.array(  # days, quantiles
    [25, 400, 900, 1500, 2200, 3000, 4000, 5300, 7300, 10500, 20000], np.int64
)
HAVE_GROWN_CHILDREN = np.array([0.12, 0.82, 0.72, 0.78])  # by Marital
WITH_OTHERS_AT_HOME = 0.4  # factor where younger children still live at home
GROWN_CHILDREN = (28, 42, 20, 10)  # weights of one to four
GROWN_FROM = years(19)
GRANDPARENTS_FROM = years(22)  # age of the grown child at its own child's birth
GRANDCHILDREN = np.array([0.68, 0.45])  # chance of a first one and of a second

# --- careers ----------------------------------------------------------------------------------

STUDY_DELAYS = (62, 14, 8, 5, 4, 3, 2, 1, 1)  # weights of so many years later than most
FIELDS: dict[str, tuple[str, ...]] = {  # by sector of the job
    "school": ("education", "English", "mathematics", "history"),
    "health": ("nursing", "biology", "health sciences"),
    "finance": ("accounting", "finance", "economics"),
    "tech": ("computer science", "information systems", "mathematics"),
    "building": ("civil engineering", "architecture"),
    "plant": ("mechanical engineering", "electrical engineering"),
    "law": ("political science", "law", "history"),
    "media": ("communications", "graphic design", "journalism"),
    "lab": ("chemistry", "biology", "physics"),
    "": ("business administration", "psychology", "sociology", "communications", "history"),
}
DOCTORS = (  # jobs that take a doctorate
    "physician", "surgeon", "dentist", "lawyer", "partner in a law firm", "pharmacist",
    "veterinarian", "psychologist", "college professor", "physical therapist",
)  # fmt: skip
OTHER_DOCTORS = 0.06  # of the others with an advanced degree
RETIREMENT_AGE = np.array(
    [years(y) for y in (50.2, 56, 59, 61, 62.3, 63.5, 65, 65.6, 66.8, 69, 76)], np.int64
)
TENURE = np.array([200, 420, 600, 800, 1050, 1350, 1750, 2300, 3200, 4800, 12000], np.int64)
EARLIER_JOBS = (0.62, 0.3)  # chance of one before the present, of another before that
EARLIER_BUSINESS = 0.11  # of earlier jobs that were a business of one's own
LEFT_WORK = 0.75  # of homemakers and the disabled who worked before
COMPANY = ("Inc", "LLC", "Group", "Services", "Supply", "Partners")
BUSINESS = ("bakery", "bookshop", "web shop", "food truck", "cafe", "repair shop", "studio")

# --- homes and vehicles -----------------------------------------------------------------------

EARLIER_HOME = 0.42  # of owners who could have owned before
SOLD_AND_RENTS = 0.4  # of renters from RENTS_AFTER
RENTS_AFTER = 50
OWNED_FOR = np.array([700, 1300, 1800, 2300, 2900, 3600, 4400, 5400, 7000, 9500, 16000], np.int64)
VEHICLES = (0.5, 0.15)  # chance of one purchase, of another
VEHICLE_YEARS = 12
TRADED_IN, TRADES_FROM = 0.4, 25  # part of buyers, from which age
VEHICLE_WORDS = (
    "new car", "used car", "pickup truck", "new SUV", "used SUV", "minivan", "hybrid car",
    "electric car", "motorcycle", "camper van",
)  # fmt: skip
VEHICLE_WEIGHTS = (18, 30, 14, 12, 12, 6, 6, 4, 2, 1)

# --- what happens by chance -------------------------------------------------------------------

CHANCE_BANDS = (23, 30, 45, 60, 75)  # a column ends before each of these ages


class Chance(NamedTuple):
    """Something that happens to a share of adults."""

    stage: str
    kind: Event
    percent: tuple[int, ...]  # of adults, by age band
    first_age: int
    within: int  # years before the as-of date
    titles: tuple[str, ...]


CHANCES = (
    Chance(
        "illness", Event.ILLNESS, (5, 6, 10, 19, 31, 42), 18, 20,
        ("Severe flu", "Pneumonia", "Back trouble", "High blood pressure", "Type 2 diabetes",
         "Heart trouble", "Long infection", "Migraine", "Asthma"),
    ),
    Chance(
        "procedure", Event.PROCEDURE, (4, 5, 9, 15, 28, 38), 18, 15,
        ("Knee surgery", "Appendix removed", "Shoulder surgery", "Gallbladder surgery",
         "Dental surgery", "Hernia repair", "Eye surgery", "Back surgery"),
    ),
    Chance(
        "loss of a grandparent", Event.LOSS_OF_LOVED_ONE, (16, 22, 18, 0, 0, 0), 12, 15,
        ("Loss of grandmother", "Loss of grandfather"),
    ),
    Chance(
        "loss of a parent", Event.LOSS_OF_LOVED_ONE, (1, 2, 9, 30, 46, 40), 25, 25,
        ("Loss of mother", "Loss of father"),
    ),
    Chance(
        "loss of another", Event.LOSS_OF_LOVED_ONE, (2, 2, 3, 6, 15, 30), 18, 12,
        ("Loss of a close friend", "Loss of a brother", "Loss of a sister", "Loss of an aunt"),
    ),
    Chance(
        "training", Event.SKILLS_TRAINING, (16, 18, 22, 16, 8, 3), 18, 25,
        ("Project management course", "First-aid training", "Spreadsheet course",
         "Language course", "Welding certificate", "Commercial driving licence",
         "Coding course", "Leadership training"),
    ),
    Chance(
        "first steps", Event.OTHER, (78, 35, 8, 0, 0, 0), 16, 12,
        ("Learned to drive", "First summer job", "First trip abroad", "First own apartment"),
    ),
    Chance(
        "moving out", Event.OTHER, (38, 40, 10, 0, 0, 0), 18, 14,
        ("Moved in with friends", "Moved out of the family home", "Year abroad", "Road trip"),
    ),
    Chance(
        "highlights", Event.OTHER, (10, 20, 36, 40, 44, 40), 18, 15,
        ("Inheritance", "Long trip through Europe", "Adopted a dog", "Kitchen renovation",
         "Ran a first marathon", "Family reunion", "Started to volunteer", "Trip to Alaska",
         "Moved closer to family", "New roof"),
    ),
)  # fmt: skip

# --- what is planned --------------------------------------------------------------------------

AHEAD = (30, 400)  # days from the as-of date to a planned event
BEHIND = (3, 120)  # days since a planned event that passed
PLANNED_SINCE = 240  # days before the as-of date within which the bank wrote a plan down


class Plan(NamedTuple):
    """Something that people plan, the ages that do, and how often against other plans."""

    kind: Event
    titles: tuple[str, ...]
    ages: tuple[int, int]
    weight: int
    who: str  # a test in `plans.WHO`


PLANS = (
    Plan(Event.MARRIAGE, ("Wedding",), (22, 65), 12, "unmarried"),
    Plan(Event.CHILD_BORN, ("Baby on the way",), (21, 41), 16, "mother to be"),
    Plan(Event.ASSOCIATE_DEGREE, ("Associate degree",), (18, 30), 25, "college student"),
    Plan(Event.BACHELOR_DEGREE, ("Bachelor's degree",), (20, 34), 50, "college student"),
    Plan(Event.MASTER_DEGREE, ("Master's degree",), (22, 45), 50, "graduate student"),
    Plan(Event.SKILLS_TRAINING, ("Certificate course", "Evening classes"), (19, 60), 8, "worker"),
    Plan(Event.JOB_ENDED, ("Retirement",), (57, 76), 40, "worker"),
    Plan(Event.BUSINESS_STARTED, ("Opening an own business",), (24, 60), 5, "employee"),
    Plan(Event.HOME_PURCHASE, ("Buying a first home", "Buying a home"), (23, 60), 22, "renter"),
    Plan(Event.HOME_SALE, ("Downsizing to a smaller home",), (60, 85), 10, "owner"),
    Plan(
        Event.VEHICLE_PURCHASE, ("Buying a car", "Buying an electric car", "Replacing the car"),
        (19, 80), 18, "anyone",
    ),
    Plan(Event.PROCEDURE, ("Hip replacement", "Cataract surgery"), (55, 95), 14, "anyone"),
    Plan(
        Event.OTHER, ("Kitchen renovation", "Trip around the world", "Trip to Italy", "New roof",
                      "Big birthday party", "Moving closer to family"),
        (18, 120), 16, "anyone",
    ),
)  # fmt: skip
PASSED = (Event.VEHICLE_PURCHASE, Event.PROCEDURE, Event.OTHER, Event.SKILLS_TRAINING)
