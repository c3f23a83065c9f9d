"""The fitted figures: read once from the package's own file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from seedkit.population.draw import Whole

FILE = "figures/scf2022.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Spread:
    """How far scores lie from what is expected of such a household."""

    bins: Whole  # scores between the rows of residuals, ten-thousandths
    residuals: Whole  # [bin, quantile at even steps]


@dataclass(frozen=True, slots=True)
class Scale:
    """How scores become amounts."""

    before: Whole  # [row, knot]: raw scores (one row, or one for each age band) ...
    after: Whole  # ... and what they are on the scale of the table
    scores: Whole  # knots of the table
    amounts: Whole  # dollars of the survey's year


@dataclass(frozen=True, slots=True)
class Step:
    """One decision of the chain: whether, and for amounts how much.

    Coefficients are ten-thousandths, one for each column that comes before the step.
    """

    name: str
    owns: NDArray[np.float64] | None  # none: always
    needs: str  # the column that must be 1, "" for none
    mean: NDArray[np.float64] | None  # none: nothing but yes or no
    deviation: NDArray[np.float64] | None
    spread: Spread | None
    scale: Scale | None
    limit: tuple[str, int] | None  # the step whose amount isn't exceeded by more than these percent


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a fit."""

    source: Mapping[str, Any]
    columns: tuple[str, ...]
    ages: Whole  # weights of the head's age
    first_age: int
    income_cuts: Whole  # scores that begin the groups of income above the first
    steps: tuple[Step, ...]

    def step(self, name: str) -> Step:
        """Return a step by its name."""
        return next(step for step in self.steps if step.name == name)


@lru_cache(maxsize=1)
def load_figures() -> Figures:
    """Return the figures that ship with the package."""
    return read_figures((files("seedkit.population") / FILE).read_bytes())


def read_figures(document: bytes) -> Figures:
    """Return the figures of a JSON document."""
    data = orjson.loads(document)
    if data["format"] != FORMAT:
        raise ValueError(f"figures of format {data['format']}, not {FORMAT}")
    columns = tuple(data["columns"])
    return Figures(
        source=data["source"],
        columns=columns,
        ages=_whole(data["ages"]["weights"]),
        first_age=data["ages"]["first"],
        income_cuts=_whole(data["income_cuts"]),
        steps=tuple(read_step(step) for step in data["steps"]),
    )


def read_step(data: Mapping[str, Any]) -> Step:
    """Return one step of a JSON document."""
    return Step(
        name=data["name"],
        owns=_coefficients(data.get("owns")),
        needs=data.get("needs", ""),
        mean=_coefficients(data.get("mean")),
        deviation=_coefficients(data.get("deviation")),
        spread=_spread(data),
        scale=_scale(data),
        limit=tuple(data["limit"]) if "limit" in data else None,
    )


def _coefficients(values: Sequence[int] | None) -> NDArray[np.float64] | None:
    return None if values is None else np.array(values, np.float64)


def _spread(data: Mapping[str, Any]) -> Spread | None:
    if "residuals" not in data:
        return None
    return Spread(_whole(data["bins"]), _whole(data["residuals"]))


def _scale(data: Mapping[str, Any]) -> Scale | None:
    if "scores" not in data:
        return None
    return Scale(
        before=_whole(data["before"]),
        after=_whole(data["after"]),
        scores=_whole(data["scores"]),
        amounts=_whole(data["amounts"]),
    )


def _whole(values: Sequence[Any]) -> Whole:
    return np.array(values, np.int64)
