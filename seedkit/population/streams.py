"""Named random streams: the only source of chance in the population.

Each (random seed, block, stage) has its own counter-based stream, so a stage that draws more or
less never shifts another one, and blocks can be made in any order or at the same time.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import DTypeLike, NDArray

BANK_BLOCK = 0xFFFF_FFFF  # the stream number of what is made once per bank


class _Key(ISeedSequence):
    """A Philox key as NumPy takes it without asking the operating system for entropy first."""

    def __init__(self, *words: int) -> None:
        self._words = np.array(words, np.uint64)

    def generate_state(
        self,
        n_words: int,
        dtype: DTypeLike = np.uint32,  # noqa: ARG002 - NumPy's signature; Philox asks for uint64
    ) -> NDArray[np.uint64]:
        """Return the first words of the key."""
        return self._words[:n_words]


def stream(random_seed: int, block: int, stage: str) -> np.random.Generator:
    """Return the stream of a stage of a block; Philox gives the same bits on every machine."""
    key = _Key(random_seed, _number_of(stage))
    # NumPy's annotation leaves out the interface that its documentation names for this argument
    bits = np.random.Philox(key, counter=[0, 0, 0, block])  # type: ignore[arg-type]
    return np.random.Generator(bits)


@lru_cache(maxsize=1024)
def _number_of(stage: str) -> int:
    """Return 64 bits that stand for the stage's name."""
    return int.from_bytes(hashlib.blake2b(stage.encode(), digest_size=8).digest(), "big")
