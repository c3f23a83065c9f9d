"""What a program reads of a purge that was stopped: one document, with all that is known."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from seedkit.emulator import dump
from seedkit.purge.deleting import look_again
from tests.cli.conftest import CommandLine, Result
from tests.cli.test_many_runs import hang_a_note
from tests.house.test_json import listed

RUN = "halted"
SEED = ("seed", "--profile", "quick", "--households", "1", "--run-id", RUN)
PURGE = ("purge", RUN, "--yes", "--json")
Before = Callable[[Any], Awaitable[None]]


@pytest.fixture
def before_contacts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Before], None]]:
    """Let something happen right before the customers are deleted; it gets the Web API."""

    def arrange(happen: Before) -> None:
        async def look(search: Any, decision: Any, table: str, again: str) -> None:
            if table == "contact":
                await happen(search.api)
            await look_again(search, decision, table, again)

        monkeypatch.setattr("seedkit.purge.deleting.look_again", look)

    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield arrange
    signal.signal(signal.SIGINT, handler)


async def hang(api: Any) -> None:
    (row, *_) = await api.all("contacts", {"$select": "contactid"})
    bind = {"objectid_contact@odata.bind": f"/contacts({row['contactid']})"}
    await api.post("annotations", {"subject": "Came late", **bind})


async def interrupt(_api: Any) -> None:
    signal.raise_signal(signal.SIGINT)
    await asyncio.sleep(0)


def whole(result: Result) -> dict[str, Any]:
    """Return the document of a stopped purge, which has every key of a purge and its error."""
    document: dict[str, Any] = result.json
    assert set(document) == listed("purge") - {"dry_run"} | {"error"}
    assert document["error"]["exit_code"] == result.code
    assert document["run"] == RUN
    return document


def test_strangers_are_read_with_their_links_and_nothing_was_deleted(seedkit: CommandLine) -> None:
    seeded = seedkit(*SEED, "--json").json["rows"]
    contact = dump(seedkit.database)["contact"][0]["contactid"]
    hang_a_note(seedkit, contact)
    stopped = whole(seedkit(*PURGE))
    (other,) = stopped["rows_of_others"]
    assert (other["table"], other["parent_id"], other["harm"]) == (
        "annotation", contact, "goes with it",
    )  # fmt: skip
    assert other["link"].startswith("http")
    assert stopped["error"]["strangers"] == [other]
    assert (stopped["strangers"], stopped["deleted"]) == ({"annotation": 1}, {})
    assert (stopped["report"], stopped["page"]) == (None, None)
    assert stopped["left"]["contact"] == seeded["contact"]


def test_a_newcomer_is_read_with_what_was_deleted_until_then(
    seedkit: CommandLine, before_contacts: Callable[[Before], None]
) -> None:
    total = sum(seedkit(*SEED, "--json").json["rows"].values())
    before_contacts(hang)
    result = seedkit(*PURGE)
    stopped = whole(result)
    assert result.code == 3
    (other,) = stopped["error"]["strangers"]
    assert (other["name"], other["table"]) == ("Came late", "annotation")
    assert 0 < sum(stopped["deleted"].values()) < total
    assert stopped["left"]["contact"] == len(dump(seedkit.database)["contact"])
    assert Path(stopped["report"]).exists()
    assert Path(stopped["page"]).exists()


def test_an_interrupted_purge_says_how_far_it_came(
    seedkit: CommandLine, before_contacts: Callable[[Before], None]
) -> None:
    seedkit(*SEED)
    before_contacts(interrupt)
    result = seedkit(*PURGE)
    stopped = whole(result)
    assert (result.code, stopped["error"]["kind"]) == (130, "Interrupted")
    assert stopped["deleted"]
    assert Path(stopped["report"]).exists()


def test_an_interrupted_purge_of_several_runs_says_what_became_of_each(
    seedkit: CommandLine, before_contacts: Callable[[Before], None]
) -> None:
    for name in (RUN, "second"):
        seedkit(*SEED[:-1], name)
    turns = iter((None, interrupt))

    async def happen(api: Any) -> None:
        if (deed := next(turns)) is not None:
            await deed(api)

    before_contacts(happen)
    result = seedkit("purge", RUN, "second", "--yes", "--json")
    first, second = result.json
    assert result.code == 130
    assert (first["run"], first["left"], "error" in first) == (RUN, {}, False)
    assert (second["run"], second["error"]["kind"]) == ("second", "Interrupted")
    assert second["deleted"]


def test_who_is_not_there_to_say_yes_reads_what_would_go(seedkit: CommandLine) -> None:
    seeded = seedkit(*SEED, "--json").json["rows"]
    stopped = whole(seedkit("purge", RUN, "--json"))
    assert stopped["error"]["kind"] == "SafetyStop"
    assert stopped["left"]["contact"] == seeded["contact"]


def test_before_the_environment_was_read_the_run_is_all_that_is_told(
    seedkit: CommandLine,
) -> None:
    seedkit(*SEED)
    seedkit.database.rename(seedkit.home / "moved.sqlite3")
    stopped = seedkit(*PURGE)
    assert set(stopped.json) == {"run", "error"}
    assert stopped.json["error"]["kind"] == "WrongTarget"


def test_a_stopped_run_among_several_is_told_with_its_strangers(seedkit: CommandLine) -> None:
    for name in (RUN, "second"):
        seedkit(*SEED[:-1], name)
    hang_a_note(seedkit, dump(seedkit.database)["contact"][0]["contactid"])
    stopped, gone = seedkit("purge", RUN, "second", "--yes", "--json").json
    assert (len(stopped["rows_of_others"]), stopped["deleted"]) == (1, {})
    assert (gone["run"], gone["left"]) == ("second", {})
