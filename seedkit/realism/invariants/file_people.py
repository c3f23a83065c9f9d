"""Rules of the files about households, people and what happened to them."""

from __future__ import annotations

import numpy as np

from seedkit.extract.model import Values, filled
from seedkit.population.days import add_years, whole_years
from seedkit.realism.frames.model import equal, is_in, sums
from seedkit.realism.invariants.files import ADULT, FileView
from seedkit.realism.invariants.model import Flags, Rule

WEDDING_FROM = {"en_GB": 16}  # years; elsewhere the next
WEDDING_AGE = 18
PARENT_FROM, MOTHER_UNTIL = 15, 55
JOB_FROM, RETIRED_FROM = 16, 50
PREGNANCY = 270  # days between births that are no twins
SCORES = (300, 850)
CENT = 0.01
_NEVER = np.datetime64("9999-01-01")


def one_head(v: FileView) -> Flags:
    """Every household has exactly one head, an adult."""
    heads = v.per_home(v.role("head"))
    grown = v.per_home(v.role("head") & (v.extract.people["age"] >= ADULT))
    return np.asarray((heads != 1) | (grown != 1))


def one_partner(v: FileView) -> Flags:
    """No household has more than one partner of the head, and none is a minor."""
    partner = v.role("partner")
    young = v.per_home(partner & (v.extract.people["age"] < ADULT))
    return np.asarray((v.per_home(partner) > 1) | (young > 0))


def size(v: FileView) -> Flags:
    """The size is the number of members."""
    everyone = np.ones(v.home.size, np.bool_)
    return np.asarray(v.extract.households["size"] != v.per_home(everyone))


def kind(v: FileView) -> Flags:
    """The type follows from the family's members."""
    told = v.extract.households["type"]
    couple = v.per_home(v.role("partner") & v.in_family) > 0
    child = v.per_home(v.role("child") & v.in_family) > 0
    words = np.where(couple, "couple", "single").astype(object)
    words = np.where(child, words + "_with_children", words)
    return np.asarray((told != words) & (told != "other"))


def income(v: FileView) -> Flags:
    """The household's income is the sum of its family's, and nobody's is below 0."""
    own = np.nan_to_num(v.extract.people["income"])
    rows = v.in_family & (v.home >= 0)
    total = sums(v.home[rows], own[rows], len(v.extract.households))
    off = np.abs(v.extract.households["income"] - total) > CENT * v.extract.households["size"]
    return np.asarray(off | (v.per_home(own < 0) > 0))


def home(v: FileView) -> Flags:
    """A home that is owned has a value, and no other has one."""
    homes = v.extract.households
    owned = equal(homes["home_tenure"], "owner")
    return np.asarray((np.nan_to_num(homes["home_value"]) > 0) != owned)


def person_home(v: FileView) -> Flags:
    """Every person belongs to a household that is there."""
    return np.asarray(v.home < 0)


def age(v: FileView) -> Flags:
    """The age is that of the birth date on the as-of date, and at least 0."""
    people = v.extract.people
    today = np.full(len(people), v.today)
    return np.asarray(
        (whole_years(people["birth_date"], today) != people["age"]) | (people["age"] < 0)
    )


def minor_status(v: FileView) -> Flags:
    """Nobody under 18 is or was married."""
    people = v.extract.people
    minors = people["age"] < ADULT
    return ~is_in(people["marital_status"][minors], ("", "single"))


def schooling(v: FileView) -> Flags:
    """Nobody is too young for the schooling: a bachelor is 19 or more, an advanced degree 21."""
    people = v.extract.people
    least = np.select(
        [is_in(people["education"], ("bachelor",)), is_in(people["education"], ("advanced",))],
        [19, 21],
        0,
    )
    return np.asarray(people["age"] < least)


def customer_since(v: FileView) -> Flags:
    """Nobody is a customer before birth or after the as-of date."""
    people = v.extract.people
    since = people["customer_since"]
    known = filled(since)
    return np.asarray((since < people["birth_date"])[known] | (since > v.today)[known])


def job_since(v: FileView) -> Flags:
    """Only employees have a first day with the employer, from 16 on and not in the future."""
    people = v.extract.people
    since = people["job_since"]
    known = filled(since)
    off = ~equal(people["employment"], "employee")
    off |= (since < v.birthday(JOB_FROM)) | (since > v.today)
    return np.asarray(off[known])


def score(v: FileView) -> Flags:
    """Scores lie between 300 and 850, and minors have none."""
    people = v.extract.people
    known = filled(people["score"])
    low, high = SCORES
    off = (people["score"] < low) | (people["score"] > high) | (people["age"] < ADULT)
    return np.asarray(off[known])


def event_person(v: FileView) -> Flags:
    """Every event happened to a person who is there."""
    return np.asarray(v.event_person < 0)


def event_dates(v: FileView) -> Flags:
    """Events lie after birth; past ones before the as-of date, planned ones not."""
    events = v.extract.events
    birth = v.extract.people["birth_date"][v.event_person]
    off = (events["date"] >= v.today) != (events["planned"] == 1.0)
    return np.asarray(off | (events["date"] < birth))


def wedding_age(v: FileView) -> Flags:
    """Nobody marries before the age at which the law allows it."""
    person, dates = v.past("marriage")
    least = WEDDING_FROM.get(v.about.locale, WEDDING_AGE)
    return np.asarray(dates < add_years(v.extract.people["birth_date"][person], least))


