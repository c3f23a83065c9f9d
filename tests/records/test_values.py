from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedkit.records import values
from seedkit.records.sheet import run_slug

DATES = np.array(["2026-01-31", "NaT", "1899-12-31"], dtype="datetime64[D]")


def test_dates_travel_bare_or_as_noon() -> None:
    assert values.days(DATES) == ["2026-01-31", None, "1899-12-31"]
    assert values.noons(DATES) == ["2026-01-31T12:00:00Z", None, "1899-12-31T12:00:00Z"]


def test_no_dates_at_all() -> None:
    assert values.noons(DATES[:0]) == []


def test_empty_texts_are_not_sent() -> None:
    assert values.texts(np.array(["a", ""], dtype=object)) == ["a", None]


def test_basis_points_become_per_cent() -> None:
    assert values.percents(np.array([681, -5, 0], dtype=np.int32)) == [6.81, -0.05, 0.0]


def test_long_names_are_cut_between_words() -> None:
    [name] = values.joined(["Emily Carter"], ["Account " * 20])
    assert len(name) <= 100
    assert name.endswith("Account…")


@given(st.text(min_size=1, max_size=150), st.integers(min_value=5, max_value=100))
def test_no_name_is_longer_than_allowed(text: str, length: int) -> None:
    [name] = values.names([text], length)
    assert len(name) <= length
    assert name == text or name.endswith("…")


@pytest.mark.parametrize(
    ("run_id", "slug"),
    [("retail-7f3a", "retail-7f3a"), ("My Run/7F", "my-run-7f"), ("x" * 60 + "-7f3a", None)],
)
def test_integration_keys_hold_only_signs_that_keys_may_hold(run_id: str, slug: str | None) -> None:
    made = run_slug(run_id)
    assert slug in (None, made)
    assert len(made) <= 40
    assert made.endswith(run_id[-2:].lower())
