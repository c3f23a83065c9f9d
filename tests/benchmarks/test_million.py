"""A filled environment's ordinary requests do no more work than an empty one's.

Work is counted in steps of SQLite's virtual machine, which are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.million import fill, join
from tests.emulator.conftest import Local

ROWS = 300_000
STEPS = 100  # between two calls of the handler that counts


class Counted:
    """An environment whose work is counted."""

    def __init__(self, rows: int, folder: Path) -> None:
        file, self.mark = fill(rows, folder)
        self.local = Local(file)
        self._calls = 0
        self.local.app.state.host.connection.set_progress_handler(self._count, STEPS)

    def _count(self) -> int:
        self._calls += 1
        return 0

    def steps(self, do: Callable[[Local], Any]) -> int:
        """Return the steps of a request once everything about the schema is worked out."""
        do(self.local)
        before = self._calls
        do(self.local)
        return (self._calls - before) * STEPS


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Counted, Counted]]:
    """One run's rows alone, and the same among many others'."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEEDKIT_HOME", "")
        few = Counted(0, tmp_path_factory.mktemp("few"))
        many = Counted(ROWS, tmp_path_factory.mktemp("many"))
        yield few, many
        for counted in (few, many):
            counted.local.app.state.close()


def _ids(mark: int) -> str:
    return f"contacts?$select=contactid&$filter=importsequencenumber eq {mark}"


def _delete_first(local: Local, mark: int) -> None:
    first = local.rows(f"{_ids(mark)}&$top=1")[0]["contactid"]
    assert local.send("DELETE", f"contacts({first})").status_code == 204


@pytest.mark.soak
@pytest.mark.parametrize(
    "request_of",
    [
        lambda mark: lambda local: local.rows(_ids(mark)),
        lambda mark: lambda local: local.rows("msfsi_lifemoments?$select=msfsi_name&$top=500"),
        lambda mark: lambda local: local.rows(join(mark)),
        lambda mark: lambda local: local.create("contacts", lastname="Marlowe"),
        lambda mark: lambda local: _delete_first(local, mark),
    ],
    ids=["marked", "page", "join", "create", "delete"],
)
def test_many_rows_cost_a_request_no_more_work(
    environments: tuple[Counted, Counted],
    request_of: Callable[[int], Callable[[Local], Any]],
) -> None:
    few, many = (counted.steps(request_of(counted.mark)) for counted in environments)
    assert many <= 1.5 * few + 1_000
