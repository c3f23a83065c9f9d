"""Columns of the customer's own: what each kind puts there, and what it is made of."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from seedkit.testing import AS_OF, LocalEnvironment
from tests.custom.customer import SEGMENTS

KINDS = {
    "cr1_source": "seedkit",
    "cr1_greeting": "{text: 'Dear {firstname} of {cr1_number}', cut: 60}",
    "cr1_number": "{sequence: 'C-{number:06}'}",
    "cr1_needed": "{one_of: [red, green]}",
    "cr1_tier": "{one_of: {Gold: 1, '100000000': 3}, empty: 0.3}",
    "cr1_score": "{between: [300, 850]}",
    "cr1_rate": "{between: [0.5, 3.25]}",
    "cr1_reviewed": "{days: [-30, -1]}",
    "cr1_next": "{days: 10, after: cr1_reviewed}",
    "cr1_vip": "{yes: 0.5}",
    "cr1_segment": "{lookup: cr1_segment, key: {cr1_code: A}}",
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The contacts of forty households with every kind of value."""
    from tests.custom.customer import add_columns

    local = LocalEnvironment(tmp_path_factory.mktemp("columns"))
    add_columns(local)
    local.seed("retail", households=40, overrides=overrides(KINDS))
    return local.read("contacts", expand="cr1_Segment($select=cr1_code)", orderby="contactid")


def overrides(columns: dict[str, str], table: str = "contact") -> list[str]:
    return [f"columns.{table}.{name}={value}" for name, value in columns.items()]


def column(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


def test_a_constant_is_the_same_in_all_rows(rows: list[dict[str, Any]]) -> None:
    assert set(column(rows, "cr1_source")) == {"seedkit"}


def test_a_choice_takes_labels_and_values_by_weight_and_stays_empty_by_share(
    rows: list[dict[str, Any]],
) -> None:
    found = Counter(column(rows, "cr1_tier"))
    assert found.keys() == {None, 100000000, 100000001}
    assert found[100000000] > found[100000001]
    assert 0.1 < found[None] / len(rows) < 0.5


def test_texts_are_chosen_too(rows: list[dict[str, Any]]) -> None:
    assert set(column(rows, "cr1_needed")) == {"red", "green"}


def test_a_range_holds_whole_and_decimal_numbers(rows: list[dict[str, Any]]) -> None:
    scores, rates = column(rows, "cr1_score"), column(rows, "cr1_rate")
    assert all(300 <= score <= 850 and isinstance(score, int) for score in scores)
    assert all(0.5 <= rate <= 3.25 and round(rate, 2) == rate for rate in rates)
    assert len(set(scores)) > 20


def test_days_count_from_the_as_of_date_or_another_column(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        reviewed = date.fromisoformat(row["cr1_reviewed"])
        assert AS_OF - timedelta(days=30) <= reviewed < AS_OF
        assert row["cr1_next"] == f"{reviewed + timedelta(days=10)}T12:00:00Z"


def test_texts_are_made_of_other_values_of_the_row(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert row["cr1_greeting"] == f"Dear {row['firstname']} of {row['cr1_number']}"


def test_a_sequence_never_repeats(rows: list[dict[str, Any]]) -> None:
    numbers = column(rows, "cr1_number")
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"C-\d{6}", number) for number in numbers)
    assert min(numbers) == "C-000001"


def test_yes_is_said_in_a_share_of_the_rows(rows: list[dict[str, Any]]) -> None:
    said = Counter(column(rows, "cr1_vip"))
    assert set(said) == {True, False}


def test_a_lookup_points_at_the_row_that_was_found(rows: list[dict[str, Any]]) -> None:
    assert {row["cr1_Segment"]["cr1_code"] for row in rows} == {"A"}
    assert "A" in SEGMENTS


def test_a_filter_finds_a_row_too_and_purge_leaves_it(local: LocalEnvironment) -> None:
    before = local.dump()
    found = {"cr1_segment": "{lookup: cr1_segment, filter: \"cr1_name eq 'Private'\", empty: 0.5}"}
    run = local.seed(overrides=overrides(found), households=4)
    linked = Counter(row["_cr1_segment_value"] for row in local.read("contacts"))
    (private,) = local.read("cr1_segments", filter="cr1_code eq 'A'")
    assert linked.keys() == {None, private["cr1_segmentid"]}
    local.purge(run)
    assert local.dump() == before


def test_a_column_that_we_write_can_be_overridden(local: LocalEnvironment) -> None:
    local.seed(overrides=overrides({"jobtitle": "Clerk", "cr1_source": "'{x}'"}), households=2)
    assert {row["jobtitle"] for row in local.read("contacts")} == {"Clerk"}
