"""From the population's tables to the frames that targets are measured on."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from seedkit.extract.model import About, Extract
from seedkit.realism.frames.contracts import make_debts
from seedkit.realism.frames.families import make_families
from seedkit.realism.frames.households import make_couples, make_households
from seedkit.realism.frames.members import find_members
from seedkit.realism.frames.model import Frame, Frames, Values, join
from seedkit.realism.frames.persons import make_persons, make_years

__all__ = ["Frame", "Frames", "Values", "make_frames"]


def make_frames(extracts: Iterable[Extract], about: About) -> Frames:
    """Return the frames of all extracts together; only frames are kept, block after block."""
    frames = join([_frames(extract, about) for extract in extracts])
    families = frames["families"]
    for name in ("income", "net_worth"):
        families[f"{name}_group"] = percent_rank(families[name], families["weight"])
    return frames


def _frames(extract: Extract, about: About) -> Frames:
    members = find_members(extract)
    return {
        "families": make_families(extract, about, members),
        "households": make_households(extract, members),
        "couples": make_couples(extract, members),
        "persons": make_persons(extract, about, members),
        "years": make_years(extract, about, members),
        "debts": make_debts(extract, about, members),
    }


def percent_rank(values: Values, weight: Values) -> Values:
    """Return how many per cent of all weight lies below each value, rounded down: 0 to 99.

    Equal values share a rank, that of their middle.
    """
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weight[order])
    found, first, counts = np.unique(values[order], return_index=True, return_counts=True)
    below = running[first] - weight[order][first]
    upto = running[first + counts - 1]
    middle = (below + upto) / 2 / running[-1]
    ranks = np.minimum(np.floor(100 * middle), 99)
    return np.asarray(ranks[np.searchsorted(found, values)])
