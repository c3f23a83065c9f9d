"""Hand-set tables of schooling, jobs and incomes.

Shares by age follow the shapes of United States census and labour statistics; amounts are dollars
of 2022 a year. They are no fit: whole numbers near the published ones.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

SCHOOL_BANDS = (20, 22, 25, 35, 45, 55, 65, 75)  # a row ends before each of these ages
SCHOOL = (  # weights of Education
    (22, 66, 12, 0, 0, 0),
    (7, 36, 47, 10, 0, 0),
    (6, 31, 30, 10, 23, 0),
    (6, 31, 13, 10, 27, 13),
    (8, 31, 12, 10, 24, 15),
    (9, 32, 12, 10, 23, 14),
    (9, 36, 13, 10, 19, 13),
    (8, 36, 14, 8, 20, 14),
    (12, 38, 13, 7, 16, 14),
)
# The survey has four steps: an associate degree and an advanced one are higher halves of its steps.
WELL_PAID = np.array([0, 0, 70_000, 120_000], np.int64)  # income of the household, by its steps
HIGHER_STEP = np.array([[0, 0], [0, 0], [0.34, 0.47], [0.30, 0.46]])  # part, by what it is paid
LIKE_PARTNER = 0.5  # part of partners whose education stands at the same rank as the head's

WORK_BANDS = (20, 22, 25, 35, 45, 55, 60, 65, 70, 75)
WORK = (  # employee, self-employed, retired, disabled, student, homemaker: women, then men
    (38, 0, 0, 0, 61, 1),
    (48, 1, 0, 1, 48, 2),
    (67, 3, 0, 1, 25, 4),
    (76, 6, 0, 2, 5, 11),
    (76, 8, 0, 3, 1, 12),
    (74, 10, 0, 5, 1, 10),
    (69, 10, 4, 7, 0, 10),
    (45, 9, 30, 7, 0, 9),
    (21, 8, 66, 2, 0, 3),
    (10, 6, 82, 0, 0, 2),
    (0, 3, 97, 0, 0, 0),
    (39, 0, 0, 1, 60, 0),
    (51, 2, 0, 1, 46, 0),
    (71, 4, 0, 2, 23, 0),
    (84, 9, 0, 2, 4, 1),
    (84, 11, 0, 3, 1, 1),
    (80, 14, 0, 5, 0, 1),
    (73, 16, 3, 7, 0, 1),
    (51, 15, 26, 7, 0, 1),
    (26, 12, 60, 2, 0, 0),
    (14, 9, 77, 0, 0, 0),
    (1, 6, 93, 0, 0, 0),
)
RETIRED_FROM, RETIRES_EARLY = (58, 63), 0.45  # between these ages; the others are disabled
IDLE_BANDS = (30, 50)
IDLE = ((45, 26, 29), (55, 43, 2), (65, 35, 0))  # unemployed, homemaker, student
WORKING_AGE, OWN_BUSINESS_FROM = (18, 65), 21

ALIKE_FROM = 22  # from this age on, partners of employees are oftener employees too
BOTH_EMPLOYED, NEITHER_EMPLOYED = 0.42, 0.3  # parts of partners whose own state gives way
IDLE_GUESTS = 0.2  # of those who live with a family and would be at work

BANDS_BY_SCHOOL = (  # weights of pay bands by Education
    (60, 32, 8, 0, 0, 0),
    (36, 43, 20, 1, 0, 0),
    (19, 36, 33, 12, 0, 0),
    (13, 28, 40, 17, 2, 0),
    (4, 12, 14, 39, 27, 4),
    (0, 4, 6, 32, 38, 20),
)
BAND_LIMITS = np.array([32, 50, 72, 105, 260], np.int64) * 1_000  # mid-career pay between bands
HIGHEST_BAND_AGES = (21, 23, 26, 31)  # before these ages the bands above 1, 2, 3, 4 are closed
PAY = (
    np.array(  # quantiles at steps of ten per cent, by pay band
        [
            (13, 19, 22, 25, 27, 29, 31, 33, 36, 40, 50),
            (20, 29, 33, 36, 39, 43, 47, 51, 57, 66, 92),
            (27, 38, 44, 50, 55, 61, 68, 76, 87, 105, 150),
            (34, 46, 54, 61, 68, 75, 84, 95, 110, 135, 195),
            (52, 76, 91, 104, 118, 134, 153, 178, 216, 285, 420),
            (100, 160, 200, 235, 275, 325, 390, 480, 640, 1000, 3500),
        ],
        np.int64,
    )
    * 1_060
)
MOST_BY_BAND = np.array([52, 95, 150, 205, 420, 1_000], np.int64) * 1_000  # in mid-career
MOST_PAID = {  # dollars at which the pay of a job ends in mid-career, where the band's is too much
    "administrative assistant": 78_000, "teaching assistant": 48_000, "bank teller": 52_000,
    "preschool teacher": 68_000, "elementary school teacher": 112_000,
    "high school teacher": 115_000, "special education teacher": 112_000,
    "school counselor": 112_000, "school principal": 185_000, "librarian": 110_000,
    "library assistant": 45_000, "social worker": 100_000, "paralegal": 100_000,
    "store manager": 125_000, "restaurant manager": 120_000, "office manager": 110_000,
    "registered nurse": 155_000, "nurse practitioner": 200_000, "pharmacist": 200_000,
    "physical therapist": 140_000, "occupational therapist": 130_000, "psychologist": 210_000,
    "veterinarian": 240_000, "college professor": 280_000, "journalist": 140_000,
    "civil engineering technician": 110_000, "software engineer": 350_000, "dentist": 550_000,
}  # fmt: skip
UNLIMITED = ("chief executive", "surgeon", "partner in a law firm")
NO_CEILING = 10**9  # above every income
PAY_AGES = np.array([16, 20, 25, 30, 35, 42, 50, 57, 63, 68, 76, 100], np.int64)
PAY_AT_AGE = np.array([45, 60, 80, 92, 102, 111, 116, 112, 102, 80, 60, 50], np.int64)  # per cent
OWNERS_SPREAD = np.array([25, 45, 60, 72, 85, 100, 118, 142, 175, 225, 340], np.int64)  # per cent
PART_TIME = 0.14  # of employees from 25 to 64; more outside
PART_TIME_OUTSIDE = 0.45

PENSION = np.array([12, 17, 21, 25, 29, 33, 38, 45, 57, 80, 190], np.int64) * 1_000
PENSION_BY_BAND = np.array([66, 84, 100, 128, 175, 270], np.int64)  # per cent, by former job
SMALL_INCOME = (
    np.array(  # unemployed, disabled, student, homemaker
        [
            (2, 5, 7, 9, 11, 13, 15, 18, 21, 26, 40),
            (9, 11, 12, 13, 15, 16, 18, 20, 23, 28, 45),
            (1, 3, 4, 6, 8, 10, 12, 14, 17, 21, 30),
            (1, 2, 2, 3, 4, 5, 6, 8, 11, 16, 40),
        ],
        np.int64,
    )
    * 1_000
)
ALLOWANCE_AGES = (6, 12, 16)
ALLOWANCE = np.array(  # of minors, by age band
    [
        (10, 20, 20, 25, 25, 30, 40, 50, 50, 60, 100),
        (50, 100, 130, 160, 200, 250, 300, 360, 450, 600, 1200),
        (150, 260, 330, 400, 480, 560, 650, 780, 950, 1300, 2600),
        (300, 600, 900, 1200, 1700, 2300, 3000, 3900, 5200, 7400, 14000),
    ],
    np.int64,
)

DOCTORS = (  # jobs that take a doctorate
    "physician", "surgeon", "dentist", "lawyer", "partner in a law firm", "pharmacist",
    "veterinarian", "psychologist", "college professor", "physical therapist",
)  # fmt: skip
DOCTORATE_YEARS = 8  # after high school

CAREER_FROM = np.array([17, 18, 19, 20, 22, 25], np.int64)  # age of the first job, by Education
# Days with the employer, by age: median 2.7 years at 25 to 34, 9.6 at 55 to 64, as the Current
# Population Survey has it.
TENURE_BANDS = (25, 35, 45, 55, 65)
TENURE = np.array(
    [
        (15, 150, 270, 380, 500, 620, 760, 950, 1250, 1700, 2600),
        (20, 200, 400, 700, 1020, 1400, 1800, 2300, 2900, 3700, 5500),
        (20, 215, 430, 750, 1200, 1800, 2500, 3300, 4400, 6000, 9500),
        (20, 290, 720, 1400, 2250, 3150, 4300, 5700, 7500, 9800, 14000),
        (20, 330, 860, 1750, 2800, 3900, 5200, 6800, 8800, 11500, 16500),
        (20, 250, 500, 1100, 2100, 3300, 4700, 6200, 8200, 11000, 16500),
    ],
    np.int64,
)


LATEST_STARTS = (72, 74)  # oldest age at the start of the present work: own account, employees


class Job(NamedTuple):
    """A job: what it pays, where it is done, what schooling it takes."""

    title: str  # as inside a sentence
    band: int
    sector: str
    low: int  # Education at least
    high: int  # Education at most
    weight: int
    own: bool  # often done on one's own account


# Faker's list of jobs is British and nearly all of it takes a degree, so titles are our own.
JOBS = tuple(
    Job(*row)
    for row in (
        ("cashier", 0, "shop", 0, 3, 30, False),
        ("food service worker", 0, "kitchen", 0, 2, 30, False),
        ("dishwasher", 0, "kitchen", 0, 1, 10, False),
        ("housekeeper", 0, "hotel", 0, 2, 14, True),
        ("home health aide", 0, "care", 0, 3, 30, False),
        ("childcare worker", 0, "care", 0, 4, 14, True),
        ("farm worker", 0, "farm", 0, 2, 10, True),
        ("warehouse worker", 0, "transport", 0, 3, 26, False),
        ("security guard", 0, "office", 0, 3, 12, False),
        ("barista", 0, "kitchen", 0, 4, 12, False),
        ("courier", 0, "transport", 0, 4, 12, True),
        ("market vendor", 0, "shop", 0, 4, 6, True),
        ("pet groomer", 0, "beauty", 0, 4, 6, True),
        ("music teacher", 0, "media", 3, 5, 8, True),
        ("library assistant", 0, "public", 2, 5, 6, False),
        ("customer service representative", 1, "office", 1, 4, 30, False),
        ("administrative assistant", 1, "office", 1, 5, 34, False),
        ("truck driver", 1, "transport", 0, 3, 26, True),
        ("delivery driver", 1, "transport", 0, 3, 14, True),
        ("certified nursing assistant", 1, "health", 0, 3, 20, False),
        ("medical assistant", 1, "health", 1, 4, 14, False),
        ("machine operator", 1, "plant", 0, 3, 22, False),
        ("carpenter", 1, "building", 0, 3, 14, True),
        ("painter", 1, "building", 0, 3, 8, True),
        ("landscaper", 1, "building", 0, 3, 10, True),
        ("hairdresser", 1, "beauty", 1, 3, 12, True),
        ("auto mechanic", 1, "garage", 0, 3, 14, True),
        ("cook", 1, "kitchen", 0, 3, 14, True),
        ("bookkeeper", 1, "finance", 1, 4, 14, True),
        ("teaching assistant", 1, "school", 1, 5, 14, False),
        ("bank teller", 1, "finance", 1, 4, 6, False),
        ("photographer", 1, "media", 2, 5, 5, True),
        ("interior decorator", 1, "media", 1, 5, 6, True),
        ("translator", 1, "media", 4, 5, 8, True),
        ("electrician", 2, "building", 1, 4, 20, True),
        ("plumber", 2, "building", 0, 3, 14, True),
        ("HVAC technician", 2, "building", 0, 3, 10, True),
        ("welder", 2, "plant", 0, 3, 12, False),
        ("police officer", 2, "police", 1, 5, 12, False),
        ("firefighter", 2, "fire", 1, 4, 8, False),
        ("paralegal", 2, "law", 2, 5, 8, False),
        ("dental hygienist", 2, "health", 3, 4, 8, False),
        ("licensed practical nurse", 2, "health", 2, 3, 12, False),
        ("radiologic technologist", 2, "health", 3, 4, 8, False),
        ("IT support specialist", 2, "tech", 2, 5, 14, False),
        ("sales representative", 2, "office", 1, 5, 22, True),
        ("real estate agent", 2, "estate", 1, 5, 12, True),
        ("insurance agent", 2, "finance", 1, 5, 8, True),
        ("store manager", 2, "shop", 1, 4, 16, True),
        ("restaurant manager", 2, "kitchen", 0, 4, 12, True),
        ("construction supervisor", 2, "building", 0, 4, 12, True),
        ("office manager", 2, "office", 1, 5, 16, False),
        ("social worker", 2, "public", 4, 5, 10, False),
        ("graphic designer", 2, "media", 3, 5, 8, True),
        ("preschool teacher", 2, "school", 3, 5, 8, False),
        ("elementary school teacher", 3, "school", 4, 5, 32, False),
        ("high school teacher", 3, "school", 4, 5, 24, False),
        ("special education teacher", 3, "school", 4, 5, 8, False),
        ("registered nurse", 3, "health", 3, 5, 40, False),
        ("accountant", 3, "finance", 4, 5, 26, True),
        ("financial analyst", 3, "finance", 4, 5, 12, False),
        ("human resources specialist", 3, "office", 4, 5, 12, False),
        ("marketing specialist", 3, "media", 4, 5, 14, True),
        ("software developer", 3, "tech", 2, 5, 20, True),
        ("web developer", 3, "tech", 2, 4, 8, True),
        ("civil engineering technician", 3, "building", 2, 4, 5, False),
        ("project coordinator", 3, "office", 2, 5, 12, False),
        ("physical therapist", 3, "health", 5, 5, 8, True),
        ("occupational therapist", 3, "health", 5, 5, 5, True),
        ("librarian", 3, "public", 5, 5, 5, False),
        ("school counselor", 3, "school", 5, 5, 6, False),
        ("research scientist", 3, "lab", 4, 5, 8, False),
        ("journalist", 3, "media", 4, 5, 4, True),
        ("general contractor", 3, "building", 0, 4, 10, True),
        ("factory supervisor", 3, "plant", 1, 4, 14, False),
        ("loan officer", 3, "finance", 2, 5, 8, False),
        ("architect", 4, "building", 4, 5, 6, True),
        ("civil engineer", 4, "building", 4, 5, 10, True),
        ("mechanical engineer", 4, "plant", 4, 5, 12, False),
        ("electrical engineer", 4, "plant", 4, 5, 10, False),
        ("software engineer", 4, "tech", 3, 5, 26, True),
        ("data scientist", 4, "tech", 4, 5, 8, False),
        ("product manager", 4, "tech", 4, 5, 8, False),
        ("operations manager", 4, "plant", 1, 5, 18, False),
        ("marketing manager", 4, "office", 4, 5, 10, False),
        ("sales manager", 4, "office", 1, 5, 14, False),
        ("finance manager", 4, "finance", 4, 5, 12, False),
        ("management consultant", 4, "office", 4, 5, 10, True),
        ("nurse practitioner", 4, "health", 5, 5, 10, True),
        ("pharmacist", 4, "health", 5, 5, 10, False),
        ("lawyer", 4, "law", 5, 5, 24, True),
        ("veterinarian", 4, "vet", 5, 5, 6, True),
        ("college professor", 4, "college", 5, 5, 14, False),
        ("school principal", 4, "school", 5, 5, 8, False),
        ("psychologist", 4, "health", 5, 5, 6, True),
        ("airline pilot", 4, "air", 4, 5, 4, False),
        ("dentist", 5, "health", 5, 5, 8, True),
        ("physician", 5, "health", 5, 5, 22, True),
        ("surgeon", 5, "health", 5, 5, 6, False),
        ("chief executive", 5, "office", 0, 5, 12, True),
        ("finance director", 5, "finance", 4, 5, 8, False),
        ("investment adviser", 5, "finance", 4, 5, 8, True),
        ("partner in a law firm", 5, "law", 5, 5, 6, False),
        ("engineering director", 5, "tech", 4, 5, 8, False),
    )
)

EMPLOYERS: dict[str, tuple[str, ...]] = {  # a, b and c are surnames
    "shop": ("{a} Market", "{a} Stores", "{a} and {b} Supply", "{a} Home Goods"),
    "kitchen": ("{a}'s Kitchen", "{a} Grill", "{a} and {b} Catering", "Cafe {a}"),
    "hotel": ("{a} Inn", "{a} House Hotel", "Hotel {a}"),
    "care": ("{a} Home Care", "{a} Family Services", "{a} Child Care"),
    "farm": ("{a} Farms", "{a} and Sons Orchards", "{a} Ranch"),
    "transport": ("{a} Logistics", "{a} Freight", "{a}-{b} Transport", "{a} and Sons Trucking"),
    "office": ("{a} Inc", "{a} LLC", "{a} Group", "{a}-{b}", "{a}, {b} and {c}", "{a} and Sons"),
    "public": ("County Department of Human Services", "Public Library", "Department of Parks"),
    "police": ("City Police Department", "County Sheriff's Office"),
    "fire": ("City Fire Department", "County Fire District"),
    "health": ("{a} Medical Center", "{a} Family Clinic", "{a} Health Group", "{a}-{b} Clinic"),
    "plant": ("{a} Manufacturing", "{a}-{b} Industries", "{a} Works", "{a} Packaging"),
    "building": ("{a} Construction", "{a} and Sons Builders", "{a}-{b} Contractors"),
    "beauty": ("Salon {a}", "{a} Hair Studio"),
    "garage": ("{a} Auto Repair", "{a} and Sons Garage"),
    "finance": ("{a} Financial Group", "{a}, {b} and {c} Accounting", "{a} Advisory", "{a}-{b}"),
    "school": ("{a} Elementary School", "{a} Middle School", "{a} High School", "{a} Academy"),
    "media": ("{a} Media", "{a} Studio", "{a}-{b} Press"),
    "law": ("{a}, {b} and {c}", "{a} Law Group", "{a} and {b} Law Offices"),
    "tech": ("{a} Software", "{a} Systems", "{a}-{b} Technologies", "{a} Data"),
    "lab": ("{a} Laboratories", "{a} Research Institute"),
    "estate": ("{a} Realty", "{a} and {b} Homes"),
    "vet": ("{a} Animal Hospital", "{a} Veterinary Clinic"),
    "college": ("{a} Community College", "{a} State College", "{a} College"),
    "air": ("{a} Airways", "{a} Air Cargo"),
}
OWN_BUSINESS: dict[str, tuple[str, ...]] = {  # a is the owner
    "shop": ("{a} Store",),
    "kitchen": ("{a}'s Kitchen", "{a} Catering"),
    "hotel": ("{a} Cleaning",),
    "care": ("{a} Family Day Care",),
    "farm": ("{a} Farm",),
    "transport": ("{a} Trucking", "{a} Delivery"),
    "office": ("{a} Consulting", "{a} LLC"),
    "health": ("{a} Practice",),
    "building": ("{a} Contracting", "{a} and Sons"),
    "beauty": ("Salon {a}",),
    "garage": ("{a} Auto Repair",),
    "finance": ("{a} Accounting and Advice",),
    "media": ("{a} Studio",),
    "law": ("{a} Law Office",),
    "tech": ("{a} Software",),
    "estate": ("{a} Realty",),
    "vet": ("{a} Animal Clinic",),
}


def highest_band(age: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return the highest pay band that is usual at an age."""
    return np.asarray(1 + np.searchsorted(HIGHEST_BAND_AGES, age, side="right"), np.int64)


def pay_at_age(age: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return pay at an age as a percentage of pay at mid-career: it rises, peaks and falls."""
    row = np.clip(np.searchsorted(PAY_AGES, age, side="right") - 1, 0, PAY_AGES.size - 2)
    low, high = PAY_AGES[row], PAY_AGES[row + 1]
    at = np.clip(age, PAY_AGES[0], PAY_AGES[-1])
    rise = PAY_AT_AGE[row + 1] - PAY_AT_AGE[row]
    return np.asarray(PAY_AT_AGE[row] + rise * (at - low) // (high - low), np.int64)
