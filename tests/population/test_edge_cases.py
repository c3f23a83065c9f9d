"""Edge cases: of every kind, as hard as they say, and valid."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedkit.extract.making import make_extract
from seedkit.extract.writing import about
from seedkit.marks import HIGHEST_MARK, Stamp
from seedkit.population import make_bank, make_block
from seedkit.population.edges.money import LARGEST
from seedkit.population.model import Bank, Block
from seedkit.population.model.keeping import POINTS_AT
from seedkit.population.notable import EdgeCase
from seedkit.population.words import CardStatus, HolderRole
from seedkit.profile.models import Profile
from seedkit.realism.invariants import Inspector
from seedkit.records import bank_records, block_records
from seedkit.records.batch import Bindings, RecordContext
from tests.population.made import TODAY, assert_same
from tests.records.conformity import problems

DAYS = [TODAY, date(2024, 2, 29), date(2025, 12, 31), date(2090, 1, 1)]
BLOCKS = 5


@lru_cache(maxsize=32)
def made(number: int = 0, as_of: date = TODAY, share: float = 0.3) -> tuple[Block, Bank]:
    profile = Profile(edge_cases=share)
    bank = make_bank(profile, as_of)
    return make_block(profile, as_of, bank, number), bank


def who(block: Block, edge: EdgeCase) -> list[int]:
    return [int(row) for row in block.notables.person[block.notables.what == edge]]


def test_every_kind_occurs_in_some_blocks_and_together_they_are_the_share() -> None:
    found: Counter[str] = Counter()
    customers = 0
    for number in range(BLOCKS):
        block, _ = made(number, share=0.05)
        found.update(block.notables.what.tolist())
        customers += int(block.people.customer.sum())
    assert set(found) == set(EdgeCase)
    assert 0.03 < found.total() / customers < 0.06


def test_nobody_is_two_edge_cases() -> None:
    block, _ = made(share=1.0)
    persons = block.notables.person
    assert len(set(persons.tolist())) == persons.size
    assert (np.diff(block.notables.household) >= 0).all()


def has_card(block: Block, person: int) -> bool:
    mine = block.cards.person == person
    return bool((block.cards.status[mine] == CardStatus.EXPIRED).all() and mine.any())


def balances(block: Block, person: int) -> set[int]:
    roles = block.holding_roles
    mine = roles.holding[(roles.person == person) & (roles.role == HolderRole.OWNER)]
    accounts = np.intersect1d(mine, block.accounts.holding)
    return set(block.holdings.balance[accounts].tolist())


def script(text: str) -> str:
    return unicodedata.bidirectional(text[0])


def age_of(block: Block, person: int) -> int:
    return int(block.people.age[person])


CHECKS: dict[EdgeCase, Callable[[Block, int], bool]] = {
    EdgeCase.LONGEST_NAME: lambda b, p: len(b.people.first_name[p] + b.people.last_name[p]) == 100,
    EdgeCase.APOSTROPHE: lambda b, p: "'" in b.people.last_name[p],
    EdgeCase.HYPHEN: lambda b, p: "-" in b.people.last_name[p],
    EdgeCase.UMLAUT: lambda b, p: not b.people.last_name[p].isascii(),
    EdgeCase.RIGHT_TO_LEFT: lambda b, p: script(b.people.last_name[p]) in ("R", "AL"),
    EdgeCase.CJK: lambda b, p: unicodedata.east_asian_width(b.people.last_name[p][0]) == "W",
    EdgeCase.ONE_NAME: lambda b, p: b.people.first_name[p] == "",
    EdgeCase.EMOJI: lambda b, p: all(
        "\N{PARTY POPPER}" in title for title in b.events.title[b.events.person == p]
    ),
    EdgeCase.FIELDS_MISSING: lambda b, p: not b.people.email[p] + b.people.mobile[p],
    EdgeCase.LEAP_DAY: lambda b, p: str(b.people.birth[p]).endswith("-02-29"),
    EdgeCase.TWINS: lambda b, p: b.people.birth[p] == b.people.birth[p - 1],
    EdgeCase.YOUNG_OWNER: lambda b, p: (
        age_of(b, p) == 17
        and HolderRole.JOINT_OWNER in b.holding_roles.role[b.holding_roles.person == p]
    ),
    EdgeCase.SAME_SEX: lambda b, p: b.people.sex[p] == b.people.sex[b.people.spouse[p]],
    EdgeCase.BLENDED: lambda b, p: bool(((b.people.father == p) & (b.people.mother < 0)).any()),
    EdgeCase.LARGE_GROUP: lambda b, p: (
        50 in np.bincount(b.group_members.group)[np.flatnonzero(b.groups.primary == p)]
    ),
    EdgeCase.NOTHING_THERE: lambda b, p: 0 in balances(b, p),
    EdgeCase.ONE_CENT: lambda b, p: 1 in balances(b, p),
    EdgeCase.LARGEST_AMOUNT: lambda b, p: LARGEST in balances(b, p),
    EdgeCase.ALL_EXPIRED: has_card,
}


@pytest.mark.parametrize("edge", EdgeCase)
def test_an_edge_case_is_what_it_says(edge: EdgeCase) -> None:
    seen = 0
    for number in range(BLOCKS):
        block, _ = made(number)
        plain, _ = made(number, share=0.0)
        people = who(block, edge)
        assert [p for p in people if not CHECKS[edge](block, p)] == []
        seen += len(people)
        usual = range(0, len(plain.people.age), 5)
        if edge is not EdgeCase.TWINS:  # the one before need not be a sibling
            assert not all(CHECKS[edge](plain, p) for p in usual if plain.people.spouse[p] >= 0)
    assert seen


@settings(max_examples=9, deadline=None, derandomize=True)
@given(
    st.integers(0, 2**63 - 1),
    st.one_of(st.sampled_from(DAYS), st.dates(*DAYS[1::2])),
    st.sampled_from(["en_US", "en_GB", "de_DE"]),
)
def test_edge_cases_break_no_rule(random_seed: int, as_of: date, locale: str) -> None:
    profile = Profile.model_validate(
        {"random_seed": random_seed, "edge_cases": 0.5, "locale": locale}
    )
    bank = make_bank(profile, as_of)
    block = make_block(profile, as_of, bank, 0)
    inspector = Inspector()
    inspector.look_at_block(block, bank, as_of)
    inspector.look_at_extract(make_extract(block, bank, as_of), about(profile, as_of))
    assert [one for one in inspector.findings() if one.count] == []


def test_without_edge_cases_nothing_changes_and_with_them_only_their_households() -> None:
    plain, _ = made(share=0.0)
    assert plain.notables.person.size == 0
    some, _ = made(share=0.05)
    odd = set(some.notables.household.tolist())
    same = [h for h in range(256) if h not in odd]
    for part in ("households", "people", "holdings", "accounts", "cards", "loans", "positions"):
        one, two = getattr(plain, part), getattr(some, part)
        for item in fields(one):
            if item.name in POINTS_AT:  # counted in rows, of which one may be missing
                continue
            rows = np.isin(one.household, same), np.isin(two.household, same)
            before, after = getattr(one, item.name)[rows[0]], getattr(two, item.name)[rows[1]]
            assert before.tolist() == after.tolist(), (part, item.name)


def test_who_is_one_depends_on_no_later_household() -> None:
    block, _ = made()
    few = block.front(40).notables
    assert few.household.tolist() == [h for h in block.notables.household.tolist() if h < 40]


def test_the_same_arguments_give_the_same_edge_cases() -> None:
    one, two = made()[0], made.__wrapped__()[0]
    for item in fields(one):
        if item.name != "number":
            assert_same(getattr(one, item.name), getattr(two, item.name))


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_edge_cases_fit_their_columns(as_of: date) -> None:
    block, bank = made(0, as_of, 1.0)
    ids = {code: f"aaaaaaaa-0000-0000-0000-{n:012}" for n, code in enumerate(bank.currencies)}
    real = RecordContext(Stamp(HIGHEST_MARK, 0), "edges-1", Bindings(ids))
    batches = [*bank_records(bank, real), *block_records(block, bank, real, as_of)]
    assert [text for batch in batches for text in problems(batch)] == []
