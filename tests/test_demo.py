"""The profile `demo`: whom somebody who shows the application opens, and what there is to see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import seedkit
from seedkit.population.notable import Showcase
from seedkit.seeding import Bank
from seedkit.testing import local_environment

AS_OF = date(2026, 6, 30)
KINDS = ("phonecalls", "emails", "appointments", "tasks", "letters")
NEARLY_ALL = 0.9  # of the showcase customers
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank[Any]]:
    home: Path = tmp_path_factory.mktemp("demo")
    with (
        local_environment(served=True) as there,
        seedkit.seeded("demo", environment=there.origin, as_of=AS_OF, home=home) as bank,
    ):
        yield bank


def read(bank: Bank[Any], path: str) -> Rows:
    answer = bank.http.get(path)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["value"])


def shown(bank: Bank[Any]) -> set[str]:
    """Return the ids of the showcase customers."""
    return {bank.customer(f"showcase: {what}").id for what in Showcase}


def test_nearly_every_showcase_customer_has_cases_and_a_timeline(demo: Bank[Any]) -> None:
    cases = {row["incidentid"]: row["_customerid_value"] for row in read(demo, "incidents")}
    done: Counter[str] = Counter()
    for kind in KINDS:
        for row in read(demo, kind):
            about = row["_regardingobjectid_value"]
            done[cases.get(about, about)] += 1
    people = shown(demo)
    assert len(people) == len(Showcase)
    assert len(people & set(cases.values())) >= NEARLY_ALL * len(people)
    assert sum(done[person] >= 3 for person in people) >= NEARLY_ALL * len(people)


def test_some_cases_are_open_and_there_is_something_to_look_up(demo: Bank[Any]) -> None:
    states = Counter(row["statecode"] for row in read(demo, "incidents"))
    assert states[1] > states[0] >= 3
    for path in ("msdyn_ocliveworkitems", "knowledgearticles", "msdyn_productivityagentscripts"):
        assert read(demo, path), path


def test_nobody_stands_there_but_showcase_households(demo: Bank[Any]) -> None:
    groups = read(demo, "msfsi_groups")
    assert len(groups) < 2 * len(Showcase)
