"""Life events: they could have happened to those people, and in that order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given

from seedkit.population.days import add_years, whole_years
from seedkit.population.event_tables import (
    AHEAD,
    CHANCES,
    PROFESSIONAL_DEGREES,
    TOLD_WITHIN,
)
from seedkit.population.job_titles import job_of
from seedkit.population.locale import locale_of
from seedkit.population.words import (
    Education,
    Employment,
    Event,
    Marital,
    Place,
    Sex,
    Tenure,
)
from seedkit.profile.models import LifeEventsSection, Profile
from tests.population.made import FEW, TODAY, Lives, any_lives, make_lives, many_lives

AMERICA = locale_of("en_US")

STARTS = (Event.JOB_STARTED, Event.BUSINESS_STARTED)
ENDS = (Event.JOB_ENDED, Event.BUSINESS_CLOSED)
DEGREES = (Event.ASSOCIATE_DEGREE, Event.BACHELOR_DEGREE, Event.MASTER_DEGREE, Event.DOCTORATE)


def happened(lives: Lives) -> np.ndarray:
    """Return the rows that truly happened: not planned, and no plan that passed unnoticed."""
    events = lives.events
    return ~events.planned & (events.touched >= events.date)


def by_person(lives: Lives, kinds: tuple[Event, ...]) -> Iterator[tuple[int, np.ndarray]]:
    """Return the rows of some kinds that happened to each adult, in order of date."""
    rows = np.flatnonzero(happened(lives) & np.isin(lives.events.kind, kinds))
    for person in lives.adults:
        yield int(person), rows[lives.events.person[rows] == person]


@FEW
@given(any_lives)
def test_events_lie_between_birth_and_today_unless_planned(lives: Lives) -> None:
    events, birth = lives.events, lives.people.birth[lives.events.person]
    assert (events.date > birth).all()
    assert (events.planned == (events.date >= lives.today)).all()
    assert not np.isnat(events.touched).any()
    assert (events.touched >= lives.people.customer_since[events.person]).all()
    assert (events.touched <= lives.today).all()
    assert (events.touched[events.planned] < lives.today).all()
    ahead = (events.date[events.planned] - lives.today).astype(np.int64)
    assert ahead.min() >= AHEAD[0]
    assert ahead.max() <= AHEAD[1]


@FEW
@given(any_lives)
def test_events_are_sorted_and_only_of_customers(lives: Lives) -> None:
    events = lives.events
    assert (np.diff(events.person) >= 0).all()
    assert (lives.people.household[events.person] == events.household).all()
    assert lives.people.customer[events.person].all()
    same = np.diff(events.person) == 0
    assert (np.diff(events.date)[same] >= np.timedelta64(0, "D")).all()


@FEW
@given(any_lives)
def test_titles_are_short_and_say_something(lives: Lives) -> None:
    assert all(text.strip() == text and 3 < len(text) <= 50 for text in lives.events.title)
    assert Event.BIRTHDAY not in lives.events.kind


@FEW
@given(any_lives)
def test_marital_status_follows_from_the_marriages_and_their_ends(lives: Lives) -> None:
    people, events = lives.people, lives.events
    ends = (Event.DIVORCE, Event.WIDOWHOOD)
    for person, rows in by_person(lives, (Event.MARRIAGE, *ends)):
        kinds, status = events.kind[rows], people.marital[person]
        # weddings and ends take turns: nobody is married twice at a time
        assert (kinds[::2] == Event.MARRIAGE).all()
        assert np.isin(kinds[1::2], ends).all()
        wed = status in (Marital.MARRIED, Marital.SEPARATED)
        assert (len(rows) % 2 == 1) == wed
        if status in (Marital.DIVORCED, Marital.WIDOWED):
            assert kinds[-1] == ends[status - Marital.DIVORCED]
        elif status == Marital.SINGLE:
            assert len(rows) == 0
        weddings = events.date[rows][::2]
        assert (weddings >= add_years(people.birth[person], 18)).all()
        assert (np.diff(events.date[rows]) > np.timedelta64(0, "D")).all()


@FEW
@given(any_lives)
def test_spouses_married_on_the_same_day(lives: Lives) -> None:
    events = lives.events
    last = {person: rows[-1] for person, rows in by_person(lives, (Event.MARRIAGE,)) if len(rows)}
    for person in np.flatnonzero(lives.people.marital == Marital.MARRIED):
        other = lives.people.spouse[person]
        assert events.date[last[int(person)]] == events.date[last[int(other)]]


def test_older_generations_of_women_married_younger() -> None:
    """The median at first marriage was 20.8 years in 1970, 23.9 in 1990, 28.4 in 2023."""
    found: dict[int, list[float]] = {45: [], 62: [], 120: []}
    for lives in many_lives():
        people, events = lives.people, lives.events
        for person, rows in by_person(lives, (Event.MARRIAGE,)):
            if rows.size and people.sex[person] == Sex.FEMALE:
                days = events.date[rows[0]] - people.birth[person]
                band = min(last for last in found if people.age[person] < last)
                found[band].append(float(days.astype(np.int64)) / 365.25)
    young, middle, old = (float(np.median(ages)) for ages in found.values())
    assert 21 < old < 23.5 < middle < young
    assert np.mean(np.array(found[120]) < 20) > 0.1


def test_most_mothers_of_small_children_are_married() -> None:
    """Of births in 2022, 39.8 of 100 were to unmarried mothers."""
    unmarried = []
    for lives in many_lives():
        people, born = lives.people, lives.people.birth > lives.today - np.timedelta64(730, "D")
        mothers = people.mother[born & (people.mother >= 0)]
        wed = np.isin(people.marital[mothers], (Marital.MARRIED, Marital.SEPARATED))
        unmarried += (~wed).tolist()
    assert len(unmarried) > 150
    assert 0.3 < np.mean(unmarried) < 0.46


@FEW
@given(any_lives)
def test_every_child_at_home_was_born_to_the_parents_at_home(lives: Lives) -> None:
    people, events = lives.people, lives.events
    rows = np.flatnonzero(happened(lives) & (events.kind == Event.CHILD_BORN))
    births = set(zip(events.person[rows].tolist(), events.date[rows].tolist(), strict=True))
    for child in np.flatnonzero(people.place == Place.CHILD):
        head = np.searchsorted(people.household, people.household[child])
        parents = {int(head), int(people.mother[child]), int(people.father[child])} - {-1}
        for parent in parents | ({int(people.spouse[head])} - {-1}):
            assert (parent, people.birth[child].item()) in births
    age = whole_years(people.birth[events.person[rows]], events.date[rows])
    assert age.min() >= 18
    women = people.sex[events.person[rows]] == 0
    assert age[women].max() <= 50


def test_no_child_at_home_was_born_after_a_parent_was_widowed() -> None:
    """A widowed head's or parent's; partners of a new couple may have children then."""
    for lives in many_lives():
        people, events = lives.people, lives.events
        lost = events.kind == Event.WIDOWHOOD
        for person, day in zip(events.person[lost], events.date[lost], strict=True):
            if people.place[person] != Place.PARTNER:
                mine = (people.mother == person) | (people.father == person)
                assert (people.birth[mine] <= day).all(), person


@FEW
@given(any_lives)
def test_children_of_one_person_are_twins_or_nine_months_apart(lives: Lives) -> None:
    for _, rows in by_person(lives, (Event.CHILD_BORN,)):
        gaps = np.diff(lives.events.date[rows]).astype(np.int64)
        assert ((gaps == 0) | (gaps >= 274)).all()


@FEW
@given(any_lives)
def test_grandparents_are_old_enough(lives: Lives) -> None:
    events = lives.events
    rows = np.flatnonzero(happened(lives) & (events.kind == Event.GRANDCHILD_BORN))
    age = whole_years(lives.people.birth[events.person[rows]], events.date[rows])
    assert age.min() >= 38


@FEW
@given(any_lives)
def test_the_highest_degree_is_told(lives: Lives) -> None:
    people, events = lives.people, lives.events
    expected = {
        Education.ASSOCIATE: {Event.ASSOCIATE_DEGREE},
        Education.BACHELOR: {Event.BACHELOR_DEGREE},
        Education.ADVANCED: {Event.MASTER_DEGREE, Event.DOCTORATE},
    }
    for person, rows in by_person(lives, (Event.HIGH_SCHOOL, *DEGREES)):
        found = {Event(kind) for kind in events.kind[rows]}
        education = people.education[person]
        degrees = found - {Event.HIGH_SCHOOL}
        assert len(degrees) == (education in expected)
        assert degrees <= expected.get(education, set())
        assert education >= Education.HIGH_SCHOOL or not found
        ages = whole_years(people.birth[person], events.date[rows])
        for kind, youngest in zip((Event.HIGH_SCHOOL, *DEGREES), (17, 19, 21, 23, 25), strict=True):
            assert (ages[events.kind[rows] == kind] >= youngest).all()


def test_degrees_fit_the_job_and_precede_it() -> None:
    titles = set()
    for lives in many_lives():
        people, events = lives.people, lives.events
        job = [job_of(AMERICA, text) for text in people.occupation]
        for person, rows in by_person(lives, DEGREES):
            since = people.job_since[person]
            assert all(np.isnat(since) or events.date[row] <= since for row in rows)
            title = job[person].title if job[person] else ""
            for row in rows[events.kind[rows] == Event.DOCTORATE]:
                known = PROFESSIONAL_DEGREES.get(title)
                assert known is None or events.title[row] == known
                titles.add(events.title[row])
    assert set(PROFESSIONAL_DEGREES.values()) <= titles


@FEW
@given(any_lives)
def test_jobs_follow_one_another_and_the_present_one_is_the_last(lives: Lives) -> None:
    people, events = lives.people, lives.events
    for person, rows in by_person(lives, (*STARTS, *ENDS)):
        kinds, dates = events.kind[rows], events.date[rows]
        assert (np.diff(dates) > np.timedelta64(0, "D")).all()
        if not np.isnat(people.job_since[person]):
            assert dates[-1] == people.job_since[person]
            own = people.employment[person] == Employment.SELF_EMPLOYED
            assert kinds[-1] == (Event.BUSINESS_STARTED if own else Event.JOB_STARTED)
        else:
            assert len(rows) == 0 or kinds[-1] == Event.JOB_ENDED
        assert (whole_years(people.birth[person], dates) >= 16).all()
        # a business that was closed had been opened, and something came after it
        for i in np.flatnonzero(kinds == Event.BUSINESS_CLOSED):
            assert kinds[i - 1] == Event.BUSINESS_STARTED or i == 0
            assert i + 1 < len(rows)


def test_careers_begin_soon_after_school() -> None:
    late = []
    for lives in many_lives():
        people, events = lives.people, lives.events
        for person, rows in by_person(lives, STARTS):
            if not np.isnat(people.job_since[person]):
                age = whole_years(people.birth[person], events.date[rows[0]])
                late.append(age > 37)
    assert np.mean(late) < 0.04


@FEW
@given(any_lives)
def test_the_retired_retired_at_54_or_later(lives: Lives) -> None:
    people, events = lives.people, lives.events
    rows = np.flatnonzero(happened(lives) & (events.title == "Retirement"))
    who = events.person[rows]
    assert sorted(who) == np.flatnonzero(people.employment == Employment.RETIRED).tolist()
    assert (whole_years(people.birth[who], events.date[rows]) >= 54).all()
    assert (events.kind[rows] == Event.JOB_ENDED).all()


@FEW
@given(any_lives)
def test_owners_bought_their_home_when_they_moved_in(lives: Lives) -> None:
    people, events, homes = lives.people, lives.events, lives.households
    kinds = (Event.HOME_PURCHASE, Event.HOME_SALE)
    for person, rows in by_person(lives, kinds):
        home, adult = people.household[person], people.place[person] <= Place.PARTNER
        owns = adult and homes.tenure[home] == Tenure.OWNER
        sales = events.date[rows][events.kind[rows] == Event.HOME_SALE]
        purchases = events.date[rows][events.kind[rows] == Event.HOME_PURCHASE]
        assert len(purchases) == owns
        assert len(sales) <= 1
        if owns:
            assert purchases[-1] == homes.home_since[home]
        # a former home was sold within a month of moving
        for sale in sales:
            gap = (homes.home_since[home] - sale).astype(np.int64)
            assert 0 <= gap < 31


@FEW
@given(any_lives)
def test_a_home_that_a_couple_sold_is_told_to_both(lives: Lives) -> None:
    events, people = lives.events, lives.people
    rows = np.flatnonzero(happened(lives) & (events.kind == Event.HOME_SALE))
    wed = {
        person: events.date[rows[-1]]
        for person, rows in by_person(lives, (Event.MARRIAGE,))
        if len(rows) and people.marital[person] == Marital.MARRIED
    }
    sold = dict(zip(events.person[rows].tolist(), events.date[rows], strict=True))
    for person, date in sold.items():
        if people.place[person] == Place.PARTNER:
            assert wed[person] < date
            assert sold.get(int(people.spouse[person]), date) == date


@FEW
@given(any_lives)
def test_what_happens_by_chance_fits_the_age_and_the_home(lives: Lives) -> None:
    events, people = lives.events, lives.people
    ages = {title: chance.ages for chance in CHANCES for title in chance.titles}
    age = whole_years(people.birth[events.person], events.date)
    owner = lives.households.tenure[events.household] == Tenure.OWNER
    for row in np.flatnonzero(happened(lives)):
        if events.title[row] in ages:
            first, last = ages[events.title[row]]
            assert first <= age[row] <= last
            assert (lives.today - events.date[row]).astype(np.int64) < 366 * TOLD_WITHIN
        if events.title[row] in ("New roof", "Kitchen renovation"):
            assert owner[row]


def test_lives_are_told_in_a_handful_of_events() -> None:
    counts = np.concatenate(
        [
            np.bincount(lives.events.person, minlength=lives.people.age.size)[lives.adults]
            for lives in many_lives()
        ]
    )
    assert 5.5 < counts.mean() < 7.5
    assert np.mean(counts > 10) < 0.005


def test_adults_have_histories() -> None:
    shares = []
    for lives in many_lives():
        count = np.bincount(lives.events.person, minlength=lives.people.age.size)
        shares.append((count[lives.adults] >= 3).mean())
    assert min(shares) > 0.88


@FEW
@given(any_lives)
def test_every_kind_of_event_occurs_in_250_households(lives: Lives) -> None:
    kinds = set(lives.events.kind[lives.events.household < 250])
    assert {Event(kind) for kind in kinds} == set(Event) - {Event.BIRTHDAY}


def test_the_shares_of_planned_and_passed_plans_are_kept() -> None:
    for share in (0.0, 0.5):
        section = LifeEventsSection(planned=share, overdue=share)
        lives = make_lives(Profile(life_events=section))
        events, adults = lives.events, lives.adults.size
        planned = np.unique(events.person[events.planned]).size / adults
        passed = np.unique(events.person[~events.planned & (events.touched < events.date)])
        # couples plan together, which adds a few
        assert share - 0.07 <= planned <= share + 0.1
        assert abs(passed.size / adults - share) <= 0.07


@FEW
@given(any_lives)
def test_couples_plan_weddings_and_births_together(lives: Lives) -> None:
    events, people = lives.events, lives.people
    shared = events.planned & np.isin(events.kind, (Event.MARRIAGE, Event.CHILD_BORN))
    plans = {
        (int(events.person[i]), int(events.kind[i]), events.date[i].item())
        for i in np.flatnonzero(shared)
    }
    for person, kind, when in plans:
        other = int(people.spouse[person])
        assert other < 0 or (other, kind, when) in plans
        if kind == Event.MARRIAGE:
            assert people.marital[person] != Marital.MARRIED
    planners = events.person[events.planned]
    assert np.unique(planners).size == planners.size


@pytest.mark.parametrize("history", [0.0, 2.0])
def test_the_history_factor_scales_further_events(history: float) -> None:
    section = LifeEventsSection(history=history)
    usual = many_lives()[:4]
    others = [
        make_lives(Profile(random_seed=1, life_events=section), TODAY, n) for n in range(len(usual))
    ]
    for kind in (Event.VEHICLE_PURCHASE, Event.ILLNESS):
        counts = [
            sum(int(np.sum(happened(x) & (x.events.kind == kind))) for x in blocks)
            for blocks in (usual, others)
        ]
        assert counts[1] == 0 if history == 0 else counts[1] > 1.4 * counts[0]
    # what makes up the present state stays
    for kind in (Event.MARRIAGE, Event.HOME_PURCHASE, Event.BACHELOR_DEGREE):
        for one, two in zip(usual, others, strict=True):
            dates = [x.events.date[happened(x) & (x.events.kind == kind)] for x in (one, two)]
            assert (dates[0] == dates[1]).all()
