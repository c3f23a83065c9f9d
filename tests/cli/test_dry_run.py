"""`seed --dry-run`: the documents, counts and requests of a live run, and nothing is written."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest

from seedkit.dataverse.line import Line
from seedkit.testing import RunningEnvironment, local_environment
from tests.cli.conftest import CommandLine

SEED = ("seed", "--profile", "retail", "--households", "12", "--run-id", "dry-1")
TEN = "[qa]\nurl = '{}'\nrows_per_request = 10\nrequests_in_flight = 4\n"


@pytest.fixture
def qa(seedkit: CommandLine) -> Any:
    """An environment whose ceilings leave nothing to chance: ten rows in each request."""
    with local_environment(served=True) as there:
        seedkit.home.mkdir()
        text = TEN.format(there.origin)
        (seedkit.home / "environments.toml").write_text(text, encoding="utf-8")
        yield there


def rows_of(content: bytes) -> list[dict[str, Any]]:
    """Return the rows in the body of a request that writes."""
    if content.startswith(b"--"):
        bodies = re.findall(rb"^\{.*\}\r?$", content, re.MULTILINE)
        return [orjson.loads(body) for body in bodies]
    body = orjson.loads(content)
    return body.get("Targets", [body])


def test_it_sends_nothing_but_reads(seedkit: CommandLine, qa: RunningEnvironment) -> None:
    before = qa.dump()
    assert seedkit(*SEED, "--environment", "qa", "--dry-run").code == 0
    assert qa.dump() == before
    assert {entry.method for entry in qa.requests} == {"GET"}
    assert not (seedkit.home / "ledger.sqlite3").exists()


def test_rows_requests_and_messages_are_those_of_the_live_run(
    seedkit: CommandLine, qa: RunningEnvironment
) -> None:
    where = (*SEED, "--environment", "qa", "--json")
    dry = seedkit(*where, "--dry-run").json
    read = len(qa.requests)
    assert dry["estimate"]["reading_requests"] == read
    live = seedkit(*where).json
    assert dry["rows"] == live["rows"]
    assert dry["requests"] == live["requests"] == len(qa.requests) - read
    assert set(dry) == set(live) | {"dry_run", "estimate", "first_rows"}
    messages = dry["estimate"]["messages"]
    created = {m["table"]: m["rows"] for m in messages if m["message"] != "UpdateMultiple"}
    assert created == live["rows"]
    assert sum(m["requests"] for m in messages) + 3 == dry["requests"] - read
    wrote = sum(m["rows"] for m in messages) + 3
    assert dry["estimate"]["entitlement_requests"] == read + wrote


def test_documents_are_byte_for_byte_those_of_the_live_run(
    seedkit: CommandLine, qa: RunningEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = (*SEED, "--environment", "qa", "--json")
    dry = seedkit(*where, "--dry-run").json
    sent: list[str] = []
    original = Line.send

    async def spy(self: Line, method: str, address: str, content: Any, headers: Any) -> Any:
        if method == "POST" and content:
            sent.extend(orjson.dumps(row).decode() for row in rows_of(content))
        return await original(self, method, address, content, headers)

    monkeypatch.setattr(Line, "send", spy)
    assert seedkit(*where).code == 0
    first = [orjson.dumps(entry["row"]).decode() for entry in dry["first_rows"]]
    assert {entry["table"] for entry in dry["first_rows"]} == set(dry["rows"])
    assert [row for row in first if row not in sent] == []


def test_with_the_usual_sizes_it_comes_close(seedkit: CommandLine) -> None:
    where = ("seed", "--profile", "retail", "--households", "60", "--run-id", "dry-2", "--json")
    dry = seedkit(*where, "--dry-run").json
    live = seedkit(*where).json
    assert dry["rows"] == live["rows"]
    # How many rows a request takes depends on how quick the answers are.
    assert dry["requests"] == pytest.approx(live["requests"], rel=0.3)


def test_first_rows_are_shown_one_per_table(seedkit: CommandLine) -> None:
    shown = seedkit(*SEED, "--dry-run")
    told = seedkit(*SEED, "--dry-run", "--json").json
    heads = re.findall(r"^First row of (\w+), by (\w+):$", shown.out, re.MULTILINE)
    assert heads == [(m["table"], m["message"]) for m in told["estimate"]["messages"]]
    (contact, *_) = [e["row"] for e in told["first_rows"] if e["table"] == "contact"]
    block = shown.out.split("First row of contact")[1].split("\n\n")[0]
    values = dict(line.split(maxsplit=1) for line in block.splitlines()[1:])
    assert values == {name: str(value) for name, value in contact.items()}
    assert len(told["first_rows"]) > 2 * len(heads)
    assert shown.err.endswith("Nothing was written.\n")
    assert "daily entitlement" in shown.out
    assert all(len(line) < 160 for line in shown.out.splitlines())


def test_it_tells_of_the_guard_and_stops_at_a_taken_id(
    seedkit: CommandLine, qa: RunningEnvironment
) -> None:
    where = (*SEED, "--environment", "qa")
    qa.change_settings(environment_type="Production")
    dry = seedkit(*where, "--dry-run")
    assert dry.code == 0
    assert '--allow-production "Local environment"' in dry.err
    assert seedkit(*where, "--dry-run", "--json").json["estimate"]["production"] is True
    qa.change_settings(environment_type=None)
    assert "looks like production" not in seedkit(*where, "--dry-run").err
    assert seedkit(*where).code == 0
    taken = seedkit(*where, "--dry-run")
    assert taken.code == 2
    assert "There already is a run dry-1" in taken.err


def test_ceilings_and_advice_of_the_environment_count(
    seedkit: CommandLine, qa: RunningEnvironment
) -> None:
    where = (*SEED, "--environment", "qa", "--dry-run", "--json")
    held = seedkit(*where).json
    assert held["estimate"]["in_flight"] <= 4
    free = seedkit(*SEED, "--environment", qa.origin, "--dry-run", "--json").json
    # The address has the name's configuration.
    assert free["requests"] == held["requests"]
    (seedkit.home / "environments.toml").unlink()
    free = seedkit(*SEED, "--environment", qa.origin, "--dry-run", "--json").json
    assert free["requests"] < held["requests"]


def test_time_is_held_to_the_documented_limits(seedkit: CommandLine) -> None:
    where = ("seed", "--profile", "retail", "--set", "showcase=false", "--dry-run", "--json")
    where = (*where, "--households")
    small, large = (seedkit(*where, count).json for count in ("20", "400"))
    rows = [sum(one["rows"].values()) for one in (small, large)]
    assert rows[1] > 10 * rows[0]
    # 10 ms for each row, 52 at the same time at most.
    assert large["seconds"] >= rows[1] * 0.01 / 52
    assert small["seconds"] < large["seconds"] < rows[1] * 0.01
    assert large["estimate"]["database_bytes"] > 10 * small["estimate"]["database_bytes"]


def test_a_purges_dry_run_tells_what_would_go_what_stops_it_and_what_it_takes(
    seedkit: CommandLine, qa: RunningEnvironment
) -> None:
    rows = sum(seedkit(*SEED, "--environment", "qa", "--json").json["rows"].values())
    contact = qa.dump()["contact"][0]["contactid"]
    note = {"subject": "Call back", "objectid_contact@odata.bind": f"/contacts({contact})"}
    assert qa.client.post("annotations", json=note).status_code == 204
    qa.change_settings(environment_type="Production")
    before = qa.dump()
    dry = seedkit("purge", "dry-1", "--dry-run")
    assert dry.code == 5
    assert f"total {rows:,}" in " ".join(dry.out.split())
    assert "In the way, and the purge would stop:" in dry.err
    assert "annotation 'Call back' hangs on contact by objectid" in dry.err
    assert '--allow-production "Local environment"' in dry.err
    assert f"count for {rows:,} in the daily entitlement" in dry.err
    assert dry.err.endswith("Nothing was deleted.\n")
    assert qa.dump() == before
