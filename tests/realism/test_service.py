"""Every rule of customer service holds for what is made, and is broken by a bank that breaks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest

from seedkit.population import make_bank, make_block
from seedkit.population.model import Bank, Block
from seedkit.population.service.words import (
    OPEN_STATES,
    CaseState,
    Done,
    Origin,
    Progress,
    Sender,
    Topic,
)
from seedkit.population.words import CardStatus, Event, ItemStatus
from seedkit.profile.models import Profile
from seedkit.realism.invariants import SERVICE_RULES
from seedkit.realism.invariants.block_topics import FITS
from seedkit.realism.invariants.blocks import BlockView
from seedkit.realism.invariants.model import Finding, add_up, check

AS_OF = date(2026, 6, 30)
DAY = np.timedelta64(1, "D")
PROFILE = Profile.model_validate(
    {"households": 1, "engagement": {"cases": 3.0, "conversations": "on"}}
)
BLOCKS = 3


@cache
def bank() -> Bank:
    return make_bank(PROFILE, AS_OF)


@cache
def block(number: int = 0) -> Block:
    return make_block(PROFILE, AS_OF, bank(), number)


def broken(seen: Block) -> set[str]:
    found = check(SERVICE_RULES, BlockView(seen, bank(), AS_OF))
    return {finding.name for finding in found if finding.count}


def findings(blocks: int) -> tuple[Finding, ...]:
    seen = (BlockView(block.__wrapped__(one), bank(), AS_OF) for one in range(blocks))
    return add_up(check(SERVICE_RULES, one) for one in seen)


@pytest.mark.parametrize("blocks", [BLOCKS, pytest.param(40, marks=pytest.mark.soak)], ids=str)
def test_what_is_made_breaks_no_rule(blocks: int) -> None:
    """The soak run looks at more than 20,000 customers."""
    found = findings(blocks)
    assert {one.name: one.count for one in found if one.count} == {}
    assert [one.name for one in found if not one.checked] == []


# What a case of each topic must not follow from: the part of the block that is spoilt, and how.
SPOILT: dict[Topic, tuple[str, dict[str, object]]] = {
    Topic.CARD_LOST: ("cards", {"status": CardStatus.ACTIVE}),
    Topic.CARD_STOLEN: ("cards", {"status": CardStatus.LOST}),
    Topic.CARD_DISPUTE: ("cards", {"status": CardStatus.EXPIRED}),
    Topic.CARD_DECLINED: ("cards", {"activated": np.datetime64(AS_OF, "D")}),
    Topic.CARD_RENEWAL: ("cards", {"status": 0, "expires": np.datetime64("2031-01-31")}),
    Topic.CREDIT_LIMIT: ("holdings", {"category": 4}),
    Topic.PAYMENT_FAILED: ("direct_debits", {"last_status": ItemStatus.SUCCESSFUL}),
    Topic.STANDING_ORDER: ("standing_orders", {"first_date": np.datetime64("2027-01-01")}),
    Topic.FOREIGN_TRANSFER: ("holdings", {"currency": 0}),
    Topic.OVERDRAFT: ("overdrafts", {"holding": 0}),
    Topic.FEES: ("holdings", {"kind": 1}),
    Topic.ACCOUNT_OPENING: ("holdings", {"opened": np.datetime64("2001-01-01")}),
    Topic.ACCOUNT_CLOSING: ("holdings", {"kind": 0}),
    Topic.SAVINGS_MATURITY: ("savings", {"matures": np.datetime64("2029-01-01")}),
    Topic.INVESTMENT: ("holdings", {"category": 4}),
    Topic.MORTGAGE: ("holdings", {"kind": 2}),
    Topic.LOAN_ARREARS: ("loans", {"overdue_since": np.datetime64("NaT", "D")}),
    Topic.NAME_CHANGE: ("events", {"kind": Event.DIVORCE}),
    Topic.BEREAVEMENT: ("events", {"kind": Event.MARRIAGE}),
    Topic.ADDRESS_CHANGE: ("households", {"home_since": np.datetime64("2001-01-01")}),
}


@pytest.mark.parametrize("topic", SPOILT, ids=lambda topic: topic.name)
def test_a_topic_without_its_fact_is_found(topic: Topic) -> None:
    part, columns = SPOILT[topic]
    own = next(b for b in map(block, range(BLOCKS)) if (b.cases.topic == topic).any())
    spoilt = {
        name: np.full_like(getattr(getattr(own, part), name), value)
        for name, value in columns.items()
    }
    seen = replace(own, **{part: replace(getattr(own, part), **spoilt)})
    assert f"service.{topic.name.lower()}" in broken(seen)


@pytest.mark.parametrize("topic", FITS, ids=lambda topic: topic.name)
def test_a_case_about_what_somebody_else_has_is_found(topic: Topic) -> None:
    own = next(b for b in map(block, range(BLOCKS)) if (b.cases.topic == topic).any())
    other = np.where(own.cases.topic == topic, 0, own.cases.person)
    other = np.where(other == own.cases.person, 2, other).astype(np.int32)
    seen = replace(own, cases=replace(own.cases, person=other))
    assert f"service.{topic.name.lower()}" in broken(seen)


def later(column: np.ndarray, days: int) -> np.ndarray:
    return column + days * DAY


def spoil(part: str, **columns: Callable[[Block], np.ndarray]) -> Callable[[Block], Block]:
    def of(own: Block) -> Block:
        made = {name: change(own) for name, change in columns.items()}
        return replace(own, **{part: replace(getattr(own, part), **made)})

    return of


def mixed(column: np.ndarray, keep: np.ndarray, value: object) -> np.ndarray:
    found = column.copy()
    found[~keep] = value
    return found


COURSES: dict[str, Callable[[Block], Block]] = {
    "service.joined": spoil(
        "people", customer_since=lambda b: later(b.people.customer_since, 9999)
    ),
    "service.order": spoil("cases", responded=lambda b: later(b.cases.opened, -1)),
    "service.escalated": spoil("cases", escalated=lambda b: b.cases.opened),
    "service.closed": spoil("cases", resolution=lambda b: np.full_like(b.cases.resolution, "")),
    "service.past": spoil("cases", opened=lambda b: later(b.cases.opened, 400)),
    "service.parents": spoil(
        "cases",
        closed=lambda b: np.where(b.cases.parent >= 0, later(b.cases.closed, 99), b.cases.closed),
    ),
    "service.customer": spoil("case_notes", person=lambda b: b.case_notes.person + 1),
    "service.within": spoil("activities", begins=lambda b: later(b.activities.begins, -3)),
    "service.done": spoil(
        "activities", progress=lambda b: np.full_like(b.activities.progress, Progress.OPEN)
    ),
    "service.reach": spoil(
        "activities", address=lambda b: np.full_like(b.activities.address, "ann@example.com")
    ),
    "service.notes": spoil("case_notes", written=lambda b: later(b.case_notes.written, -40)),
    "service.turns": spoil("messages", sent=lambda b: b.messages.sent[::-1]),
    "service.agents": spoil(
        "messages", sender=lambda b: np.full_like(b.messages.sender, Sender.AGENT)
    ),
    "service.reported": spoil(
        "cases", topic=lambda b: mixed(b.cases.topic, b.cases.topic > 1, Topic.COMPLAINT)
    ),
    "service.named": spoil("cases", amount=lambda b: b.cases.amount + 1),
    "service.sent": spoil("holdings", balance=lambda b: b.holdings.balance // 10),
}


@pytest.mark.parametrize("name", COURSES)
def test_a_course_that_can_not_be_is_found(name: str) -> None:
    own = next(b for b in map(block, range(BLOCKS)) if (b.cases.parent >= 0).any())
    assert name in broken(COURSES[name](own))


def test_each_rule_has_a_counter_test() -> None:
    tested = {f"service.{topic.name.lower()}" for topic in SPOILT} | set(COURSES)
    assert {rule.name for rule in SERVICE_RULES} == tested


def together(column: str) -> np.ndarray:
    return np.concatenate([getattr(block(one).cases, column) for one in range(BLOCKS)])


def test_no_description_repeats_in_more_than_two_percent_of_cases() -> None:
    told = Counter(together("description").tolist())
    cases = sum(told.values())
    assert cases > 2_000
    assert max(told.values()) < 0.02 * cases
    assert sum(count for count in told.values() if count > 1) < 0.05 * cases


def test_most_cases_are_settled_at_first_contact() -> None:
    """The published share of contacts that settle the matter is 71 per cent, 4 off at most."""
    minutes = (together("closed") - together("responded")).astype(np.int64)
    assert 0.67 <= (minutes <= 30).mean() <= 0.75


def test_cases_arrive_as_often_as_the_profile_says_and_on_weekdays() -> None:
    people = [block(one).people for one in range(BLOCKS)]
    adults = sum(int((one.customer & (one.age >= 18)).sum()) for one in people)
    assert together("opened").size / adults == pytest.approx(3.0, rel=0.08)
    weekday = (together("opened").astype("datetime64[D]").astype(np.int64) - 4) % 7
    share = np.bincount(weekday, minlength=7) / weekday.size
    # evenings in the west of the country are the next day in UTC
    assert share[:5].min() > 0.14
    assert share[:5].max() < 0.22
    assert share[5] + share[6] < 0.14


def test_older_customers_call_and_younger_ones_chat() -> None:
    own = [block(one) for one in range(BLOCKS)]
    age = np.concatenate([one.people.age[one.cases.person] for one in own])
    origin = together("origin")
    young, old = origin[age < 35], origin[age >= 70]
    assert (old == Origin.PHONE).mean() > (young == Origin.PHONE).mean() + 0.2
    assert (young == Origin.CHAT).mean() > (old == Origin.CHAT).mean() + 0.1


def test_nobody_phones_at_night() -> None:
    """Every state's business hours lie between 12 and 4 o'clock UTC of the next morning."""
    calls = [one.activities for one in map(block, range(BLOCKS))]
    begins = np.concatenate([one.begins[one.kind == Done.PHONE_CALL] for one in calls])
    hours = (begins.astype("datetime64[h]") - begins.astype("datetime64[D]")).astype(np.int64)
    assert ((hours >= 12) | (hours <= 5)).all()


def test_open_cases_wait_and_closed_ones_have_no_open_work() -> None:
    own = block()
    assert np.isin(own.cases.state, OPEN_STATES).sum() > 5
    over = np.isin(own.cases.state, (CaseState.SOLVED, CaseState.INFORMED, CaseState.CANCELLED))
    ahead = own.activities.case[own.activities.progress == Progress.OPEN]
    assert not over[ahead[ahead >= 0]].any()


def test_without_cases_a_block_is_what_it_was() -> None:
    plain = PROFILE.model_copy(
        update={"engagement": PROFILE.engagement.model_copy(update={"cases": 0.0})}
    )
    one, two = make_block(plain, AS_OF, bank(), 0), block()
    assert not one.cases.household.size
    assert (one.people.email == two.people.email).all()
    assert (one.cards.number == two.cards.number).all()


@pytest.mark.parametrize(("locale", "currency"), [("en_GB", "GBP"), ("de_DE", "EUR")])
def test_the_rules_hold_in_other_countries(locale: str, currency: str) -> None:
    own = {"locale": locale, "currency": currency, "engagement": {"cases": 2.0}}
    profile = Profile.model_validate(own)
    abroad = make_bank(profile, AS_OF)
    made = make_block(profile, AS_OF, abroad, 0)
    found = check(SERVICE_RULES, BlockView(made, abroad, AS_OF))
    assert {one.name for one in found if one.count} == set()


def test_the_front_of_a_block_holds_the_first_cases() -> None:
    part = block().front(40)
    count = part.cases.household.size
    assert 0 < count < block().cases.household.size
    assert (part.cases.title == block().cases.title[:count]).all()
    assert part.activities.case.max() < count
    assert part.messages.conversation.max() < part.conversations.household.size
