"""The story of a case fits what it follows from, in every country."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from seedkit.population import make_bank, make_block
from seedkit.population.days import day
from seedkit.population.service.arrivals import draw_arrivals
from seedkit.population.service.office import Office
from seedkit.population.service.reasons import find_matters
from seedkit.population.service.variants import draw_variants
from seedkit.population.service.words import Topic
from seedkit.profile import read_profile

AS_OF = date(2026, 6, 30)
HARD = ["households=256", "engagement.cases=5", "engagement.conversations=on", "edge_cases=1.0"]
SHORT_OF_MONEY = {
    "Insufficient funds",
    "Amount above the limit",
    "Keine ausreichende Deckung",
    "Betrag über dem Limit",
}


@pytest.mark.parametrize("name", ["retail", "retail-uk", "retail-de"])
def test_a_failed_payment_is_told_by_its_reason(name: str) -> None:
    profile = read_profile(name, HARD).profile
    bank = make_bank(profile, AS_OF)
    office = Office(profile, day(AS_OF), bank, make_block(profile, AS_OF, bank, 0))
    came = draw_arrivals(office, find_matters(office))
    told: Counter[bool] = Counter()
    for topic, which, variant in zip(
        came.topic.tolist(), came.which.tolist(), draw_variants(office, came), strict=True
    ):
        if topic == Topic.PAYMENT_FAILED:
            reason = office.block.direct_debits.last_reason[which]
            of_money = "Insufficient funds" in variant["of"]
            assert of_money == (reason in SHORT_OF_MONEY), reason
            told[of_money] += 1
    assert min(told[True], told[False]) > 0
