"""From measured figures to verdicts: how far off each is, and whether the gates hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from seedkit.realism.frames import Frames
from seedkit.realism.labels import ALL
from seedkit.realism.measures import measure
from seedkit.realism.statistics import Estimate, distance
from seedkit.realism.targets import DEPENDENCE, MEDIANS, OWNERSHIP, Cell, Target, Tolerance

SIGMAS = 3.0  # that a tolerance stands for
FEWEST = 300  # households; below that figures are shown and gate nothing
FEWEST_ROWS = 10  # behind a figure; fewer say nothing
OTHER = "all others"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One cell: what was published, what was measured, and how far apart they may lie."""

    target: Target
    label: str
    wanted: float
    found: float
    tolerance: float
    rows: float  # effective number of rows behind `found`

    @property
    def known(self) -> bool:
        """Tell whether there was something to measure."""
        return self.rows >= FEWEST_ROWS and not math.isnan(self.found)

    @property
    def off(self) -> float:
        """Return how far the measured figure lies off; above a lower bound it lies right."""
        off = self.found - self.wanted
        return min(off, 0.0) if self.target.at_least else off

    @property
    def z(self) -> float:
        """Return the distance in standard deviations: 3 at the edge of the tolerance."""
        return SIGMAS * self.off / self.tolerance

    @property
    def holds(self) -> bool:
        """Tell whether the figure lies within its tolerance."""
        return self.known and abs(self.off) <= self.tolerance


@dataclass(frozen=True, slots=True)
class Gate:
    """A part of the verified cells of some groups that must hold."""

    name: str
    needs: float  # share of cells
    groups: tuple[str, ...] | None  # None: all that no other gate names


GATES = (
    Gate(OWNERSHIP, 0.99, (OWNERSHIP,)),
    Gate(MEDIANS, 0.92, (MEDIANS,)),
    Gate(DEPENDENCE, 1.0, (DEPENDENCE,)),
    Gate(OTHER, 0.90, None),
)
_NAMED = frozenset(name for gate in GATES if gate.groups for name in gate.groups)


@dataclass(frozen=True, slots=True)
class GateResult:
    """How a gate came out."""

    gate: Gate
    cells: int
    holding: int

    @property
    def share(self) -> float:
        """Return the share of cells that hold."""
        return self.holding / self.cells if self.cells else math.nan

    @property
    def passes(self) -> bool:
        """Tell whether the gate holds; one without any cell says nothing and passes."""
        return not self.cells or self.share >= self.gate.needs


def judge(frames: Frames, targets: Iterable[Target]) -> list[Verdict]:
    """Measure all targets and judge each cell."""
    households = frames["households"]["weight"].size
    return [
        verdict
        for target in targets
        for verdict in _of_target(target, measure(frames, target), households)
    ]


def _of_target(target: Target, found: list[Estimate], households: int) -> Iterator[Verdict]:
    for cell, estimate in zip(target.cells, found, strict=True):
        tolerance = allowed(cell.tolerance, cell.value, estimate, households)
        yield Verdict(target, cell.label, cell.value, estimate.value, tolerance, estimate.rows)
    if target.distance:
        yield _distance(target, target.cells, found)


def allowed(tolerance: Tolerance, value: float, found: Estimate, households: int) -> float:
    """Return a tolerance with our own sampling error at 3 sigma, added in quadrature.

    A tolerance that covers the error of so many households only gets what we have beyond that.
    """
    ours = SIGMAS * found.error if found.rows else 0.0
    covered = ours * math.sqrt(households / tolerance.covers) if tolerance.covers else 0.0
    return math.sqrt(tolerance.of(value) ** 2 + max(ours**2 - covered**2, 0.0))


def _distance(target: Target, cells: tuple[Cell, ...], found: list[Estimate]) -> Verdict:
    """Judge the total variation distance of a table of shares."""
    wanted = np.array([cell.value for cell in cells]) / target.scale
    ours = np.array([estimate.value for estimate in found]) / target.scale
    rows = max((estimate.rows for estimate in found), default=0.0)
    away = distance(ours, wanted, rows)
    tolerance = math.sqrt(target.distance**2 + (SIGMAS * away.error) ** 2)
    return Verdict(target, "total variation distance", 0.0, away.value, tolerance, rows)


def pass_gates(verdicts: Iterable[Verdict]) -> list[GateResult]:
    """Return how each gate came out; only verified cells that were measured count."""
    counted = [v for v in verdicts if v.known and v.target.gates]
    results = []
    for gate in GATES:
        mine = [v for v in counted if _belongs(v.target.group, gate)]
        results.append(GateResult(gate, len(mine), sum(v.holds for v in mine)))
    return results


def _belongs(group: str, gate: Gate) -> bool:
    return group not in _NAMED if gate.groups is None else group in gate.groups


def named(verdict: Verdict) -> str:
    """Return a cell's name: what the target says, and the cell's label."""
    if verdict.label == ALL:
        return verdict.target.says
    return f"{verdict.target.says}: {verdict.label}"
