"""Hand-set tables of life events: how likely, when, and in which words."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seedkit.population.family_tables import years
from seedkit.population.words import Event

# --- families ---------------------------------------------------------------------------------

# Age of the younger spouse at the wedding, in days; quantiles by how old that spouse is today,
# after the medians at first marriage in 1970, 1990 and now.
MARRIED_BANDS = (years(45), years(62))
MARRIAGE_AGE = np.array(
    [
        [years(y) for y in row]
        for row in (
            (19.5, 22.5, 24.5, 26.2, 27.9, 29.6, 31.3, 33.4, 36.8, 42.5, 60),
            (18, 20, 21.8, 23.3, 24.7, 26.2, 28.6, 31.5, 35, 41, 62),
            (18, 18.8, 19.6, 20.3, 21, 21.8, 22.8, 24.3, 27, 34, 62),
        )
    ],
    np.int64,
)
WEDDING_FROM = np.array([years(20), years(18.1), years(18.1)])  # in those bands
LATER_MARRIAGE_FROM = years(33)
# Of couples without children at home from LATER_MARRIAGE_FROM + 2: set so that 6.2 of 1,000 people
# marry a year, as in 2022 (National Center for Health Statistics); the rest is an estimate.
LATER_MARRIAGE = 0.22
LATER_WITHIN = years(16)  # of the as-of date
MARRIED_BEFORE = 0.85  # of each spouse in such a couple
WED_BEFORE_BIRTH = 0.65  # of couples with children, where their ages allow
MARRIED_FOR = np.array(  # days until a divorce, quantiles
    [300, 900, 1400, 1900, 2400, 2900, 3600, 4600, 6000, 8300, 14000], np.int64
)
WIDOWED_FOR = np.array(  # days, quantiles
    [25, 400, 900, 1500, 2200, 3000, 4000, 5300, 7300, 10500, 20000], np.int64
)
HAVE_GROWN_CHILDREN = np.array([0.12, 0.82, 0.72, 0.78, 0.72])  # by Marital
WITH_OTHERS_AT_HOME = 0.4  # factor where younger children still live at home
GROWN_CHILDREN = (28, 42, 20, 10)  # weights of one to four
GROWN_FROM = years(19)
GRANDPARENTS_FROM = years(22)  # age of the grown child at its own child's birth
LATEST_GRANDCHILDREN = 2  # births that a household tells
GRANDCHILDREN = np.array([0.68, 0.45])  # chance of a first one and of a second

# --- careers ----------------------------------------------------------------------------------

STUDY_DELAYS = (62, 14, 8, 5, 4, 3, 2, 1, 1)  # weights of so many years later than most
FIELDS: dict[str, tuple[str, ...]] = {  # of bachelors and above, by sector of the job
    "school": ("education", "English", "mathematics", "history"),
    "health": ("health sciences", "biology", "public health"),
    "finance": ("accounting", "finance", "economics"),
    "tech": ("computer science", "information systems", "mathematics"),
    "building": ("construction management", "business administration"),
    "plant": ("industrial engineering", "business administration"),
    "law": ("political science", "legal studies", "history"),
    "media": ("communications", "marketing", "English"),
    "lab": ("chemistry", "biology", "physics"),
    "vet": ("animal science", "biology"),
    "public": ("social work", "public administration"),
    "": ("business administration", "psychology", "sociology", "communications", "history"),
}
ASSOCIATE_FIELDS: dict[str, tuple[str, ...]] = {  # by sector of the job
    "health": ("health sciences", "medical assisting"),
    "care": ("early childhood education", "human services"),
    "tech": ("information technology", "computer programming"),
    "building": ("construction technology",),
    "plant": ("manufacturing technology", "electronics"),
    "garage": ("automotive technology",),
    "kitchen": ("culinary arts", "hospitality"),
    "beauty": ("cosmetology",),
    "school": ("early childhood education", "education"),
    "finance": ("accounting", "business"),
    "police": ("criminal justice",),
    "fire": ("fire science",),
    "law": ("paralegal studies",),
    "": ("business", "general studies", "liberal arts"),
}
JOB_FIELDS: dict[str, tuple[str, ...]] = {  # where the job says more than its sector
    "registered nurse": ("nursing",),
    "licensed practical nurse": ("nursing",),
    "nurse practitioner": ("nursing",),
    "dental hygienist": ("dental hygiene",),
    "radiologic technologist": ("radiologic technology",),
    "physical therapist": ("kinesiology",),
    "occupational therapist": ("occupational therapy",),
    "psychologist": ("psychology",),
    "preschool teacher": ("early childhood education",),
    "elementary school teacher": ("elementary education", "education"),
    "special education teacher": ("special education",),
    "school counselor": ("school counseling",),
    "school principal": ("educational leadership",),
    "librarian": ("library science",),
    "architect": ("architecture",),
    "civil engineer": ("civil engineering",),
    "civil engineering technician": ("civil engineering technology",),
    "mechanical engineer": ("mechanical engineering",),
    "electrical engineer": ("electrical engineering",),
    "engineering director": ("electrical engineering", "computer science"),
    "data scientist": ("statistics", "mathematics", "computer science"),
    "graphic designer": ("graphic design",),
    "journalist": ("journalism",),
    "music teacher": ("music",),
    "translator": ("modern languages",),
    "airline pilot": ("aviation",),
    "social worker": ("social work",),
    "police officer": ("criminal justice",),
}
PROFESSIONAL_DEGREES = {  # of the jobs that take a doctorate; the other ones have it in a field
    "physician": "Doctor of Medicine",
    "surgeon": "Doctor of Medicine",
    "dentist": "Doctor of Dental Surgery",
    "lawyer": "Juris Doctor",
    "partner in a law firm": "Juris Doctor",
    "pharmacist": "Doctor of Pharmacy",
    "veterinarian": "Doctor of Veterinary Medicine",
    "physical therapist": "Doctor of Physical Therapy",
}
OTHER_DOCTORS = 0.06  # of the others with an advanced degree
RETIREMENT_FROM = years(54) + 1  # days: the 54th birthday is over
RETIREMENT_AGE = np.array(
    [years(y) for y in (54, 58, 60, 61.5, 62.3, 63.5, 65, 65.6, 66.8, 68.5, 75)], np.int64
)
TENURE = np.array([200, 420, 600, 800, 1050, 1350, 1750, 2300, 3200, 4800, 12000], np.int64)
LAST_TENURE = np.array(  # days in the job that the retired had last, quantiles
    [years(y) for y in (4, 9, 14, 18, 22, 26, 30, 33, 36, 40, 46)], np.int64
)
LONG_CAREER = years(8)  # before the first job told: then an earlier one fills nearly all of it
EARLIER_JOB = 0.35  # chance of one before in shorter careers
EARLIEST_JOB = 900  # days after school within which the first job of a long career began
EARLIER_BUSINESS = 0.11  # of earlier jobs that were a business of one's own
LEFT_WORK = 0.85  # of homemakers and the disabled who worked before
COMPANY = ("Inc", "LLC", "Group", "Services", "Supply", "Partners")
BUSINESS = ("bakery", "bookstore", "web shop", "food truck", "cafe", "repair shop", "studio")

# --- homes and vehicles -----------------------------------------------------------------------

EARLIER_HOME = 0.42  # of owners who could have owned before
SOLD_AND_RENTS = 0.4  # of renters from RENTS_AFTER
RENTS_AFTER = 50
OWNED_BEFORE_FROM = 25  # age from which a home can have been sold
HOMES_TOLD_WITHIN = 15  # years
VEHICLE_BANDS = (22, 75)  # a column ends before each of these ages
VEHICLES = np.array([0.35, 0.55, 0.25])  # chance of a purchase within VEHICLE_YEARS
VEHICLE_YEARS, VEHICLES_FROM = 6, 19  # how long ago, from which age
TRADED_IN, TRADES_FROM = 0.08, 25  # part of buyers whose sale is told too, from which age
VEHICLE_WORDS = (
    "a new car", "a used car", "a pickup truck", "a new SUV", "a used SUV", "a minivan",
    "a hybrid car", "an electric car", "a motorcycle", "a camper van",
)  # fmt: skip
VEHICLE_WEIGHTS = (18, 30, 14, 12, 12, 6, 6, 4, 2, 1)

# --- what happens by chance -------------------------------------------------------------------

CHANCE_BANDS = (23, 30, 45, 60, 75)  # a column ends before each of these ages


class Chance(NamedTuple):
    """Something that happened to a share of adults within the last TOLD_WITHIN years."""

    stage: str
    kind: Event
    percent: tuple[int, ...]  # of adults, by age band
    ages: tuple[int, int]  # at which it happens: from the first birthday to the last one
    who: str  # a test in `who.WHO`
    titles: tuple[str, ...]


TOLD_WITHIN = 8
CHANCES = (
    Chance(
        "illness", Event.ILLNESS, (3, 3, 5, 9, 14, 18), (18, 120), "anyone",
        ("Severe flu", "Pneumonia", "Back trouble", "High blood pressure", "Type 2 diabetes",
         "Heart trouble", "Shingles", "Migraine", "Asthma"),
    ),
    Chance(
        "procedure", Event.PROCEDURE, (2, 2, 3, 5, 9, 11), (18, 120), "anyone",
        ("Knee surgery", "Appendix removed", "Shoulder surgery", "Gallbladder surgery",
         "Dental surgery", "Hernia repair", "Eye surgery", "Back surgery"),
    ),
    Chance(
        "loss of a grandparent", Event.LOSS_OF_LOVED_ONE, (12, 15, 10, 0, 0, 0), (12, 42),
        "anyone", ("Loss of grandmother", "Loss of grandfather"),
    ),
    Chance(
        "loss of a parent", Event.LOSS_OF_LOVED_ONE, (0, 1, 4, 15, 14, 0), (25, 68), "anyone",
        ("Loss of mother", "Loss of father"),
    ),
    Chance(
        "loss of an aunt or uncle", Event.LOSS_OF_LOVED_ONE, (1, 2, 2, 3, 1, 0), (18, 66),
        "anyone", ("Loss of an aunt", "Loss of an uncle"),
    ),
    Chance(
        "loss of another", Event.LOSS_OF_LOVED_ONE, (1, 1, 2, 4, 10, 20), (18, 120), "anyone",
        ("Loss of a close friend", "Loss of a brother", "Loss of a sister"),
    ),
    Chance(
        "training", Event.SKILLS_TRAINING, (12, 12, 11, 8, 4, 0), (18, 66), "worker",
        ("Project management course", "First-aid training", "Spreadsheet course",
         "Language course", "Welding certificate", "Commercial driving license",
         "Coding course", "Leadership training"),
    ),
    Chance(
        "license", Event.OTHER, (45, 0, 0, 0, 0, 0), (16, 18), "anyone", ("Learned to drive",),
    ),
    Chance(
        "summer job", Event.OTHER, (40, 0, 0, 0, 0, 0), (16, 19), "anyone", ("First summer job",),
    ),
    Chance(
        "young journeys", Event.OTHER, (30, 32, 4, 0, 0, 0), (18, 29), "anyone",
        ("First trip abroad", "Backpacking through Europe", "Road trip to the West Coast"),
    ),
    Chance(
        "highlights", Event.OTHER, (5, 10, 14, 14, 14, 12), (21, 120), "anyone",
        ("Inheritance", "Long trip through Europe", "Adopted a dog", "Family reunion",
         "Started to volunteer", "Trip to Alaska"),
    ),
    Chance(
        "running", Event.OTHER, (2, 4, 4, 1, 0, 0), (20, 56), "anyone", ("Ran a first marathon",),
    ),
    Chance(
        "work on the home", Event.OTHER, (0, 2, 6, 10, 12, 8), (24, 120), "settled owner",
        ("Kitchen renovation", "New roof", "New bathroom"),
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
    who: str  # a test in `who.WHO`


PLANS = (
    Plan(Event.MARRIAGE, ("Wedding",), (22, 65), 30, "engaged"),
    Plan(Event.MARRIAGE, ("Wedding",), (24, 40), 4, "alone"),
    Plan(Event.CHILD_BORN, ("Baby on the way",), (21, 41), 16, "mother to be"),
    Plan(Event.ASSOCIATE_DEGREE, ("Associate degree",), (18, 30), 25, "college student"),
    Plan(Event.BACHELOR_DEGREE, ("Bachelor's degree",), (20, 34), 50, "college student"),
    Plan(Event.MASTER_DEGREE, ("Master's degree",), (22, 45), 50, "graduate student"),
    Plan(Event.SKILLS_TRAINING, ("Certificate course", "Evening classes"), (19, 60), 8, "worker"),
    Plan(Event.JOB_ENDED, ("Retirement",), (57, 76), 40, "worker"),
    Plan(Event.BUSINESS_STARTED, ("Starting a business",), (24, 60), 5, "employee"),
    Plan(Event.HOME_PURCHASE, ("Buying a first home", "Buying a home"), (23, 60), 22, "renter"),
    Plan(Event.HOME_SALE, ("Downsizing to a smaller home",), (60, 85), 10, "settled owner"),
    Plan(
        Event.VEHICLE_PURCHASE, ("Buying a car", "Buying an electric car", "Replacing the car"),
        (19, 80), 18, "anyone",
    ),
    Plan(Event.PROCEDURE, ("Hip replacement", "Cataract surgery"), (55, 95), 14, "anyone"),
    Plan(
        Event.OTHER, ("Trip around the world", "Trip to Italy", "Big birthday party",
                      "Moving closer to family"),
        (18, 120), 11, "anyone",
    ),
    Plan(Event.OTHER, ("Kitchen renovation", "New roof"), (25, 90), 8, "settled owner"),
)  # fmt: skip
PASSED = (Event.VEHICLE_PURCHASE, Event.PROCEDURE, Event.OTHER, Event.SKILLS_TRAINING)
