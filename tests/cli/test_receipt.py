"""The receipt of a purge, and the proof that nothing else was touched."""

from __future__ import annotations

import asyncio
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from seedkit.emulator import dump
from seedkit.errors import IncompleteError
from seedkit.purge import fingerprint
from tests.cli.conftest import CommandLine, Result
from tests.cli.test_many_runs import hang_a_note
from tests.worlds import World

SEED = ("seed", "--profile", "quick", "--households", "1", "--run-id", "paper")
PURGE = ("purge", "paper", "--yes")


class Words(HTMLParser):
    """The texts of a page, and whether each element was closed."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def visit(seedkit: CommandLine, *, contact: object = None) -> str:
    """Be a tester with a customer of one's own, perhaps in one of our branches."""

    async def work() -> str:
        async with World(seedkit.home).api() as (api, _):
            (branch, *_) = await api.all("msfsi_branchs", {"$select": "msfsi_branchid"})
            body: dict[str, object] = {"lastname": "Own <b>&"}
            if contact == "bound":
                body["msfsi_Branch@odata.bind"] = f"/msfsi_branchs({branch['msfsi_branchid']})"
            answer = await api.post("contacts", body)
            return str(answer.headers["OData-EntityId"]).partition("(")[2].rstrip(")")

    return asyncio.run(work())


def test_the_page_tells_what_went_and_loads_nothing(seedkit: CommandLine) -> None:
    seeded = seedkit(*SEED, "--json").json["rows"]
    purged = seedkit(*PURGE, "--json").json
    page = Path(purged["page"])
    words = Words(page)
    assert words.open == []
    assert "Purge of run paper" in words.texts
    assert "msfsi_financialholding" in words.texts
    assert f"{seeded['msfsi_financialholding']:,}" in words.texts
    assert "What the platform keeps" in words.texts
    assert "What can't be proved" in words.texts
    text = page.read_text(encoding="utf-8")
    assert not any(word in text for word in ("<script", "src=", "@import", "url("))


@pytest.mark.parametrize(
    ("allowed", "fate"),
    [
        ((), "Doubtful, left alone"),
        (
            ("--include-doubtful", "--confirm", "paper"),
            "Doubtful, deleted because that was allowed",
        ),
    ],
)
def test_doubtful_rows_and_their_fate_stand_in_both_receipts(
    seedkit: CommandLine, allowed: tuple[str, ...], fate: str
) -> None:
    seedkit(*SEED)

    async def work() -> None:
        async with World(seedkit.home).api() as (api, _):
            (row, *_) = await api.all("contacts", {"$select": "importsequencenumber"})
            number = row["importsequencenumber"]
            body = {"lastname": "Own", "importsequencenumber": number}
            await api.post("contacts", body)

    asyncio.run(work())
    purged = seedkit(*PURGE, *allowed, "--json").json
    text = Path(purged["report"]).read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    (doubtful,) = [line for line in lines if "doubtful" in line]
    assert doubtful["table"] == "contact"
    words = Words(Path(purged["page"]))
    assert {doubtful["doubtful"], fate} <= set(words.texts)


def test_a_fingerprint_holds_where_nothing_else_was_touched(seedkit: CommandLine) -> None:
    seedkit(*SEED)
    visit(seedkit)
    others = dump(seedkit.database)["systemuser"]
    purged = seedkit(*PURGE, "--fingerprint", "--json")
    found = purged.json["fingerprint"]
    assert purged.code == 0
    assert (found["holds"], found["changed"], found["gone"], found["unproved"]) == (
        True, [], [], {},
    )  # fmt: skip
    assert found["rows"]["contact"] == 1
    assert others == dump(seedkit.database)["systemuser"]
    seedkit(*SEED)
    told = " ".join(seedkit(*PURGE, "--fingerprint").err.split())
    assert "all as they were" in told


def test_a_lookup_that_was_emptied_is_a_change_and_decides_the_exit_code(
    seedkit: CommandLine,
) -> None:
    seedkit(*SEED)
    own = visit(seedkit, contact="bound")
    purged = seedkit(*PURGE, "--fingerprint", "--json")
    assert purged.code == 1
    changed = purged.json["fingerprint"]["changed"]  # its addresses show its version as theirs
    assert ["contact", own] in changed
    assert {table for table, _ in changed} == {"contact", "customeraddress"}
    assert own in Words(Path(purged.json["page"])).texts


