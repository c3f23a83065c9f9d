"""A seeded bank for a program's own tests: seeded, handed over, purged.

    with seedkit.seeded("retail", environment="local", households=20) as bank:
        customer = bank.customer("card about to expire")
        contact = bank.http.get(customer.row.path).json()

It is a run like any other: it is in the ledger, `seedkit runs` lists it, and after a crash
`seedkit purge` takes it out. Nobody is ever asked anything.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from pathlib import Path

import httpx

from seedkit.dataverse.acting import Acting
from seedkit.dataverse.client import API_PATH, WebApi
from seedkit.dataverse.line import TIMEOUT_SECONDS
from seedkit.errors import SeedkitError
from seedkit.manifest import Customer, Manifest, Row
from seedkit.seeding.bank import Bank, make_bank
from seedkit.seeding.http import SignedTransport, ThreadTransport
from seedkit.seeding.job import Job
from seedkit.seeding.order import Order, Overrides, make_wish
from seedkit.seeding.worker import Worker

__all__ = ["Bank", "Customer", "Manifest", "Row", "aseeded", "seeded"]


@contextmanager
def seeded(
    profile: str = "retail",
    *,
    environment: str = "local",
    households: int | None = None,
    random_seed: int | None = None,
    as_of: date | str | None = None,
    overrides: Overrides = (),
    run_id: str | None = None,
    allow_production: str | None = None,
    accept_refused: bool = False,
    impersonate: str | None = None,
    bypass_logic: bool = False,
    home: Path | str | None = None,
) -> Iterator[Bank[httpx.Client]]:
    """Seed a profile, hand the bank over, and purge it at the end, exception or not.

    The arguments are the options of `seedkit seed`; `overrides` are a mapping of profile keys, or
    texts as after `--set`. `home` is the folder of the ledger and the local environment, in place
    of SEEDKIT_HOME. Rows that the environment refuses end it with IncompleteError, unless
    `accept_refused`. All work is done in a thread, so a running event loop does no harm.

    Raises what the commands raise: SeedkitError and its kinds.
    """
    wish = make_wish(profile, households, random_seed, as_of, overrides)
    acting = Acting(impersonate, bypass_logic)
    folder = None if home is None else Path(home)
    order = Order(wish, environment, run_id, allow_production, accept_refused, folder, acting)
    with _hints(), Worker() as worker:
        job = Job(order)
        worker.run(job.open())
        try:
            made = worker.run(job.fill())
            transport = ThreadTransport(worker, SignedTransport(job.api))
            with httpx.Client(
                transport=transport, base_url=_root(job.api), timeout=TIMEOUT_SECONDS
            ) as http:
                yield make_bank(made, http)
        except BaseException as error:
            worker.run(job.purge_after(error))
            raise
        else:
            worker.run(job.purge())
        finally:
            worker.run(job.close())


@asynccontextmanager
async def aseeded(
    profile: str = "retail",
    *,
    environment: str = "local",
    households: int | None = None,
    random_seed: int | None = None,
    as_of: date | str | None = None,
    overrides: Overrides = (),
    run_id: str | None = None,
    allow_production: str | None = None,
    accept_refused: bool = False,
    impersonate: str | None = None,
    bypass_logic: bool = False,
    home: Path | str | None = None,
) -> AsyncIterator[Bank[httpx.AsyncClient]]:
    """Do what `seeded` does, in the running event loop and with an asynchronous client."""
    wish = make_wish(profile, households, random_seed, as_of, overrides)
    acting = Acting(impersonate, bypass_logic)
    folder = None if home is None else Path(home)
    order = Order(wish, environment, run_id, allow_production, accept_refused, folder, acting)
    with _hints():
        job = Job(order)
        await job.open()
        try:
            made = await job.fill()
            transport = SignedTransport(job.api)
            async with httpx.AsyncClient(
                transport=transport, base_url=_root(job.api), timeout=TIMEOUT_SECONDS
            ) as http:
                yield make_bank(made, http)
        except BaseException as error:
            await job.purge_after(error)
            raise
        else:
            await job.purge()
        finally:
            await job.close()


@contextmanager
def _hints() -> Iterator[None]:
    """Show the way out below an error, where a program prints no more than its message."""
    try:
        yield
    except SeedkitError as error:
        if error.hint and error.hint not in getattr(error, "__notes__", ()):
            error.add_note(error.hint)
        raise


def _root(api: WebApi) -> str:
    return api.url.rstrip("/") + API_PATH
