"""The population of a small bank: as blocks, as tables in memory, and as files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from seedkit.extract.making import make_extracts
from seedkit.extract.model import About, Extract
from seedkit.extract.reading import read_extract
from seedkit.extract.writing import write_population
from seedkit.population import make_bank
from seedkit.population.model import Bank, Block
from seedkit.profile import read_profile
from seedkit.profile.models import Profile
from seedkit.progress import Unwatched

AS_OF = date(2026, 6, 30)


@dataclass(frozen=True)
class Made:
    """One block of a bank in which what is rare is frequent."""

    profile: Profile
    bank: Bank
    block: Block
    extract: Extract


@dataclass(frozen=True)
class Written:
    folder: Path
    about: About
    extract: Extract


def profile_of(households: int) -> Profile:
    return read_profile("quick", [f"households={households}"]).profile


@pytest.fixture(scope="session")
def made() -> Made:
    profile = profile_of(200)
    ((block, extract),) = make_extracts(profile, AS_OF)
    return Made(profile, make_bank(profile, AS_OF), block, extract)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Two blocks, the second cut short, written and read again."""
    folder = tmp_path_factory.mktemp("bank")
    write_population("quick", profile_of(300), AS_OF, folder, Unwatched())
    return Written(folder, *read_extract(folder))
