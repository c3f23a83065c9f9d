"""One process at a time works on a run, and a dead one holds nothing."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest

from seedkit.errors import LedgerError, RunHeldError
from seedkit.holding import held
from seedkit.ledger import Holder, Ledger
from tests.core.plans import PLAN

RUN = PLAN.run_id
FIRST = Holder(4711, "qa-box", "2026-06-30T09:30:00+00:00", "seedkit seed")
SECOND = Holder(4712, "qa-box", "2026-06-30T09:31:00+00:00", "seedkit resume")
PATIENCE = 30.0


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(tmp_path / "ledger.sqlite3")
    yield opened
    opened.close()


def test_the_second_hears_who_the_first_is(ledger: Ledger) -> None:
    with held(ledger, RUN, FIRST):
        with pytest.raises(RunHeldError) as caught, held(ledger, RUN, SECOND):
            pass
        assert caught.value.message == (
            f"Process 4711 on qa-box (seedkit seed) works on run {RUN}, "
            "since 2026-06-30T09:30:00+00:00."
        )
        assert ledger.holder(RUN) == FIRST
        with held(ledger, "other-1", SECOND):
            pass
    with held(ledger, RUN, SECOND):
        assert ledger.holder(RUN) == SECOND


def test_an_error_lets_go(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), held(ledger, RUN, FIRST):
        raise RuntimeError
    with held(ledger, RUN, SECOND):
        pass


def hold_and_wait(path: str, ready: object) -> None:
    """Hold a run until the process is killed."""
    with held(Ledger.open(Path(path)), RUN, FIRST):
        ready.set()  # type: ignore[attr-defined]
        multiprocessing.Event().wait(PATIENCE)


def test_a_dead_process_holds_nothing(ledger: Ledger) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    other = context.Process(target=hold_and_wait, args=(str(ledger.path), ready))
    other.start()
    try:
        assert ready.wait(PATIENCE)
        with pytest.raises(RunHeldError, match="4711"), held(ledger, RUN, SECOND):
            pass
    finally:
        other.kill()
        other.join(PATIENCE)
    with held(ledger, RUN, SECOND):
        assert ledger.holder(RUN) == SECOND


def test_a_lock_that_cannot_be_made_is_told(ledger: Ledger) -> None:
    (ledger.path.parent / "locks").write_text("in the way", encoding="utf-8")
    with pytest.raises(LedgerError, match="locks") as caught, held(ledger, RUN, FIRST):
        pass
    assert "SEEDKIT_HOME" in str(caught.value.hint)
