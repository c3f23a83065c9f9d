"""A small population whose parts can be spoiled one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest

from seedkit.extract.making import make_extracts
from seedkit.extract.model import About, Extract, Sheet
from seedkit.extract.writing import about as about_profile
from seedkit.population import make_bank
from seedkit.population.model import Bank, Block
from seedkit.profile import read_profile
from seedkit.profile.models import Profile

AS_OF = date(2026, 6, 30)


@dataclass(frozen=True)
class World:
    """One block with its bank, and what its files say."""

    profile: Profile
    bank: Bank
    block: Block
    extract: Extract
    about: About


def make_world(profile: Profile) -> World:
    ((block, extract),) = make_extracts(profile, AS_OF)
    return World(profile, make_bank(profile, AS_OF), block, extract, about_profile(profile, AS_OF))


@pytest.fixture(scope="session")
def world() -> World:
    wishes = ["households=256", "small_business.firms=0.5"]
    return make_world(read_profile("quick", wishes).profile)


def with_column(extract: Extract, table: str, column: str, values: np.ndarray) -> Extract:
    sheet: Sheet = getattr(extract, table)
    return replace(extract, **{table: Sheet({**sheet.columns, column: values})})


def put(extract: Extract, table: str, column: str, rows, value) -> Extract:
    """Return an extract in which some rows of a column have another value."""
    values = getattr(extract, table)[column].copy()
    assert np.asarray(rows).any() or np.asarray(rows).dtype.kind == "i", "no row to spoil"
    values[rows] = value
    return with_column(extract, table, column, values)


def put_in_block(block: Block, part: str, column: str, rows, value) -> Block:
    """Return a block in which some rows of a column have another value."""
    whole = getattr(block, part)
    values = getattr(whole, column).copy()
    assert values[rows].size, "no row to spoil"
    values[rows] = value
    return replace(block, **{part: replace(whole, **{column: values})})
