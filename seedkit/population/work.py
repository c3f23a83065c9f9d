"""Schooling, jobs, employers and incomes that agree with one another and with age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from seedkit.population import work_tables as tables
from seedkit.population.amounts import CENTS
from seedkit.population.days import NEVER, add_days, add_months, add_years, day
from seedkit.population.draw import (
    Whole,
    amount,
    amount_by,
    amount_within,
    at_rank,
    below,
    coin,
    pick_by,
    raw,
    texts,
)
from seedkit.population.employment import WORKING, draw_employment
from seedkit.population.families import Families, reference_rows
from seedkit.population.job_titles import job_titles, open_jobs
from seedkit.population.locale import Locale, locale_of
from seedkit.population.model import BLOCK_HOUSEHOLDS, Dates, Flags, Ints, Money, Texts
from seedkit.population.names import Names, name_pools
from seedkit.population.prices import PRICE_BASE, money_level
from seedkit.population.schooling import graduation, years_since_school
from seedkit.population.streams import stream
from seedkit.population.surveyed import Surveyed
from seedkit.population.words import Education, Employment
from seedkit.profile.models import Profile

YEARS_AFTER_SCHOOL = np.array([0, 0, 1, 2, 4, 6], np.int64)  # by Education
LONGEST_EMPLOYER = 38  # so that "Started at ..." fits a title of 50
_PARTS = 1 << 20  # of a household's income
_SCHOOLING = np.array(  # the lower of our steps, by the survey's
    [
        Education.LESS_THAN_HIGH_SCHOOL,
        Education.HIGH_SCHOOL,
        Education.SOME_COLLEGE,
        Education.BACHELOR,
    ],
    np.int64,
)
_SMALL = (Employment.UNEMPLOYED, Employment.DISABLED, Employment.STUDENT, Employment.HOMEMAKER)


@dataclass(frozen=True, slots=True)
class Work:
    """Columns of people, as `model.People` explains them."""

    education: Ints
    employment: Ints
    occupation: Texts
    employer: Texts
    job_since: Dates
    income: Money


def make_work(
    profile: Profile,
    as_of: date,
    number: int,
    families: Families,
    names: Names,
    surveyed: Surveyed,
) -> Work:
    """Give everyone in a block schooling, a state of work, an income and a job that pays it."""
    seed, locale = profile.random_seed, locale_of(profile.locale)
    education = _education(stream(seed, number, "education"), as_of, families, surveyed)
    employment = draw_employment(
        stream(seed, number, "employment"), profile, as_of, families, education, surveyed
    )
    working = np.isin(employment, WORKING)
    usual = _band(stream(seed, number, "pay bands"), families.age, education)
    level = money_level(locale, as_of, "income")
    own = employment == Employment.SELF_EMPLOYED
    possible = open_jobs(locale, own, families.age, education)
    most = np.where(working, (possible * job_titles(locale).most).max(axis=1), tables.NO_CEILING)
    income = _income(
        stream(seed, number, "incomes"), level, families, employment, usual, most, surveyed
    )
    pay = income // CENTS * PRICE_BASE // level * 100
    pay = pay // tables.pay_at_age(families.age.astype(np.int64))
    band = np.where(working, _band_of(pay, usual, families.age, education), usual)
    rng = stream(seed, number, "jobs")
    job = _job(rng, own, band, education, possible, np.where(working, pay, 0), locale)
    since = _job_since(
        stream(seed, number, "job tenure"),
        as_of,
        families,
        _career(families.birth, education, job, locale),
        own,
    )
    return Work(
        education=education.astype(np.int8),
        employment=employment.astype(np.int8),
        occupation=_occupation(families, education, employment, job, locale),
        employer=employers(
            stream(seed, number, "employers"), job, working, own, names.last, locale
        ),
        job_since=np.where(working, since, NEVER),
        income=income,
    )


def _education(
    rng: np.random.Generator, as_of: date, families: Families, surveyed: Surveyed
) -> Whole:
    """Draw what people have finished by now; partners are often alike, minors are at school."""
    n = families.age.size
    band = np.searchsorted(tables.SCHOOL_BANDS, families.age, side="right")
    drawn = pick_by(rng, tables.SCHOOL, band)
    asked = reference_rows(families)
    drawn[asked] = _schooling(rng, surveyed)
    alike = coin(rng, tables.LIKE_PARTNER, n) & (families.spouse >= 0)
    alike[asked] = False
    drawn = np.where(alike, drawn[families.spouse], drawn)
    since = years_since_school(families.birth, day(as_of))
    possible = np.searchsorted(YEARS_AFTER_SCHOOL[1:], since, side="right")
    return np.where(families.age >= 18, np.minimum(drawn, possible), 0)


def _schooling(rng: np.random.Generator, surveyed: Surveyed) -> Whole:
    """Return schooling in our steps, which are finer; the better paid have the higher ones."""
    well_paid = (surveyed.income > tables.WELL_PAID[surveyed.schooling] * CENTS).astype(np.int64)
    higher = coin(rng, tables.HIGHER_STEP[surveyed.schooling, well_paid], BLOCK_HOUSEHOLDS)
    return np.asarray(_SCHOOLING[surveyed.schooling] + higher, np.int64)


def _band_of(pay: Money, usual: Whole, age: Ints, education: Whole) -> Whole:
    """Return the pay bands that incomes belong to, of those that schooling and age allow."""
    wanted = np.searchsorted(tables.BAND_LIMITS, pay, side="right")
    highest = tables.highest_band(age)
    wanted = np.minimum(wanted, highest)
    possible = np.array(tables.BANDS_BY_SCHOOL)[education] > 0
    distance = np.abs(np.arange(possible.shape[1]) - wanted[:, None])
    distance = np.where(
        possible & (np.arange(possible.shape[1]) <= highest[:, None]), distance, len(tables.PAY)
    )
    return np.where((distance < len(tables.PAY)).any(axis=1), distance.argmin(axis=1), usual)


def _band(rng: np.random.Generator, age: Ints, education: Whole) -> Whole:
    """Draw pay bands by schooling; the upper ones take some years of work."""
    highest = tables.highest_band(age)
    return np.minimum(pick_by(rng, tables.BANDS_BY_SCHOOL, education), highest)


def _job(
    rng: np.random.Generator,
    own: Flags,
    band: Whole,
    education: Whole,
    possible: Flags,
    pay: Money,
    locale: Locale,
) -> Whole:
    """Draw jobs (rows of JOBS) that fit the pay band, the schooling and the pay.

    Where none does they come from the lowest band with a possible job that pays so much, or else
    from the possible jobs that pay most.
    """
    titles, schools = job_titles(locale), len(Education)
    rows = titles.weights[(own * len(tables.PAY) + band) * schools + education]
    usual = rows * (titles.most >= pay[:, None])
    top = (possible * titles.most).max(axis=1)
    paid = possible & (titles.most >= np.minimum(pay, top)[:, None])
    lowest = np.where(paid, titles.band, len(tables.PAY)).min(axis=1)
    other = paid * (titles.band == lowest[:, None]) * titles.weight
    weights = np.where(usual.any(axis=1)[:, None], usual, other)
    return pick_by(rng, weights, np.arange(band.size))


def _job_since(
    rng: np.random.Generator, as_of: date, families: Families, first: Dates, own: Flags
) -> Dates:
    """Draw first days in the present job: from the start of the career, at no great age."""
    last = add_years(families.birth, np.where(own, *tables.LATEST_STARTS))
    most = (day(as_of) - first).astype(np.int64)
    low = np.maximum((day(as_of) - last).astype(np.int64), tables.TENURE[:, 0].min())
    low = np.minimum(low, np.maximum(most, 1))
    drawn = np.stack([amount_within(rng, row, low, most, most.size) for row in tables.TENURE])
    band = np.searchsorted(tables.TENURE_BANDS, families.age, side="right")
    return add_days(day(as_of), -drawn[band, np.arange(most.size)])


def _career(birth: Dates, education: Whole, job: Whole, locale: Locale) -> Dates:
    """Return the day from which a first job fits the schooling, and a doctor's the doctorate."""
    doctorate = graduation(birth, np.full(birth.size, tables.DOCTORATE_YEARS))
    first = career_start(birth, education)
    return np.where(job_titles(locale).doctor[job], np.maximum(first, doctorate), first)


