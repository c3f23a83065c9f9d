"""The service library: found, filed, complete, spelled as its locale spells, and about nobody."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

import numpy as np
import pytest

from seedkit.population.model import Library
from seedkit.population.service.library import make_library
from seedkit.population.service.wording import read_wording
from seedkit.population.service.words import ArticleState, Desk, Tie, Topic
from seedkit.profile.models import Profile

TODAY = date(2026, 6, 30)
PHONE = "(217) 555-0199"
OWN_MONEY = {"en_US": "USD", "en_GB": "GBP", "de_DE": "EUR"}
LOCALES = tuple(OWN_MONEY)
EVERYTHING = {"cases": 1.0, "knowledge": "on", "scripts": "on", "connections": "on"}
NUMBER = re.compile(r"\+?\(?\d[\d ()/-]{6,}\d")
ADDRESS = re.compile(r"\S+@\S+|https?:\S+|www\.\S+")
CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
# What has no name of its own outside the bank; ERROR is what a card reader shows.
KNOWN_CAPITALS = {"PIN", "PDF", "ZIP", "ATM", "ERROR", "IBAN", "BIC", "SEPA", "TAN", "SMS"}


@lru_cache
def library(locale: str = "en_US", bank: str = "Seedfield Bank") -> Library:
    wanted = Profile.model_validate({"engagement": EVERYTHING})
    profile = wanted.model_copy(update={"locale": locale, "currency": OWN_MONEY[locale]})
    return make_library(profile, {"bank": bank, "phone": PHONE}, TODAY)


def every_text(found: Library) -> list[str]:
    parts = (found.subjects, found.queues, found.articles, found.scripts, found.script_steps)
    columns = [getattr(part, name) for part in parts for name in part.__dataclass_fields__]
    return [
        text for column in columns if column.dtype == object for text in column.tolist()
    ] + found.roles.about.tolist()


@pytest.fixture(params=LOCALES)
def ours(request: pytest.FixtureRequest) -> Library:
    return library(request.param)


def test_each_topic_has_one_leaf_and_each_subject_hangs_on_an_earlier_one(ours: Library) -> None:
    subjects = ours.subjects
    assert sorted(subjects.topic[subjects.topic >= 0]) == list(Topic)
    assert (subjects.parent < np.arange(len(subjects.parent))).all()
    assert np.flatnonzero(subjects.parent < 0).tolist() == [0]
    assert not set(np.flatnonzero(subjects.topic >= 0)) & set(subjects.parent)
    assert subjects.title[0] == "Seedfield Bank"


def test_each_desk_has_a_queue_and_each_tie_a_role(ours: Library) -> None:
    assert len(ours.queues.name) == len(set(ours.queues.name)) == len(Desk)
    assert len(ours.roles.name) == len(set(ours.roles.name)) == len(Tie)


def test_each_topic_is_helped_by_a_published_article(ours: Library) -> None:
    published = ours.articles.state == ArticleState.PUBLISHED
    assert ours.articles.helps[published].any(axis=0).all()
    assert ours.articles.helps.any(axis=1).all()


def test_articles_are_filed_under_a_topic_that_they_help_with(ours: Library) -> None:
    topic = ours.subjects.topic[ours.articles.subject]
    assert ours.articles.helps[np.arange(len(topic)), topic].all()


def test_there_are_some_forty_articles_most_of_them_published(ours: Library) -> None:
    counts = np.bincount(ours.articles.state, minlength=len(ArticleState))
    assert len(ours.articles.key) == len(set(ours.articles.key)) == 46
    assert counts[ArticleState.PUBLISHED] >= 40
    assert (counts >= 1).all()
    assert len(set(ours.articles.title)) == len(ours.articles.title)


def test_days_of_articles_follow_their_state(ours: Library) -> None:
    articles, today = ours.articles, np.datetime64(TODAY, "D")
    unborn = np.isin(articles.state, (ArticleState.DRAFT, ArticleState.IN_REVIEW))
    over = np.isin(articles.state, (ArticleState.EXPIRED, ArticleState.ARCHIVED))
    assert (np.isnat(articles.published) == unborn).all()
    assert (np.isnat(articles.expires) == unborn).all()
    assert (articles.written[~unborn] <= articles.published[~unborn]).all()
    assert (articles.written < today).all()
    assert ((articles.expires > today) == ~(unborn | over)).all()
    assert ((articles.major == 0) == unborn).all()


def test_articles_are_worth_reading_and_short_enough_for_it(ours: Library) -> None:
    for title, text in zip(ours.articles.title, ours.articles.text, strict=True):
        assert 100 <= len(text.split()) <= 360, title
        assert text.count("\n## ") + text.startswith("## ") >= 2, title
        assert re.search(r"^(- |1\. )", text, re.MULTILINE), title
        assert not text.startswith("# "), title


def test_what_stands_beside_an_article_fits_its_columns(ours: Library) -> None:
    articles = ours.articles
    assert max(map(len, articles.summary)) <= 155
    assert max(map(len, articles.title)) <= 100
    assert all(3 <= len(words.split(", ")) <= 9 for words in articles.keywords)


def test_scripts_have_steps_in_order_and_fit_their_columns(ours: Library) -> None:
    scripts, steps = ours.scripts, ours.script_steps
    assert len(scripts.key) == len(set(scripts.key)) == len(set(scripts.topic)) >= 11
    for row in range(len(scripts.key)):
        own = steps.order[steps.script == row]
        assert own.tolist() == list(range(1, len(own) + 1))
        assert len(own) >= 6
    assert max(map(len, [*scripts.name, *scripts.about, *steps.name])) <= 100
    assert max(map(len, steps.text)) <= 2_000


def test_every_locale_has_the_same_library(ours: Library) -> None:
    other = library("en_US")
    assert ours.articles.key.tolist() == other.articles.key.tolist()
    assert ours.scripts.key.tolist() == other.scripts.key.tolist()
    assert ours.script_steps.script.tolist() == other.script_steps.script.tolist()


def test_nothing_is_left_to_be_filled_in(ours: Library) -> None:
    assert [text for text in every_text(ours) if "{" in text or "}" in text] == []
    assert all(text.strip() for text in every_text(ours))


def test_texts_lead_to_nobody(ours: Library) -> None:
    texts = "\n".join(every_text(ours))
    assert set(NUMBER.findall(texts)) <= {PHONE}
    found = [match.strip("*.,()") for match in ADDRESS.findall(texts)]
    assert [one for one in found if not one.endswith("@bank.example")] == []
    assert set(CAPITALS.findall(texts)) <= KNOWN_CAPITALS


def test_english_names_nothing_but_the_bank_and_its_own_things() -> None:
    """A capital inside a sentence is a name: of a desk, a menu or another article."""
    ours = library("en_US")
    own = " ".join([*ours.articles.title, *ours.subjects.title, *ours.queues.name])
    known = set(re.findall(r"[A-Z]\w+", own)) | OWN_WORDS
    inside = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+")
    found = {word for text in every_text(ours) for word in inside.findall(text)}
    assert found - known == set()


OWN_WORDS = {
    "Activate", "Dispute", "Forgotten", "Friday", "High", "January", "March", "Lock", "Mailbox",
    "Messages", "Pin", "Regions", "Regular", "Return", "Security", "Show", "Social", "Stolen",
    "Yes", "Reported", "Deceased", "Unknown",
}  # fmt: skip


def test_articles_name_others_by_their_titles(ours: Library) -> None:
    """«see **Title**» and «siehe **Title**» lead somewhere."""
    pointing = re.compile(r"(?:[Ss]ee|siehe|gilt|read|Use|use|lesen) \*\*([^*]+)\*\*")
    texts = "\n".join(ours.articles.text)
    named = {found for found in pointing.findall(texts) if " " in found}
    assert len(named) >= 8
    assert named <= set(ours.articles.title)


def test_the_bank_calls_itself_by_its_own_name() -> None:
    named = library(bank="Plum Tree Savings")
    assert named.queues.name[0].startswith("Plum Tree Savings")
    assert "Seedfield" not in "\n".join(every_text(named))


@pytest.mark.parametrize(
    ("locale", "holds", "lacks"),
    [
        ("en_US", ["checking account", "ZIP code", "recognize", "$25"], ["cheque", "£"]),
        (
            "en_GB",
            ["current account", "postcode", "recognise", "£15"],
            ["checking", "ization", "$"],
        ),
        ("de_DE", ["Girokonto", "Überweisung", "15 €", "10.000 €"], ["daß", "£", "$"]),
    ],
)
def test_texts_are_spelled_and_priced_as_their_country_does(
    locale: str, holds: list[str], lacks: list[str]
) -> None:
    texts = "\n".join(every_text(library(locale)))
    assert [word for word in holds if word not in texts] == []
    assert [word for word in lacks if word in texts] == []


@pytest.mark.parametrize("word", ["organise", "favour", "instalment", "enquiry", "cancelled"])
def test_british_words_turn_american_with_their_capitals(word: str) -> None:
    say = read_wording("en_US", "USD", {}).say
    assert say(word) != word
    assert say(word.capitalize()) == say(word).capitalize()


def test_a_bank_with_another_currency_states_its_prices_in_it() -> None:
    assert read_wording("en_US", "CHF", {}).say("{transfer_limit}") == "10,000 CHF"


def test_an_unknown_blank_is_an_error() -> None:
    with pytest.raises(KeyError):
        read_wording("en_US", "USD", {}).say("{never_heard_of}")


@pytest.mark.parametrize(
    ("key", "value", "filled"),
    [
        ("cases", 0.5, {"subjects", "queues"}),
        ("knowledge", "auto", {"subjects", "articles"}),
        ("scripts", "auto", {"scripts", "script_steps"}),
        ("connections", "on", {"roles"}),
    ],
)
def test_a_profile_gets_what_it_asks_for(key: str, value: object, filled: set[str]) -> None:
    profile = Profile.model_validate({"engagement": {key: value}})
    made = make_library(profile, {"bank": "A", "phone": PHONE}, TODAY)
    parts = [name for name in made.__dataclass_fields__ if name != "language"]
    assert {part for part in parts if size_of(getattr(made, part))} == filled


def size_of(part: object) -> int:
    return min(len(getattr(part, name)) for name in part.__dataclass_fields__)


def test_a_profile_that_asks_for_nothing_gets_nothing() -> None:
    assert make_library(Profile(), {}, TODAY).language == ""
