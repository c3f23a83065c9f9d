"""The story of a case fits what it follows from, in every country."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from seedkit.population import make_bank, make_block
from seedkit.population.days import day
from seedkit.population.service.arrivals import draw_arrivals
from seedkit.population.service.hours import day_of
from seedkit.population.service.office import Office
from seedkit.population.service.reasons import find_matters
from seedkit.population.service.variants import APPLIED, Variant, draw_variants
from seedkit.population.service.words import Topic
from seedkit.profile import read_profile

AS_OF = date(2026, 6, 30)
HARD = [
    "households=256",
    "instruments.failed=0.2",
    "engagement.cases=5",
    "engagement.conversations=on",
    "edge_cases=1.0",
]
SHORT_OF_MONEY = {"Insufficient funds", "Keine ausreichende Deckung"}


def stories(name: str, topic: Topic) -> tuple[Office, Iterator[tuple[int, np.datetime64, Variant]]]:
    """Return, of each case of a topic, what it is about, its day and its variant."""
    profile = read_profile(name, HARD).profile
    bank = make_bank(profile, AS_OF)
    office = Office(profile, day(AS_OF), bank, make_block(profile, AS_OF, bank, 0))
    came = draw_arrivals(office, find_matters(office))
    row = np.flatnonzero(came.topic == topic).tolist()
    variants, days = draw_variants(office, came), day_of(came.opened)
    return office, ((int(came.which[one]), days[one], variants[one]) for one in row)


@pytest.mark.parametrize("name", ["retail", "retail-uk", "retail-de"])
def test_a_failed_payment_is_told_by_its_reason(name: str) -> None:
    office, told = stories(name, Topic.PAYMENT_FAILED)
    found: Counter[bool] = Counter()
    for which, _, variant in told:
        reason = office.block.direct_debits.last_reason[which]
        of_money = "Insufficient funds" in variant["of"]
        assert of_money == (reason in SHORT_OF_MONEY), reason
        found[of_money] += 1
    assert min(found[True], found[False]) > 0


def test_applications_are_told_of_what_is_not_open_yet() -> None:
    office, told = stories("retail", Topic.ACCOUNT_OPENING)
    found: Counter[bool] = Counter()
    for which, opened, variant in told:
        applied = APPLIED in variant["of"]
        assert applied == (opened < office.block.holdings.opened[which])
        found[applied] += 1
    assert min(found[True], found[False]) > 0
