"""Plots of published figures beside ours, as SVG; the only module that knows Matplotlib."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from seedkit.realism.scoring import Verdict
from seedkit.realism.statistics import Numbers

OURS, PUBLISHED = "#2f6f9f", "#d9822b"
# fixed names inside the file, and letters as text: the same report gives the same bytes
_STYLE: dict[Any, Any] = {"svg.hashsalt": "seedkit", "svg.fonttype": "none", "font.size": 8}
_METADATA: dict[str, Any] = {"Date": None, "Creator": "seedkit"}
_ROOM = 22  # letters that fit below a panel beside one another


def bars(panels: Sequence[tuple[str, Sequence[Verdict]]]) -> str:
    """Return one figure of panels: published bars with their tolerance beside ours."""
    with rc_context(_STYLE):
        wide = sum(max(len(verdicts), 4) for _, verdicts in panels)
        figure = Figure(figsize=(min(2.4 + 0.42 * wide, 15), 3.3), layout="constrained")
        parts = [max(len(verdicts), 4) for _, verdicts in panels]
        axes = figure.subplots(1, len(panels), squeeze=False, width_ratios=parts)[0]
        for one, (title, verdicts) in zip(axes, panels, strict=True):
            _bars(one, title, verdicts)
        names = axes[0].get_legend_handles_labels()
        figure.legend(*names, loc="outside lower left", ncols=2, frameon=False, fontsize=7)
        return _svg(figure)


def _bars(axes: Axes, title: str, verdicts: Sequence[Verdict]) -> None:
    place = np.arange(len(verdicts))
    wanted = [verdict.wanted for verdict in verdicts]
    found = [verdict.found if verdict.known else 0.0 for verdict in verdicts]
    allowed = [verdict.tolerance for verdict in verdicts]
    axes.bar(place - 0.2, wanted, 0.4, yerr=allowed, color=PUBLISHED, label="published",
             error_kw={"elinewidth": 0.8, "ecolor": "#555"})  # fmt: skip
    axes.bar(place + 0.2, found, 0.4, color=OURS, label="ours")
    labels = [verdict.label.replace("_", " ") for verdict in verdicts]
    axes.set_xticks(place, labels, rotation=90 if sum(map(len, labels)) > _ROOM else 0)
    axes.set_ylim(min(0.0, *wanted, *found))
    axes.yaxis.set_major_formatter("{x:,.10g}")
    axes.set_title(title, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def running(title: str, values: Numbers, weight: Numbers, verdicts: Sequence[Verdict]) -> str:
    """Return how amounts are spread: our running share, and the published percentiles on it."""
    with rc_context(_STYLE):
        figure = Figure(figsize=(7, 2.9), layout="tight")
        axes = figure.subplots()
        above = values > 0
        order = np.argsort(values[above])
        share = np.cumsum(weight[above][order]) + weight[~above].sum()
        axes.plot(values[above][order], share / weight.sum(), color=OURS, label="ours")
        points = [(v.wanted, part, v.tolerance) for v in verdicts if (part := _part(v.label))]
        for wanted, part, tolerance in points:
            axes.errorbar(wanted, part, xerr=min(tolerance, 0.9 * wanted), fmt="o", ms=4,
                          color=PUBLISHED, elinewidth=1)  # fmt: skip
        axes.plot([], [], "o", color=PUBLISHED, label="published")
        axes.set_xscale("log")
        axes.set_ylim(0, 1)
        axes.set_ylabel("running share")
        axes.set_title(title, fontsize=8)
        axes.legend(frameon=False, fontsize=7)
        axes.spines[["top", "right"]].set_visible(False)
        return _svg(figure)


def _part(label: str) -> float:
    """Return the part of all that a percentile's label names, 0 for another label."""
    if label == "median":
        return 0.5
    return int(label[1:]) / 100 if label.startswith("p") and label[1:].isdigit() else 0.0


def distances(values: Sequence[float]) -> str:
    """Return how the distances of all cells are spread, in standard deviations."""
    with rc_context(_STYLE):
        figure = Figure(figsize=(7, 2.4), layout="tight")
        axes = figure.subplots()
        axes.hist(np.clip(values, -12, 12), bins=np.arange(-12, 12.5, 0.5).tolist(), color=OURS)
        axes.axvspan(-3, 3, color=PUBLISHED, alpha=0.15, label="within tolerance")
        axes.set_ylabel("cells")
        axes.set_xlabel("distance in standard deviations, cut at 12")
        axes.legend(frameon=False, fontsize=7)
        axes.spines[["top", "right"]].set_visible(False)
        return _svg(figure)


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata=_METADATA)
    drawn = text.getvalue()
    return drawn[drawn.index("<svg") :]
