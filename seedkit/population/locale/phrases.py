"""What is read in a locale's language, found by the American words for it.

The stages of the population speak American English and ask for the locale's words where they write
something down, so that each text stands where it is used and its translations in one file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from seedkit.population.model import Texts

SLOT = "{}"


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """Words of a locale; in a language of its own a text without them is a fault (KeyError)."""

    known: Mapping[str, str]
    own_language: bool

    def __call__(self, text: str) -> str:
        """Return what the locale says for an American text."""
        return self.known[text] if self.own_language and text else self.known.get(text, text)

    def each(self, texts: Iterable[str]) -> Texts:
        """Return a column of what the locale says for texts."""
        words = [self(text) for text in texts]
        column = np.empty(len(words), dtype=object)
        column[:] = words
        return column

    def around(self, text: str, column: Texts) -> Texts:
        """Return a column of texts that hold what stands at `{}`, such as «Moved to {}»."""
        before, after = self(text).split(SLOT)
        return np.asarray(before + column + after, dtype=object)
