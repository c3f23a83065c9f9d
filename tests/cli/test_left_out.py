"""What an environment lacks is left out where the profile allows it, told, and the rest loads."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import CommandLine
from tests.cli.test_check import changed

SCRIPT, STEP = "msdyn_productivityagentscript", "msdyn_productivityagentscriptstep"
AUTO = ("--set", "engagement.knowledge=auto", "--set", "engagement.scripts=auto")
SMALL = ("--profile", "retail", "--set", "households=1")
SEED = ("seed", *SMALL, "--run-id", "part-1")


def test_a_complete_environment_gets_all_that_is_asked_for(seedkit: CommandLine) -> None:
    found = json.loads(seedkit(*SEED, *AUTO, "--json").out)
    assert found["left_out"] == []
    assert {"knowledgearticle", SCRIPT, STEP} <= set(found["rows"])
    assert "nothing is left out" in seedkit("check", *SMALL, *AUTO).out


def test_nothing_of_customer_service_stands_in_a_run_that_does_not_ask_for_it(
    seedkit: CommandLine,
) -> None:
    changed(seedkit, hidden_tables=["incident", "knowledgearticle", SCRIPT, STEP])
    found = seedkit(*SEED, "--json")
    assert (found.code, json.loads(found.out)["left_out"]) == (0, [])
    assert seedkit("check", *SMALL).code == 0


@pytest.mark.parametrize("hidden", [[SCRIPT, STEP], [SCRIPT]])
def test_what_lacks_is_left_out_with_what_needs_it_and_comes_out_again(
    seedkit: CommandLine, hidden: list[str]
) -> None:
    changed(seedkit, hidden_tables=hidden)
    checked = seedkit("check", *SMALL, *AUTO)
    assert checked.code == 0
    assert f"left out: scripts: {SCRIPT}, {STEP} (Dynamics 365 Customer Service)" in " ".join(
        checked.out.split()
    )
    seeded = seedkit(*SEED, *AUTO, "--json")
    assert seeded.code == 0, seeded.err
    document = json.loads(seeded.out)
    assert document["left_out"] == [SCRIPT, STEP]
    assert "Left out, because this environment lacks it: scripts: " in seeded.err
    assert document["rows"]["knowledgearticle"] > 0
    assert STEP not in document["rows"]
    assert seedkit("resume", "part-1").code == 0
    assert seedkit("verify", "part-1").code == 0


def test_a_column_that_lacks_is_left_out_alone(seedkit: CommandLine) -> None:
    changed(seedkit, hidden_columns=["knowledgearticle.keywords"])
    seeded = json.loads(seedkit(*SEED, *AUTO, "--json").out)
    assert seeded["left_out"] == ["knowledgearticle.keywords"]
    assert seeded["rows"]["knowledgearticle"] > 0


def test_a_dry_run_leaves_out_the_same(seedkit: CommandLine) -> None:
    changed(seedkit, hidden_tables=[SCRIPT, STEP])
    found = json.loads(seedkit("seed", *SMALL, *AUTO, "--dry-run", "--json").out)
    assert found["left_out"] == [SCRIPT, STEP]


def test_what_has_to_be_there_stops_the_seed_with_the_solution_that_brings_it(
    seedkit: CommandLine,
) -> None:
    changed(seedkit, hidden_tables=["knowledgearticle"])
    wanted = ("--set", "engagement.knowledge=on")
    for found in (seedkit(*SEED, *wanted), seedkit("check", *SMALL, *wanted)):
        text = " ".join((found.out + found.err).split())
        assert found.code == 4
        assert "lacks knowledgearticle" in text
        assert "Dynamics 365 Customer Service brings it" in text
        assert "--set engagement.knowledge=auto" in text
