"""Adding something changes nothing else; rows never depend on how many there are."""

from __future__ import annotations

from typing import Any

import pytest

from seedkit.assembly import CurrencyByCode, make_source
from seedkit.marks import Stamp
from seedkit.profile.models import Profile
from seedkit.records.batch import RecordBatch
from seedkit.testing import AS_OF

COLUMNS = {
    "contact": {
        "cr1_tier": {"one_of": {"Gold": 1, "Silver": 2}, "empty": 0.2},
        "cr1_score": {"between": [300, 850]},
        "cr1_day": {"days": [-9, 9]},
        "cr1_number": {"sequence": "{number}"},
        "cr1_vip": {"yes": 0.5},
        "cr1_text": {"text": "{firstname} {cr1_tier}"},
    },
    "msfsi_branch": {"cr1_size": {"one_of": {"1": 1, "2": 1}}},
}
OWN = tuple(name for columns in COLUMNS.values() for name in columns)


def batches(block: int, households: int = 300, **keys: Any) -> dict[str, RecordBatch]:
    profile = Profile.model_validate({"households": households, **keys})
    stamp = Stamp(-(1 << 30) - 7, 9)
    source = make_source(profile, AS_OF, stamp, "same", CurrencyByCode())
    return {batch.table: batch for batch in source.batches(block)}


def cells(batch: RecordBatch) -> dict[str, Any]:
    return {
        **{name: list(values) for name, values in batch.columns.items()},
        **{f"{one.column}:{one.target}": list(one.ids) for one in batch.lookups},
    }


@pytest.mark.parametrize("block", [0, 1, 2])
def test_columns_change_nothing_beside_them(block: int) -> None:
    plain, more = batches(block), batches(block, columns=COLUMNS)
    assert plain.keys() == more.keys()
    for table in plain:
        found = {name: values for name, values in cells(more[table]).items() if name not in OWN}
        assert found == cells(plain[table])


@pytest.mark.parametrize("gone", OWN[:4])
def test_a_column_does_not_depend_on_the_others(gone: str) -> None:
    fewer = {
        "contact": {k: v for k, v in COLUMNS["contact"].items() if k not in (gone, "cr1_text")}
    }
    found, every = batches(1, columns=fewer)["contact"], batches(1, columns=COLUMNS)["contact"]
    for name in fewer["contact"]:
        assert found.columns[name] == every.columns[name]


def test_emptying_a_column_leaves_the_other_values() -> None:
    full = {"contact": {"cr1_tier": {"one_of": {"Gold": 1, "Silver": 2}}}}
    all_rows = batches(1, columns=full)["contact"].columns["cr1_tier"]
    some = batches(1, columns=COLUMNS)["contact"].columns["cr1_tier"]
    assert None in some
    assert all(a == b for a, b in zip(all_rows, some, strict=True) if b is not None)


def test_the_front_of_a_block_is_the_same_whatever_is_behind() -> None:
    few = batches(1, households=40, columns=COLUMNS)["contact"]
    many = batches(1, households=300, columns=COLUMNS)["contact"]
    for name in COLUMNS["contact"]:
        assert list(many.columns[name])[: len(few)] == list(few.columns[name])


def test_another_random_seed_gives_other_values_and_another_block_too() -> None:
    one = batches(1, columns=COLUMNS)["contact"].columns["cr1_score"]
    other = batches(1, columns=COLUMNS, random_seed=2)["contact"].columns["cr1_score"]
    behind = batches(2, columns=COLUMNS)["contact"].columns["cr1_score"]
    assert list(one)[:20] != list(other)[:20]
    assert list(one)[:20] != list(behind)[:20]


def test_a_sequence_goes_on_in_the_next_block() -> None:
    first = batches(1, columns=COLUMNS)["contact"].columns["cr1_number"]
    second = batches(2, columns=COLUMNS)["contact"].columns["cr1_number"]
    assert first[0] == "1"
    assert second[0] == "100001"


def test_skipping_changes_nothing_beside_it() -> None:
    plain = batches(1)
    fewer = batches(1, skip=["contact.jobtitle", "goals"])
    assert plain.keys() - fewer.keys() == {"msfsi_financialgoal"}
    for table in fewer:
        expected = cells(plain[table])
        expected.pop("jobtitle", None)
        assert cells(fewer[table]) == expected


def test_two_columns_with_the_same_values_are_independent() -> None:
    coin = {"one_of": {"a": 1, "b": 1}}
    columns = {"contact": {"cr1_one": coin, "cr1_two": coin}, "msfsi_fi_card": {"cr1_one": coin}}
    found = batches(1, columns=columns)
    contact, card = found["contact"].columns, found["msfsi_fi_card"].columns
    assert list(contact["cr1_one"]) != list(contact["cr1_two"])
    assert list(contact["cr1_one"])[:40] != list(card["cr1_one"])[:40]


def test_which_rows_stay_empty_does_not_follow_from_their_values() -> None:
    """With one stream for both, the empty rows would all have had the first value."""
    coin = {"one_of": {"a": 1, "b": 1}}
    full = batches(1, columns={"contact": {"cr1_one": coin}})["contact"].columns["cr1_one"]
    half = {"contact": {"cr1_one": {**coin, "empty": 0.5}}}
    some = batches(1, columns=half)["contact"].columns["cr1_one"]
    gone = {was for was, now in zip(full, some, strict=True) if now is None}
    assert gone == {"a", "b"}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"between": [1, 1]}, 1),
        ({"between": [0.25, 0.25]}, 0.25),
        ({"between": [-2, -2], "decimals": 1}, -2.0),
        ({"value": True}, True),
        ({"days": 0}, "2026-06-30"),
        ({"text": "{{{missing}}}"}, "{}"),
        ({"text": "  "}, None),
        ({"text": "{donotfax}, {birthdate}", "cut": 5}, "no, 2"),
        ({"sequence": "{number:04}", "start": 50}, "0050"),
        ({"value": "x", "empty": 1.0}, None),
    ],
)
def test_values_at_the_edge(spec: dict[str, Any], expected: object) -> None:
    found = batches(1, households=1, columns={"contact": {"cr1_a": spec}})["contact"]
    value = found.columns["cr1_a"][0]
    wanted = expected
    if expected == "no, 2":
        wanted = f"no, {str(found.columns['birthdate'][0])[0]}"
    assert (value, type(value)) == (wanted, type(wanted))