def test_rows_that_the_platform_made_would_count_as_gone(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seedkit(*SEED)
    monkeypatch.setattr(fingerprint, "_is_made_under_ours", lambda *_: False)
    purged = seedkit(*PURGE, "--fingerprint", "--json")
    assert {table for table, _ in purged.json["fingerprint"]["gone"]} == {"customeraddress"}


def test_a_stranger_stops_it_before_anything_is_compared(seedkit: CommandLine) -> None:
    seedkit(*SEED)
    hang_a_note(seedkit, dump(seedkit.database)["contact"][0]["contactid"])
    assert seedkit(*PURGE, "--fingerprint").code == 5


def test_receipts_say_why_a_row_stayed_and_name_others_once(seedkit: CommandLine) -> None:
    seedkit(*SEED)
    (contact, edited) = contacts(seedkit)[:2]
    hang_a_note(seedkit, contact)
    edit(seedkit, edited)
    keeping = ("--strangers", "keep", "--keep-edited", "--json")
    purged = seedkit(*PURGE, *keeping).json
    head, *lines = receipt(purged["report"])
    assert (head["run"], head["profile"]) == ("paper", "quick")
    assert head["environment"]["name"] == "Local environment"
    why = {line["kept"]: line["why"] for line in lines if "kept" in line}
    assert why[contact] == "a row of others hangs on it"
    assert why[edited] == "changed after seeding"
    assert set(why.values()) >= {"it tells of the run", "a row that stays points at it"}
    assert len([line for line in lines if "stranger" in line]) == 1
    assert "Kept, and why" in Words(Path(purged["page"])).texts


def test_a_second_purge_leaves_the_first_receipt(seedkit: CommandLine) -> None:
    seedkit(*SEED)
    edit(seedkit, contacts(seedkit)[0])
    first = seedkit(*PURGE, "--keep-edited", "--json").json
    before = receipt(first["report"])
    second = seedkit(*PURGE, "--json").json
    assert Path(second["report"]).name == "paper-purge-2.jsonl"
    assert Path(second["page"]).name == "paper-purge-2.html"
    assert receipt(first["report"]) == before
    assert Path(first["page"]).exists()


def receipt(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def contacts(seedkit: CommandLine) -> list[str]:
    async def work() -> list[str]:
        async with World(seedkit.home).api() as (api, _):
            rows = await api.all("contacts", {"$select": "contactid"})
            return [row["contactid"] for row in rows]

    return asyncio.run(work())


def edit(seedkit: CommandLine, contact: str) -> None:
    async def work() -> None:
        async with World(seedkit.home).api() as (api, _):
            await api.send(
                "PATCH", f"contacts({contact})", json.dumps({"jobtitle": "Edited"}).encode()
            )

    asyncio.run(work())


def receipt_of(purged: Result) -> tuple[Path, list[dict[str, Any]]]:
    """Return the page that a purge names, and the lines beside it."""
    page = Path(purged.err.partition("The receipt: ")[2].splitlines()[0])
    lines = page.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    return page, [json.loads(line) for line in lines]


def test_a_purge_that_is_stopped_in_the_middle_leaves_its_receipt_and_the_next_one_says_so(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = sum(seedkit(*SEED, "--json").json["rows"].values())

    async def come(search: object, decision: object, table: str, again: str) -> None:
        if table == "contact":
            raise IncompleteError("Somebody came.", again)

    with monkeypatch.context() as patch:
        patch.setattr("seedkit.purge.deleting.look_again", come)
        stopped = seedkit(*PURGE)
    assert stopped.code == 3
    page, (head, *lines) = receipt_of(stopped)
    assert any("Somebody came." in text for text in Words(page).texts)
    assert head["stopped"] == "Somebody came."
    gone = {line["table"]: line["deleted"] for line in lines if line.get("deleted")}
    assert 0 < sum(gone.values()) < total
    assert f"{sum(gone.values()):,} rows had gone by then." in stopped.err

    again = seedkit(*PURGE)
    page, (_, *lines) = receipt_of(again)
    assert {line["table"]: line["gone_before"] for line in lines if line["gone_before"]} == gone
    assert f"{sum(gone.values()):,} rows of the run had gone before this purge" in again.err
    assert "gone before" in Words(page).texts


def test_a_purge_that_is_stopped_before_its_first_delete_leaves_no_receipt(
    seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seedkit(*SEED)

    async def come(search: object, decision: object, table: str, again: str) -> None:
        raise IncompleteError("Somebody came.", again)

    monkeypatch.setattr("seedkit.purge.deleting.look_again", come)
    stopped = seedkit(*PURGE)
    assert stopped.code == 3
    assert "The receipt" not in stopped.err
