"""How people are reached and since when the bank knows them.

Nothing here reaches anyone: e-mail addresses lie on the domains that RFC 2606 reserves, telephone
numbers and government ids in ranges that each locale keeps free or never issued, with a masked
middle.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from seedkit.population.days import NEVER, add_days, add_years, day
from seedkit.population.draw import (
    Whole,
    amount_within,
    below,
    between,
    choose,
    coin,
    pick_by,
    texts,
)
from seedkit.population.families import Families
from seedkit.population.locale import Locale, locale_of
from seedkit.population.model import BLOCK_HOUSEHOLDS, Dates, Flags, Ints, Texts
from seedkit.population.names import Names
from seedkit.population.places import area_code, load_places
from seedkit.population.streams import stream
from seedkit.population.words import Place
from seedkit.profile.models import Profile

DOMAINS = ("example.com", "example.org", "example.net")
PEOPLE_IN_BLOCK = 4_096  # numbers set aside for the people of a block
LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "'": None, " ": None})
OWN_CONTACT_FROM = 13  # younger children are reached through a parent
LANDLINE_BANDS = (35, 50, 65)  # a column ends before each of these ages of the head
LANDLINES = np.array([0.08, 0.2, 0.42, 0.72])
CHANNEL_BANDS = (30, 50, 65)
CHANNELS = ((52, 14, 2, 32), (44, 20, 5, 31), (34, 28, 12, 26), (18, 38, 26, 18))
JOINED_TOGETHER = 0.6  # part of couples that became customers on one day, where of age
KNOWN_FOR = np.array(  # days as a customer, quantiles: over half more than ten years
    [8, 1500, 3500, 5200, 6700, 8100, 9600, 11300, 13500, 16800, 24000], np.int64
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Columns of people, as `model.People` explains them; "" for those the bank doesn't know."""

    email: Texts
    mobile: Texts
    home_phone: Texts
    government_id: Texts
    channel: Ints
    customer: Flags
    customer_since: Dates


def make_contact(
    profile: Profile,
    as_of: date,
    number: int,
    families: Families,
    names: Names,
    postcode: NDArray[np.int64],
) -> Contact:
    """Give customers of a block ways to be reached; `postcode` indexes `Places` by household."""
    seed, n, locale = profile.random_seed, families.age.size, locale_of(profile.locale)
    minors_known = coin(stream(seed, number, "known minors"), profile.people.minor_customers, n)
    customer = (families.age >= 18) | minors_known
    channel = np.searchsorted(CHANNEL_BANDS, families.age, side="right")
    return Contact(
        email=np.where(customer, _emails(seed, number, families, names), ""),
        mobile=np.where(customer, _mobiles(seed, number, families, postcode, locale), ""),
        home_phone=np.where(customer, _home_phones(seed, number, families, postcode, locale), ""),
        government_id=np.where(
            customer, _ids(stream(seed, number, "government ids"), n, locale), ""
        ),
        channel=pick_by(stream(seed, number, "channels"), CHANNELS, channel).astype(np.int8),
        customer=customer,
        customer_since=_since(stream(seed, number, "customers since"), as_of, families, customer),
    )


def _emails(seed: int, number: int, families: Families, names: Names) -> Texts:
    """Return addresses made of the name and the person's own number in the bank.

    Small children have a parent's, tagged with their first name.
    """
    n = names.first.size
    domains = below(stream(seed, number, "e-mail"), len(DOMAINS), n)
    rows = zip(names.first, names.last, strict=True)
    found = np.empty(n, dtype=object)
    found[:] = [
        f"{folded(first)}.{folded(last)}{own}@"
        for own, (first, last) in enumerate(rows, number * PEOPLE_IN_BLOCK)
    ]
    parent, small = _parents(families)
    tags = [f"+{folded(first)}@" for first in names.first[small]]
    tagged = [text.replace("@", tag) for text, tag in zip(found[parent[small]], tags, strict=True)]
    found[small] = tagged
    hosts: Texts = np.array(DOMAINS, dtype=object)[np.where(small, domains[parent], domains)]
    return np.asarray(found + hosts, dtype=object)


