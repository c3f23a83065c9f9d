"""What an environment does not take is told with table and column, and nothing is written."""

from __future__ import annotations

import pytest

from seedkit.errors import MissingInTargetError
from seedkit.testing import LocalEnvironment
from tests.custom.customer import add_columns

FAULTS = {
    "no such column": (
        "cr1_teir",
        "x",
        "contact.cr1_teir is no column there. Did you mean cr1_tier",
    ),
    "no such option": (
        "cr1_tier",
        "{one_of: [Gold, Platin]}",
        "contact.cr1_tier has no option Platin. Did you mean Platinum?",
    ),
    "no such value": ("cr1_tier", "7", "has no option 7. It has Silver (100000000), Gold"),
    "a number below": ("cr1_score", "{between: [100, 400]}", "takes 300 to 850, not 100."),
    "a number above": ("cr1_score", "{one_of: [400, 900]}", "takes 300 to 850, not 900."),
    "a half": ("cr1_score", "300.5", "takes whole numbers, not 300.5."),
    "a word for a number": ("cr1_score", "many", "takes numbers, not many."),
    "too many decimals": (
        "cr1_rate",
        "{between: [0, 1], decimals: 3}",
        "has 2 decimals, and `between` asks for 3. Write decimals: 2.",
    ),
    "a long text": ("cr1_source", "x" * 21, "takes 20 characters, and this has up to 21."),
    "a long choice": ("cr1_source", f"{{one_of: [a, {'x' * 21}]}}", "takes 20 characters"),
    "a text that may grow": (
        "cr1_greeting",
        "{text: 'Dear {firstname} {lastname}'}",
        "takes 60 characters, and this text may have 106. Add cut: 60",
    ),
    "a text made of texts": (
        "cr1_greeting",
        "{text: '{mobilephone} {emailaddress1}'}",
        "and this text may have",
    ),
    "a long sequence": (
        "cr1_number",
        "{sequence: 'CUSTOMER-{number:09}'}",
        "takes 12 characters, and this has up to 18.",
    ),
    "a number for a text": (
        "cr1_source",
        "5",
        "takes a text, and YAML does not read 5 as one. Put it in quotes.",
    ),
    "a kind that does not fit": (
        "cr1_source",
        "{yes: 0.5}",
        "is a text column, and `yes` does not fit. Write a text, `one_of`, `text` or `sequence`.",
    ),
    "a text for a lookup": ("cr1_segment", "A", "is a lookup column, and `value` does not fit."),
    "a wrong day": ("cr1_reviewed", "soon", "takes a day such as 2026-01-31, not soon."),
    "days from a text": (
        "cr1_next",
        "{days: 1, after: firstname}",
        "counts from firstname, which is no date.",
    ),
    "a figure of another type": (
        "cr1_source",
        "{figure: score}",
        "contact.cr1_source is a text column, and `score` is a whole number.",
    ),
    "a word for a number column": (
        "cr1_rate",
        "{figure: main_channel}",
        "contact.cr1_rate is a decimal number column, and `main_channel` is a text.",
    ),
    "a figure for a choice": (
        "cr1_tier",
        "{figure: main_channel}",
        "is a choice column, and `figure` does not fit. Write `one_of` or one option.",
    ),
    "a figure out of range": (
        "cr1_score",
        "{figure: churn_risk}",
        "takes 300 to 850, and `churn_risk` lies between 0 and 100.",
    ),
    "a long figure": (
        "cr1_source",
        "{figure: education}",
        "takes 20 characters, and this has up to 21.",
    ),
    "a figure that some lack": (
        "cr1_needed",
        "{figure: main_channel}",
        "is required, and `main_channel` is not known of everyone.",
    ),
    "a required column": (
        "cr1_needed",
        "{value: x, empty: 0.1}",
        "is required, and can't stay empty",
    ),
    "what the platform computes": ("fullname", "Ann", "can't be written when a row is made."),
    "another table": (
        "cr1_segment",
        "{lookup: account, key: {name: x}}",
        "points at cr1_segment, not at account.",
    ),
    "a missing table": ("cr1_segment", "{lookup: cr9_no, key: {a: x}}", "cr9_no is a table that"),
    "no row": (
        "cr1_segment",
        "{lookup: cr1_segment, key: {cr1_code: Z}}",
        "finds no row of cr1_segment by cr1_code eq 'Z'.",
    ),
    "several rows": (
        "cr1_segment",
        "{lookup: cr1_segment, filter: \"cr1_name eq 'Retail'\"}",
        "finds several rows of cr1_segment by cr1_name eq 'Retail': Retail (",
    ),
    "a wrong filter": (
        "cr1_segment",
        '{lookup: cr1_segment, filter: "nothing eq 1"}',
        "can't be looked up in cr1_segment by nothing eq 1:",
    ),
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> LocalEnvironment:
    local = LocalEnvironment(tmp_path_factory.mktemp("faults"))
    add_columns(local)
    return local


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_names_table_and_column(shared: LocalEnvironment, case: str) -> None:
    column, value, said = FAULTS[case]
    with pytest.raises(MissingInTargetError) as caught:
        shared.seed("quick", households=1, overrides=[f"columns.contact.{column}={value}"])
    assert said in caught.value.message
    assert caught.value.exit_code == 4
    assert shared.read("contacts") == []


def test_all_faults_are_told_at_once(shared: LocalEnvironment) -> None:
    wrong = ["columns.contact.cr1_score=1", "columns.contact.cr1_tier=Bronze"]
    with pytest.raises(MissingInTargetError, match=r"(?s)cr1_score.*cr1_tier"):
        shared.seed("quick", households=1, overrides=wrong)


def test_a_required_column_is_not_left_out(shared: LocalEnvironment) -> None:
    with pytest.raises(MissingInTargetError, match=r"contact.cr1_needed can't be left out"):
        shared.seed(
            "quick",
            households=1,
            overrides=["columns.contact.cr1_needed=x", "skip=[contact.cr1_needed]"],
        )
