"""The maintainer's commands: fit, judge, and the yearly check of honesty on half of the survey."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from seedkit.fitting.chain_fit import fit_chain
from seedkit.fitting.judging import (
    SEEDS,
    copies,
    drawn_sample,
    judge_areas,
    judge_cells,
    telling,
    worst_cells,
)
from seedkit.fitting.survey_file import Survey, file_hash, read_survey
from seedkit.population.survey.figures import Figures, load_figures, read_figures

_TITLE = "Survey of Consumer Finances 2022, summary extract of the public data"
_PUBLISHER = "Board of Governors of the Federal Reserve System"
_AREAS = 2  # samples shown to the classifier


def main() -> None:
    """Run one of the commands."""
    parser = argparse.ArgumentParser(prog="python -m seedkit.fitting", description=__doc__)
    commands = parser.add_subparsers(required=True)
    fit = commands.add_parser("fit", help="fit the figures and write them")
    fit.add_argument("survey", type=Path)
    fit.add_argument("--out", type=Path, required=True)
    fit.set_defaults(run=lambda given: _fit(given.survey, given.out))
    judge = commands.add_parser("judge", help="hold drawn families against the survey")
    judge.add_argument("survey", type=Path)
    judge.add_argument("--figures", type=Path, help="default: those that ship")
    judge.set_defaults(run=lambda given: _judge(given.survey, given.figures))
    halves = commands.add_parser("halves", help="fit on half of the families, judge on the rest")
    halves.add_argument("survey", type=Path)
    halves.set_defaults(run=lambda given: _halves(given.survey))
    given = parser.parse_args()
    given.run(given)


def source_of(path: Path, survey: Survey) -> dict[str, Any]:
    """Return what the figures say about where they come from."""
    return {
        "title": _TITLE,
        "publisher": _PUBLISHER,
        "year": 2022,
        "money": "dollars of 2022; incomes of 2021",
        "sha256": file_hash(path),
        "rows": int(survey.age.size),
        "families": int(np.unique(survey.family).size),
    }


def _fit(path: Path, out: Path) -> None:
    survey = read_survey(path)
    document = fit_chain(survey, source_of(path, survey), print)
    out.write_text(as_text(document), encoding="utf-8", newline="\n")
    print(f"{out}: {out.stat().st_size / 1000:.0f} KB")


def as_text(document: dict[str, Any]) -> str:
    """Return the document as JSON, a line for each list, so that changes can be read."""
    steps = document.pop("steps")
    head = json.dumps(document, separators=(",", ":"))[:-1]
    lines = [_step_text(step) for step in steps]
    return head + ',\n"steps":[\n' + ",\n".join(lines) + "\n]}\n"


def _step_text(step: dict[str, Any]) -> str:
    pairs = [
        f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}"
        for key, value in step.items()
    ]
    return "{" + ",\n ".join(pairs) + "}"


def _judge(path: Path, figures: Path | None) -> None:
    survey = read_survey(path)
    _report(survey, survey, read_figures(figures.read_bytes()) if figures else load_figures())


def _halves(path: Path) -> None:
    survey = read_survey(path)
    names = np.unique(survey.family)
    chance = np.random.Generator(np.random.Philox(7)).permutation(names.size) % 2
    second = chance[np.searchsorted(names, survey.family)] == 1
    for rows in (second, ~second):
        document = fit_chain(survey.take(rows), {}, lambda _: None)
        _report(survey, survey.take(~rows), read_figures(as_text(document).encode()))


def _report(survey: Survey, others: Survey, figures: Figures) -> None:
    """Print cells against the survey, areas against other families, and copies."""
    samples = [drawn_sample(figures, seed) for seed in SEEDS]
    for part, scores in judge_cells(survey, samples).items():
        percent = [score.percent for score in scores]
        print(f"{part} ({len(scores[0].z)} cells): mean {np.mean(percent):.1f} %, ", end="")
        print(f"worst {min(percent):.1f} %; far off on the mean of seeds, 3 = tolerance:")
        print("   " + ", ".join(f"{cell} {z:+.1f}" for cell, z in worst_cells(scores)))
    verdicts = [judge_areas(others, sample) for sample in samples[:_AREAS]]
    for name in verdicts[0]:
        areas = " and ".join(f"{found[name].area:.3f}" for found in verdicts)
        print(f"area, {name}: {areas}; that much less when a column is drawn anew:")
        lost = telling([found[name] for found in verdicts])
        print("   " + ", ".join(f"{column} {loss:.3f}" for column, loss in lost))
    print(f"families equal to one of the survey: {sum(copies(survey, s) for s in samples)}")


if __name__ == "__main__":
    main()
