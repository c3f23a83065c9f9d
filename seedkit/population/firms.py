"""Small businesses of customers: who has one, how large it is, and what lies in its accounts."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from seedkit.population.amounts import CENTS, to_step
from seedkit.population.contact import LETTERS
from seedkit.population.days import known
from seedkit.population.draw import Whole, amount, amount_by, coin, texts
from seedkit.population.job_titles import job_of
from seedkit.population.locale import Locale, locale_of
from seedkit.population.model import Firms, Money, People, Texts
from seedkit.population.streams import stream
from seedkit.population.words import Employment, Place, Trade
from seedkit.profile.models import Profile

# By the sector of the owner's job.
_TRADES = {
    "shop": Trade.RETAIL,
    "kitchen": Trade.FOOD,
    "hotel": Trade.SERVICES,
    "beauty": Trade.SERVICES,
    "care": Trade.CARE,
    "farm": Trade.FARMING,
    "transport": Trade.TRANSPORT,
    "office": Trade.CONSULTING,
    "tech": Trade.CONSULTING,
    "health": Trade.HEALTH,
    "building": Trade.BUILDING,
    "garage": Trade.REPAIR,
    "finance": Trade.FINANCE,
    "media": Trade.MEDIA,
    "law": Trade.LAW,
    "estate": Trade.PROPERTY,
}

# Estimates: quantiles of people employed beside the owner (most firms have none), and of revenue
# in percent of what the owner earns, where nobody and where somebody else is employed.
_EMPLOYEES = (0, 0, 0, 0, 0, 0, 1, 2, 3, 6, 14)
_REVENUE = ((115, 135, 155, 180, 220, 300), (190, 240, 300, 380, 520, 900))
_REVENUE_STEP = 1_000 * CENTS
_LEAST_REVENUE = 12_000 * CENTS
# Quantiles of what lies in or is owed on a holding, per mille of a year's revenue; estimates.
_SIZES = {
    "BCK": (4, 15, 28, 45, 75, 130, 260),
    "BSV": (5, 20, 45, 80, 130, 220, 400),
    "BCC": (0, 0, 3, 8, 14, 22, 40),
    "BLN": (40, 80, 130, 190, 260, 360, 500),
}


def make_firms(profile: Profile, number: int, people: People) -> Firms:
    """Draw the firms of a block that bank with us: those of self-employed heads and partners."""
    rng = stream(profile.random_seed, number, "firms")
    runs = (people.employment == Employment.SELF_EMPLOYED) & known(people.job_since)
    runs &= people.customer & (people.place <= Place.PARTNER) & (people.income > 0)
    banks = runs & coin(rng, profile.small_business.firms, people.household.size)
    person = _first_of_each_home(people, np.flatnonzero(banks))
    n = person.size
    employees = amount(rng, _EMPLOYEES, n)
    percent = amount_by(rng, _REVENUE, (employees > 0).astype(np.int64))
    revenue = to_step(people.income[person] // 100 * percent, _REVENUE_STEP)
    founded, name = people.job_since[person], people.employer[person]
    return Firms(
        household=people.household[person],
        person=person.astype(np.int32),
        name=name,
        trade=_trades(locale_of(profile.locale), people.occupation[person]).astype(np.int8),
        employees=employees.astype(np.int32),
        revenue=np.maximum(revenue, _LEAST_REVENUE),
        founded=founded,
        customer_since=np.maximum(founded, people.customer_since[person]),
        email=_emails(name),
        phone=people.mobile[person],
    )


def _first_of_each_home(people: People, rows: Whole) -> Whole:
    _, first = np.unique(people.household[rows], return_index=True)
    return np.asarray(rows[first], np.int64)


def _trades(locale: Locale, occupations: Texts) -> Whole:
    jobs = [job_of(locale, occupation) for occupation in occupations.tolist()]
    return np.array([_TRADES.get(job.sector, Trade.OTHER) if job else Trade.OTHER for job in jobs])


def _emails(names: Texts) -> Texts:
    """Return addresses on domains of their own, below a top-level domain that leads nowhere."""
    return texts([f"office@{_domain(name)}.example" for name in names.tolist()])


def _domain(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    letters = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in plain)
    return "-".join(part for part in letters.split("-") if part)[:50]


def firm_of(firms: Firms, people: int) -> Whole:
    """Return the firm that each of so many people runs, -1."""
    found = np.full(people, -1, np.int64)
    found[firms.person] = np.arange(firms.person.size)
    return found


def size_holdings(rng: np.random.Generator, prefixes: Sequence[str], revenue: Money) -> Money:
    """Draw what lies in, or is owed on, holdings of firms with such revenues."""
    rows = [list(_SIZES).index(prefix) for prefix in prefixes]
    part = amount_by(rng, tuple(_SIZES.values()), np.array(rows, np.int64))
    return np.asarray(revenue // 1_000 * part, np.int64)
