"""Cases are written as the bank's country writes English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from seedkit.population import make_bank, make_block
from seedkit.population.service.phrasing import wording
from seedkit.population.service.topics import WAYS
from seedkit.population.service.wording import spell
from seedkit.profile import read_profile

BRITISH = re.compile(
    r"cancelled|travelling|apologis|recognis|authoris|organis|utilis|honour|favour|enquir|licence"
    r"|programme|cheque|instalment\b(?!\})|petrol|current account|surname|holiday|by post",
    re.IGNORECASE,
)
AMERICAN = re.compile(
    r"canceled|traveling|apologiz|recogniz|authoriz|organiz|utiliz|honored|favorite|inquir|license"
    r"|hardship program\b|checks (with|in) |checking account|gas station|vacation|last name|escrow"
    r"|payoff|lawyer|(?<![-e])\bmail|social security|dollar|percent",
    re.IGNORECASE,
)


def phrases(locale: str) -> Iterator[str]:
    words = wording(locale)
    for topic in WAYS:
        yield words.about[topic]
        for variant in words.topics[topic]:
            for use, pool in variant.items():
                yield from () if use in ("of", "kind") else pool
    for pools in words.common.values():
        for pool in pools.values():
            yield from pool
    yield from words.desk.values()


@pytest.mark.parametrize(("locale", "foreign"), [("en_US", BRITISH), ("en_GB", AMERICAN)])
def test_phrases_are_spelled_as_the_country_does(locale: str, foreign: re.Pattern[str]) -> None:
    assert [phrase for phrase in phrases(locale) if foreign.search(phrase)] == []


def test_a_british_bank_writes_british_cases() -> None:
    profile = read_profile("retail-uk", ["households=256", "engagement.cases=3"]).profile
    day = date(2026, 6, 30)
    cases = make_block(profile, day, make_bank(profile, day), 0).cases
    told = "\n".join([*cases.title, *cases.description, *cases.resolution])
    assert told.count("£") > 5 * told.count("$")  # some hold accounts in dollars
    found = AMERICAN.search(told)
    assert found is None, told[found.start() - 80 : found.end() + 40]


def test_spelling_keeps_capitals_blanks_and_e_mails() -> None:
    ours = {"mail": "post", "instalment": "installment"}
    assert spell("Mail, by mail, by e-mail: {instalment}", ours) == (
        "Post, by post, by e-mail: {instalment}"
    )
