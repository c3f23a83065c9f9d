"""What a profile changes about the survey's families: the odds of single decisions."""

from __future__ import annotations

from dataclasses import dataclass

CERTAIN = 300_000  # log-odds, in ten-thousandths, beyond which nothing is left to chance


@dataclass(frozen=True, slots=True)
class Tilt:
    """What is added to the log-odds of a decision, in ten-thousandths."""

    decision: str
    amount: int
    among: str = ""  # only where this earlier decision was yes


Tilts = tuple[Tilt, ...]
