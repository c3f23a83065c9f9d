"""The retail population meets the survey: who holds what, how much, and how it goes together."""

from __future__ import annotations

import numpy as np
import pytest

from seedkit.profile import read_profile
from seedkit.realism.measuring import measure_profile
from seedkit.realism.scoring import GateResult
from seedkit.realism.targets import DEPENDENCE, MEDIANS, OWNERSHIP

from .conftest import AS_OF

FEWEST_ON_THE_MEAN = 0.95  # of medians, over several random seeds


def gates(households: int, random_seed: int) -> dict[str, GateResult]:
    overrides = [f"households={households}", f"random_seed={random_seed}"]
    report, _ = measure_profile("retail", read_profile("retail", overrides).profile, AS_OF)
    return {result.gate.name: result for result in report.gates}


@pytest.mark.parametrize(
    ("households", "seeds"),
    [(2_000, (1,)), pytest.param(10_000, (1, 2, 3, 4, 5), marks=pytest.mark.soak)],
    ids=("sample", "whole"),
)
def test_the_surveys_gates_hold(households: int, seeds: tuple[int, ...]) -> None:
    found = [gates(households, seed) for seed in seeds]
    for seed, results in zip(seeds, found, strict=True):
        for name in (OWNERSHIP, MEDIANS, DEPENDENCE):
            assert results[name].passes, (seed, name, results[name].share)
    assert np.mean([results[MEDIANS].share for results in found]) >= FEWEST_ON_THE_MEAN
