"""What a program asks for when it wants a bank."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from seedkit.dataverse.acting import Acting
from seedkit.workplace.place import Workplace
from seedkit.workplace.wishes import Wish

Overrides = Mapping[str, object] | Sequence[str]


@dataclass(frozen=True, slots=True)
class Order:
    """What to seed and where; as the options of `seedkit seed` say it."""

    wish: Wish
    environment: str
    run_id: str | None
    allow_production: str | None
    accept_refused: bool
    home: Path | None
    acting: Acting

    def workplace(self) -> Workplace:
        """Return where the work is done: in this program, which nobody asks anything."""
        return Workplace(self.home)

    def command(self, words: str) -> str:
        """Return a command that finds this order's runs."""
        place = "" if self.home is None else f" (with SEEDKIT_HOME={self.home})"
        return f"seedkit {words}{place}"


def make_wish(
    profile: str,
    households: int | None,
    random_seed: int | None,
    as_of: date | str | None,
    overrides: Overrides,
) -> Wish:
    """Return a wish in the words of the command line."""
    day = as_of.isoformat() if isinstance(as_of, date) else as_of
    if isinstance(overrides, Mapping):
        # JSON is YAML, as which the values of overrides are read.
        overrides = [f"{key}={json.dumps(value)}" for key, value in overrides.items()]
    return Wish(profile, households, random_seed, day, tuple(overrides))
