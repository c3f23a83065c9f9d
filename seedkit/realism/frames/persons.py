"""People, their cards, and what happened to them within the last years."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seedkit.extract.contract import TRANSACTION
from seedkit.extract.model import About, Extract, filled
from seedkit.realism.frames.families import UNIONS
from seedkit.realism.frames.members import Members
from seedkit.realism.frames.model import DAYS_OF_YEAR, Values, equal, is_in, places, rows_of

WORK_FORCE = ("employee", "self_employed", "unemployed")
IN_WEDLOCK = ("married", "separated")
YEARS = 3  # that hazards look back
TAX_FREE = 12_570  # pounds a year, in the United Kingdom
AGE_STEPS = (18, 25, 35, 45, 55, 65, 75)


def make_persons(extract: Extract, about: About, members: Members) -> dict[str, Values]:
    """Return one row per person, children too."""
    people, today = extract.people, np.datetime64(about.as_of, "D")
    job = (today - people["job_since"]).astype(np.float64) / DAYS_OF_YEAR
    householder = np.zeros(len(people), np.bool_)
    householder[members.head] = True
    owner = equal(extract.households["home_tenure"], "owner")[members.home]
    columns: dict[str, Values] = {
        "weight": members.person_weight,
        "age": people["age"],
        "exact_age": (today - people["birth_date"]).astype(np.float64) / DAYS_OF_YEAR,
        "adult": people["age"] >= 18,
        "minor": people["age"] < 18,
        "age_sex": _age_and_sex(people["age"], people["sex"]),
        "sex": people["sex"],
        "woman": equal(people["sex"], "female"),
        # those who live apart are still married
        "marital": np.where(
            equal(people["marital_status"], "separated"), "married", people["marital_status"]
        ),
        "never_married": equal(people["marital_status"], "single"),
        "education": people["education"],
        "in_work_force": is_in(people["employment"], WORK_FORCE),
        "unemployed": equal(people["employment"], "unemployed"),
        "job_years": np.where(filled(people["job_since"]), job, np.nan),
        "new_job": np.where(filled(people["job_since"]), job <= 1.0, np.nan),
        "income": people["income"] * about.scale_to_2022,
        "taxpayer": is_in(people["employment"], ("employee", "self_employed"))
        & (people["income"] * about.scale_to_2022 >= TAX_FREE),
        "score": people["score"],
        "channel": people["preferred_channel"],
        "digital": np.where(
            equal(people["preferred_channel"], ""),
            np.nan,
            is_in(people["preferred_channel"], ("mobile", "online")),
        ),
        "householder": householder,
        "tenant": ~owner,
        "at_own_home": owner,
        "alone": np.bincount(members.home)[members.home] == 1,
    }
    return columns | _money(extract, members) | _last_year(extract, about)


def _age_and_sex(age: Values, sex: Values) -> Values:
    """Return sex and age band in one word, such as male_18-24."""
    bands = ("0-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
    band = np.array(bands, dtype=object)[np.searchsorted(AGE_STEPS, age, side="right")]
    return np.asarray(sex + "_" + band)


def _money(extract: Extract, members: Members) -> dict[str, Values]:
    """Return the cards that people carry, and what they own or owe alone or with others."""
    cards, where = extract.cards, places(extract.people["id"])
    running = is_in(cards["status"], ("active", "inactive"))
    n = len(extract.people)

    def carried(kind: str) -> NDArray[np.int64]:
        rows = rows_of(where, cards["person"][running & equal(cards["kind"], kind)])
        return np.bincount(rows[rows >= 0], minlength=n)

    credit, debit = carried("credit"), carried("debit")
    kind = extract.holdings["kind"]
    owed = is_in(kind, UNIONS["unsecured"]) & (extract.holdings["amount"] > 0)
    # how many cards people have can only be said where those of other banks are known
    told = 1.0 if (cards["with_us"] == 0.0).any() else np.nan
    return {
        "card_use": _card_use(extract, where),
        "credit_cards": credit * told,
        "with_credit_card": credit > 0,
        "carries_credit": (credit > 0) * told,
        "carries_debit": (debit > 0) * told,
        "with_account": _owning(extract, where, is_in(kind, tuple(TRANSACTION))),
        "owes_unsecured": _owning(extract, where, owed) | _owing_heads(extract, members, owed),
    }


def _owning(extract: Extract, where: dict[str, int], rows: Values) -> NDArray[np.bool_]:
    """Return who is named as an owner of some holdings."""
    found = np.zeros(len(where), np.bool_)
    for cell in extract.holdings["owners"][rows].tolist():
        for owner in cell.split(";"):
            if owner in where:
                found[where[owner]] = True
    return found


def _card_use(extract: Extract, where: dict[str, int]) -> Values:
    """Return statements as a part of all limits of each person's card accounts; NaN without one."""
    holdings = extract.holdings
    rows = equal(holdings["kind"], "credit_card") & (holdings["limit"] > 0)
    rows &= ~np.isnan(holdings["statement_balance"])
    owed, limits = np.zeros(len(where)), np.zeros(len(where))
    columns = (holdings[name][rows].tolist() for name in ("owners", "statement_balance", "limit"))
    for cell, statement, limit in zip(*columns, strict=True):
        for owner in cell.split(";"):
            if owner in where:
                owed[where[owner]] += statement
                limits[where[owner]] += limit
    return np.where(limits > 0, owed / np.maximum(limits, 1), np.nan)


