"""What people's days are spent on: work, school, home or rest."""

from __future__ import annotations

from datetime import date

import numpy as np

from seedkit.population import work_tables as tables
from seedkit.population.days import day
from seedkit.population.draw import Whole, coin, pick_by
from seedkit.population.families import Families, reference_rows
from seedkit.population.schooling import years_since_school
from seedkit.population.surveyed import Surveyed
from seedkit.population.words import Employment
from seedkit.profile.models import Profile

_STATES = np.array(  # the columns of WORK
    [
        Employment.EMPLOYEE,
        Employment.SELF_EMPLOYED,
        Employment.RETIRED,
        Employment.DISABLED,
        Employment.STUDENT,
        Employment.HOMEMAKER,
    ],
    np.int64,
)
WORKING = (Employment.EMPLOYEE, Employment.SELF_EMPLOYED)


def draw_employment(
    rng: np.random.Generator,
    profile: Profile,
    as_of: date,
    families: Families,
    education: Whole,
    surveyed: Surveyed,
) -> Whole:
    """Return states of work: the survey's of those it asked; by age and sex of the others."""
    age = families.age
    band = np.searchsorted(tables.WORK_BANDS, age, side="right")
    rows = families.sex * (len(tables.WORK_BANDS) + 1) + band
    state = _STATES[pick_by(rng, tables.WORK, rows)]
    state = np.where(
        (state == Employment.SELF_EMPLOYED) & (age < tables.OWN_BUSINESS_FROM),
        Employment.EMPLOYEE,
        state,
    )
    jobless = coin(rng, profile.people.unemployed, age.size)
    low, high = tables.WORKING_AGE
    state = np.where(jobless & (age >= low) & (age < high), Employment.UNEMPLOYED, state)
    at_school = (years_since_school(families.birth, day(as_of)) < 0) & (age >= 18)
    state = np.where(at_school & (education == 0), Employment.STUDENT, state)
    state = np.where(age < 18, Employment.PUPIL, state)
    asked = reference_rows(families)
    state[asked] = _asked(rng, surveyed, age[asked].astype(np.int64))
    return _alike(rng, families, state, asked)


def _alike(rng: np.random.Generator, families: Families, state: Whole, asked: Whole) -> Whole:
    """Return states of work in which partners resemble those asked, and guests work less."""
    age, partner = families.age, families.spouse[asked]
    busy = state[asked] == Employment.EMPLOYEE
    low, high = tables.WORKING_AGE
    able = (partner >= 0) & (age[partner] >= tables.ALIKE_FROM) & (age[partner] < high)
    joins = able & busy & ~np.isin(state[partner], (Employment.EMPLOYEE, Employment.UNEMPLOYED))
    joins &= coin(rng, tables.BOTH_EMPLOYED, asked.size)
    leaves = able & ~busy & (state[partner] == Employment.EMPLOYEE)
    leaves &= coin(rng, tables.NEITHER_EMPLOYED, asked.size)
    found = state.copy()
    found[partner[joins]] = Employment.EMPLOYEE
    retires = age[partner[leaves]] >= tables.RETIRED_FROM[0]
    found[partner[leaves]] = np.where(retires, Employment.RETIRED, Employment.HOMEMAKER)
    idle = ~families.family & np.isin(state, WORKING) & (age >= low) & (age < high)
    idle &= coin(rng, tables.IDLE_GUESTS, age.size)
    return np.where(idle, Employment.DISABLED, found)


def _asked(rng: np.random.Generator, surveyed: Surveyed, age: Whole) -> Whole:
    """Return the states of work of those whom the survey asked, in our finer words."""
    rest = np.where(
        coin(rng, tables.RETIRES_EARLY, age.size) & (age >= tables.RETIRED_FROM[0])
        | (age >= tables.RETIRED_FROM[1]),
        Employment.RETIRED,
        Employment.DISABLED,
    )
    idle = np.array([Employment.UNEMPLOYED, Employment.HOMEMAKER, Employment.STUDENT])[
        pick_by(rng, tables.IDLE, np.searchsorted(tables.IDLE_BANDS, age, side="right"))
    ]
    idle = np.where(age >= tables.WORKING_AGE[1], Employment.RETIRED, idle)
    own = np.where(age >= tables.OWN_BUSINESS_FROM, Employment.SELF_EMPLOYED, Employment.EMPLOYEE)
    return np.select(
        [surveyed.work == 1, surveyed.work == 2, surveyed.work == 3],
        [np.full(age.size, Employment.EMPLOYEE), own, rest],
        idle,
    )