def marriages_apart(v: FileView) -> Flags:
    """Marriages follow one another: each ends, by divorce or death, before the next begins."""
    person, step = _marital_steps(v)
    same = person[1:] == person[:-1]
    again = same & (step[1:] == step[:-1])
    return np.asarray(again | ((step[1:] < 0) & ~same))


def _marital_steps(v: FileView) -> tuple[Values, Values]:
    """Return (person, +1 for a marriage or -1 for its end) in order of time."""
    wed, ended = v.past("marriage"), v.past("divorce", "widowed")
    person = np.concatenate([wed[0], ended[0]])
    dates = np.concatenate([wed[1], ended[1]])
    step = np.repeat([1, -1], [wed[0].size, ended[0].size])
    order = np.lexsort((-step, dates, person))
    return person[order], step[order]


def marital_history(v: FileView) -> Flags:
    """The marital status is what the last marriage, divorce or death of a spouse left."""
    if not len(v.extract.events):
        return np.zeros(0, np.bool_)
    people = v.extract.people
    found = np.full(len(people), "single", dtype=object)
    latest = np.full(len(people), np.datetime64("0001-01-01"))
    for name, word in (("marriage", "married"), ("divorce", "divorced"), ("widowed", "widowed")):
        person, dates = v.past(name)
        newer = dates >= latest[person]
        found[person[newer]] = word
        np.maximum.at(latest, person, dates)
    told = np.where(
        equal(people["marital_status"], "separated"), "married", people["marital_status"]
    )
    return np.asarray((told != found) & (people["age"] >= ADULT))


def parent_age(v: FileView) -> Flags:
    """Parents are 15 or more at a child's birth, mothers at most 55."""
    person, dates = v.past("birth_of_child")
    years = whole_years(v.extract.people["birth_date"][person], dates)
    woman = equal(v.extract.people["sex"][person], "female")
    return np.asarray((years < PARENT_FROM) | (woman & (years > MOTHER_UNTIL)))


def births_apart(v: FileView) -> Flags:
    """Births of one woman are those of twins, or nine months apart."""
    person, dates = v.past("birth_of_child")
    woman = equal(v.extract.people["sex"][person], "female")
    person, dates = person[woman], dates[woman]
    days = (dates[1:] - dates[:-1]).astype(np.int64)
    return np.asarray((person[1:] == person[:-1]) & (days > 1) & (days < PREGNANCY))


def child_born(v: FileView) -> Flags:
    """A child is younger than the head by 15 years or more."""
    people = v.extract.people
    head = np.full(len(v.extract.households), -1, np.int64)
    rows = np.flatnonzero(v.role("head"))
    head[v.home[rows]] = rows
    child = np.flatnonzero(v.role("child") & (v.home >= 0))
    parent = head[v.home[child]]
    known = parent >= 0
    return people["birth_date"][child][known] < v.birthday(PARENT_FROM)[parent[known]]


def retirement_age(v: FileView) -> Flags:
    """Nobody retires before 50 but the disabled."""
    person, dates = v.past("retirement")
    early = dates < v.birthday(RETIRED_FROM)[person]
    return early & ~equal(v.extract.people["employment"][person], "disabled")


def job_age(v: FileView) -> Flags:
    """Jobs and businesses begin at 16 or later."""
    person, dates = v.past("job_start", "business_start")
    return np.asarray(dates < v.birthday(JOB_FROM)[person])


def careers(v: FileView) -> Flags:
    """The retired began no work after they retired, and employees none after their present job."""
    people = v.extract.people
    ended = np.where(equal(people["employment"], "employee"), people["job_since"], _NEVER)
    person, dates = v.past("retirement")
    retired = equal(people["employment"], "retired")[person]
    ended[person[retired]] = dates[retired]
    person, dates = v.past("job_start", "business_start")
    told = filled(ended[person])
    return np.asarray((dates > ended[person])[told])


def graduation_age(v: FileView) -> Flags:
    """Nobody graduates before 16."""
    person, dates = v.past("graduation")
    return np.asarray(dates < v.birthday(JOB_FROM)[person])


def one_address(v: FileView) -> Flags:
    """Nobody moves twice on one day."""
    person, dates = v.past("move")
    return np.asarray((person[1:] == person[:-1]) & (dates[1:] == dates[:-1]))


PEOPLE_RULES = tuple(
    Rule(f"files.{name}", (check.__doc__ or "").strip(), check)
    for name, check in {
        "one_head": one_head,
        "one_partner": one_partner,
        "size": size,
        "type": kind,
        "income": income,
        "home_value": home,
        "person_household": person_home,
        "age": age,
        "minor_status": minor_status,
        "schooling": schooling,
        "customer_since": customer_since,
        "job_since": job_since,
        "score": score,
        "event_person": event_person,
        "event_dates": event_dates,
        "wedding_age": wedding_age,
        "marriages_apart": marriages_apart,
        "marital_history": marital_history,
        "parent_age": parent_age,
        "births_apart": births_apart,
        "child_younger": child_born,
        "retirement_age": retirement_age,
        "job_age": job_age,
        "careers": careers,
        "graduation_age": graduation_age,
        "one_address": one_address,
    }.items()
)