def _owing_heads(extract: Extract, members: Members, rows: Values) -> NDArray[np.bool_]:
    """Return the heads of households with debts that name nobody: one adult at least owes them."""
    holdings = extract.holdings
    nameless = rows & equal(holdings["owners"], "")
    home = rows_of(places(extract.households["id"]), holdings["household"][nameless])
    found = np.zeros(members.home.size, np.bool_)
    found[members.head[home[home >= 0]]] = True
    return found


def _last_year(extract: Extract, about: About) -> dict[str, Values]:
    """Return what happened within the year before the as-of date, and ages at first events."""
    first_wedding = _age_at_first(extract, "marriage")
    first_birth = _age_at_first(extract, "birth_of_child")
    age, births = extract.people["age"], _count(extract, about, "birth_of_child")
    return {
        "weddings": _count(extract, about, "marriage"),
        "divorces": _count(extract, about, "divorce"),
        "births": births,
        "births_unmarried": births * ~is_in(extract.people["marital_status"], IN_WEDLOCK),
        "moved": _count(extract, about, "move") > 0,
        # of those who wed, or had a first child, within the last five years
        "first_wedding_age": np.where(age - first_wedding <= 5, first_wedding, np.nan),
        "first_birth_age": np.where(age - first_birth <= 5, first_birth, np.nan),
    }


def past_events(extract: Extract, kind: str) -> tuple[NDArray[np.int64], Values]:
    """Return (person, date) of the events of a kind that have happened."""
    events = extract.events
    rows = equal(events["kind"], kind) & (events["planned"] != 1.0)
    person = rows_of(places(extract.people["id"]), events["person"][rows])
    return person[person >= 0], events["date"][rows][person >= 0]


def _count(extract: Extract, about: About, kind: str) -> NDArray[np.float64]:
    person, dates = past_events(extract, kind)
    recent = (np.datetime64(about.as_of, "D") - dates).astype(np.float64) < DAYS_OF_YEAR
    return np.bincount(person[recent], minlength=len(extract.people)).astype(np.float64)


def _age_at_first(extract: Extract, kind: str) -> NDArray[np.float64]:
    """Return ages in years at the first event of a kind, NaN without one."""
    first = _first_dates(*past_events(extract, kind), len(extract.people))
    days = (first - extract.people["birth_date"]).astype(np.float64)
    return np.where(np.isnat(first), np.nan, days / DAYS_OF_YEAR)


def make_years(extract: Extract, about: About, members: Members) -> dict[str, Values]:
    """Return one row per adult and each of the last years, with the state at its beginning.

    `wed` and `lost` say what the year brought; a first marriage only to those who had none.
    """
    people, n = extract.people, len(extract.people)
    wedding = _first_dates(*past_events(extract, "marriage"), n)
    weddings, ends = past_events(extract, "marriage"), _ends(extract)
    lost = past_events(extract, "widowed")
    parts = []
    for back in range(1, YEARS + 1):
        begin = np.datetime64(about.as_of, "D") - round(back * DAYS_OF_YEAR)
        end = begin + round(DAYS_OF_YEAR)
        age = (begin - people["birth_date"]).astype(np.float64) / DAYS_OF_YEAR
        adult = age >= 18
        married = _before(*weddings, begin, n) > _before(*ends, begin, n)
        single = ~(wedding < begin)
        parts.append(
            {
                "weight": members.person_weight[adult],
                "age": age[adult],
                "sex": people["sex"][adult],
                "single": single[adult],
                "married": married[adult],
                "wed": (single & (wedding >= begin) & (wedding < end))[adult],
                "lost": (_before(*lost, end, n) > _before(*lost, begin, n))[adult],
            }
        )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _ends(extract: Extract) -> tuple[NDArray[np.int64], Values]:
    """Return (person, date) of all ends of marriages."""
    one, two = past_events(extract, "divorce"), past_events(extract, "widowed")
    return np.concatenate([one[0], two[0]]), np.concatenate([one[1], two[1]])


def _before(person: NDArray[np.int64], dates: Values, day: np.datetime64, n: int) -> Values:
    return np.bincount(person[dates < day], minlength=n)


def _first_dates(person: NDArray[np.int64], dates: Values, n: int) -> Values:
    """Return each person's earliest date, absent where there is none."""
    first = np.full(n, np.datetime64("NaT", "D"))
    order = np.argsort(dates)[::-1]
    first[person[order]] = dates[order]
    return first
