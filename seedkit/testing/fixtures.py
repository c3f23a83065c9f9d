"""The fixtures for pytest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from seedkit.seeding import Bank, seeded
from seedkit.settings import LOCAL
from seedkit.testing.environment import RunningEnvironment, local_environment
from seedkit.testing.seeded import LocalEnvironment

# Each is an option on pytest's command line and a line in its configuration.
OPTIONS = {
    "seedkit_environment": "where `seedkit_seeded` seeds: `local`, a name or an address",
    "seedkit_allow_production": "name of the production environment in which it may seed",
}
SeedBank = Callable[..., Bank[httpx.Client]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add seedkit's options to pytest's."""
    group = parser.getgroup("seedkit")
    for name, what in OPTIONS.items():
        group.addoption(f"--{name.replace('_', '-')}", dest=name, default=None, help=what)
        parser.addini(name, what, default="")


@pytest.fixture
def seedkit_dataverse() -> Iterator[RunningEnvironment]:
    """A fresh environment in memory, in this process."""
    with local_environment() as running:
        yield running


@pytest.fixture
def seedkit_server() -> Iterator[RunningEnvironment]:
    """A fresh environment in memory, behind a free loopback port."""
    with local_environment(served=True) as running:
        yield running


@pytest.fixture
def seedkit_environment(tmp_path: Path) -> LocalEnvironment:
    """An empty local environment."""
    return LocalEnvironment(tmp_path)


@pytest.fixture(scope="session")
def seedkit_bank(tmp_path_factory: pytest.TempPathFactory) -> LocalEnvironment:
    """A local environment with ten households of the retail profile."""
    environment = LocalEnvironment(tmp_path_factory.mktemp("seedkit"))
    environment.seed()
    return environment


@pytest.fixture(scope="session")
def seedkit_seeded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SeedBank]:
    """Seed banks by `seedkit.seeded`; all of them are purged at the end of the session.

    Without an option they go into a local environment that nothing else uses; the ledger of a real
    one stays where `seedkit purge` finds it.
    """
    environment = _option(request.config, "seedkit_environment") or LOCAL
    allowed = _option(request.config, "seedkit_allow_production") or None
    home = tmp_path_factory.mktemp("seedkit") if environment == LOCAL else None
    with ExitStack() as stack:

        def seed(profile: str = "retail", **options: Any) -> Bank[httpx.Client]:
            given = {"environment": environment, "allow_production": allowed, "home": home}
            return stack.enter_context(seeded(profile, **{**given, **options}))

        yield seed


def _option(config: pytest.Config, name: str) -> str:
    return str(config.getoption(name) or config.getini(name))
