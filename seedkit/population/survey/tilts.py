"""What a profile changes about the survey's families: the odds of single decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tilts:
    """By name of a decision: what is added to its log-odds, in ten-thousandths."""

    odds: Mapping[str, int] = field(default_factory=dict)

    def of(self, decision: str) -> int:
        """Return the tilt of a decision; 0 leaves it as the survey found it."""
        return self.odds.get(decision, 0)
