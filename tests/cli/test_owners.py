"""Rows that belong to the people whom a profile or the configuration names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from seedkit.ledger import Ledger
from seedkit.testing import RunningEnvironment, local_environment
from tests.cli.conftest import CommandLine
from tests.cli.people import (
    CASEY,
    DANA,
    JORDAN,
    NOOR,
    TEAM,
    call_as,
    give_role,
    make_team,
    set_depth,
    take_roles,
    team_id,
    user_id,
)

SEED = ("seed", "--profile", "quick", "--households", "20", "--run-id", "own-1")


@pytest.fixture
def there() -> Iterator[RunningEnvironment]:
    with local_environment(served=True) as found:
        yield found


def owners(there: RunningEnvironment, table: str = "contact") -> Counter[object]:
    return Counter(row["ownerid"] for row in there.dump()[table])


def rows(there: RunningEnvironment) -> int:
    return sum(len(found) for found in there.dump().values())


def refused(seedkit: CommandLine, there: RunningEnvironment, *words: str) -> tuple[str, str]:
    """Seed in vain; return message and hint."""
    before = rows(there)
    result = seedkit(*SEED, "--environment", there.origin, *words, "--json")
    assert result.code == 4, result.out
    assert rows(there) == before
    assert Ledger.open(seedkit.home / "ledger.sqlite3").runs() == []
    error = result.json["error"]
    return error["message"], error["hint"]


def test_households_are_shared_out_and_the_bank_belongs_to_the_first(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    where = ("--environment", there.origin)
    words = ("--set", f"owners={{{DANA}: 3, Jordan Pierce: 1}}")
    seeded = seedkit(*SEED, *where, *words)
    assert seeded.code == 0, seeded.err
    assert "Rows belong to Dana Whitlock, Jordan Pierce." in seeded.err
    dana, jordan = user_id(there, DANA), user_id(there, JORDAN)
    assert owners(there, "msfsi_bank") == {dana: 1}
    assert set(owners(there, "msfsi_branch")) == {dana}
    assert owners(there)[dana] > owners(there)[jordan] > 0
    assert set(owners(there, "msfsi_financialholding")) == {dana, jordan}
    assert seedkit("verify").code == 0
    assert seedkit("purge", "--yes").code == 0
    assert owners(there) == {}


def test_the_header_note_stays_with_whoever_made_the_run(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    assert seedkit(*SEED, "--environment", there.origin, "--set", f"owners=[{DANA}]").code == 0
    (note,) = there.dump()["annotation"]
    assert note["ownerid"] == note["createdby"] != user_id(there, DANA)


def test_the_environments_owners_are_the_default_and_the_profiles_go_before(
    seedkit: CommandLine, there: RunningEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEEDKIT_ENVIRONMENTS__QA__URL", there.origin)
    monkeypatch.setenv("SEEDKIT_ENVIRONMENTS__QA__OWNERS", f"{DANA}, {JORDAN}")
    assert seedkit(*SEED, "--environment", "qa").code == 0
    assert set(owners(there)) == {user_id(there, DANA), user_id(there, JORDAN)}
    assert seedkit("purge", "--yes").code == 0
    assert seedkit(*SEED, "--environment", "qa", "--set", f"owners=[{JORDAN}]").code == 0
    assert set(owners(there)) == {user_id(there, JORDAN)}


def test_cases_and_chats_belong_to_the_agents_and_customers_to_whoever_makes_them(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    words = ("seed", "--profile", "service", "--households", "5", "--environment", there.origin)
    seeded = seedkit(*words, "--set", f"engagement.users=[{NOOR}]")
    assert seeded.code == 0, seeded.err
    noor = user_id(there, NOOR)
    for table in ("incident", "phonecall", "msdyn_ocliveworkitem"):
        assert set(owners(there, table)) == {noor}, table
    assert noor not in owners(there)
    workers = {row["workerid"] for row in there.dump()["queueitem"]}
    assert noor in workers <= {noor, None}
    assert seedkit("verify").code == 0
    assert seedkit("purge", "--yes").code == 0
    assert owners(there, "incident") == {}


def test_owners_of_a_profile_file(
    seedkit: CommandLine, there: RunningEnvironment, tmp_path: Path
) -> None:
    file = tmp_path / "desk.yaml"
    file.write_text(f"extends: quick\nowners:\n  {DANA}: 1\n  {JORDAN}: 0\n", encoding="utf-8")
    words = ("seed", "--profile", str(file), "--households", "5", "--environment", there.origin)
    assert seedkit(*words).code == 0
    assert set(owners(there)) == {user_id(there, DANA)}


def test_everybody_who_is_missing_is_named_with_who_is_there(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    message, hint = refused(seedkit, there, "--set", "owners=[dana.whitlok@bank.example, Ann]")
    assert "'dana.whitlok@bank.example'" in message
    assert "'Ann'" in message
    assert f"Did you mean: {DANA}" in hint
    _, hint = refused(seedkit, there, "--set", "owners=[Zzz]")
    assert DANA in hint
    assert TEAM in hint


def test_a_disabled_owner_is_named(seedkit: CommandLine, there: RunningEnvironment) -> None:
    answer = there.client.patch(f"systemusers({user_id(there, JORDAN)})", json={"isdisabled": True})
    assert answer.status_code == 204
    message, hint = refused(seedkit, there, "--set", f"owners=[{DANA}, {JORDAN}]")
    assert f"user Jordan Pierce ({JORDAN}) is disabled" in message
    assert "Dana" not in message
    assert JORDAN not in hint


def test_an_owner_who_may_be_several_is_named_with_all_of_them(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    make_team(there, "Dana Whitlock")
    message, _ = refused(seedkit, there, "--set", "owners=[Dana Whitlock]")
    assert f"user Dana Whitlock ({DANA}) or team Dana Whitlock (" in message


def test_an_access_team_can_not_own(seedkit: CommandLine, there: RunningEnvironment) -> None:
    make_team(there, "Share", kind=1)
    message, _ = refused(seedkit, there, "--set", "owners=[Share]")
    assert "is an access team, which can't own rows" in message


def test_a_team_without_a_role_can_not_own_until_it_has_one(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    words = ("--set", f"owners=[{TEAM}, {DANA}]")
    message, hint = refused(seedkit, there, *words)
    assert message.startswith("Rows can't be given to every owner: Local bank lacks prvRead")
    assert "Dana" not in message
    assert "Retail banking: Viewer" in hint
    give_role(there, f"teams({team_id(there)})", "teamroles_association", "Retail banking: Viewer")
    assert seedkit(*SEED, "--environment", there.origin, *words).code == 0
    assert set(owners(there)) == {team_id(there), user_id(there, DANA)}


def test_a_user_who_reads_nothing_can_not_own(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    message, _ = refused(seedkit, there, "--set", f"owners=[{CASEY}]")
    assert "Casey Lind lacks prvReadmsfsi_bank" in message


def break_off(seedkit: CommandLine, there: RunningEnvironment, *words: str) -> None:
    """Seed until the first holding is refused."""
    fault = {
        "fault": "privilege-missing",
        "table": "msfsi_financialholding",
        "method": "POST",
        "where": "both",
    }
    there.client.put(f"{there.origin}/emulator/faults", json={"faults": [fault]})
    assert seedkit(*SEED, "--environment", there.origin, *words).code == 4
    there.fail_never()


def test_an_owner_who_loses_the_role_in_between_is_told(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    break_off(seedkit, there, "--set", f"owners=[{DANA}]")
    take_roles(there, DANA)
    stopped = seedkit("resume")
    assert stopped.code == 4
    assert "Rows can't be given to Dana Whitlock: give it a security role" in stopped.err
    assert "seedkit resume own-1" in stopped.err


def test_who_sees_all_rows_may_give_them_to_others(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    """Dana's roles let her see her own notes only, but all rows of retail banking."""
    call_as(there, DANA)
    assert seedkit(*SEED, "--environment", there.origin, "--set", f"owners=[{JORDAN}]").code == 0
    assert set(owners(there)) == {user_id(there, JORDAN)}
    assert "prvReadNote" not in seedkit("purge", "--yes").err


