"""Two regressions with ridge penalties: of yes and no, and of scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.fitting.survey_file import Floats

PENALTY = 50.0  # on standardised coefficients, for weights that add up to families
_ROUNDS = 60
_LONGEST_STEP = 1.0
_ENOUGH = 1e-6


@dataclass(frozen=True, slots=True)
class Standard:
    """Columns with mean 0 and deviation 1."""

    mean: Floats
    deviation: Floats

    def apply(self, columns: Floats) -> Floats:
        """Return standardised columns with a leading one."""
        scaled = (columns - self.mean) / self.deviation
        return np.hstack([np.ones((columns.shape[0], 1)), scaled])

    def undo(self, coefficients: Floats) -> Floats:
        """Return (constant, slopes) for the columns as they were."""
        slopes = coefficients[1:] / self.deviation
        return np.append(coefficients[0] - slopes @ self.mean, slopes)


def standard(columns: Floats, weight: Floats) -> Standard:
    """Return how columns are standardised; weights add up to families."""
    mean = weight @ columns / weight.sum()
    variance = weight @ (columns - mean) ** 2 / weight.sum()
    return Standard(mean, np.sqrt(np.maximum(variance, 1e-12)))


def ridge(columns: Floats, values: Floats, weight: Floats) -> Floats:
    """Return (constant, slopes) that explain values."""
    scale = standard(columns, weight)
    x = scale.apply(columns)
    normal = x.T @ (x * weight[:, None]) + _penalty(x.shape[1])
    return scale.undo(np.asarray(np.linalg.solve(normal, x.T @ (weight * values)), np.float64))


def logistic(columns: Floats, yes: Floats, weight: Floats) -> Floats:
    """Return (constant, slopes) of the log-odds of yes."""
    scale = standard(columns, weight)
    x, penalty = scale.apply(columns), _penalty(columns.shape[1] + 1)
    share = np.clip(weight @ yes / weight.sum(), 1e-4, 1 - 1e-4)
    found = np.zeros(x.shape[1])
    found[0] = np.log(share / (1 - share))
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(x @ found, -30, 30)))
        slope = x.T @ (weight * (yes - chance)) - penalty @ found
        curve = x.T @ (x * (weight * chance * (1 - chance))[:, None]) + penalty
        step = np.linalg.solve(curve, slope)
        # rare answers: a whole step of Newton's method may leap over the goal and never return
        step *= min(1.0, _LONGEST_STEP / np.abs(step).max())
        found = found + step
        if np.abs(step).max() < _ENOUGH:
            break
    return scale.undo(found)


def _penalty(columns: int) -> Floats:
    penalty = np.eye(columns) * PENALTY
    penalty[0, 0] = 1e-9
    return penalty
