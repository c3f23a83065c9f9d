"""Schooling, work and income that agree with one another and with age."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest
from hypothesis import given

from seedkit.population import work
from seedkit.population import work_tables as tables
from seedkit.population.days import add_years
from seedkit.population.job_titles import job_of, job_titles, open_jobs
from seedkit.population.locale import LOCALES, locale_of
from seedkit.population.prices import money_level, price_level
from seedkit.population.words import Education, Employment, Place
from seedkit.profile.models import PeopleSection, Profile
from tests.population.made import FEW, TODAY, Lives, any_lives, make_lives, many_lives

AMERICA = locale_of("en_US")

WORKING = (Employment.EMPLOYEE, Employment.SELF_EMPLOYED)
YOUNGEST = {  # at the end of each schooling
    Education.HIGH_SCHOOL: 17,
    Education.ASSOCIATE: 19,
    Education.BACHELOR: 21,
    Education.ADVANCED: 23,
}


@FEW
@given(any_lives)
def test_nobody_is_too_young_for_the_schooling(lives: Lives) -> None:
    people = lives.people
    for education, youngest in YOUNGEST.items():
        assert people.age[people.education >= education].min() >= youngest
    assert (people.education[people.age < 18] == Education.LESS_THAN_HIGH_SCHOOL).all()


@FEW
@given(any_lives)
def test_states_of_work_fit_the_age(lives: Lives) -> None:
    people = lives.people
    assert ((people.employment == Employment.PUPIL) == (people.age < 18)).all()
    assert people.age[people.employment == Employment.RETIRED].min() >= 50
    assert people.age[people.employment == Employment.SELF_EMPLOYED].min() >= 21
    jobless = people.employment == Employment.UNEMPLOYED
    assert people.age[jobless].max() < 65


@FEW
@given(any_lives)
def test_those_who_work_have_an_employer_and_a_first_day(lives: Lives) -> None:
    people = lives.people
    works = np.isin(people.employment, WORKING)
    assert (~np.isnat(people.job_since) == works).all()
    assert all(people.employer[works])
    assert not any(people.employer[~works])
    since = people.job_since[works]
    assert (since < lives.today).all()
    assert (since >= add_years(people.birth[works], 16)).all()
    assert max(map(len, people.employer)) <= 38


@FEW
@given(any_lives)
def test_jobs_fit_the_schooling(lives: Lives) -> None:
    people = lives.people
    for i in np.flatnonzero(np.isin(people.employment, WORKING)):
        job = job_of(AMERICA, people.occupation[i])
        assert job is not None
        assert job.low <= people.education[i] <= job.high
        assert job.own or people.employment[i] == Employment.EMPLOYEE


@pytest.mark.parametrize("code", LOCALES)
def test_nobody_earns_much_more_than_the_job_pays(code: str) -> None:
    locale = locale_of(code)
    most = dict(zip(tables.JOBS, job_titles(locale).most.tolist(), strict=True))
    level = money_level(locale, TODAY, "income")
    for number in range(8):
        people = make_lives(Profile(locale=code), number=number).people
        rows = np.flatnonzero(np.isin(people.employment, WORKING))
        usual = people.income[rows] // 100 * 10_000 // level
        pay = usual * 100 // tables.pay_at_age(people.age[rows].astype(np.int64))
        jobs = [job_of(locale, text) for text in people.occupation[rows]]
        assert (pay <= [most[job] * 13 // 10 for job in jobs]).all()


def test_a_job_is_chosen_for_its_pay_where_schooling_and_age_allow_one() -> None:
    schools = np.array([Education.HIGH_SCHOOL] * 4 + [Education.ADVANCED])
    age, pay = np.array([45, 45, 45, 20, 25]), np.array([180, 400, 2_000, 400, 340]) * 1_000
    band, own = np.array([3, 3, 3, 1, 3]), np.zeros(5, bool)
    possible = open_jobs(AMERICA, own, age, schools)
    rows = work._job(np.random.default_rng(1), own, band, schools, possible, pay, AMERICA)
    jobs = [tables.JOBS[row] for row in rows]
    assert jobs[0].band == 3
    assert jobs[1].title in ("operations manager", "sales manager")
    assert jobs[2].title == "chief executive"
    assert jobs[3].band == 2  # none of that age is paid so much
    assert jobs[4].band == 4
    assert jobs[4].title not in tables.DOCTORS


SELF_MADE = 0.1  # of those on their own account, at most in one trade


@pytest.mark.parametrize("code", LOCALES)
def test_no_trade_stands_for_most_of_those_on_their_own_account(code: str) -> None:
    profile = Profile(locale=code)
    trades: Counter[str] = Counter()
    for number in range(16):
        people = make_lives(profile, TODAY, number).people
        own = people.occupation[people.employment == Employment.SELF_EMPLOYED]
        jobs = [job_of(locale_of(code), occupation) for occupation in own.tolist()]
        trades.update(job.title for job in jobs if job is not None)
    title, most = trades.most_common(1)[0]
    assert most < SELF_MADE * trades.total(), title


@FEW
@given(any_lives)
def test_occupations_say_the_state_of_work(lives: Lives) -> None:
    people = lives.people
    words = {
        Employment.RETIRED: ("Retired ",),
        Employment.STUDENT: ("College student", "High school student", "Graduate student"),
        Employment.PUPIL: ("Student", "High school student", "Preschool child"),
        Employment.HOMEMAKER: ("Homemaker",),
        Employment.DISABLED: ("Unable to work",),
    }
    for state, starts in words.items():
        assert all(
            text.startswith(starts) for text in people.occupation[people.employment == state]
        )


def test_every_pay_band_that_is_drawn_offers_a_job() -> None:
    for school in Education:
        for band, weight in enumerate(tables.BANDS_BY_SCHOOL[school]):
            # a young person may end in any lower band
            for lower in range(band + 1) if weight else ():
                if lower == band or tables.BANDS_BY_SCHOOL[school][lower]:
                    fitting = [
                        job
                        for job in tables.JOBS
                        if job.band == lower and job.low <= school <= job.high
                    ]
                    assert fitting
                    assert any(job.own for job in fitting)


def test_titles_of_jobs_name_one_job() -> None:
    titles = [job.title for job in tables.JOBS]
    assert len(set(titles)) == len(titles)
    assert job_of(AMERICA, "Retired HVAC technician") == job_of(
        AMERICA, "HVAC technician (between jobs)"
    )
    assert job_of(AMERICA, "Homemaker") is None


def household_incomes() -> tuple[np.ndarray, np.ndarray]:
    income = np.concatenate([lives.households.income for lives in many_lives()])
    age = np.concatenate(
        [lives.people.age[lives.people.place == Place.HEAD] for lives in many_lives()]
    )
    return income / price_level(AMERICA, TODAY) * 100, age


def test_incomes_rise_with_age_and_fall_again() -> None:
    income, age = household_incomes()
    bands = [(18, 35), (35, 45), (45, 55), (55, 65), (65, 75), (75, 120)]
    young, _, middle, late, old, oldest = (
        np.median(income[(age >= low) & (age < high)]) for low, high in bands
    )
    assert young < middle > late > old > oldest
    assert 60_000 < np.median(income) < 80_000
    assert 0.9 < np.log(income[income > 0]).std() < 1.15


def test_incomes_rise_with_schooling() -> None:
    pay = {school: [] for school in Education}
    for lives in many_lives():
        people = lives.people
        for school in Education:
            full = (people.employment == Employment.EMPLOYEE) & (people.age >= 30)
            pay[school] += list(people.income[full & (people.education == school)])
    medians = [np.median(pay[school]) for school in Education]
    assert medians == sorted(medians)
    assert medians[-1] > 2 * medians[1]


@FEW
@given(any_lives)
def test_the_households_income_is_that_of_its_members(lives: Lives) -> None:
    people = lives.people
    total = np.bincount(people.household, weights=people.income * people.family, minlength=256)
    assert (lives.households.income == total).all()
    assert (people.income[people.age < 12] <= 120_000).all()


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_the_share_out_of_work_is_kept(share: float) -> None:
    people = make_lives(Profile(people=PeopleSection(unemployed=share))).people
    working_age = (people.age >= 19) & (people.age < 65)
    jobless = people.employment[working_age] == Employment.UNEMPLOYED
    assert abs(jobless.mean() - share) < 0.05


def test_prices_follow_the_years() -> None:
    levels = [price_level(AMERICA, date(year, 1, 1)) for year in range(2018, 2036)]
    assert levels == sorted(levels)
    assert price_level(AMERICA, date(2022, 5, 1)) == 10_000
    assert price_level(AMERICA, date(2025, 5, 1)) == 10_989


def test_schooling_and_work_shares_are_plausible() -> None:
    education, employment, age = (
        np.concatenate([getattr(lives.people, name) for lives in many_lives()])
        for name in ("education", "employment", "age")
    )
    college = np.mean(education[age >= 25] >= Education.BACHELOR)
    assert 0.32 < college < 0.45
    prime = (age >= 25) & (age < 55)
    assert 0.75 < np.isin(employment[prime], WORKING).mean() < 0.9
    assert 0.75 < np.mean(employment[age >= 75] == Employment.RETIRED) < 0.98
