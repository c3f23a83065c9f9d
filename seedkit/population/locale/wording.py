"""Texts and job titles of a locale, read from its file in `data/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from seedkit.population.locale.phrases import Phrases

Titles = tuple[str, str]  # for women and for men


@dataclass(frozen=True, slots=True)
class Wording:
    """What is read in a locale, by the American words for it."""

    say: Phrases
    jobs: Mapping[str, Titles]


def read_wording(code: str) -> Wording:
    """Return the wording of a locale."""
    path = files("seedkit.population.locale") / "data" / f"texts_{code}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    known = {american: told for part in data["texts"].values() for american, told in part.items()}
    return Wording(
        say=Phrases(known, own_language=data["own_language"]),
        jobs={american: _titles(told) for american, told in data["jobs"].items()},
    )


def _titles(told: str | list[str]) -> Titles:
    return (told, told) if isinstance(told, str) else (told[0], told[1])
