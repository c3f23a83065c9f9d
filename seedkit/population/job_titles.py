"""Job titles: who may have which, and what an occupation names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from seedkit.population import work_tables as tables
from seedkit.population.model import Flags, Money, Texts
from seedkit.population.words import Education

RETIRED, JOBLESS = "Retired ", " (between jobs)"  # around the title of the former job


@dataclass(frozen=True, slots=True)
class Titles:
    """Job titles and weights of choice; rows: employees, then own account, x band x Education."""

    inside: Texts  # as inside a sentence
    alone: Texts
    weights: NDArray[np.int64]
    sector: Texts
    doctor: Flags
    most: Money  # dollars a year in mid-career


@lru_cache(maxsize=1)
def job_titles() -> Titles:
    """Return the job titles and their weights, from the table.

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
    inside = np.array([job.title for job in tables.JOBS], dtype=object)
    return Titles(
        inside=inside,
        alone=np.array([title[0].upper() + title[1:] for title in inside], dtype=object),
        weights=np.array([row if sum(row) else [1] * len(row) for row in rows], np.int64),
        sector=np.array([job.sector for job in tables.JOBS], dtype=object),
        most=np.array([_most_paid(job) for job in tables.JOBS], np.int64),
        doctor=np.array([job.title in tables.DOCTORS for job in tables.JOBS]),
    )


def _most_paid(job: tables.Job) -> int:
    if job.title in tables.UNLIMITED:
        return int(tables.PAY.max())
    return tables.MOST_PAID.get(job.title, int(tables.MOST_BY_BAND[job.band]))


@lru_cache(maxsize=1024)
def job_of(occupation: str) -> tables.Job | None:
    """Return the job that an occupation names, also a former one; None for those without."""
    title = occupation.removeprefix(RETIRED).removesuffix(JOBLESS)
    return _jobs_by_title().get(title.lower())


@lru_cache(maxsize=1)
def _jobs_by_title() -> dict[str, tables.Job]:
    return {job.title.lower(): job for job in tables.JOBS}