def test_who_would_not_see_the_rows_again_neither_makes_nor_purges_them(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    words = ("--set", f"owners=[{JORDAN}]")
    set_depth(there, "Retail banking: Contributor", "prvReadContact", "Basic")
    call_as(there, DANA)
    message, hint = refused(seedkit, there, *words)
    assert "this account would not see them all: prvReadContact must reach" in message
    assert "--set owners={}" in hint
    call_as(there, None)
    assert seedkit(*SEED, "--environment", there.origin, *words).code == 0
    seeded = rows(there)
    call_as(there, DANA)
    purged = seedkit("purge", "--yes")
    assert purged.code == 4
    assert "prvReadContact" in purged.err
    assert rows(there) == seeded


def test_who_sees_little_may_make_rows_of_his_own(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    set_depth(there, "Retail banking: Contributor", "prvReadContact", "Basic")
    call_as(there, DANA)
    assert seedkit(*SEED, "--environment", there.origin, "--set", f"owners=[{DANA}]").code == 0


def test_twice_the_same_owner_counts_once(seedkit: CommandLine, there: RunningEnvironment) -> None:
    words = ("--set", f"owners={{{DANA}: 1, Dana Whitlock: 1, {user_id(there, JORDAN)}: 1}}")
    assert seedkit(*SEED, "--environment", there.origin, *words).code == 0
    plan = Ledger.open(seedkit.home / "ledger.sqlite3").find(None).plan
    assert [(owner.who.name, owner.weight) for owner in plan.owners] == [
        ("Dana Whitlock", 2.0),
        ("Jordan Pierce", 1.0),
    ]


def test_resume_gives_rows_to_the_same_owners(
    seedkit: CommandLine, there: RunningEnvironment
) -> None:
    words = ("--environment", there.origin, "--set", f"owners={{{DANA}: 1, {JORDAN}: 1}}")
    assert seedkit(*SEED, *words).code == 0
    whole = there.dump()["contact"]
    assert seedkit("purge", "--yes").code == 0
    break_off(seedkit, there, *words[2:])
    assert seedkit("resume").code == 0
    again = there.dump()["contact"]
    assert {row["fullname"]: row["ownerid"] for row in again} == {
        row["fullname"]: row["ownerid"] for row in whole
    }
