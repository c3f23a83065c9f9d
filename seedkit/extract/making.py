"""From a block of the bank's world to the rows of its files: households, people, events, cards.

Ids are made of a household's number in the bank and of the row's number in that household, so a
larger bank begins with the rows of the smaller one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from seedkit.extract.contract import CHANNELS, SCHOOLING, SEXES, TENURES, TYPES, WORK
from seedkit.extract.making_holdings import make_holding_rows
from seedkit.extract.model import Extract, Sheet, Values, make_sheet
from seedkit.extract.rows import chosen, money, numbered
from seedkit.population import make_bank, make_block
from seedkit.population.career_events import RETIREMENT
from seedkit.population.draw import Whole, texts
from seedkit.population.locale import locale_of
from seedkit.population.model import BLOCK_HOUSEHOLDS, Bank, Block
from seedkit.population.model.keeping import take
from seedkit.population.words import CardStatus, Employment, Event, Place, Tenure
from seedkit.profile.models import Profile

ADULT, WORKING = 18, 16  # first ages at which schooling and work are told
_ROLES = np.array(  # by Place
    ["head", "partner", "child", "parent", "relative", "housemate"], dtype=object
)
_MARITAL = ("single", "married", "divorced", "widowed", "separated")  # by Marital
_WORK = np.array([*WORK[:7], "student"], dtype=object)  # by Employment; pupils are students
_CARD_KINDS = np.array(["debit", "credit", "credit"], dtype=object)  # by CardKind
_CARD_STATUS = {
    CardStatus.ACTIVE: "active",
    CardStatus.STOLEN: "stolen",
    CardStatus.NOT_ACTIVATED: "inactive",
    CardStatus.LOST: "lost",
    CardStatus.EXPIRES_SOON: "active",
    CardStatus.EXPIRED: "expired",
}
_EVENTS = {event: event.name.lower() for event in Event} | {
    Event.WIDOWHOOD: "widowed",
    Event.CHILD_BORN: "birth_of_child",
    Event.GRANDCHILD_BORN: "birth_of_grandchild",
    Event.HIGH_SCHOOL: "graduation",
    Event.ASSOCIATE_DEGREE: "graduation",
    Event.BACHELOR_DEGREE: "graduation",
    Event.MASTER_DEGREE: "graduation",
    Event.DOCTORATE: "graduation",
    Event.JOB_STARTED: "job_start",
    Event.JOB_ENDED: "job_end",
    Event.BUSINESS_STARTED: "business_start",
    Event.BUSINESS_CLOSED: "business_end",
}


def make_extracts(profile: Profile, as_of: date) -> Iterator[tuple[Block, Extract]]:
    """Make the blocks of a profile's population, each with the rows of its files."""
    bank = make_bank(profile, as_of)
    for number in range(-(-profile.households // BLOCK_HOUSEHOLDS)):
        rest = profile.households - number * BLOCK_HOUSEHOLDS
        block = make_block(profile, as_of, bank, number).front(rest)
        yield block, make_extract(block, bank, as_of)


def make_extract(block: Block, bank: Bank, as_of: date) -> Extract:
    """Return the rows of a block."""
    homes = _home_ids(block)
    people = numbered(homes, block.people.household, "P")
    holdings, row_of = make_holding_rows(block, bank, as_of, homes, people)
    return Extract(
        households=_households(block, homes),
        people=_people(block, homes, people),
        holdings=holdings,
        cards=_cards(block, homes, people, holdings["id"], row_of),
        events=_events(block, people, locale_of(bank.locale).say(RETIREMENT)),
    )


def _home_ids(block: Block) -> Values:
    first = block.number * BLOCK_HOUSEHOLDS + 1
    return texts([f"H{first + number}" for number in block.households.household.tolist()])


def _households(block: Block, homes: Values) -> Sheet:
    own, people = block.households, block.people
    n = own.household.size
    coupled, with_children = np.zeros((2, n), np.bool_)
    coupled[people.household[people.place == Place.PARTNER]] = True
    child = (people.place == Place.CHILD) & people.family
    with_children[people.household[child]] = True
    owner = own.tenure == Tenure.OWNER
    heads = np.searchsorted(people.household, np.arange(n))
    known = {
        "id": homes,
        "type": chosen(TYPES, 2 * coupled + with_children),
        "size": np.bincount(people.household, minlength=n).astype(np.float64),
        "city": own.city,
        "state": own.state,
        "postcode": own.postcode,
        "home_tenure": chosen(TENURES, own.tenure),
        "home_value": np.where(owner, money(own.home_value), np.nan),
        "income": money(own.income),
        "late_60": block.standing.late[heads].astype(np.float64),
    }
    return make_sheet("households", n, known)


def _people(block: Block, homes: Values, ids: Values) -> Sheet:
    own = block.people
    employee = own.employment == Employment.EMPLOYEE
    known = {
        "id": ids,
        "household": homes[own.household],
        "role": _ROLES[own.place],
        "in_family": own.family.astype(np.float64),
        "sex": chosen(SEXES, own.sex),
        "birth_date": own.birth,
        "age": own.age.astype(np.float64),
        "marital_status": chosen(_MARITAL, own.marital),
        "education": np.where(own.age >= ADULT, chosen(SCHOOLING, own.education), ""),
        "employment": np.where(own.age >= WORKING, _WORK[own.employment], ""),
        "occupation": own.occupation,
        "job_since": np.where(employee, own.job_since, np.datetime64("NaT", "D")),
        "income": money(own.income),
        "score": np.where(block.standing.score > 0, block.standing.score, np.nan),
        "preferred_channel": texts([*CHANNELS, ""])[block.standing.main_channel],
        "customer_since": own.customer_since,
    }
    return make_sheet("people", own.age.size, known)


def _cards(block: Block, homes: Values, people: Values, holdings: Values, row_of: Whole) -> Sheet:
    """Return the cards on what households hold; `row_of` is the row of each holding, or -1."""
    own = take(block.cards, np.flatnonzero(row_of[block.cards.holding] >= 0))
    status = tuple(_CARD_STATUS[status] for status in CardStatus)
    known = {
        "id": numbered(homes, own.household, "C"),
        "person": people[own.person],
        "holding": holdings[row_of[own.holding]],
        "kind": _CARD_KINDS[own.kind],
        "network": own.network,
        "status": chosen(status, own.status),
        "issued": own.issued,
        "expires": own.expires,
        "with_us": np.ones(own.kind.size),
    }
    return make_sheet("cards", own.kind.size, known)


def _events(block: Block, people: Values, retirement: str) -> Sheet:
    """Return what life events say, and the move of everyone into the present home.

    `retirement` is the title of a job's end that is one.
    """
    own, everyone = block.events, block.people
    kinds = chosen(tuple(_EVENTS[event] for event in Event), own.kind)
    retired = (own.kind == Event.JOB_ENDED) & np.asarray(own.title == retirement)
    since = block.households.home_since[everyone.household]
    movers = np.flatnonzero((everyone.age >= ADULT) & (everyone.birth < since))
    person = np.concatenate([own.person, movers])
    dates = np.concatenate([own.date, since[movers]])
    order = np.lexsort((dates, person))
    known = {
        "person": people[person][order],
        "kind": np.concatenate(
            [np.where(retired, "retirement", kinds), texts(["move"] * movers.size)]
        )[order],
        "date": dates[order],
        "planned": np.concatenate([own.planned, np.zeros(movers.size, np.bool_)])[order] * 1.0,
    }
    return make_sheet("events", person.size, known)
