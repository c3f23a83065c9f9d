"""`resume` from the command line: with the ledger, without it, with a broken one."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from seedkit.emulator import dump
from seedkit.errors import LedgerError
from seedkit.ledger import Ledger, RequestState, RunState
from seedkit.load.header import note_id
from seedkit.settings import Settings
from seedkit.workplace.holder import hold
from tests.cli.conftest import CommandLine, Result

RUN = "resume-1"
SEED = ("seed", "--profile", "quick", "--households", "3", "--run-id", RUN)
WRITTEN_BY_THE_SERVICE = {"versionnumber", "modifiedon", "createdon", "overriddencreatedon"}


def ledger_files(seedkit: CommandLine) -> list[Path]:
    return list(seedkit.home.glob("ledger*"))


def rows(seedkit: CommandLine) -> dict[str, list[dict[str, object]]]:
    """Return all rows without what the service writes and without the note's text."""
    left_out = WRITTEN_BY_THE_SERVICE | {"notetext"}
    return {
        table: [{k: v for k, v in row.items() if k not in left_out} for row in found]
        for table, found in dump(seedkit.database).items()
    }


@pytest.fixture
def broken_off(seedkit: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Result]:
    """Seed a run whose ledger can be written no more after so many requests were settled."""

    def seed(count: int) -> Result:
        settled = 0
        settle = Ledger.settle

        def give_up(ledger: Ledger, number: int, state: RequestState) -> None:
            nonlocal settled
            settled += 1
            if settled > count:
                raise LedgerError("The ledger is full.", "Make room.")
            settle(ledger, number, state)

        with monkeypatch.context() as patched:
            patched.setattr(Ledger, "settle", give_up)
            return seedkit(*SEED)

    return seed


def whole(seedkit: CommandLine) -> bool:
    return bool(seedkit("verify", RUN, "--json").json["holds"])


def test_a_full_disk_stops_the_run_and_resume_goes_on(
    seedkit: CommandLine, broken_off: Callable[[int], Result]
) -> None:
    stopped = broken_off(5)
    assert stopped.code == 2
    assert f"Make room.\nGo on with: seedkit resume {RUN}" in stopped.err
    (row,) = seedkit("runs", "--json").json
    assert row["state"] == "seeding"
    half = seedkit("verify")
    assert (half.code, whole(seedkit)) == (1, False)
    assert f"not finished. Go on with: seedkit resume {RUN}\n" in half.err
    assert f"Run {RUN} is not finished: seedkit resume {RUN}\n" in seedkit("runs").err
    assert seedkit("resume").code == 0
    assert whole(seedkit)


@pytest.mark.parametrize("count", [0, 1, 9])
def test_another_machine_goes_on_from_the_header_note(
    seedkit: CommandLine, broken_off: Callable[[int], Result], count: int
) -> None:
    broken_off(count)
    for file in ledger_files(seedkit):
        file.unlink()
    said = seedkit("runs").err
    assert f"Run {RUN} is not finished: seedkit resume {RUN} --environment local" in said
    resumed = seedkit("resume", RUN, "--environment", "local", "--json")
    assert resumed.code == 0, resumed.err
    assert resumed.json["refused"] == {}
    assert whole(seedkit)
    once = rows(seedkit)
    seedkit("emulator", "reset", "--yes")
    assert seedkit(*SEED).code == 0
    assert seedkit("verify", RUN, "--json").json["tables"]
    assert {t: len(r) for t, r in once.items()} == {t: len(r) for t, r in rows(seedkit).items()}
    assert seedkit("purge", RUN, "--yes").code == 0


def test_a_run_that_was_taken_over_is_purged_exactly(
    seedkit: CommandLine, broken_off: Callable[[int], Result]
) -> None:
    seedkit("runs")
    before = dump(seedkit.database)
    broken_off(7)
    for file in ledger_files(seedkit):
        file.unlink()
    assert seedkit("resume", RUN).code == 0
    assert seedkit("purge", RUN, "--yes").code == 0
    assert dump(seedkit.database) == before


