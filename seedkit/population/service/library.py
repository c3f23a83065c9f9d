"""The service library: what customer service looks things up in, and files things under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from seedkit.population.days import NEVER, add_days, day
from seedkit.population.draw import texts
from seedkit.population.model import (
    Articles,
    Dates,
    Library,
    Queues,
    Roles,
    Scripts,
    ScriptSteps,
    Subjects,
    Texts,
)
from seedkit.population.service.wording import Wording, read_wording, shared_table
from seedkit.population.service.words import ArticleState, Desk, Tie, Topic
from seedkit.profile.models import Profile


def make_library(profile: Profile, facts: Mapping[str, str], as_of: date) -> Library:
    """Make what a profile asks for of a bank's library; days in it count from the as-of date.

    `facts` are what texts say about the bank: its `bank` name and its `phone` number.
    """
    wanted = profile.engagement
    has_cases, has_articles = wanted.cases > 0, wanted.knowledge != "off"
    if not (has_cases or has_articles or wanted.scripts != "off" or wanted.connections != "off"):
        return Library()
    wording = read_wording(profile.locale, profile.currency, facts)
    library, names = Library(language=profile.locale), wording.table("names.toml")
    if has_cases or has_articles:
        library = replace(library, subjects=make_subjects(names["subjects"]))
    if has_cases:
        library = replace(library, queues=Queues(*_named(names["queues"], Desk)))
    if has_articles:
        articles = make_articles(wording, library.subjects, day(as_of))
        library = replace(library, articles=articles)
    if wanted.scripts != "off":
        scripts, steps = make_scripts(wording)
        library = replace(library, scripts=scripts, script_steps=steps)
    if wanted.connections != "off":
        library = replace(library, roles=Roles(*_named(names["roles"], Tie)))
    return library


def make_subjects(names: Mapping[str, Mapping[str, str]]) -> Subjects:
    """Make the subject tree: the bank, its fields of work, and a leaf for each topic."""
    tree: Sequence[Mapping[str, str]] = shared_table("subjects.toml")["subject"]
    title, about = _named(names, [item["key"] for item in tree])
    row = {item["key"]: number for number, item in enumerate(tree)}
    return Subjects(
        title=title,
        about=about,
        parent=np.array([row.get(item.get("parent", ""), -1) for item in tree], np.int32),
        topic=np.array([_topic(item["key"]) for item in tree], np.int8),
    )


def make_articles(wording: Wording, subjects: Subjects, today: np.datetime64) -> Articles:
    """Make the articles, in the order of their list."""
    entries: Sequence[Mapping[str, Any]] = shared_table("articles.toml")["article"]
    written = [wording.article(entry["key"]) for entry in entries]
    first = [Topic[entry["topics"][0]] for entry in entries]
    leaf = {int(topic): row for row, topic in enumerate(subjects.topic) if topic >= 0}
    return Articles(
        key=_column(entries, "key"),
        title=texts([head["title"] for head, _ in written]),
        summary=texts([head["summary"] for head, _ in written]),
        keywords=texts([head["keywords"] for head, _ in written]),
        text=texts([text for _, text in written]),
        subject=np.array([leaf[topic] for topic in first], np.int32),
        helps=np.array([[topic.name in entry["topics"] for topic in Topic] for entry in entries]),
        internal=np.array([entry.get("internal", False) for entry in entries]),
        state=np.array([ArticleState[entry.get("state", "PUBLISHED")] for entry in entries]),
        major=np.array([int(entry["version"].partition(".")[0]) for entry in entries]),
        minor=np.array([int(entry["version"].partition(".")[2]) for entry in entries]),
        written=_days(entries, "written", today),
        published=_days(entries, "published", today),
        expires=_days(entries, "expires", today),
    )


def make_scripts(wording: Wording) -> tuple[Scripts, ScriptSteps]:
    """Make the agents' scripts and their steps, in order."""
    entries: Sequence[Mapping[str, Any]] = wording.table("scripts.toml")["script"]
    steps = [(row, *step) for row, entry in enumerate(entries) for step in _steps(entry)]
    scripts = Scripts(
        key=_column(entries, "key"),
        name=_column(entries, "name"),
        about=_column(entries, "about"),
        topic=np.array([Topic[entry["topic"]] for entry in entries], np.int8),
    )
    return scripts, ScriptSteps(
        script=np.array([step[0] for step in steps], np.int32),
        order=np.array([step[1] for step in steps], np.int32),
        name=texts([step[2] for step in steps]),
        text=texts([step[3] for step in steps]),
    )


def _steps(entry: Mapping[str, Any]) -> list[tuple[int, str, str]]:
    return [(number, step["name"], step["text"]) for number, step in enumerate(entry["step"], 1)]


def _named(table: Mapping[str, Mapping[str, str]], keys: Iterable[Any]) -> tuple[Texts, Texts]:
    """Return the names of keys, or of a closed list's members, and what they are about."""
    entries = [table[key if isinstance(key, str) else key.name.lower()] for key in keys]
    return _column(entries, "name"), _column(entries, "about")


def _column(entries: Sequence[Mapping[str, Any]], name: str) -> Texts:
    return texts([entry[name] for entry in entries])


def _topic(key: str) -> int:
    return Topic[key.upper()] if key.upper() in Topic.__members__ else -1


def _days(entries: Sequence[Mapping[str, Any]], name: str, today: np.datetime64) -> Dates:
    """Return days given as a number of days from today, before it when negative."""
    days = add_days(np.full(len(entries), today), [entry.get(name, 0) for entry in entries])
    return np.where([name in entry for entry in entries], days, NEVER)
