"""Named random streams: the only source of chance in the population.

Each (random seed, block, stage) has its own counter-based stream, so a stage that draws more or
less never shifts another one, and blocks can be made in any order or at the same time.
"""

from __future__ import annotations

import hashlib

import numpy as np

BANK_BLOCK = 0xFFFF_FFFF  # the stream number of what is made once per bank


def stream(random_seed: int, block: int, stage: str) -> np.random.Generator:
    """Return the stream of a stage of a block; Philox gives the same bits on every machine."""
    name = int.from_bytes(hashlib.blake2b(stage.encode(), digest_size=8).digest(), "big")
    return np.random.Generator(np.random.Philox(key=[random_seed, name], counter=[0, 0, 0, block]))