def test_a_finished_run_says_so(seedkit: CommandLine) -> None:
    seedkit(*SEED)
    before = dump(seedkit.database)
    again = seedkit("resume", RUN)
    assert (again.code, "is finished" in again.err) == (0, True)
    assert dump(seedkit.database) == before
    for file in ledger_files(seedkit):
        file.unlink()
    assert seedkit("resume", RUN).code == 0
    assert "is finished" in seedkit("resume", RUN).err


def test_rows_that_somebody_deleted_are_made_again(seedkit: CommandLine) -> None:
    seeded = seedkit(*SEED, "--json").json
    with contextlib.closing(sqlite3.connect(seedkit.database)) as connection:
        connection.execute("DELETE FROM msfsi_lifemoment")
        connection.commit()
    count = seeded["rows"]["msfsi_lifemoment"]
    again = seedkit("resume", RUN)
    assert again.code == 0
    assert f"because somebody had deleted them: {count} rows" in again.err
    assert whole(seedkit)


def test_a_ledger_from_an_old_backup_goes_on(
    seedkit: CommandLine, broken_off: Callable[[int], Result], tmp_path: Path
) -> None:
    broken_off(3)
    with contextlib.closing(sqlite3.connect(seedkit.home / "ledger.sqlite3")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(seedkit.home / "ledger.sqlite3", tmp_path / "old")
    assert seedkit("resume", RUN).code == 0
    for file in ledger_files(seedkit):
        file.unlink()
    shutil.copy(tmp_path / "old", seedkit.home / "ledger.sqlite3")
    there = dump(seedkit.database)["contact"]
    assert seedkit("resume", RUN).code == 0
    assert dump(seedkit.database)["contact"] == there
    assert whole(seedkit)


@pytest.mark.parametrize("damage", ["all", "middle", "plan"])
def test_a_damaged_ledger_says_what_goes_on(seedkit: CommandLine, damage: str) -> None:
    seedkit(*SEED)
    file = seedkit.home / "ledger.sqlite3"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        if damage == "plan":
            connection.execute("UPDATE runs SET plan = substr(plan, 1, 500)")
            connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = file.read_bytes()
    if damage == "all":
        file.write_bytes(b"spoilt " * 2000)
    elif damage == "middle":
        file.write_bytes(content[:4096] + b"\xaa" * (len(content) - 4096))
    stopped = seedkit("resume", RUN)
    assert stopped.code == 2, stopped.err
    assert "Move it away" in stopped.err
    assert "seedkit resume RUN --environment ENV" in stopped.err
    for spoilt in ledger_files(seedkit):
        spoilt.rename(spoilt.with_name("away-" + spoilt.name))
    assert seedkit("resume", RUN, "--environment", "local").code == 0
    assert whole(seedkit)


def change_note(seedkit: CommandLine, text: str) -> None:
    with contextlib.closing(sqlite3.connect(seedkit.database)) as connection:
        connection.execute("UPDATE annotation SET notetext = ?", (text,))
        connection.commit()


def test_without_ledger_and_with_a_changed_note_nobody_guesses(seedkit: CommandLine) -> None:
    seedkit(*SEED)
    for file in ledger_files(seedkit):
        file.unlink()
    change_note(seedkit, "hello")
    before = dump(seedkit.database)
    stopped = seedkit("resume", RUN, "--environment", "local")
    assert stopped.code == 2
    assert f"seedkit purge {RUN}" in stopped.err
    assert dump(seedkit.database) == before


def test_without_ledger_and_note_the_next_command_is_named(seedkit: CommandLine) -> None:
    seedkit("runs")
    for words in (("resume", RUN), ("resume",)):
        stopped = seedkit(*words)
        assert stopped.code == 2
        assert "--environment ENV" in stopped.err
    assert seedkit("resume", RUN, "--environment", "local").code == 2


def test_a_note_of_a_later_version_names_it(seedkit: CommandLine) -> None:
    from seedkit.plan import FORMAT, digest_of

    seedkit(*SEED)
    with contextlib.closing(sqlite3.connect(seedkit.database)) as connection:
        ((text,),) = connection.execute("SELECT notetext FROM annotation").fetchall()
    note = json.loads(text)
    note["plan"] |= {"format": FORMAT + 1, "fingerprint": {"seedkit": "99.1"}}
    change_note(seedkit, json.dumps(note | {"digest": digest_of(note["plan"])}))
    for file in ledger_files(seedkit):
        file.unlink()
    stopped = seedkit("resume", RUN)
    assert stopped.code == 2
    assert 'python -m pip install "seedkit==99.1"' in stopped.err
    assert f"run {RUN} of seedkit 99.1" in seedkit("runs").err


def test_other_versions_are_refused_with_what_to_install(
    seedkit: CommandLine, broken_off: Callable[[int], Result]
) -> None:
    broken_off(4)
    with contextlib.closing(sqlite3.connect(seedkit.home / "ledger.sqlite3")) as connection:
        ((text,),) = connection.execute("SELECT plan FROM runs").fetchall()
        plan = json.loads(text)
        plan["fingerprint"] |= {"numpy": "1.0.1", "seedkit": "0.0.9"}
        connection.execute("UPDATE runs SET plan = ?", (json.dumps(plan),))
        connection.commit()
    before = dump(seedkit.database)
    stopped = seedkit("resume", RUN)
    assert stopped.code == 2
    assert 'python -m pip install "seedkit==0.0.9" "numpy==1.0.1"' in stopped.err
    assert f"seedkit purge {RUN}" in stopped.err
    assert dump(seedkit.database) == before


def test_another_environment_is_refused(
    seedkit: CommandLine, broken_off: Callable[[int], Result]
) -> None:
    broken_off(4)
    seedkit.database.rename(seedkit.home / "moved.sqlite3")
    stopped = seedkit("resume", RUN)
    assert stopped.code == 5
    assert "was seeded into" in stopped.err


def test_another_user_may_go_on_and_is_told(
    seedkit: CommandLine, broken_off: Callable[[int], Result]
) -> None:
    broken_off(4)
    with contextlib.closing(sqlite3.connect(seedkit.home / "ledger.sqlite3")) as connection:
        ((text,),) = connection.execute("SELECT plan FROM runs").fetchall()
        plan = json.loads(text)
        plan["environment"]["user"] = "11111111-2222-3333-4444-555555555555"
        connection.execute("UPDATE runs SET plan = ?", (json.dumps(plan),))
        connection.commit()
    resumed = seedkit("resume", RUN)
    assert resumed.code == 0
    assert "Another user began it" in resumed.err
    assert seedkit("purge", RUN, "--yes").code == 0
    assert dump(seedkit.database)["contact"] == []


def test_a_run_that_somebody_works_on_is_left_to_them(
    seedkit: CommandLine, broken_off: Callable[[int], Result]
) -> None:
    broken_off(4)
    ledger = Ledger.open(Settings(seedkit.home).ledger)
    with hold(ledger, RUN, "seedkit resume"):
        stopped = seedkit("resume", RUN)
        assert stopped.code == 5
        assert f"(seedkit resume) works on run {RUN}" in stopped.err
        assert seedkit("purge", RUN, "--yes").code == 5
        assert seedkit("purge", RUN, "--dry-run").code == 0
    ledger.close()
    assert seedkit("resume", RUN).code == 0


@pytest.mark.parametrize(
    ("state", "said"), [(RunState.PURGING, "being purged"), (RunState.PURGED, "was purged")]
)
def test_a_run_on_its_way_out_does_not_go_on(
    seedkit: CommandLine, state: RunState, said: str
) -> None:
    seedkit(*SEED)
    ledger = Ledger.open(Settings(seedkit.home).ledger)
    ledger.set_state(RUN, state)
    ledger.close()
    stopped = seedkit("resume", RUN)
    assert stopped.code == 2
    assert said in stopped.err
    assert RUN in stopped.err.splitlines()[-1]


def test_the_first_write_carries_the_whole_plan(
    seedkit: CommandLine, broken_off: Callable[[int], Result]
) -> None:
    broken_off(0)
    (note,) = dump(seedkit.database)["annotation"]
    ledger = Ledger.open(Settings(seedkit.home).ledger)
    plan = ledger.find(RUN).plan
    ledger.close()
    assert note["annotationid"] == note_id(plan)
    assert json.loads(str(note["notetext"]))["plan"] == json.loads(plan.to_bytes())
