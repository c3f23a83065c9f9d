"""The ledger: what it remembers, and how it fails."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from seedkit.errors import AmbiguousRunError, LedgerError, RunNotFoundError
from seedkit.ledger import Holder, Ledger, LostRow, Origin, Range, RequestState, RunState, Step
from seedkit.ledger import file as module
from tests.core.plans import PLAN, plan_named

RUN = PLAN.run_id


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "folder" / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(path)
    yield opened
    opened.close()


def contacts(first: int, count: int = 3, step: Step = Step.CREATE, block: int = 1) -> Range:
    return Range(step, "contact", block, first, count)


def lost(row: int, state: str = "refused", step: Step = Step.CREATE) -> LostRow:
    return LostRow(step, "contact", 1, row, f"id-{row}", state, "0x80044331", "too long")


def test_survives_being_closed(path: Path) -> None:
    first = Ledger.open(path)
    first.add_run(PLAN)
    (number,) = first.intend(RUN, [contacts(0)])
    first.settle(number, RequestState.SETTLED)
    origin = Origin(frozenset({"us"}), "2026-06-30T09:30:00Z", "2026-06-30T09:31:00Z", 4711)
    first.set_state(RUN, RunState.SEEDED, origin)
    first.close()

    second = Ledger.open(path)
    entry = second.find(None)
    assert (entry.plan, entry.state, entry.watermark) == (PLAN, RunState.SEEDED, 4711)
    assert list(second.requests(RUN)) == [(contacts(0), RequestState.SETTLED)]
    second.set_state(RUN, RunState.PURGING)
    assert second.find(RUN).watermark == 4711
    assert second.origin(RUN) == origin
    second.close()


def test_requests_keep_their_order_and_state(ledger: Ledger) -> None:
    ledger.add_run(PLAN)
    numbers = ledger.intend(RUN, [contacts(0), contacts(3, step=Step.LINK)])
    numbers += ledger.intend(RUN, [contacts(6)])
    ledger.settle(numbers[1], RequestState.SETTLED)
    ledger.settle(numbers[2], RequestState.UNKNOWN)
    assert list(ledger.requests(RUN)) == [
        (contacts(0), RequestState.INTENDED),
        (contacts(3, step=Step.LINK), RequestState.SETTLED),
        (contacts(6), RequestState.UNKNOWN),
    ]
    assert list(ledger.requests("other")) == []


def test_an_intent_that_breaks_off_leaves_nothing(ledger: Ledger) -> None:
    def parts() -> Iterator[Range]:
        yield contacts(0)
        raise RuntimeError("interrupted")

    with pytest.raises(RuntimeError):
        ledger.intend(RUN, parts())
    assert list(ledger.requests(RUN)) == []


def test_finds_runs_by_name_prefix_and_age(ledger: Ledger) -> None:
    ledger.add_run(plan_named("retail-7f3a", "2026-06-30T10:00:00+00:00"))
    assert ledger.find(None).plan.run_id == "retail-7f3a"
    ledger.add_run(plan_named("retail-9c", "2026-06-30T09:00:00+00:00"))
    ledger.add_run(plan_named("retail-9c-b", "2026-06-30T08:00:00+00:00"))
    assert [run.plan.run_id for run in ledger.runs()] == ["retail-9c-b", "retail-9c", "retail-7f3a"]
    assert ledger.find("latest").plan.run_id == "retail-7f3a"
    assert ledger.find("retail-7").plan.run_id == "retail-7f3a"
    assert ledger.find("retail-9c").plan.run_id == "retail-9c"
    with pytest.raises(AmbiguousRunError, match="retail-9c-b, retail-9c, retail-7f3a"):
        ledger.find(None)
    with pytest.raises(AmbiguousRunError):
        ledger.find("retail")
    with pytest.raises(RunNotFoundError, match="'wealth'"):
        ledger.find("wealth")


@pytest.mark.parametrize("name", [None, "latest", RUN])
def test_an_empty_ledger_knows_no_run(ledger: Ledger, name: str | None) -> None:
    with pytest.raises(RunNotFoundError):
        ledger.find(name)


def test_a_purged_run_is_forgotten_and_its_id_free_again(ledger: Ledger) -> None:
    ledger.add_run(PLAN)
    ledger.lose(RUN, [lost(4)])
    with pytest.raises(LedgerError, match="already is a run") as caught:
        ledger.add_run(PLAN)
    assert "resume" in (caught.value.hint or "")
    ledger.set_state(RUN, RunState.PURGED)
    assert ledger.is_purged(RUN)
    assert ledger.runs() == []
    with pytest.raises(RunNotFoundError):
        ledger.find(RUN)
    ledger.add_run(PLAN)
    assert not ledger.is_purged(RUN)
    assert ledger.lost_rows(RUN) == []
    assert list(ledger.requests(RUN)) == []


def test_lost_rows_are_kept_once_each(ledger: Ledger) -> None:
    ledger.lose(RUN, [lost(4), lost(2, "skipped")])
    ledger.lose(RUN, [replace(lost(4), reason="still too long"), lost(4, step=Step.LINK)])
    assert ledger.lost_rows(RUN) == [
        lost(2, "skipped"),
        replace(lost(4), reason="still too long"),
        lost(4, step=Step.LINK),
    ]
    assert ledger.lost_rows("other") == []


def test_forgetting_lost_rows_opens_their_ranges_and_no_others(ledger: Ledger) -> None:
    numbers = ledger.intend(
        RUN, [contacts(0), contacts(3), contacts(3, step=Step.LINK), contacts(3, block=2)]
    )
    (other,) = ledger.intend("other", [contacts(3)])
    for number in [*numbers, other]:
        ledger.settle(number, RequestState.SETTLED)
    ledger.lose(RUN, [lost(5)])
    ledger.forget_lost(RUN)

    assert ledger.lost_rows(RUN) == []
    states = [state for _, state in ledger.requests(RUN)]
    assert states == [
        RequestState.SETTLED,
        RequestState.UNKNOWN,
        RequestState.SETTLED,
        RequestState.SETTLED,
    ]
    assert [state for _, state in ledger.requests("other")] == [RequestState.SETTLED]


def test_a_newer_format_is_refused(path: Path) -> None:
    Ledger.open(path).close()
    other = sqlite3.connect(path)
    other.execute(f"PRAGMA user_version = {module.FORMAT + 1}")
    other.close()
    with pytest.raises(LedgerError, match=f"format {module.FORMAT + 1}") as caught:
        Ledger.open(path)
    assert "upgrade" in (caught.value.hint or "")


def test_an_older_format_is_taken_along(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Ledger.open(path)
    first.add_run(PLAN)
    first.close()
    step = "ALTER TABLE runs ADD COLUMN colour TEXT; CREATE INDEX by_state ON runs (state)"
    monkeypatch.setattr(module, "UPGRADES", (*module.UPGRADES, step))
    monkeypatch.setattr(module, "FORMAT", module.FORMAT + 1)

    second = Ledger.open(path)
    assert second.find(None).plan == PLAN
    second.close()
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA user_version").fetchone() == (module.FORMAT,)
    assert "colour" in [row[1] for row in raw.execute("PRAGMA table_info(runs)")]
    raw.close()


def test_a_step_that_fails_leaves_the_older_format(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ledger.open(path).close()
    old = module.FORMAT
    step = "ALTER TABLE runs ADD COLUMN colour TEXT; ALTER TABLE nowhere ADD COLUMN x TEXT"
    monkeypatch.setattr(module, "UPGRADES", (*module.UPGRADES, step))
    monkeypatch.setattr(module, "FORMAT", old + 1)
    with pytest.raises(LedgerError, match="nowhere"):
        Ledger.open(path)
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA user_version").fetchone() == (old,)
    assert "colour" not in [row[1] for row in raw.execute("PRAGMA table_info(runs)")]
    raw.close()


def test_a_file_that_is_no_ledger(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("dear diary, " * 100)
    with pytest.raises(LedgerError, match="not a database") as caught:
        Ledger.open(path)
    assert "Move it away" in (caught.value.hint or "")
    path.unlink()  # it was closed again


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(LedgerError, match="can't be used"):
        Ledger.open(tmp_path / "home" / "ledger.sqlite3")


def test_a_plan_that_is_not_whole(ledger: Ledger, path: Path) -> None:
    ledger.add_run(PLAN)
    raw = sqlite3.connect(path)
    raw.execute("UPDATE runs SET plan = ?", ('{"format": 1, "run_id": "x"}',))
    raw.commit()
    raw.close()
    with pytest.raises(LedgerError, match="not whole"):
        ledger.runs()


def test_a_full_disk_is_told_and_leaves_what_was_there(ledger: Ledger) -> None:
    ledger.add_run(PLAN)
    pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
    ledger._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LedgerError, match="full") as caught:
        ledger.intend(RUN, (contacts(3 * n) for n in range(5000)))
    assert "free space" in (caught.value.hint or "")
    assert list(ledger.requests(RUN)) == []
    ledger._connection.execute("PRAGMA max_page_count = 1000000")
    assert len(ledger.intend(RUN, [contacts(0)])) == 1


def hold(path: str, held: object, release: object) -> None:
    """Hold the file as another process does that is in the middle of writing."""
    connection = sqlite3.connect(path)
    connection.execute("BEGIN IMMEDIATE")
    held.set()  # type: ignore[attr-defined]
    release.wait(30)  # type: ignore[attr-defined]
    connection.close()


def test_a_file_that_another_process_is_writing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BUSY_SECONDS", 0.1)
    ledger = Ledger.open(path)
    ledger.add_run(PLAN)
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=hold, args=(str(path), held, release))
    other.start()
    try:
        assert held.wait(30)
        with pytest.raises(LedgerError, match="locked"):
            ledger.intend(RUN, [contacts(0)])
        assert ledger.find(RUN).plan == PLAN  # reading goes on
    finally:
        release.set()
        other.join(30)
    assert len(ledger.intend(RUN, [contacts(0)])) == 1
    ledger.close()


def test_two_connections_see_one_another(ledger: Ledger, path: Path) -> None:
    second = Ledger.open(path)
    ledger.add_run(PLAN)
    assert second.find(None).plan == PLAN
    numbers = ledger.intend(RUN, [contacts(0)]) + second.intend(RUN, [contacts(3)])
    assert len(set(numbers)) == 2
    assert [part for part, _ in ledger.requests(RUN)] == [contacts(0), contacts(3)]
    second.close()


def test_what_is_found_takes_the_place_of_what_was_settled(ledger: Ledger) -> None:
    ledger.add_run(PLAN)
    numbers = ledger.intend(
        RUN, [contacts(0), contacts(3), contacts(6), contacts(0, step=Step.LINK)]
    )
    for number in (numbers[0], numbers[1], numbers[3]):
        ledger.settle(number, RequestState.SETTLED)
    ledger.restate(RUN, Step.CREATE, "contact", [contacts(0, 2)])
    assert list(ledger.requests(RUN)) == [
        (contacts(6), RequestState.INTENDED),
        (contacts(0, step=Step.LINK), RequestState.SETTLED),
        (contacts(0, 2), RequestState.SETTLED),
    ]


def test_rows_that_are_there_are_lost_no_more(ledger: Ledger) -> None:
    ledger.lose(RUN, [lost(2), lost(4), lost(4, step=Step.LINK)])
    ledger.regain(RUN, [lost(4)])
    assert ledger.lost_rows(RUN) == [lost(2), lost(4, step=Step.LINK)]


def test_trying_lost_rows_again_opens_a_finished_run(ledger: Ledger) -> None:
    ledger.add_run(PLAN)
    ledger.set_state(RUN, RunState.SEEDED, Origin(watermark=7))
    ledger.forget_lost(RUN)
    assert ledger.find(RUN).state is RunState.SEEDED  # there was nothing to try
    ledger.lose(RUN, [lost(4)])
    ledger.forget_lost(RUN)
    assert ledger.find(RUN).state is RunState.SEEDING


@pytest.mark.parametrize("format", [1, 2])
def test_older_formats_learn_who_works_on_a_run_and_who_made_it(
    path: Path, monkeypatch: pytest.MonkeyPatch, format: int
) -> None:
    with monkeypatch.context() as older:
        older.setattr(module, "UPGRADES", module.UPGRADES[:format])
        older.setattr(module, "FORMAT", format)
        first = Ledger.open(path)
        first.add_run(PLAN)
        first.close()
    second = Ledger.open(path)
    assert second.find(RUN).plan == PLAN
    assert second.holder(RUN) is None
    holder = Holder(4711, "qa-box", "2026-06-30T09:30:00+00:00", "seedkit seed")
    second.set_holder(RUN, holder)
    assert second.holder(RUN) == holder
    assert second.origin(RUN) == Origin()
    second.close()


def test_a_page_that_is_damaged_is_found_before_anything_is_believed(
    ledger: Ledger, path: Path
) -> None:
    ledger.add_run(PLAN)
    ledger.check()
    ledger.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xaa" * 4096)
    spoilt = Ledger.open(path)
    with pytest.raises(LedgerError, match="can't be used") as caught:
        spoilt.check()
    assert "seedkit resume RUN --environment ENV" in str(caught.value.hint)
    spoilt.close()
