"""What a profile can't add or leave out is told with file and line, before anybody is asked."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from seedkit.assembly import CurrencyByCode, check_custom, check_values, make_source
from seedkit.custom import find_misfits
from seedkit.errors import ProfileError
from seedkit.marks import Stamp
from seedkit.profile import read_profile
from seedkit.profile.columns import KINDS
from seedkit.profile.models import Profile
from seedkit.schema import Column, Option, load_catalogue
from seedkit.testing import AS_OF

# Text of the file, line, what is said.
FAULTS = {
    "no value": (
        "columns:\n  contact:\n    a:",
        3,
        "columns.contact.a: does not say what the column holds. To leave the column out write: "
        "skip: [contact.a]",
    ),
    "a list": (
        "columns: {contact: {a: [1]}}",
        1,
        "must be one value, not a list. Write `one_of: [...]` to choose among several.",
    ),
    "an unknown kind": (
        "columns: {contact: {a: {oneof: [x]}}}",
        1,
        "does not say which kind of value it is. Did you mean one_of?",
    ),
    "no kind": (
        "columns: {contact: {a: {empty: 0.1}}}",
        1,
        "which kind of value it is. Use one of",
    ),
    "two kinds": (
        "columns:\n  contact:\n    a:\n      yes: 0.1\n      text: b",
        5,
        "says `yes` and `text`, and can only be one.",
    ),
    "a key twice": (
        "columns:\n  contact:\n    a:\n      one_of:\n        b: 1\n        b: 2",
        6,
        "columns.contact.a: has b twice.",
    ),
    "a column twice": ("columns:\n  contact:\n    a: 1\n    a: 2", 4, "stands twice, here and in"),
    "an unknown part": (
        "columns:\n  contact:\n    a:\n      between: [1, 2]\n      decimal: 1",
        5,
        "`decimal` is no part of this kind of value. Did you mean decimals?",
    ),
    "falling numbers": ("columns: {contact: {a: {between: [2, 1]}}}", 1, "must not be above"),
    "a word for a number": (
        "columns: {contact: {a: {between: [1, b]}}}",
        1,
        "`between` must be two numbers, such as [300, 850], not [1, b].",
    ),
    "a share above one": (
        "columns: {contact: {a: {value: b, empty: 2}}}",
        1,
        "`empty` must be a number between 0 and 1, not 2.",
    ),
    "no weight": ("columns: {contact: {a: {one_of: {b: 0}}}}", 1, "must weigh more than 0."),
    "neither key nor filter": (
        "columns: {contact: {a: {lookup: account}}}",
        1,
        "`lookup` needs either `key` or `filter`, to find one row.",
    ),
    "an unknown figure": (
        "columns:\n  contact:\n    a:\n      figure: scroe",
        4,
        "`figure` must be score, churn_risk, late_60, main_channel, tenure_years or education, "
        "not scroe.",
    ),
    "a figure of no person": (
        "columns:\n  contact: {a: {figure: score}}\n  account:\n    a: {figure: score}",
        4,
        "columns.account.a: has no `score`: figures are told of people. Give the figure to a "
        "column of contact.",
    ),
    "a table with one value": (
        "columns: {contact: 5}",
        1,
        "must hold columns with what they hold, not 5. Write for example `jobtitle: Clerk`.",
    ),
    "an unknown table": (
        "columns: {contacts: {jobtitle: x}}",
        1,
        "columns.contacts: is no table that seedkit fills. Did you mean contact?",
    ),
    "the header note": (
        "columns: {annotation: {subject: x}}",
        1,
        "is no table that seedkit fills.",
    ),
    "the id": (
        "columns: {contact: {contactid: x}}",
        1,
        "can't be given: it carries the run's mark",
    ),
    "the mark": ("columns: {contact: {importsequencenumber: 1}}", 1, "carries the run's mark"),
    "the integration key": ("columns: {contact: {msfsi_integrationkey: a}}", 1, "the run's mark"),
    "the state": ("columns: {contact: {statecode: 1}}", 1, "is set by the platform when the row"),
    "the owner": ("columns: {contact: {ownerid: x}}", 1, "name them with `owners`."),
    "a lookup of ours": (
        "columns: {contact: {msfsi_branch: x}}",
        1,
        "can't be given: it ties the rows of the bank together.",
    ),
    "an open brace": ("columns: {contact: {a: {text: 'Dear {firstname'}}}", 1, "is not closed"),
    "a strange name": (
        "columns: {contact: {a: {text: '{first.name}'}}}",
        1,
        "is no name of a column.",
    ),
    "a number that is not there": (
        "columns: {contact: {a: {sequence: 'C-{no}'}}}",
        1,
        "must have {number} in it, once, and nothing else in braces.",
    ),
    "a source that is not there": (
        "columns: {contact: {a: {text: '{fistname}'}}}",
        1,
        "is made of fistname, which no row of contact has. Did you mean firstname?",
    ),
    "a source that is left out": (
        "columns: {contact: {a: {text: '{jobtitle}'}}}\nskip: [contact.jobtitle]",
        1,
        "is made of jobtitle, which is left out.",
    ),
    "a circle": (
        "columns:\n  contact:\n    a: {text: '{b}'}\n    b: {text: '{a}'}",
        None,
        "is made in a circle: ",
    ),
    "no list": ("skip: 5", 1, "skip: must be a list of tables, columns and parts, such as"),
    "nothing of that name": (
        "skip: [goal]",
        1,
        "goal is no table, column, part or generator. Did you mean goals?",
    ),
    "no such column to skip": (
        "skip: [contact.jobtitel]",
        1,
        "contact.jobtitel is nothing that seedkit writes. Did you mean jobtitle?",
    ),
    "the header note left out": ("skip: [annotation]", 1, "it holds the run's header note."),
    "a mark left out": ("skip: [contact.importsequencenumber]", 1, "it carries the run's mark"),
    "what others need": (
        "skip: [holdings]",
        1,
        "can't be left out alone: msfsi_customerfinancialholding needs it for",
    ),
    "a required column": (
        "skip: [msfsi_fi_card.msfsi_name]",
        1,
        "can't be left out: it is required",
    ),
    "no generator": ("generators: {loyality: {}}", 1, "generators.loyality: There is no generator"),
    "an option without value": ("generators: {a: {b: }}", 1, "generators.a.b: says nothing."),
    "a generator with one value": (
        "generators: {a: 5}",
        1,
        "must hold options with values, not 5.",
    ),
}


def said_of(tmp_path: Path, text: str) -> ProfileError:
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        check_custom(read_profile(str(file)))
    return caught.value


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_has_its_place(tmp_path: Path, case: str) -> None:
    text, line, said = FAULTS[case]
    error = said_of(tmp_path, text)
    assert said in str(error)
    fault = error.faults[0]
    assert fault.file == str(tmp_path / "own.yaml")
    assert line is None or fault.line == line


def test_a_fault_of_an_option_stands_at_its_line(tmp_path: Path, loyalty_installed: None) -> None:
    error = said_of(tmp_path, "generators:\n  loyalty:\n    entries: 3\n    shar: 0.2")
    assert error.faults[0].line == 4
    assert "is not an option of this generator. Did you mean share?" in str(error)
    error = said_of(tmp_path, "generators:\n  loyalty:\n    entries: 3\n    share: 4")
    assert error.faults[0].line == 4
    assert "generators.loyalty.share" in str(error)
    assert "not 4" in str(error)


def test_the_shipped_schema_checks_known_columns(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        "columns:\n  contact:\n    gendercode: Femal\n    jobtitel: x\n    cr1_own: y\n",
        encoding="utf-8",
    )
    check_custom(read_profile(str(file)))
    with pytest.raises(ProfileError) as caught:
        check_values(read_profile(str(file)))
    assert [fault.line for fault in caught.value.faults] == [3, 4]
    assert "has no option Femal. Did you mean Female?" in str(caught.value)
    assert "jobtitel: is no column of contact. Did you mean jobtitle?" in str(caught.value)


def test_every_kind_can_be_given_on_the_command_line() -> None:
    found = read_profile("retail", ["columns.contact.cr1_a={yes: 0.1}", "skip=[goals]"]).profile
    assert (found.columns["contact"]["cr1_a"].empty, found.skip) == (0.0, ["goals"])


def test_a_profile_adds_to_what_it_extends(tmp_path: Path) -> None:
    base, more = tmp_path / "base.yaml", tmp_path / "more.yaml"
    base.write_text("columns: {contact: {cr1_a: x, cr1_b: y}}\ngenerators: {g: {a: 1, b: 2}}")
    more.write_text("extends: base.yaml\ncolumns: {contact: {cr1_b: z}}\ngenerators: {g: {b: 3}}")
    found = read_profile(str(more)).profile.model_dump(mode="json", exclude_defaults=True)
    assert found["columns"] == {"contact": {"cr1_a": {"value": "x"}, "cr1_b": {"value": "z"}}}
    assert found["generators"] == {"g": {"a": 1, "b": 3}}


words = st.sampled_from(
    [*KINDS, "empty", "decimals", "after", "cut", "start", "key", "filter", "{number}", "{a", "a"]
)
scalars = st.one_of(words, st.integers(), st.floats(allow_nan=False), st.booleans(), st.none())
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=6,
)


@given(value=values, root=st.sampled_from(["columns.contact.cr1_a", "skip", "generators.g.a"]))
@settings(max_examples=120, deadline=None)
def test_whatever_is_written_is_taken_or_explained(value: object, root: str) -> None:
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000).removesuffix("...\n")
    with contextlib.suppress(ProfileError):
        found = read_profile("retail", [f"{root}={text}"])
        check_custom(found)
        profile = found.profile
        assert Profile.model_validate(profile.model_dump(mode="json")) == profile
        make_source(profile, AS_OF, Stamp(-(1 << 30), 0), "any", CurrencyByCode())


def test_an_environments_schema_knows_own_columns_and_misses_wrong_ones() -> None:
    shipped = load_catalogue()
    contact = shipped["contact"]
    options = {1: Option(1, "Gold"), 2: Option(2, "Silver")}
    tier = Column("cr1_tier", "picklist", "cr1_Tier", "Tier", "cru", options=options)
    own = replace(contact, columns={**contact.columns, "cr1_tier": tier})
    live = shipped.overlaid({"contact": own}, {})
    columns = {"contact": {"cr1_tier": "Glod", "cr1_teir": "Gold"}}
    profile = Profile.model_validate({"columns": columns})
    assert find_misfits(profile) == []
    assert [str(one) for one in find_misfits(profile, live)] == [
        "contact.cr1_tier has no option Glod. Did you mean Gold?",
        "contact.cr1_teir is no column of contact. Did you mean cr1_tier?",
    ]
