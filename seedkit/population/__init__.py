"""The bank's world in plain words: people, households, banking, life events."""

from seedkit.population.bank import make_bank
from seedkit.population.world import make_block

__all__ = ["make_bank", "make_block"]
