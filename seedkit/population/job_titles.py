"""Job titles: who may have which, and what an occupation names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from seedkit.population import work_tables as tables
from seedkit.population.draw import Whole, texts
from seedkit.population.locale import Locale
from seedkit.population.locale.phrases import SLOT
from seedkit.population.model import Flags, Ints, Money, Texts
from seedkit.population.words import Education, Sex

JOB_ROWS = {job.title: row for row, job in enumerate(tables.JOBS)}
RETIRED, JOBLESS = "Retired {}", "{} (between jobs)"  # around the title of the former job


@dataclass(frozen=True, slots=True)
class Titles:
    """Job titles and weights of choice; rows: employees, then own account, x band x Education."""

    working: Texts  # [Sex, job], as an occupation
    retired: Texts
    jobless: Texts
    weights: NDArray[np.int64]
    sector: Texts
    doctor: Flags
    most: Money  # dollars a year in mid-career
    band: Whole
    weight: Whole


@lru_cache(maxsize=3)
def job_titles(locale: Locale) -> Titles:
    """Return the job titles of a locale and their weights, from the table.

    A pay band that no job offers to some schooling is not drawn for it (BANDS_BY_SCHOOL); its
    weights are even, so that the table stays whole.
    """
    rows = [
        [
            job.weight
            * (job.band == band and job.low <= school <= job.high and (job.own or not own))
            for job in tables.JOBS
        ]
        for own in (False, True)
        for band in range(len(tables.PAY))
        for school in Education
    ]
    inside = [[locale.titles(job.title)[sex] for job in tables.JOBS] for sex in Sex]
    return Titles(
        working=_by_sex([[_first_large(title) for title in row] for row in inside]),
        retired=_by_sex([[locale.say(RETIRED).replace(SLOT, t) for t in row] for row in inside]),
        jobless=_by_sex(
            [[locale.say(JOBLESS).replace(SLOT, _first_large(t)) for t in row] for row in inside]
        ),
        weights=np.array([row if sum(row) else [1] * len(row) for row in rows], np.int64),
        sector=np.array([job.sector for job in tables.JOBS], dtype=object),
        most=np.array([_most_paid(job) for job in tables.JOBS], np.int64),
        band=np.array([job.band for job in tables.JOBS], np.int64),
        weight=np.array([job.weight for job in tables.JOBS], np.int64),
        doctor=np.array([job.title in tables.DOCTORS for job in tables.JOBS]),
    )


def open_jobs(locale: Locale, own: Flags, age: Ints, education: Whole) -> Flags:
    """Return which jobs people may have at all, [person, job], also those that few of them have.

    They fit the schooling and stand at most one pay band above the usual ones of the age.
    """
    titles = job_titles(locale)
    low, high = np.array([(job.low, job.high) for job in tables.JOBS]).T
    fits = (low <= education[:, None]) & (education[:, None] <= high)
    highest = tables.highest_band(age)[:, None] + ~titles.doctor
    alone = np.array([job.own for job in tables.JOBS])
    return np.asarray(fits & (titles.band <= highest) & (alone | ~own[:, None]))


def _by_sex(rows: list[list[str]]) -> Texts:
    return np.stack([texts(row) for row in rows])


def _first_large(title: str) -> str:
    return title[0].upper() + title[1:]


def _most_paid(job: tables.Job) -> int:
    if job.title in tables.UNLIMITED:
        return tables.NO_CEILING
    return tables.MOST_PAID.get(job.title, int(tables.MOST_BY_BAND[job.band]))


def at_work_as(locale: Locale, title: str, occupation: Texts, sex: Ints) -> Whole:
    """Return the rows of people who work as this job of the table."""
    names = job_titles(locale).working[:, JOB_ROWS[title]]
    return np.flatnonzero(occupation == names[sex])


def job_of(locale: Locale, occupation: str) -> tables.Job | None:
    """Return the job that an occupation names, also a former one; None for those without."""
    return _jobs_by_occupation(locale).get(occupation)


@lru_cache(maxsize=3)
def _jobs_by_occupation(locale: Locale) -> dict[str, tables.Job]:
    titles = job_titles(locale)
    return {
        occupation: job
        for columns in (titles.working, titles.retired, titles.jobless)
        for column in columns
        for occupation, job in zip(column, tables.JOBS, strict=True)
    }
