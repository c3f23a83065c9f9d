"""The fixtures for pytest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from seedkit.testing.environment import RunningEnvironment, local_environment
from seedkit.testing.seeded import LocalEnvironment


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
