"""Measuring a profile's population, or anybody's files, block by block.

Of each block only its frames are kept: about 60 figures a family and 30 a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from seedkit.errors import UnknownNameError
from seedkit.extract.making import make_extracts
from seedkit.extract.model import About, Extract
from seedkit.extract.reading import read_extract
from seedkit.extract.writing import about as about_profile
from seedkit.population import make_bank
from seedkit.profile.models import Profile
from seedkit.realism.frames import Frames, make_frames
from seedkit.realism.invariants import Inspector
from seedkit.realism.report import Report
from seedkit.realism.scoring import judge
from seedkit.realism.targets import LOCALES, load_targets


def measure_profile(name: str, profile: Profile, as_of: date) -> tuple[Report, Frames]:
    """Make a profile's population and measure it."""
    about, bank, inspector = about_profile(profile, as_of), make_bank(profile, as_of), Inspector()

    def inspected() -> Iterator[Extract]:
        for block, extract in make_extracts(profile, as_of):
            inspector.look_at_block(block, bank, as_of)
            inspector.look_at_extract(extract, about)
            yield extract

    frames = make_frames(inspected(), about)
    return _report(name, about, frames, inspector), frames


def measure_files(folder: Path) -> tuple[Report, Frames]:
    """Read a population's files and measure them; FilesError when they can't be used."""
    about, extract = read_extract(folder)
    inspector = Inspector()
    inspector.look_at_extract(extract, about)
    frames = make_frames([extract], about)
    return _report(folder.name, about, frames, inspector), frames


def _report(name: str, about: About, frames: Frames, inspector: Inspector) -> Report:
    if about.locale not in LOCALES:
        raise UnknownNameError("locale with targets", about.locale, LOCALES)
    targets = load_targets(about.locale)
    verdicts = tuple(judge(frames, targets.measured))
    return Report(name, about, verdicts, targets.unmeasured, inspector.findings())
