"""Figures of people stand in the columns that a profile names, as the population has them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from seedkit.assembly import CurrencyByCode, make_source
from seedkit.custom import find_misfits
from seedkit.custom.figures import FIGURES, Customers
from seedkit.marks import Stamp
from seedkit.population import make_bank, make_block
from seedkit.population.days import day, whole_years
from seedkit.population.model import Block
from seedkit.population.words import Education, Way
from seedkit.profile.columns import Figure
from seedkit.profile.models import Profile
from seedkit.records.source import SHOWCASE_ROWS
from seedkit.testing import AS_OF, LocalEnvironment
from tests.cli.conftest import CommandLine
from tests.custom.test_columns import overrides
from tests.custom.test_stability import batches, cells

HOUSEHOLDS = 200
ALL = {"contact": {f"cr1_{name}": {"figure": name} for name in FIGURES}}


@pytest.fixture(scope="module")
def block() -> Block:
    profile = Profile(households=HOUSEHOLDS)
    bank = make_bank(profile, AS_OF)
    return make_block(profile, AS_OF, bank, 0).front(HOUSEHOLDS)


@pytest.fixture(scope="module")
def written() -> dict[str, list[Any]]:
    """The contacts' columns of the same households."""
    contact = batches(1, HOUSEHOLDS, columns=ALL)["contact"]
    return {name: list(contact.columns[f"cr1_{name}"]) for name in FIGURES}


def told(block: Block, values: Any, known: Any) -> list[Any]:
    """Return values of the customers among all people; None where they are not known."""
    pairs = zip(values, known, block.people.customer.tolist(), strict=True)
    return [value if is_known else None for value, is_known, customer in pairs if customer]


def test_a_profile_can_name_every_figure() -> None:
    assert get_args(Figure.model_fields["figure"].annotation) == tuple(FIGURES)


def test_a_column_holds_what_the_population_has(
    block: Block, written: dict[str, list[Any]]
) -> None:
    people, own = block.people, block.standing
    adult = people.age >= 18
    ways = [Way(index).name.lower() if index >= 0 else "" for index in own.main_channel]
    levels = [Education(index).name.lower() for index in people.education]
    since = np.where(people.customer, people.customer_since, day(AS_OF))
    everyone = np.ones(adult.size, np.bool_)
    assert written == {
        "score": told(block, own.score.tolist(), own.score > 0),
        "churn_risk": told(block, own.churn_risk.tolist(), adult),
        "late_60": told(block, own.late.tolist(), adult),
        "main_channel": told(block, ways, adult),
        "tenure_years": told(block, whole_years(since, day(AS_OF)).tolist(), everyone),
        "education": told(block, levels, adult),
    }
    assert people.customer.sum() < people.customer.size  # rows are not simply people


def test_values_are_of_the_type_and_in_the_range_that_columns_are_asked_for(
    written: dict[str, list[Any]],
) -> None:
    types = {"whole number": int, "yes/no": bool, "text": str}
    for name, figure in FIGURES.items():
        known = [value for value in written[name] if value is not None]
        assert {type(value) for value in known} == {types[figure.type]}
        assert len(set(known)) > 1
        assert (len(known) == len(written[name])) == figure.everyone
        if figure.type == "whole number":
            assert figure.low <= min(known) <= max(known) <= figure.high
        assert set(figure.words) >= {value for value in known if figure.words}


def test_nobody_below_age_has_a_score(block: Block) -> None:
    young = replace(block.people, age=np.full(block.people.age.size, 17))
    for name, figure in FIGURES.items():
        if not figure.everyone:
            assert set(figure.read(Customers(young, block.standing, AS_OF))) == {None}, name


def test_named_customers_have_figures_too() -> None:
    profile = Profile.model_validate({"households": 1, "showcase": True, "columns": ALL})
    source = make_source(profile, AS_OF, Stamp(-(1 << 30), 0), "any", CurrencyByCode())
    found = {batch.table: batch for batch in source.batches(SHOWCASE_ROWS)}["contact"]
    assert {type(value) for value in found.columns["cr1_score"]} >= {int}


def test_figures_can_stay_empty_and_stand_in_texts() -> None:
    columns = {
        "cr1_all": {"figure": "tenure_years"},
        "cr1_some": {"figure": "tenure_years", "empty": 0.5},
        "cr1_text": {"text": "{cr1_all} years"},
    }
    found = batches(1, HOUSEHOLDS, columns={"contact": columns})["contact"].columns
    every, some = found["cr1_all"], found["cr1_some"]
    assert 0.3 < sum(value is None for value in some) / len(some) < 0.7
    assert all(a in (None, b) for a, b in zip(some, every, strict=True))
    assert list(found["cr1_text"]) == [f"{value} years" for value in every]


def test_a_text_is_as_long_as_the_longest_word_of_its_figure() -> None:
    level = {"cr1_level": {"figure": "education"}}
    for words, faults in ((79, 0), (80, 1)):  # `department` takes 100 characters
        own = level | {"department": {"text": "x" * words + "{cr1_level}"}}
        assert len(find_misfits(Profile.model_validate({"columns": {"contact": own}}))) == faults


def test_an_environment_takes_them_and_purge_removes_them(local: LocalEnvironment) -> None:
    before = local.dump()
    own = overrides(
        {"cr1_score": "{figure: score}", "cr1_vip": "{figure: late_60}", "cr1_number": "A"}
    )
    run = local.seed("demo", households=12, overrides=own)
    scores = [row["cr1_score"] for row in local.read("contacts") if row["cr1_score"] is not None]
    assert len(scores) > 12
    assert all(300 <= score <= 850 for score in scores)
    local.purge(run)
    assert local.dump() == before


def test_nothing_is_written_but_the_column_that_is_named() -> None:
    plain = batches(1, 40)
    for name in FIGURES:
        more = batches(1, 40, columns={"contact": {"cr1_own": {"figure": name}}})
        assert plain.keys() == more.keys()
        added = {
            f"{table}.{column}"
            for table in plain
            for column in more[table].columns.keys() - plain[table].columns.keys()
        }
        assert added == {"contact.cr1_own"}
        for table, batch in more.items():
            found = {key: values for key, values in cells(batch).items() if key != "cr1_own"}
            assert found == cells(plain[table])


def test_files_hold_the_figures(seedkit: CommandLine, tmp_path: Path) -> None:
    words = ["--profile", "demo", "--as-of", str(AS_OF), "--format", "jsonl"]
    sets = ["--set", "columns.contact.cr1_score={figure: score}"]
    assert seedkit("generate", *words, *sets, "--out", str(tmp_path)).code == 0
    lines = (tmp_path / "contact.jsonl").read_text(encoding="utf-8").splitlines()
    scores = [row["cr1_score"] for row in map(json.loads, lines) if "cr1_score" in row]
    assert scores
    assert {type(score) for score in scores} == {int}
