"""The report about a population: gates, groups, cells from the worst on, broken rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from seedkit.extract.model import About
from seedkit.realism.invariants import Finding
from seedkit.realism.scoring import FEWEST, GateResult, Verdict, named, pass_gates
from seedkit.realism.targets import Unmeasured


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found out about a population."""

    name: str
    about: About
    verdicts: tuple[Verdict, ...]
    unmeasured: tuple[Unmeasured, ...]
    findings: tuple[Finding, ...]

    @property
    def gates(self) -> list[GateResult]:
        """Return how the gates came out."""
        return pass_gates(self.verdicts)

    @property
    def gating(self) -> bool:
        """Tell whether there are enough households for figures to count."""
        return self.about.households >= FEWEST

    @property
    def broken(self) -> list[Finding]:
        """Return the rules that are broken, the most broken first."""
        return sorted((f for f in self.findings if f.count), key=lambda f: -f.count)

    @property
    def passes(self) -> bool:
        """Tell whether no rule is broken and, with enough households, every gate holds."""
        return not self.broken and (not self.gating or all(result.passes for result in self.gates))


@dataclass(frozen=True, slots=True)
class GroupLine:
    """How the cells of a group came out."""

    group: str
    holding: int
    counted: int
    aside: int  # measured, but shown only
    unknown: int  # the population knows nothing about them

    @property
    def share(self) -> float:
        """Return the share of counted cells that hold."""
        return self.holding / self.counted if self.counted else float("nan")


def by_group(verdicts: Iterable[Verdict]) -> list[GroupLine]:
    """Return one line per group, the worst first; those without a counted cell last."""
    holding, counted, aside, unknown = (Counter[str]() for _ in range(4))
    for verdict in verdicts:
        group = verdict.target.group
        if not verdict.known:
            unknown[group] += 1
        elif verdict.target.gates:
            counted[group] += 1
            holding[group] += verdict.holds
        else:
            aside[group] += 1
    groups = dict.fromkeys(verdict.target.group for verdict in verdicts)
    lines = [GroupLine(g, holding[g], counted[g], aside[g], unknown[g]) for g in groups]
    return sorted(lines, key=lambda line: (not line.counted, line.share))


def worst(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return the measured cells, those that lie farthest off first."""
    return sorted((v for v in verdicts if v.known), key=lambda v: -abs(v.z))


def status(verdict: Verdict) -> str:
    """Return in a word what a cell counts for."""
    if not verdict.target.verified:
        return "recalled"
    if verdict.target.aside:
        return "aside"
    return "holds" if verdict.holds else "off"


def document(report: Report) -> dict[str, Any]:
    """Return the report as plain values, for `--json`."""
    return {
        "profile": report.name,
        "households": report.about.households,
        "random_seed": report.about.random_seed,
        "as_of": report.about.as_of,
        "holds": report.passes,
        "gating": report.gating,
        "gates": [_gate(result) for result in report.gates],
        "groups": [
            {
                "group": line.group,
                "cells": line.counted,
                "holding": line.holding,
                "aside": line.aside,
                "unknown": line.unknown,
            }
            for line in by_group(report.verdicts)
        ],
        "invariants": [
            {"rule": f.name, "says": f.says, "checked": f.checked, "broken": f.count}
            for f in report.findings
        ],
        "cells": [_cell(verdict) for verdict in worst(report.verdicts)],
        "unknown": [
            {"target": v.target.id, "cell": v.label} for v in report.verdicts if not v.known
        ],
        "unmeasured": [
            {"target": item.id, "says": item.says, "why": item.why} for item in report.unmeasured
        ],
    }


def _gate(result: GateResult) -> dict[str, Any]:
    return {
        "gate": result.gate.name,
        "needs": result.gate.needs,
        "cells": result.cells,
        "holding": result.holding,
        "holds": result.passes,
    }


def _cell(verdict: Verdict) -> dict[str, Any]:
    target = verdict.target
    return {
        "target": target.id,
        "group": target.group,
        "says": named(verdict),
        "cell": verdict.label,
        "published": verdict.wanted,
        "ours": verdict.found,
        "tolerance": verdict.tolerance,
        "z": verdict.z,
        "holds": verdict.holds,
        "gates": target.gates,
        "verified": target.verified,
        "aside": target.aside,
        "unit": target.unit,
        "year": target.year,
        "source": target.source.title,
        "publisher": target.source.publisher,
        "seen": target.source.seen,
    }
