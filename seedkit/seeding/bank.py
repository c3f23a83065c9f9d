"""A seeded bank as it is handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

import httpx

from seedkit.manifest import Customer, Manifest
from seedkit.plan import Plan
from seedkit.seeding.job import Made

Client = TypeVar("Client", httpx.Client, httpx.AsyncClient)


@dataclass(frozen=True)
class Bank(Generic[Client]):
    """A bank that is in an environment for as long as a block runs.

    `environment` is `local`, the environment's name in the configuration, or its address; `url`
    its address. `rows` and `lost` count rows by table: those that are there, and those that the
    environment refused with all that hangs on them. `http` is a client of httpx whose paths begin
    at the Web API, signed in where that is needed.
    """

    run: str
    environment: str
    url: str
    profile: str
    random_seed: int
    as_of: date
    rows: Mapping[str, int]
    lost: Mapping[str, int]
    manifest: Manifest = field(repr=False)
    http: Client = field(repr=False)

    @property
    def customers(self) -> tuple[Customer, ...]:
        """Return all customers, household after household."""
        return self.manifest.customers

    @property
    def traits(self) -> Mapping[str, int]:
        """Return how many customers have each trait."""
        return self.manifest.traits

    def find(self, *traits: str) -> tuple[Customer, ...]:
        """Return the customers with all of these traits.

        UnknownNameError for a trait that there is not, UsageError when nobody has them all.
        """
        return self.manifest.find(*traits)

    def customer(self, *traits: str) -> Customer:
        """Return the first customer with all of these traits; errors as in `find`."""
        return self.manifest.customer(*traits)


def make_bank(made: Made, http: Client) -> Bank[Client]:
    """Return what is handed over."""
    plan: Plan = made.plan
    return Bank(
        run=plan.run_id,
        environment=made.environment,
        url=plan.environment.url,
        profile=plan.profile_name,
        random_seed=plan.profile["random_seed"],
        as_of=plan.as_of_date,
        rows=made.rows,
        lost=made.lost,
        manifest=made.manifest,
        http=http,
    )