def career_start(birth: Dates, education: Ints | Whole) -> Dates:
    """Return the day from which a first job fits the schooling, not before a degree."""
    first = add_months(add_years(birth, tables.CAREER_FROM[education]), 1)
    degree = graduation(birth, YEARS_AFTER_SCHOOL[education])
    return np.where(education >= Education.ASSOCIATE, np.maximum(first, degree), first)


def _occupation(
    families: Families, education: Whole, employment: Whole, job: Whole, locale: Locale
) -> Texts:
    """Return what people do, in words."""
    titles, age, sex = job_titles(locale), families.age, families.sex
    found = titles.working[sex, job]
    found = np.where(employment == Employment.RETIRED, titles.retired[sex, job], found)
    found = np.where(employment == Employment.UNEMPLOYED, titles.jobless[sex, job], found)
    student = employment == Employment.STUDENT
    for title, rows in (
        ("Unable to work", employment == Employment.DISABLED),
        ("Homemaker", employment == Employment.HOMEMAKER),
        ("Student", employment == Employment.PUPIL),
        ("College student", student),
        ("High school student", student & (education < Education.HIGH_SCHOOL)),
        ("Graduate student", student & (education >= Education.BACHELOR)),
        ("High school student", (age >= 14) & (age < 18)),
        ("Preschool child", age < 5),
    ):
        found = np.where(rows, texts(locale.titles(title))[sex], found)
    return np.asarray(found, dtype=object)


