"""Where stories begin: environments with a life of their own, in which runs were seeded.

A ground is made once and copied for every story; the environment lives in a process of its own.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx

from seedkit.assembly import Resolved, make_request, propose, source_of
from seedkit.dataverse.client import RetryPolicy, WebApi
from seedkit.emulator import create_app, dump
from seedkit.ledger import Ledger
from seedkit.load import load
from seedkit.plan import Plan
from seedkit.profile.models import Profile
from seedkit.progress import Unwatched
from tests.worlds import NOW, no_sleep

API = "/api/data/v9.2/"
RUNS = ("first-0001", "second-0001")
# As much of everything as fits into three households.
PROFILE = {
    "households": 3,
    "bank": {"branches": 2, "products": 10},
    "groups": {"custom": 1.0},
    "relationships": {"professional": 0.5, "extended_family": 1.0},
    "life_events": {"planned": 1.0},
    "banking": {"foreign_currency": 0.5},
}
Rows = dict[str, list[dict[str, object]]]


@dataclass(frozen=True)
class Ground:
    """A folder with an environment's file and a ledger, and what was there before each run."""

    folder: Path
    plans: tuple[Plan, ...]
    before: Rows
    seeded: Rows

    def copy(self, folder: Path) -> Path:
        """Copy environment and ledger; return the environment's file."""
        for name in ("local.sqlite3", "ledger.sqlite3"):
            shutil.copy(self.folder / name, folder / name)
        return folder / "local.sqlite3"


def make_ground(folder: Path, runs: int) -> Ground:
    """Make an environment with rows of others and some runs."""
    database = folder / "local.sqlite3"
    app = create_app(database, clock=lambda: NOW)
    with closing(Ledger.open(folder / "ledger.sqlite3")) as ledger:
        before, plans = asyncio.run(_fill(app, database, ledger, runs))
    app.state.close()
    return Ground(folder, plans, before, dump(database))


async def _fill(
    app: object, database: Path, ledger: Ledger, runs: int
) -> tuple[Rows, tuple[Plan, ...]]:
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url=f"http://localhost{API}") as client:
        await _live(client)
    api = WebApi(transport, "http://localhost", RetryPolicy(), sleep=no_sleep)
    before = dump(database)
    return before, tuple([await _seed(run, api, ledger) for run in RUNS[:runs]])


async def _seed(run_id: str, api: WebApi, ledger: Ledger) -> Plan:
    resolved = Resolved("stories", Profile.model_validate(PROFILE), date(2026, 6, 30), NOW)
    plan = await propose(make_request(resolved, run_id), api, None)
    ledger.add_run(plan)
    await load(plan, source_of(plan), api, ledger, Unwatched())
    return plan


async def _live(client: httpx.AsyncClient) -> None:
    """Let others have customers, a family, a case, notes and a number like an import's."""
    for set_name, body in OTHERS:
        answer = await client.post(set_name, json=body)
        assert answer.is_success, answer.text


_ANN, _BEN = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
_BANK = "00000000-0000-4000-8000-0000000000ba"
OTHERS: tuple[tuple[str, dict[str, object]], ...] = (
    ("msfsi_banks", {"msfsi_bankid": _BANK, "msfsi_name": "Another bank"}),
    (
        "msfsi_branchs",
        {"msfsi_name": "Another branch", "msfsi_Bank@odata.bind": f"/msfsi_banks({_BANK})"},
    ),
    ("contacts", {"contactid": _ANN, "lastname": "Anders", "importsequencenumber": 7}),
    ("contacts", {"contactid": _BEN, "lastname": "Benz"}),
    ("accounts", {"name": "Another firm"}),
    (
        "incidents",
        {"title": "Another case", "customerid_contact@odata.bind": f"/contacts({_ANN})"},
    ),
    ("annotations", {"subject": "A note", "objectid_contact@odata.bind": f"/contacts({_BEN})"}),
    (
        "msfsi_lifemoments",
        {"msfsi_name": "Another event", "msfsi_Contact@odata.bind": f"/contacts({_BEN})"},
    ),
    (
        "phonecalls",
        {
            "subject": "A call",
            "regardingobjectid_contact_phonecall@odata.bind": f"/contacts({_ANN})",
        },
    ),
)


class Theatre:
    """The process that has an environment on its stage."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.purge.stories.server", str(port)], stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == b"ready"

    def show(self, database: Path, **settings: object) -> None:
        """Put an environment's file on the stage."""
        body = {"database": str(database), "settings": settings}
        httpx.put(f"{self.url}/stage", json=body, timeout=30).raise_for_status()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


@asynccontextmanager
async def web_api(url: str, transport: httpx.AsyncBaseTransport) -> AsyncIterator[WebApi]:
    """Yield a client of the environment on the stage."""
    yield WebApi(transport, url, RetryPolicy(), sleep=no_sleep)
