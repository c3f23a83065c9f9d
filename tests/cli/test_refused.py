"""Rows that the environment refuses: told, mended there, sent again, complete, purged exactly."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seedkit.testing import RunningEnvironment, local_environment
from tests.cli.conftest import CommandLine, Result

RUN = "refused-1"
CONTACT = "EntityDefinitions(LogicalName='contact')"
MEN = {"table": "contact", "column": "gendercode", "value": 1}
CRM = "Microsoft.Dynamics.CRM."


@pytest.fixture
def there() -> Iterator[RunningEnvironment]:
    with local_environment(served=True) as there:
        yield there


class Story:
    """A run in a served environment."""

    def __init__(self, seedkit: CommandLine, there: RunningEnvironment) -> None:
        self.seedkit = seedkit
        self.there = there
        self.before = there.dump()

    def seed(self) -> Result:
        words = ("--profile", "quick", "--households", "6", "--run-id", RUN)
        return self.seedkit("seed", *words, "--environment", self.there.origin, "--json")

    def resume(self, *words: str) -> Result:
        return self.seedkit("resume", RUN, "--json", *words)

    def reasons(self, result: Result) -> dict[str, set[str]]:
        """Return the reasons in the report by state."""
        found: dict[str, set[str]] = {"refused": set(), "skipped": set()}
        for line in Path(result.json["report"]).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found[row["state"]].add(row["reason"])
        return found

    def set_maximum(self, column: str, length: int) -> None:
        """Change the definition of a text column, as a customiser does."""
        path = f"{CONTACT}/Attributes(LogicalName='{column}')"
        kind = f"{CRM}StringAttributeMetadata"
        full: dict[str, Any] = self.there.client.get(f"{path}/{kind}").json()
        body = {name: value for name, value in full.items() if not name.startswith("@odata.")}
        body |= {"@odata.type": kind, "MaxLength": length}
        headers = {"MSCRM.MergeLabels": "true"}
        self.there.client.put(path, json=body, headers=headers).raise_for_status()

    def refuse(self, text: str, **which: Any) -> None:
        """Let a customer's plug-in refuse rows from now on."""
        rule = {"fault": "plugin-refusal", "fire": "always", "text": text, "where": "both", **which}
        answer = self.there.client.put(
            f"{self.there.origin}/emulator/faults", json={"faults": [rule]}
        )
        answer.raise_for_status()

    def check_complete(self, seeded: Result) -> None:
        """Every row is there, once, and a purge takes away exactly the run."""
        assert seeded.json["refused"] == seeded.json["skipped"] == {}
        verified = self.seedkit("verify", RUN, "--json")
        assert verified.json["holds"] is True
        purged = self.seedkit("purge", RUN, "--yes", "--json")
        assert purged.json["deleted"] == seeded.json["rows"]
        assert self.there.dump() == self.before


@pytest.fixture
def story(seedkit: CommandLine, there: RunningEnvironment) -> Story:
    return Story(seedkit, there)


def test_a_plug_in_that_refuses_is_mended(story: Story) -> None:
    story.refuse("No men on a Friday.", **MEN)
    seeded = story.seed()
    assert seeded.code == 3
    refused = seeded.json["refused"]["contact"]
    assert 0 < refused < seeded.json["rows"]["contact"] + refused
    assert seeded.json["skipped"]["msfsi_groupmember"] > 0
    found = story.reasons(seeded)
    assert found["refused"] == {"No men on a Friday."}
    assert all("was refused" in reason for reason in found["skipped"])
    assert f"seedkit resume {RUN} --refused" in seeded.err

    idle = story.resume()  # without the option nothing is tried again
    assert (idle.code, idle.json["refused"]) == (3, seeded.json["refused"])

    story.there.fail_never()
    resumed = story.resume("--refused")
    assert resumed.code == 0
    story.check_complete(resumed)


def test_a_second_refusal_keeps_the_new_reason(story: Story) -> None:
    story.refuse("No men on a Friday.", **MEN)
    first = story.seed()
    story.refuse("No men at all.", **MEN)
    second = story.resume("--refused")
    assert second.code == 3
    assert second.json["refused"] == first.json["refused"]
    assert story.reasons(second)["refused"] == {"No men at all."}
    story.there.fail_never()
    resumed = story.resume("--refused")
    assert resumed.code == 0
    story.check_complete(resumed)


def test_a_column_that_is_too_short_is_mended_in_parts(story: Story) -> None:
    story.set_maximum("jobtitle", 10)
    seeded = story.seed()
    assert seeded.code == 3
    story.set_maximum("jobtitle", 16)
    partly = story.resume("--refused")
    assert partly.code == 3
    assert 0 < partly.json["refused"]["contact"] < seeded.json["refused"]["contact"]
    assert partly.json["rows"]["contact"] > seeded.json["rows"]["contact"]
    story.set_maximum("jobtitle", 100)
    resumed = story.resume("--refused")
    assert resumed.code == 0
    story.check_complete(resumed)


def test_a_missing_privilege_stops_the_run_and_resume_goes_on(story: Story) -> None:
    rule = {"fault": "privilege-missing", "table": "msfsi_lifemoment", "fire": "always"}
    there = story.there
    answer = there.client.put(
        f"{there.origin}/emulator/faults", json={"faults": [rule | {"message": "CreateMultiple"}]}
    )
    answer.raise_for_status()
    stopped = story.seed()
    assert stopped.code == 4
    assert f"seedkit resume {RUN}" in json.dumps(stopped.json)
    there.fail_never()
    resumed = story.resume()
    assert resumed.code == 0
    story.check_complete(resumed)


def test_many_rows_that_are_refused_again_do_not_stop_the_run(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    """That none is taken this time says nothing: most of the table is there already."""
    story = Story(seedkit, there)
    story.refuse("No men on a Friday.", **MEN)
    words = ("--profile", "quick", "--households", "80", "--run-id", RUN)
    seeded = seedkit("seed", *words, "--environment", there.origin, "--json")
    assert seeded.json["refused"]["contact"] > 50
    again = story.resume("--refused")
    assert again.code == 3
    assert again.json["refused"] == seeded.json["refused"]


def test_a_purge_tells_of_rows_that_a_lost_answer_deleted(story: Story) -> None:
    total = sum(story.seed().json["rows"].values())
    story.there.fail_next("reset-after-commit", path=r"\$batch")
    purged = story.seedkit("purge", RUN, "--yes")
    assert purged.code == 0
    told = re.search(r"([\d,]+) rows? more went before their own delete", purged.err)
    shown = re.search(r"total +([\d,]+)", purged.out)
    assert told is not None
    assert shown is not None
    assert int(told[1]) + int(shown[1].replace(",", "")) == total
    assert story.there.dump() == story.before