def employers(
    rng: np.random.Generator,
    job: Whole,
    working: Flags,
    own: Flags,
    last: Texts,
    locale: Locale,
) -> Texts:
    """Invent employers that fit the jobs; the self-employed lend their own name."""
    n = job.size
    pool = company_names(locale)
    words = pool[below(rng, pool.size, 3 * n)].reshape(3, n)
    draw = below(rng, 1 << 16, n)
    sector = job_titles(locale).sector[job]
    found = np.full(n, "", dtype=object)
    for i in np.flatnonzero(working):
        patterns = (tables.OWN_BUSINESS if own[i] else tables.EMPLOYERS)[sector[i]]
        a = last[i] if own[i] else words[0, i]
        pattern = locale.say(patterns[draw[i] % len(patterns)])
        name = pattern.format(a=a, b=words[1, i], c=words[2, i])
        fits = len(name) <= LONGEST_EMPLOYER
        found[i] = name if fits else locale.say("{a} Company").format(a=a)
    return found


def _income(
    rng: np.random.Generator,
    level: int,
    families: Families,
    employment: Whole,
    band: Whole,
    most: Money,
    surveyed: Surveyed,
) -> Money:
    """Return yearly incomes in cents: what the survey's model gives the family, shared out.

    Those who are no part of the family have what is usual, at a level of prices. Nobody but the
    head of the family has more than `most`, dollars in mid-career.
    """
    child = families.age < 18
    allowance = np.where(child, _allowances(rng, families.age) * CENTS, 0)
    own = np.where(child, 0, _usual_incomes(rng, families.age, employment, band))
    usual = np.where(families.family, own, 0)
    shared = surveyed.income - _by_household(allowance, families)
    # children get nothing where the family has less than their allowances
    allowance = np.where((shared < 0)[families.household], 0, allowance)
    shared = np.where(shared < 0, surveyed.income, shared) // CENTS
    total = np.maximum(_by_household(usual, families), 1)
    part = shared[families.household] * (usual * _PARTS // total[families.household]) // _PARTS
    paid_most = most * tables.pay_at_age(families.age.astype(np.int64)) // 100
    part = np.minimum(part, paid_most * level // PRICE_BASE)
    asked = reference_rows(families)
    part[asked] += shared - _by_household(part, families)
    part = np.where(families.family, part, own * level // PRICE_BASE)
    return np.asarray(part * CENTS + allowance, np.int64)


def _usual_incomes(rng: np.random.Generator, age: Ints, employment: Whole, band: Whole) -> Money:
    """Draw what people of their schooling and state of work have a year, in dollars."""
    pay = amount_by(rng, tables.PAY, band) * tables.pay_at_age(age.astype(np.int64)) // 100
    middle = (age >= 25) & (age < 65)
    part_time = coin(rng, np.where(middle, tables.PART_TIME, tables.PART_TIME_OUTSIDE), age.size)
    pay = np.where(part_time, pay * 45 // 100, pay)
    spread = amount(rng, tables.OWNERS_SPREAD, age.size)
    pay = np.where(employment == Employment.SELF_EMPLOYED, pay * spread // 100, pay)
    pension = amount(rng, tables.PENSION, age.size) * tables.PENSION_BY_BAND[band] // 100
    pay = np.where(employment == Employment.RETIRED, pension, pay)
    ranks = raw(rng, age.size)
    for row, state in enumerate(_SMALL):
        here = employment == state
        pay[here] = at_rank(tables.SMALL_INCOME, np.full(int(here.sum()), row), ranks[here])
    return np.asarray(pay, np.int64)


def _allowances(rng: np.random.Generator, age: Ints) -> Money:
    """Draw what minors have a year, in whole tens of dollars."""
    minor = np.searchsorted(tables.ALLOWANCE_AGES, age, side="right")
    return np.asarray(amount_by(rng, tables.ALLOWANCE, minor) // 10 * 10, np.int64)


def _by_household(values: Money, families: Families) -> Money:
    total = np.zeros(BLOCK_HOUSEHOLDS, np.int64)
    np.add.at(total, families.household, values)
    return total


@lru_cache(maxsize=3)
def company_names(locale: Locale) -> Texts:
    """Return surnames that may stand in an employer's name."""
    return texts([name for name in name_pools(locale).last if name not in locale.famous])
