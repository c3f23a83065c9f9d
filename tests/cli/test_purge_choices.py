"""Strangers, edited and doubtful rows at the command line: what is told and must be said."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
from pathlib import Path

import pytest

from seedkit.cli.commands.purge_options import OnStrangers
from seedkit.emulator import dump
from seedkit.purge import Strangers
from tests.cli.conftest import CommandLine

RUN = "choice-1"
TESTER = "5a3a1e00-0000-4000-8000-000000000001"


@pytest.fixture
def seeded(seedkit: CommandLine) -> CommandLine:
    seedkit("seed", "--profile", "retail", "--households", "2", "--run-id", RUN)
    return seedkit


def ask(database: Path, query: str, *values: object) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        return connection.execute(query, values).fetchall()


def hang_a_note(there: CommandLine) -> None:
    ((contact,),) = ask(there.database, "SELECT contactid FROM contact LIMIT 1")
    ask(
        there.database,
        "INSERT INTO annotation (annotationid, subject, objectid, [objectid@table], versionnumber) "
        "VALUES (?, 'Mine', ?, 'contact', 999999)",
        TESTER,
        contact,
    )


def edit_a_customer(there: CommandLine) -> None:
    ask(
        there.database,
        "UPDATE contact SET jobtitle = 'Baker', versionnumber = 999999 "
        "WHERE contactid = (SELECT min(contactid) FROM contact)",
    )


def test_strangers_stop_a_purge_and_are_told_with_the_ways_out(seeded: CommandLine) -> None:
    hang_a_note(seeded)
    before = dump(seeded.database)
    stopped = seeded("purge", RUN, "--yes")
    assert stopped.code == 5
    assert "1 row that is not ours hangs on rows of run choice-1" in stopped.err
    assert "annotation 'Mine' hangs on contact by objectid and goes with it: http" in stopped.err
    assert f"seedkit purge {RUN} --strangers keep" in stopped.err
    dry = seeded("purge", RUN, "--dry-run", "--json")
    assert (dry.code, dry.json["strangers"]) == (5, {"annotation": 1})
    assert dump(seeded.database) == before


def test_strangers_keep_what_they_need_and_the_run_can_be_finished(seeded: CommandLine) -> None:
    hang_a_note(seeded)
    before = dump(seeded.database)
    kept = seeded("purge", RUN, "--yes", "--strangers", "keep", "--json")
    assert (kept.code, kept.json["left"], kept.json["strangers"]) == (0, {}, {})
    assert kept.json["kept"]["contact"] == 1
    rows = dump(seeded.database)
    assert len(rows["contact"]) == 1
    assert rows["contact"][0] in before["contact"]
    assert any(row["annotationid"] == TESTER for row in rows["annotation"])
    page = (seeded.home / "reports" / f"{RUN}-purge.html").read_text(encoding="utf-8")
    assert "<td>goes with it</td><td>as it was</td>" in page
    assert seeded("runs", "--json").json[0]["state"] == "partly kept"
    refused = seeded("resume", RUN)
    assert (refused.code, "Finish with" in refused.err) == (2, True)
    ask(seeded.database, "DELETE FROM annotation WHERE annotationid = ?", TESTER)
    assert seeded("purge", RUN, "--yes").code == 0
    assert dump(seeded.database)["contact"] == []


def test_rows_of_others_go_only_by_more_than_a_yes(seeded: CommandLine) -> None:
    hang_a_note(seeded)
    before = dump(seeded.database)
    declined = seeded("purge", RUN, "--yes", "--strangers", "delete")
    assert declined.code == 5
    assert f"--confirm {RUN}" in declined.err
    other = seeded("purge", RUN, "--yes", "--strangers", "delete", "--confirm", "choice-2")
    assert other.code == 5
    assert dump(seeded.database) == before
    done = seeded("purge", RUN, "--strangers", "delete", "--confirm", RUN, "--json")
    assert (done.code, done.json["strangers_deleted"]) == (0, {"annotation": 1})
    page = (seeded.home / "reports" / f"{RUN}-purge.html").read_text(encoding="utf-8")
    assert "<td>goes with it</td><td>deleted, as was allowed</td>" in page
    assert dump(seeded.database)["annotation"] == []


def test_edited_rows_are_told_of_and_kept_on_demand(seeded: CommandLine) -> None:
    edit_a_customer(seeded)
    dry = seeded("purge", RUN, "--dry-run")
    assert "1 row of contact changed since the run was made" in dry.err
    assert re.search(
        r"contact '.*' changed \S+ by Robin Hale, state Active:", " ".join(dry.err.split())
    )
    kept = seeded("purge", RUN, "--yes", "--keep-edited")
    assert (kept.code, "is partly kept" in kept.err, "kept" in kept.out) == (0, True, True)
    (row,) = dump(seeded.database)["contact"]
    assert row["jobtitle"] == "Baker"
    report = (seeded.home / "reports" / f"{RUN}-purge.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in report.splitlines()]
    (kept_contact,) = (line for line in lines if "kept" in line and line["table"] == "contact")
    assert (kept_contact["kept"], kept_contact["why"]) == (
        row["contactid"],
        "changed after seeding",
    )
    assert [line["edited"] for line in lines if "edited" in line] == [row["contactid"]]
    done = seeded("purge", RUN, "--yes", "--json")
    assert done.json["edited"] == {"contact": 1}
    assert dump(seeded.database)["contact"] == []


def share_a_customer(seeded: CommandLine) -> object:
    ((row,),) = ask(seeded.database, "SELECT contactid FROM contact ORDER BY 1 LIMIT 1")
    ask(
        seeded.database,
        "INSERT INTO principalobjectaccess (principalobjectaccessid, objectid, objecttypecode, "
        "principalid, principaltypecode, accessrightsmask, versionnumber) SELECT ?, ?, 'contact', "
        "systemuserid, 'systemuser', 1, 999999 FROM systemuser WHERE fullname = 'Dana Whitlock'",
        TESTER,
        row,
    )
    return row


def test_shared_rows_are_told_of_in_every_report(seeded: CommandLine) -> None:
    row = share_a_customer(seeded)
    assert "1 row of contact shared with others:" in seeded("purge", RUN, "--dry-run").err
    done = seeded("purge", RUN, "--yes", "--json")
    assert (done.code, done.json["shared"]) == (0, {"contact": 1})
    reports = seeded.home / "reports"
    report = (reports / f"{RUN}-purge.jsonl").read_text(encoding="utf-8")
    line = {"table": "contact", "shared": row, "with": "Dana Whitlock"}
    assert line in [json.loads(text) for text in report.splitlines()]
    assert "Dana Whitlock" in (reports / f"{RUN}-purge.html").read_text(encoding="utf-8")
    assert dump(seeded.database)["principalobjectaccess"] == []


def test_tables_whose_shares_are_not_all_known_are_told_of_in_every_report(
    seeded: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seedkit.purge.shares.MOST", 1)
    share_a_customer(seeded)
    done = seeded("purge", RUN, "--yes")
    assert "Not all shares of contact are known: only the first 1 were read." in done.err
    reports = seeded.home / "reports"
    line = {"table": "contact", "shares_unknown": "only the first 1 were read"}
    report = (reports / f"{RUN}-purge.jsonl").read_text(encoding="utf-8")
    assert line in [json.loads(text) for text in report.splitlines()]
    assert "only the first 1 were read" in (reports / f"{RUN}-purge.html").read_text("utf-8")


def test_doubtful_rows_are_left_and_can_be_taken_afterwards(seeded: CommandLine) -> None:
    ((mark,),) = ask(seeded.database, "SELECT importsequencenumber FROM contact ORDER BY 1 LIMIT 1")
    ask(
        seeded.database,
        "INSERT INTO contact (contactid, lastname, importsequencenumber, versionnumber) "
        "VALUES (?, 'Copied', ?, 999999)",
        TESTER,
        mark,
    )
    first = seeded("purge", RUN, "--yes")
    assert first.code == 0
    assert "has the run's number, and an id that is not the run's" in first.err
    assert f"seedkit purge {RUN} --include-doubtful" in first.err
    assert [row["contactid"] for row in dump(seeded.database)["contact"]] == [TESTER]
    assert seeded("purge", RUN, "--include-doubtful", "--yes").code == 5
    last = seeded("purge", RUN, "--include-doubtful", "--confirm", RUN, "--json")
    assert (last.code, last.json.get("deleted")) == (0, {"contact": 1}), last
    assert dump(seeded.database)["contact"] == []


def test_the_words_for_strangers_are_those_of_the_purge() -> None:
    assert {one.value for one in OnStrangers} == {one.value for one in Strangers}