def folded(name: str) -> str:
    """Return a name in the letters that an e-mail address takes: Jörg Müßig is joergmuessig."""
    if name.isascii():
        return name.lower().translate(LETTERS)
    spelt = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    return "".join(letter for letter in spelt if letter.isascii())


def _parents(families: Families) -> tuple[Whole, Flags]:
    """Return a parent of everyone (-1: none at home), and who is reached through that one."""
    parent = np.where(families.mother >= 0, families.mother, families.father)
    small = (families.age < OWN_CONTACT_FROM) & (families.place == Place.CHILD)
    return parent, np.asarray(small)


def _mobiles(seed: int, number: int, families: Families, postcode: Whole, locale: Locale) -> Texts:
    rng = stream(seed, number, "mobile numbers")
    own = mobiles(rng, postcode[families.household], locale)
    parent, small = _parents(families)
    return np.where(small, own[parent], own)


def _home_phones(
    seed: int, number: int, families: Families, postcode: Whole, locale: Locale
) -> Texts:
    """Return landlines: one number for the household, more often where the head is old."""
    rng = stream(seed, number, "home numbers")
    head = np.searchsorted(families.household, np.arange(BLOCK_HOUSEHOLDS))
    band = np.searchsorted(LANDLINE_BANDS, families.age[head], side="right")
    has = coin(rng, LANDLINES[band], BLOCK_HOUSEHOLDS)
    return np.where(has, landlines(rng, postcode, locale), "")[families.household]


def landlines(rng: np.random.Generator, postcode: NDArray[np.int64], locale: Locale) -> Texts:
    """Return one fictional number for each postcode, of an area that serves it; "" without one."""
    numbers = locale.numbers
    areas = area_code(load_places(locale), postcode, below(rng, 1 << 16, postcode.size))
    lines = between(rng, *numbers.lines, postcode.size).tolist()
    pairs = zip(areas, lines, strict=True)
    return texts([numbers.line.format(area, line) if area else "" for area, line in pairs])


def mobiles(rng: np.random.Generator, postcode: NDArray[np.int64], locale: Locale) -> Texts:
    """Return one fictional mobile number for someone at each postcode."""
    numbers = locale.numbers
    if not numbers.mobile_blocks:
        return landlines(rng, postcode, locale)
    blocks = choose(rng, numbers.mobile_blocks, postcode.size)
    lines = between(rng, *numbers.mobile_lines, postcode.size).tolist()
    return texts(
        [numbers.mobile.format(block, line) for block, line in zip(blocks, lines, strict=True)]
    )


def _ids(rng: np.random.Generator, n: int, locale: Locale) -> Texts:
    serials = between(rng, 1, 9_999, n).tolist()
    return texts([locale.numbers.government_id(serial) for serial in serials])


def _since(rng: np.random.Generator, as_of: date, families: Families, customer: Flags) -> Dates:
    """Draw first days as a customer: adults since 18 or later, children after their parents."""
    today, n = day(as_of), families.age.size
    adult = families.age >= 18
    of_age = add_years(families.birth, 18)
    longest = (today - np.where(adult, of_age, families.birth)).astype(np.int64)
    known = amount_within(rng, KNOWN_FOR, np.minimum(KNOWN_FOR[0], longest), longest, n)
    tied = coin(rng, JOINED_TOGETHER, n) & (families.place == Place.PARTNER)
    known = np.where(tied, np.minimum(known[families.spouse], longest), known)
    for parent in (families.mother, families.father):
        known = np.where((parent >= 0) & ~adult, np.minimum(known, known[parent]), known)
    return np.where(customer, add_days(today, -np.maximum(known, 1)), NEVER)
