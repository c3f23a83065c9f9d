"""Names, addresses and texts that are hard to handle."""

from __future__ import annotations

from functools import partial
from itertools import cycle

import numpy as np

from seedkit.population.cards import NAME_LENGTH as CARD_NAME
from seedkit.population.contact import folded
from seedkit.population.draw import texts
from seedkit.population.model import Block
from seedkit.population.model.keeping import changed
from seedkit.population.scenery import Edit, Finds, Scenery, of_people
from seedkit.population.words import Channel, Place

LONGEST_NAME, LONGEST_TITLE = 50, 50  # units of UTF-16
_MAIL = "example.com"  # reserved for examples
_MOTTO, _SPARKS = "\N{PARTY POPPER} ", " \N{SPARKLES}"

# First name of a woman, of a man, last name. Common ones, and nobody's on purpose.
_FOREIGN = {
    "right to left": (
        ("مريم", "يوسف", "الحداد"),
        ("نور", "عمر", "النجار"),
        ("נועה", "דוד", "אלון"),
        ("شیرین", "آرش", "کریمی"),
    ),
    "cjk": (
        ("美咲", "翔太", "山田"),
        ("芳芳", "伟明", "欧阳"),
        ("서연", "민준", "남궁"),
        ("さくら", "健", "\N{CJK UNIFIED IDEOGRAPH-20BB7}田"),  # two units of UTF-16 for one sign
    ),
}
_BEFORE = {"apostrophe": ("O'", "D'", "Dell'"), "umlaut": ("Müh", "Größ", "Königs")}
_BEHIND = {"apostrophe": ("",), "umlaut": ("bäcker", "müller", "löw")}
_SECOND = ("Baptiste", "Anwar", "Lindqvist", "Okoro", "Tanaka", "Whitfield")


def anybody(scenery: Scenery) -> Finds:
    """Find grown-up customers who lead a household."""
    return of_people(scenery, scenery.shown)


def alone(scenery: Scenery) -> Finds:
    """Find those who live alone: nobody's texts speak of them."""
    people = scenery.block.people
    several = np.bincount(people.household, minlength=len(scenery.block.households.household)) > 1
    return of_people(scenery, ~several[people.household])


def lengthen(scenery: Scenery, person: int, _row: int) -> Block:
    """Give somebody names as long as their columns."""
    people = scenery.block.people
    first, last = _long(str(people.first_name[person])), _long(str(people.last_name[person]))
    return renamed(scenery, person, first, last)


def _long(name: str) -> str:
    parts = cycle(_SECOND)
    while len(name) < LONGEST_NAME:
        name = f"{name}-{next(parts)}"
    cut = name[:LONGEST_NAME]
    return cut if cut[-1].isalpha() else f"{cut[:-1]}a"


def hyphenate(scenery: Scenery, person: int, _row: int) -> Block:
    """Give somebody a surname of two."""
    people = scenery.block.people
    second = _SECOND[person % len(_SECOND)]
    first, last = str(people.first_name[person]), str(people.last_name[person])
    return renamed(scenery, person, first, f"{last}-{second}")


def quote(scenery: Scenery, person: int, _row: int) -> Block:
    """Give somebody a surname with an apostrophe."""
    return _with_parts(scenery, person, "apostrophe")


def accent(scenery: Scenery, person: int, _row: int) -> Block:
    """Give somebody a surname with umlauts."""
    return _with_parts(scenery, person, "umlaut")


def _with_parts(scenery: Scenery, person: int, kind: str) -> Block:
    people, before, behind = scenery.block.people, _BEFORE[kind], _BEHIND[kind]
    own = str(people.last_name[person]) if kind == "apostrophe" else ""
    last = before[person % len(before)] + own + behind[person // len(before) % len(behind)]
    return renamed(scenery, person, str(people.first_name[person]), last)


def _translate(script: str, scenery: Scenery, person: int, _row: int) -> Block:
    names = _FOREIGN[script][person % len(_FOREIGN[script])]
    first = names[int(scenery.block.people.sex[person])]
    return renamed(scenery, person, first, names[-1])


write_right_to_left: Edit = partial(_translate, "right to left")
write_cjk: Edit = partial(_translate, "cjk")


def shorten(scenery: Scenery, person: int, _row: int) -> Block:
    """Leave somebody one name only."""
    last = str(scenery.block.people.last_name[person])
    return renamed(scenery, person, "", last)


def decorate(scenery: Scenery, person: int, _row: int) -> Block:
    """Write emoji into the free texts about somebody: events, goals, groups."""
    block = scenery.block
    events = np.flatnonzero(block.events.person == person)
    titles = [_within(f"{_MOTTO}{title}") for title in block.events.title[events]]
    goals = np.flatnonzero(block.goals.person == person)
    groups = np.flatnonzero(block.groups.primary == person)
    block = changed(block, "events", events, title=titles)
    block = changed(block, "goals", goals, name=block.goals.name[goals] + _SPARKS)
    return changed(block, "groups", groups, name=_MOTTO + block.groups.name[groups])


def _within(title: str) -> str:
    while len(title.encode("utf-16-le")) > 2 * LONGEST_TITLE:
        title = title[:-1]
    return title


def forget(scenery: Scenery, person: int, _row: int) -> Block:
    """Leave all optional fields of somebody empty."""
    return changed(
        scenery.block,
        "people",
        person,
        email="",
        mobile="",
        home_phone="",
        government_id="",
        occupation="",
        employer="",
        channel=Channel.ANY,
    )


def renamed(scenery: Scenery, person: int, first: str, last: str) -> Block:
    """Give somebody another name, also where others speak of them."""
    block, people = scenery.block, scenery.block.people
    before, home = str(people.first_name[person]), people.household[person]
    block = changed(block, "people", person, first_name=first, last_name=last)
    block = _with_addresses(block, person)
    told = np.flatnonzero(block.events.household == home)
    titles = [
        _within(title.replace(before, first)) if title.endswith(f" {before}") else title
        for title in block.events.title[told]
    ]
    block = changed(block, "events", told, title=titles)
    cards = np.flatnonzero(block.cards.person == person)
    name = f"{first} {last}".strip().upper()[:CARD_NAME].rstrip()
    block = changed(block, "cards", cards, embossed=name)
    if people.place[person] != Place.HEAD:
        return block
    own = np.flatnonzero(block.groups.household == home)[:1]  # the household's comes first
    called = scenery.locale.say.around("{} household", texts([last]))
    return changed(block, "groups", own, name=called)


def _with_addresses(block: Block, person: int) -> Block:
    """Give somebody, and the children who are reached through them, addresses that fit."""
    people = block.people
    mine = (people.mother == person) | (people.father == person)
    mine[person] = True
    reached = np.flatnonzero(mine & (people.email != ""))
    return changed(
        block, "people", reached, email=[_address(block, who) for who in reached.tolist()]
    )


def _address(block: Block, person: int) -> str:
    """Return an address with the surname, as far as it has Latin letters; a number of its own."""
    surname = folded(str(block.people.last_name[person]))
    letters = "".join(sign for sign in surname if sign.isalpha())
    return f"{letters or 'customer'}.x{block.number}-{person}@{_MAIL}"
