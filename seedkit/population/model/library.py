"""The service library: subjects, queues, articles, scripts and roles, made once per bank."""

from __future__ import annotations

from dataclasses import dataclass, field

from seedkit.population.model.columns import Dates, Flags, Ints, Texts
from seedkit.population.model.service import none_of


@dataclass(frozen=True, slots=True)
class Subjects:
    """What cases and articles are filed under: a tree, each branch before its twigs."""

    title: Texts
    about: Texts
    parent: Ints  # index of the subject above, -1 for the root
    topic: Ints  # Topic of a leaf, -1 for branches


@dataclass(frozen=True, slots=True)
class Queues:
    """Where work waits; row i is the queue of Desk i."""

    name: Texts
    about: Texts


@dataclass(frozen=True, slots=True)
class Articles:
    """What agents look up. Texts are Markdown of headings, paragraphs, lists and bold words."""

    key: Texts  # unique inside the bank, the same in every language
    title: Texts
    summary: Texts  # at most 155 characters
    keywords: Texts  # with commas between
    text: Texts
    subject: Ints  # index into Subjects
    helps: Flags  # articles x Topic: which topics it helps with
    internal: Flags  # not for customers' eyes
    state: Ints  # ArticleState
    major: Ints  # version
    minor: Ints
    written: Dates
    published: Dates  # NaT when never
    expires: Dates  # NaT when never published


@dataclass(frozen=True, slots=True)
class Scripts:
    """What an agent says and does, call by call."""

    key: Texts  # unique inside the bank, the same in every language
    name: Texts
    about: Texts
    topic: Ints  # Topic


@dataclass(frozen=True, slots=True)
class ScriptSteps:
    """The steps of scripts, sorted by script and order."""

    script: Ints  # index into Scripts
    order: Ints  # 1, 2, 3, ... in each script
    name: Texts
    text: Texts


@dataclass(frozen=True, slots=True)
class Roles:
    """What somebody is to a customer; row i is the role of Tie i."""

    name: Texts
    about: Texts


@dataclass(frozen=True, slots=True)
class Library:
    """What the bank's service stands on, as far as the profile asks for it.

    `language` is the locale of its texts, such as en_US; "" when there are none.
    """

    language: str = ""
    subjects: Subjects = field(default_factory=lambda: none_of(Subjects))
    queues: Queues = field(default_factory=lambda: none_of(Queues))
    articles: Articles = field(default_factory=lambda: none_of(Articles))
    scripts: Scripts = field(default_factory=lambda: none_of(Scripts))
    script_steps: ScriptSteps = field(default_factory=lambda: none_of(ScriptSteps))
    roles: Roles = field(default_factory=lambda: none_of(Roles))
