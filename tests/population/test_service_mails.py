"""Mails of one case hang together, and what a case ends with agrees with the rows."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from seedkit.population import make_bank, make_block
from seedkit.population.model import Block
from seedkit.population.service.phrasing import wording
from seedkit.population.service.words import Done, Topic
from seedkit.profile.models import Profile

AS_OF = date(2026, 6, 30)
PROFILE = Profile.model_validate({"engagement": {"cases": 4.0}})
REPLY = "RE: "
# What no resolution may say: these rows stay as they were when the case was opened.
UNCHANGED = {
    Topic.CREDIT_LIMIT: ("limit raised", "temporary increase"),
    Topic.CARD_DISPUTE: ("replaced", "renewed"),
    Topic.STANDING_ORDER: ("paused",),
    Topic.OVERDRAFT: ("changed as asked", "removed"),
    Topic.ACCOUNT_CLOSING: ("is closed", "account closed"),
}


@pytest.fixture(scope="module")
def block() -> Block:
    return make_block(PROFILE, AS_OF, make_bank(PROFILE, AS_OF), 0)


def test_mails_answer_under_the_subject_that_was_written(block: Block) -> None:
    deeds = block.activities
    asked: dict[int, set[str]] = defaultdict(set)
    answered = 0
    columns = (deeds.case.tolist(), deeds.kind.tolist(), deeds.subject)
    for case, kind, subject in zip(*columns, strict=True):
        if case < 0 or kind != Done.EMAIL:
            continue
        if subject.startswith(REPLY) and asked[case]:
            answered += 1
            assert subject.removeprefix(REPLY) in {one[: 100 - len(REPLY)] for one in asked[case]}
        asked[case].add(subject)
    assert answered > 50


@pytest.mark.parametrize("topic", UNCHANGED, ids=lambda topic: topic.name)
def test_no_case_ends_with_what_the_rows_deny(topic: Topic) -> None:
    for variant in wording().topics[topic]:
        for use in ("solved", "quick", "told"):
            for phrase in variant.get(use, ()):
                assert not any(word in phrase.lower() for word in UNCHANGED[topic]), phrase
