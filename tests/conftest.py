"""Fixtures for the whole suite."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worlds import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A fresh local environment with an empty ledger."""
    return World(tmp_path)


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """Give back what a command took out of the garbage collector's sight: this process goes on."""
    yield
    gc.unfreeze()
