"""Phrases of customer service ask only for facts that cases of their topic have."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

import numpy as np
import pytest

from seedkit.population.service.facts import lower
from seedkit.population.service.hours import to_local, to_utc, unworked, worked
from seedkit.population.service.phrasing import wording
from seedkit.population.service.words import Topic

EVERYBODY = {"first", "last", "phone", "bank", "branch", "street", "city", "postcode"}
EVERY_CASE = {"date", "amount", "error", "desk", "about", "device", "since", "matter", "place"}
EVERY_CASE |= {"scene", "merchant"}
HOLDING = {"holding", "holding_l", "number", "balance", "currency", "rate"}
CARD = {"card", "last4", "expires"}
OWN = {
    **dict.fromkeys(
        (
            Topic.CARD_LOST,
            Topic.CARD_STOLEN,
            Topic.CARD_DISPUTE,
            Topic.CARD_DECLINED,
            Topic.CARD_RENEWAL,
        ),
        CARD,
    ),
    Topic.PAYMENT_FAILED: {"creditor", "reason"},
    Topic.STANDING_ORDER: {"payee"},
    Topic.BEREAVEMENT: {"loss", "loss_l"},
    Topic.CREDIT_LIMIT: HOLDING | {"limit"},
    Topic.OVERDRAFT: HOLDING | {"limit"},
    Topic.MORTGAGE: HOLDING | {"instalment"},
    Topic.SAVINGS_MATURITY: HOLDING | {"matures", "instructions_l"},
    **dict.fromkeys(
        (
            Topic.FOREIGN_TRANSFER,
            Topic.FEES,
            Topic.ACCOUNT_OPENING,
            Topic.ACCOUNT_CLOSING,
            Topic.INVESTMENT,
            Topic.LOAN_ARREARS,
        ),
        HOLDING,
    ),
}
# What the stages after the description add, for the texts that all topics share.
ADDED = {"title", "solved", "told", "told_c", "promise", "ask", "note", "say", "minutes", "outcome"}
ADDED |= {"thread", "request"}
USES = {"title", "agent", "agent_more", "customer", "customer_more", "say", "ask", "task", "note"}
USES |= {"solved", "told"}


def asked(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


def phrases(topic: Topic) -> Iterator[tuple[str, str]]:
    for variant in wording().topics[topic]:
        for use, pool in variant.items():
            yield from ((use, phrase) for phrase in pool)


@pytest.mark.parametrize("topic", Topic, ids=lambda topic: topic.name)
def test_a_topic_asks_for_facts_that_it_has(topic: Topic) -> None:
    known = EVERYBODY | EVERY_CASE | OWN.get(topic, set())
    unknown = {phrase for use, phrase in phrases(topic) if asked(phrase) - known}
    assert unknown == set()
    assert asked(wording().about[topic]) <= known


@pytest.mark.parametrize("topic", Topic, ids=lambda topic: topic.name)
def test_every_variant_has_words_for_every_use(topic: Topic) -> None:
    for variant in wording().topics[topic]:
        assert set(variant) >= USES
        assert all(len(set(pool)) == len(pool) for pool in variant.values())


def test_what_topics_share_asks_for_what_all_have() -> None:
    own = {"card", "last4"}  # of letters with cards
    for name, pools in wording().common.items():
        known = EVERYBODY | EVERY_CASE | ADDED | (own if name == "contact" else set())
        assert {
            phrase for pool in pools.values() for phrase in pool if asked(phrase) - known
        } == set()


@pytest.mark.parametrize(
    ("local", "state", "locale", "utc"),
    [
        ("2026-01-15T09:00", "NY", "en_US", "2026-01-15T14:00"),
        ("2026-07-15T09:00", "NY", "en_US", "2026-07-15T13:00"),
        ("2026-03-08T01:30", "CA", "en_US", "2026-03-08T09:30"),
        ("2026-03-08T03:30", "CA", "en_US", "2026-03-08T10:30"),
        ("2026-07-15T09:00", "AZ", "en_US", "2026-07-15T16:00"),
        ("2026-10-25T09:00", "", "en_GB", "2026-10-25T09:00"),
        ("2026-10-24T09:00", "", "de_DE", "2026-10-24T07:00"),
    ],
)
def test_clocks_on_walls(local: str, state: str, locale: str, utc: str) -> None:
    wall = np.array([np.datetime64(local, "m").astype(np.int64)])
    states = np.array([state], object)
    assert str(to_utc(wall, states, locale)[0]) == utc
    assert to_local(to_utc(wall, states, locale), states, locale) == wall


def test_desks_work_on_weekdays_from_eight_to_six() -> None:
    minutes = np.arange(10 * 24 * 60) + np.datetime64("2026-06-25", "m").astype(np.int64)
    passed = np.diff(worked(minutes))
    clock = minutes[:-1].astype("datetime64[m]")
    hour = (clock - clock.astype("datetime64[D]")).astype(np.int64) // 60
    weekday = (clock.astype("datetime64[D]").astype(np.int64) + 3) % 7
    assert (passed == ((hour >= 8) & (hour < 18) & (weekday < 5))).all()
    assert (worked(unworked(worked(minutes))) == worked(minutes)).all()


def test_names_of_products_are_lower_in_a_sentence_unless_they_are_german() -> None:
    assert lower("Vehicle loan", "en_GB") == "vehicle loan"
    assert lower("ATM card", "en_US") == "ATM card"
    assert lower("Autokredit", "de_DE") == "Autokredit"
