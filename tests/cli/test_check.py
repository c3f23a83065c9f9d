"""`check`: what it prints and its exit codes."""

from __future__ import annotations

import json

import pytest

from seedkit import signin
from seedkit.testing import local_environment
from tests.cli.conftest import CommandLine
from tests.emulator.conftest import Local
from tests.signin.directory import CLIENT, SECRET, TENANT, serve


def changed(seedkit: CommandLine, **switches: object) -> None:
    """Turn switches of the local environment."""
    seedkit.home.mkdir(parents=True, exist_ok=True)
    local = Local(seedkit.database)
    local.turn(**switches)
    local.app.state.close()


def test_a_fresh_local_environment_would_do(seedkit: CommandLine) -> None:
    found = seedkit("check")
    assert (found.code, "Traceback" in found.err) == (0, False)
    for area in ("environment", "solutions", "tables", "privileges", "limits", "custom logic"):
        assert area in found.out
    assert "A seed of profile retail in local would work (" in found.err
    assert "nothing was written" in found.err
    again = seedkit("check", "--profile", "quick", "--environment", "local")
    assert (again.code, again.out) == (0, found.out)


def test_nothing_is_kept_of_a_check(seedkit: CommandLine) -> None:
    assert seedkit("check").code == 0
    assert [path.name for path in seedkit.home.iterdir()] == ["local.sqlite3"]


def test_what_is_in_the_way_makes_the_code_4_and_stands_first(seedkit: CommandLine) -> None:
    changed(seedkit, hidden_tables=["msfsi_fi_card"], hidden_options=["contact.gendercode.2"])
    found = seedkit("check")
    assert found.code == 4
    assert "would not work: 2 things in the way" not in found.err  # lookups lack as well
    lines = [line for line in found.out.splitlines() if "missing" in line]
    assert any("msfsi_fi_card" in line for line in lines)
    assert "-> Deploy Unified customer profile" in found.out
    assert "2 (Female)" in found.out


def test_one_document(seedkit: CommandLine) -> None:
    changed(seedkit, hidden_options=["contact.gendercode.2"])
    found = seedkit("check", "--json")
    assert found.code == 4
    document = found.json
    assert document["works"] is False
    assert document["environment"]["name"] == "local"
    assert document["environment"]["type"] == "Sandbox"
    assert document["counts"]["missing"] == 1
    assert sum(document["counts"].values()) == len(document["findings"])
    (missing,) = [item for item in document["findings"] if item["state"] == "missing"]
    assert missing["area"] == "tables"
    assert missing["subject"] == "contact.gendercode"
    assert missing["remedy"].startswith("Update ")
    assert "would not work: 1 thing in the way" in found.err


def test_the_profile_decides_what_is_asked_for(seedkit: CommandLine) -> None:
    found = seedkit("check", "--set", "currency=SEK", "--json")
    assert found.code == 4
    states = {item["subject"]: item["state"] for item in found.json["findings"]}
    assert states["currency"] == "missing"
    assert seedkit("check", "--set", "currency=EUR").code == 0
    assert seedkit("check", "--profile", "nothing").code == 2
    assert seedkit("check", "--set", "households=none").code == 2


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("contact.contoso_segment=Gold", "contact.contoso_segment is no column there"),
        ("contact.familystatuscode=99", "contact.familystatuscode has no option 99"),
    ],
)
def test_columns_that_the_profile_adds_must_fit(
    seedkit: CommandLine, added: str, said: str
) -> None:
    found = seedkit("check", "--set", f"columns.{added}", "--json")
    assert found.code == 4
    (missing,) = [item for item in found.json["findings"] if item["state"] == "missing"]
    assert (missing["subject"], said in missing["detail"]) == ("columns of the profile", True)
    assert missing["remedy"].startswith("Change the profile")
    fits = seedkit("check", "--set", "columns.contact.description=Gold", "--json")
    lines = {item["subject"]: item["detail"] for item in fits.json["findings"]}
    assert lines["columns of the profile"] == "contact.description"


def test_an_environment_out_of_reach_is_an_error_of_its_own(seedkit: CommandLine) -> None:
    found = seedkit("check", "--environment", "http://127.0.0.1:9", "--json")
    assert (found.code, found.json["error"]["kind"]) == (4, "ConnectionFailed")
    assert seedkit("check", "--environment", "nowhere").code == 2


def test_the_next_step_is_a_command_that_asks_the_same_again(seedkit: CommandLine) -> None:
    settings = "bank.branches=3"
    with local_environment(served=True) as served:
        posted = served.client.post("importjobs", json={"solutionname": "Contoso"})
        assert posted.status_code == 204
        found = seedkit("check", "--environment", served.origin, "--set", settings, "--json")
    assert found.code == 4
    (refused,) = [item for item in found.json["findings"] if item["state"] == "refused"]
    command = f"seedkit check --profile retail --environment {served.origin} --set {settings}"
    assert refused["subject"] == "solution import"
    assert refused["remedy"].endswith(command)


def test_it_is_told_how_we_sign_in_and_no_secret(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve() as directory, local_environment(served=True) as served:
        monkeypatch.setattr(signin, "open_session", lambda *_: directory.session())
        monkeypatch.setenv("SEEDKIT_SECRET_QA", SECRET)
        user = served.client.get("WhoAmI").json()["UserId"]
        named(seedkit, served.origin)
        directory.resource, directory.mint = served.origin, lambda: served.sign_in(user)
        found = seedkit("check", "--environment", "qa", "--json")
    assert found.code == 0, found.err
    (line,) = [item for item in found.json["findings"] if item["subject"] == "sign-in"]
    assert line["detail"].startswith("client-secret as ")
    assert SECRET not in found.out + found.err
    assert not any(token in found.out + found.err for token in directory.issued)


def named(seedkit: CommandLine, origin: str) -> None:
    """Name an environment that is signed in to by a client secret."""
    seedkit.home.mkdir(exist_ok=True)
    keys = {"url": origin, "sign_in": "client-secret", "tenant": TENANT, "client_id": CLIENT}
    text = "\n".join(["[qa]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())])
    (seedkit.home / "environments.toml").write_text(text, encoding="utf-8")
