"""`check --impersonate`: it answers for who will seed, and of the purge for ourselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from seedkit.testing import RunningEnvironment, local_environment
from tests.cli.conftest import CommandLine, Result
from tests.cli.people import CASEY, DANA, JORDAN, call_as

AS_DANA = ("--impersonate", DANA)


@pytest.fixture
def there() -> Iterator[RunningEnvironment]:
    with local_environment(served=True) as found:
        yield found


def check(seedkit: CommandLine, there: RunningEnvironment, *words: str) -> Result:
    return seedkit("check", "--profile", "quick", "--environment", there.origin, *words, "--json")


def findings(result: Result, area: str = "privileges") -> dict[str, dict[str, Any]]:
    return {one["subject"]: one for one in result.json["findings"] if one["area"] == area}


def test_it_says_who_seeds_and_who_signed_in(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    before = there.dump()
    found = findings(check(seedkit, there, *AS_DANA), "environment")
    assert found["user"]["detail"].startswith("Dana Whitlock")
    assert found["sign-in"]["detail"].endswith("in the name of Dana Whitlock")
    assert there.dump() == before


def test_it_agrees_with_a_seed_in_her_name_and_a_purge_in_ours(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    words = ("--profile", "quick", "--environment", there.origin, *AS_DANA)
    assert check(seedkit, there, *AS_DANA).code == 0
    assert seedkit("seed", *words, "--households", "1").code == 0
    assert seedkit("purge", "--yes").code == 0
    call_as(there, DANA)
    alone = findings(check(seedkit, there))
    assert alone["rows of others"]["state"] == "missing", "her own purge would not see all"


def test_what_she_lacks_alone_is_told_as_lacking(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    theirs = findings(check(seedkit, there, *AS_DANA))
    ours = findings(check(seedkit, there))
    bypass, act = "prvBypassCustomBusinessLogic", "prvActOnBehalfOfAnotherUser"
    assert (ours[bypass]["state"], theirs[bypass]["state"]) == ("ok", "note")
    assert theirs[act]["state"] == "ok", "that one is ours, and it is in use"
    assert theirs["rows of others"] == ours["rows of others"]


def test_what_only_the_other_may_do_does_not_count(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    call_as(there, CASEY)
    found = check(seedkit, there, *AS_DANA)
    assert found.code == 4
    assert findings(found)["Create"]["state"] == "refused"
    seed = ("seed", "--profile", "quick", "--households", "1", "--environment", there.origin)
    assert seedkit(*seed, *AS_DANA).code == 4


def test_who_may_not_act_for_others_is_told_as_in_a_seed(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    call_as(there, JORDAN)
    refused = check(seedkit, there, *AS_DANA)
    assert refused.code == 4
    assert refused.json["error"]["kind"] == "MissingPrivilege"
    nobody = check(seedkit, there, "--impersonate", "nobody@bank.example")
    assert nobody.json["error"]["kind"] == "MissingInTarget"


def test_the_next_steps_keep_the_option(seedkit: CommandLine, there: RunningEnvironment) -> None:
    there.change_settings(environment_type="Production")
    told = findings(check(seedkit, there, *AS_DANA), "environment")["type"]["remedy"]
    assert f"--impersonate {DANA}" in told


def test_nobody_is_ourselves(seedkit: CommandLine, there: RunningEnvironment) -> None:
    alone, nobody = check(seedkit, there), check(seedkit, there, "--impersonate", "nobody")
    assert nobody.json["findings"] == alone.json["findings"]
