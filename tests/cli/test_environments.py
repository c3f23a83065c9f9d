"""`environments list | add | test | remove`, and names after `--environment`."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from seedkit.cli.shell import Shell
from seedkit.dataverse.pace import MAX_IN_FLIGHT
from seedkit.testing import local_environment
from seedkit.workplace.connect import find_target, open_api
from tests.cli.conftest import CommandLine

ADD = ("environments", "add", "qa", "--url", "https://contoso.crm4.dynamics.com/")
CLI = ("--sign-in", "azure-cli")


def named(seedkit: CommandLine, name: str, url: str, *lines: str) -> None:
    seedkit.home.mkdir(exist_ok=True)
    text = "\n".join([f"[{name}]", f'url = "{url}"', *lines, ""])
    (seedkit.home / "environments.toml").write_text(text, encoding="utf-8")


def test_add_list_remove(seedkit: CommandLine) -> None:
    file = seedkit.home / "environments.toml"
    seedkit.home.mkdir()
    file.write_text("# ours\n", encoding="utf-8")
    assert seedkit(*ADD, *CLI).code == 0
    again = seedkit(*ADD, *CLI)
    assert (again.code, "seedkit environments remove qa" in again.err) == (2, True)
    listed = seedkit("environments", "list", "--json").json
    assert [each["name"] for each in listed] == ["local", "qa"]
    assert listed[1]["sign_in"] == "azure-cli"
    assert "https://contoso.crm4.dynamics.com" in seedkit("environments", "list").out
    assert seedkit("environments", "remove", "qa").code == 0
    assert file.read_text(encoding="utf-8") == "# ours\n"


def test_what_is_added_is_checked_first(seedkit: CommandLine) -> None:
    added = seedkit(*ADD, "--sign-in", "client-secret")
    assert (added.code, "needs tenant and client_id" in added.err) == (2, True)
    assert not (seedkit.home / "environments.toml").exists()


def test_a_certificate_s_path_is_kept_whole(seedkit: CommandLine, tmp_path: Path) -> None:
    words = ("--sign-in", "certificate", "--tenant", "t", "--client-id", "c")
    path = tmp_path / "key\\own.pem"
    assert seedkit(*ADD, *words, "--certificate", str(path)).code == 0
    assert seedkit("environments", "list", "--json").json[1]["certificate"] == str(path)


def test_removing_what_is_not_there(seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = seedkit("environments", "remove", "qa")
    assert (missing.code, "no environment named 'qa'" in missing.err) == (2, True)
    monkeypatch.setenv("SEEDKIT_ENVIRONMENTS__QA_1__URL", "http://127.0.0.1:1")
    variable = seedkit("environments", "remove", "qa-1")
    assert (variable.code, "SEEDKIT_ENVIRONMENTS__QA_1__" in variable.err) == (2, True)


def test_a_broken_file_keeps_nobody_from_the_local_environment(seedkit: CommandLine) -> None:
    named(seedkit, "qa", "nowhere")
    assert seedkit("runs").code == 0
    broken = seedkit("runs", "--environment", "qa", "--json")
    assert (broken.code, broken.json["error"]["faults"][0]["line"]) == (2, 2)


def test_a_named_environment_is_meant_everywhere(seedkit: CommandLine) -> None:
    seed = ("seed", "--profile", "quick", "--households", "1", "--run-id", "named-1", "--json")
    with local_environment(served=True) as there:
        named(seedkit, "desk", there.origin, "rows_per_request = 7", "requests_in_flight = 2")
        tested = seedkit("environments", "test", "desk", "--json").json
        assert (tested["environment"], tested["type"]) == ("desk", "Sandbox")
        seeded = seedkit(*seed, "--environment", "desk").json
        assert seeded["environment"]["name"] == "desk"
        assert seeded["environment"]["url"] == there.origin
        assert seedkit("runs", "--environment", "desk", "--json").json[0]["environment"] == "desk"
        assert seedkit("resume", "named-1", "--environment", "desk").code == 0
        assert seedkit("verify", "named-1", "--environment", "desk").code == 0
        assert seedkit("purge", "named-1", "--yes").code == 0


def test_a_password_in_an_address_is_refused_and_not_kept(seedkit: CommandLine) -> None:
    secret = "hunter2"
    words = ("--url", f"https://me:{secret}@contoso.crm4.dynamics.com", "--sign-in", "azure-cli")
    said = seedkit("environments", "add", "qa", *words)
    assert said.code == 2
    assert "must not hold a user or password" in said.err
    assert secret not in said.out + said.err
    assert not (seedkit.home / "environments.toml").exists()


@pytest.mark.parametrize("word", ["login", "logout"])
def test_nobody_signs_in_by_hand_on_this_machine(seedkit: CommandLine, word: str) -> None:
    named(seedkit, "desk", "http://127.0.0.1:9")
    said = seedkit("auth", word, "--environment", "desk")
    assert said.code == 2
    assert "Nobody signs in to desk by hand (sign-in: none)" in said.err


def test_ceilings_reach_the_service(seedkit: CommandLine) -> None:
    seed = ("seed", "--profile", "quick", "--households", "1", "--json")
    with local_environment(served=True) as there:
        free = seedkit(*seed, "--environment", there.origin).json["requests"]
        named(seedkit, "desk", there.origin, "rows_per_request = 1")
        held = seedkit(*seed, "--environment", "desk").json
        assert held["requests"] >= free + 40
        purged = seedkit("purge", held["run"], "--yes", "--json").json
        assert purged["requests"] > sum(purged["deleted"].values())


def test_nobody_can_guess_how_to_sign_in_to_an_address(seedkit: CommandLine) -> None:
    said = seedkit("auth", "status", "--environment", "https://x.crm.dynamics.com")
    assert said.code == 4
    assert "seedkit environments add NAME --url https://x.crm.dynamics.com" in said.err


def test_the_ceiling_of_requests_reaches_the_client(seedkit: CommandLine) -> None:
    named(seedkit, "desk", "http://127.0.0.1:9", "requests_in_flight = 3")
    shell = Shell()

    async def in_flight(word: str) -> int:
        async with open_api(shell, find_target(shell, word)) as api:
            return api.in_flight

    assert asyncio.run(in_flight("desk")) == 3
    assert asyncio.run(in_flight("local")) == MAX_IN_FLIGHT


def test_a_broken_section_can_be_taken_out(seedkit: CommandLine) -> None:
    added = seedkit("environments", "add", "qa", "--url", "http://127.0.0.1:8090")
    assert added.code == 0, added.err
    file = seedkit.home / "environments.toml"
    good = file.read_text(encoding="utf-8")
    file.write_text(f'{good}\n[broken]\nurl = "nonsense"\n', encoding="utf-8")
    assert seedkit("environments", "test", "qa").code == 2
    assert seedkit("environments", "remove", "broken").code == 0
    assert file.read_text(encoding="utf-8") == good


def test_where_tokens_are_kept_can_be_said_at_once(seedkit: CommandLine) -> None:
    words = ("--url", "https://contoso.crm4.dynamics.com", "--tenant", "t", "--client-id", "c")
    added = seedkit("environments", "add", "qa", *words, "--token-cache", "memory")
    assert added.code == 0, added.err
    text = (seedkit.home / "environments.toml").read_text(encoding="utf-8")
    assert 'token_cache = "memory"' in text
