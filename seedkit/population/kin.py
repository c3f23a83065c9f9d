"""Relatives in other households: who they are, drawn before anyone has a name."""

from __future__ import annotations

import numpy as np

from seedkit.population.draw import Whole, below, coin
from seedkit.population.model import BLOCK_HOUSEHOLDS, Ints
from seedkit.population.streams import stream
from seedkit.profile.models import Profile

N = BLOCK_HOUSEHOLDS


def make_kin(profile: Profile, number: int, branch: Ints) -> Whole:
    """Return, by household, the earlier one whose head is a relative of its head, -1.

    `branch` is that of each household; relatives live near the same one.
    """
    rng = stream(profile.random_seed, number, "extended family")
    has = coin(rng, profile.relationships.extended_family, N) & (np.arange(N) > 0)
    return np.where(has, earlier_neighbour(rng, branch), -1)


def earlier_neighbour(rng: np.random.Generator, branch: Ints) -> Whole:
    """Draw, by household, an earlier one of the same branch; any earlier one where none is."""
    order = np.argsort(branch, kind="stable")
    first = np.searchsorted(branch[order], branch)
    place = np.empty(N, np.int64)
    place[order] = np.arange(N)
    before = place - first
    near = order[first + below(rng, np.maximum(before, 1), N)]
    return np.where(before > 0, near, below(rng, np.arange(N), N))
