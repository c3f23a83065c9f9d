"""Articles that settled cases, and those who advise customers or act for them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from seedkit.population import make_bank, make_block
from seedkit.population.model import Bank, Block
from seedkit.population.service.words import ArticleState, CaseState, Tie
from seedkit.population.words import Category, Kinship
from seedkit.profile.models import Profile

TODAY = date(2026, 6, 30)
WANTED = {"cases": 1.5, "knowledge": "on", "connections": "on"}
PROFILE = Profile.model_validate({"engagement": WANTED})


@pytest.fixture(scope="module")
def bank() -> Bank:
    return make_bank(PROFILE, TODAY)


@pytest.fixture(scope="module")
def block(bank: Bank) -> Block:
    return make_block(PROFILE, TODAY, bank, 0)


def test_only_settled_cases_have_articles_and_most_of_them_do(block: Block) -> None:
    links, state = block.article_links, block.cases.state
    settled = np.flatnonzero(np.isin(state, (CaseState.SOLVED, CaseState.INFORMED)))
    assert set(links.case) <= set(settled)
    assert 0.5 < len(set(links.case)) / len(settled) < 0.8


def test_an_article_helps_with_the_topic_of_its_case(bank: Bank, block: Block) -> None:
    links, articles = block.article_links, bank.library.articles
    assert articles.helps[links.article, block.cases.topic[links.case]].all()
    assert (articles.state[links.article] == ArticleState.PUBLISHED).all()


def test_an_article_was_written_before_its_case_was_closed(bank: Bank, block: Block) -> None:
    links = block.article_links
    written = bank.library.articles.written[links.article]
    assert (written < block.cases.closed[links.case].astype("datetime64[D]")).all()


def test_each_linked_case_has_one_solution_and_no_article_twice(block: Block) -> None:
    links = block.article_links
    pairs = list(zip(links.case.tolist(), links.article.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    assert np.bincount(links.case[links.solved]).max() == 1
    assert (links.household == block.cases.household[links.case]).all()
    assert (np.diff(links.household) >= 0).all()


def test_internal_articles_are_never_sent_to_customers(bank: Bank, block: Block) -> None:
    links = block.article_links
    assert links.sent.any()
    assert not bank.library.articles.internal[links.article[links.sent]].any()


@pytest.mark.parametrize(
    ("tie", "kind"),
    [
        (Tie.ACCOUNTANT, Kinship.ACCOUNTANT),
        (Tie.LAWYER, Kinship.LAWYER),
        (Tie.POWER_OF_ATTORNEY, Kinship.POWER_OF_ATTORNEY),
    ],
)
def test_a_professional_relationship_is_one_connection(
    block: Block, tie: Tie, kind: Kinship
) -> None:
    ties, related = block.connections, block.relationships
    found = sorted(zip(ties.person[ties.tie == tie], ties.other[ties.tie == tie], strict=True))
    ours = related.kind == kind
    assert found
    assert found == sorted(zip(related.person[ours], related.other[ours], strict=True))


def test_advisers_advise_owners_of_portfolios(block: Block) -> None:
    ties, people, roles = block.connections, block.people, block.holding_roles
    advised = ties.tie == Tie.ADVISER
    invested = block.holdings.category[roles.holding] == Category.INVESTMENT
    assert set(people.occupation[ties.other[advised]]) == {"Investment adviser"}
    assert set(ties.person[advised]) <= set(roles.person[invested])


def test_connections_tie_customers_since_both_were_some(block: Block) -> None:
    ties, people = block.connections, block.people
    for end in (ties.person, ties.other):
        assert people.customer[end].all()
        assert (ties.since >= people.customer_since[end]).all()
    assert (ties.since < np.datetime64(TODAY, "D")).all()
    assert (ties.person != ties.other).all()
    latest = np.maximum(people.household[ties.person], people.household[ties.other])
    assert (ties.household == latest).all()
    assert (np.diff(ties.household) >= 0).all()


def test_what_is_not_asked_for_is_not_there_and_changes_nothing_else(block: Block) -> None:
    plain = Profile.model_validate({"engagement": {"cases": 1.5}})
    other = make_block(plain, TODAY, make_bank(plain, TODAY), 0)
    assert len(other.connections.household) == len(other.article_links.household) == 0
    assert (other.cases.description == block.cases.description).all()
    assert (other.relationships.other == block.relationships.other).all()
