"""`showcase`: who was made to be shown, what to look at, and where."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from seedkit.ledger import Ledger
from seedkit.population.notable import Showcase
from seedkit.testing import local_environment
from tests.cli.conftest import CommandLine

SEED = ("seed", "--profile", "retail", "--households", "0", "--run-id")


def test_it_lists_every_showcase_with_what_to_look_at(seedkit: CommandLine) -> None:
    assert seedkit(*SEED, "shown-1").code == 0
    listed = seedkit("showcase")
    assert listed.code == 0
    found = seedkit("showcase", "shown-1", "--json").json
    assert found["run"] == "shown-1"
    assert found["environment"] == {"name": "local", "url": "http://localhost"}
    assert [each["showcase"] for each in found["customers"]] == list(Showcase)
    for each in found["customers"]:
        assert each["trait"] == f"showcase: {each['showcase']}"
        assert each["look"]
        assert each["see"]
        assert each["link"] == f"http://localhost:8090/api/data/v9.2/contacts({each['contact']})"
        assert f"  {each['link']}\n" in listed.out  # in one piece, whatever the width
        for word in (each["name"], each["showcase"], each["look"], each["see"]):
            assert word in listed.out
    assert "seedkit emulator serve" in listed.err


def test_a_run_is_named_by_its_beginning_or_latest(seedkit: CommandLine) -> None:
    assert seedkit(*SEED, "shown-1").code == 0
    assert seedkit(*SEED, "other-2").code == 0
    assert seedkit("showcase", "sho", "--json").json["run"] == "shown-1"
    assert seedkit("showcase", "latest", "--json").json["run"] == "other-2"
    several = seedkit("showcase")
    assert several.code == 2
    assert "shown-1" in several.err


def test_nothing_to_show(seedkit: CommandLine) -> None:
    assert seedkit("showcase").code == 2
    unknown = seedkit("showcase", "nothing-1")
    assert unknown.code == 2
    assert "nothing-1" in unknown.err
    assert seedkit(*SEED, "bare-1", "--set", "showcase=false").code == 0
    refused = seedkit("showcase")
    assert refused.code == 2
    assert "Run bare-1 has no showcase customers." in refused.err
    assert "seedkit seed --profile retail --set showcase=true" in refused.err
    assert seedkit("showcase", "--json").json["error"]["exit_code"] == 2


def test_it_works_while_the_environment_is_away(seedkit: CommandLine) -> None:
    with local_environment(served=True) as there:
        assert seedkit(*SEED, "shown-1", "--environment", there.origin).code == 0
    found = seedkit("showcase", "--json")
    assert found.code == 0
    assert found.json["customers"][0]["link"].startswith(there.origin)


def test_who_was_refused_is_not_shown(seedkit: CommandLine) -> None:
    with local_environment(served=True) as there:
        there.fail_next("plugin-refusal", times=40, table="contact", method="POST")
        assert seedkit(*SEED, "shown-1", "--environment", there.origin).code == 3
        known = {row["contactid"] for row in there.dump()["contact"]}
    listed = {each["contact"] for each in seedkit("showcase", "--json").json["customers"]}
    assert listed <= known
    assert len(listed) < len(Showcase)


@pytest.mark.parametrize(
    ("more", "part"), [("", ""), ('app_id = "0d6d9d1c"', "appid=0d6d9d1c&")], ids=["", "app"]
)
def test_forms_are_linked_where_there_are_some(seedkit: CommandLine, more: str, part: str) -> None:
    assert seedkit(*SEED, "shown-1").code == 0
    url = "https://contoso.crm4.dynamics.com"
    where = ["[qa]", f'url = "{url}"', 'tenant = "contoso.example"', 'client_id = "x"', more]
    (seedkit.home / "environments.toml").write_text("\n".join(where))
    with closing(Ledger.open(seedkit.home / "ledger.sqlite3")) as ledger:
        plan = ledger.find("shown-1").plan
        there = replace(plan.environment, url=url)
        ledger.add_run(replace(plan, run_id="far-1", environment=there))
    found = seedkit("showcase", "far-1", "--json").json
    assert found["environment"] == {"name": "qa", "url": url}
    first = found["customers"][0]
    form = f"pagetype=entityrecord&etn=contact&id={first['contact']}"
    assert first["link"] == f"{url}/main.aspx?{part}{form}"
