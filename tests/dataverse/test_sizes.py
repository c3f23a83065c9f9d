"""How many rows a request carries."""

from __future__ import annotations

from collections.abc import Callable

from seedkit.dataverse.sizes import MOST_ROWS, SLOW, Sizes, starting_rows


def settle(sizes: Sizes, seconds: Callable[[int], float], calls: int = 60) -> int:
    for _ in range(calls):
        rows = sizes.rows("contact", 100)
        sizes.took("contact", 100, rows, seconds(rows))
    return sizes.rows("contact", 100)


def test_it_starts_where_little_can_go_wrong() -> None:
    assert starting_rows("contact", "CreateMultiple") == 100
    assert starting_rows("msfsi_bank", "CreateMultiple") == 250
    assert starting_rows("msfsi_bank", "$batch") == 100


def test_it_grows_while_that_gains() -> None:
    assert settle(Sizes(), lambda rows: 1.0 + 0.001 * rows) == MOST_ROWS
    assert settle(Sizes(), lambda rows: 0.025 + 0.0012 * rows) == 400


def test_it_goes_back_when_more_rows_gain_nothing() -> None:
    assert settle(Sizes(), lambda rows: 0.001 * rows) == 100


def test_it_stays_well_under_the_time_limit() -> None:
    assert settle(Sizes(), lambda rows: 1 + 0.02 * rows) == 200
    assert settle(Sizes(), lambda rows: 1 + 0.3 * rows) < 100
    sizes = Sizes()
    sizes.took("contact", 100, 100, SLOW + 1)
    assert sizes.rows("contact", 100) == 50


def test_the_ceiling_holds() -> None:
    assert settle(Sizes(150), lambda rows: 1.0) == 150
    assert Sizes(3).rows("contact", 100) == 3
    assert Sizes(5_000).rows("contact", 2_000) == MOST_ROWS


def test_what_was_too_much_is_not_tried_again() -> None:
    sizes = Sizes()
    sizes.shrink("contact", 100, 100)
    sizes.shrink("contact", 100, 100)  # sent at the same time as the first
    assert settle(sizes, lambda rows: 1.0) == 50
    for rows in (50, 25, 12, 6, 3, 1):
        sizes.shrink("contact", 100, rows)
    assert sizes.rows("contact", 100) == 1
    assert sizes.rows("msfsi_bank", 250) == 250


def test_a_request_that_is_not_full_says_nothing() -> None:
    sizes = Sizes()
    for _ in range(10):
        sizes.took("contact", 100, 40, 0.01)
    assert sizes.rows("contact", 100) == 100
