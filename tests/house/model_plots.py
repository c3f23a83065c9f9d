"""Draws the plots of docs/population-model.md: `python -m tests.house.model_plots`.

Needs the extra `realism`. The retail profile, 10,000 households, random seed 1.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from seedkit.profile import read_profile
from seedkit.realism import plots
from seedkit.realism.measuring import measure_profile

FOLDER = Path(__file__).parents[2] / "docs" / "images"
AS_OF = date(2026, 6, 30)
PICTURES = {  # file: targets, each a panel
    "who-lives-here.svg": {
        "us.adult_age": "adults by age, %",
        "us.marital_by_age": "marital status by age, % of the band",
    },
    "what-they-have.svg": {
        "us.own.retirement.age": "retirement account, % by age",
        "us.own.mortgage.age": "mortgage, % by age",
        "us.own.credit_card.income_group": "card balance, % by income",
    },
    "how-much.svg": {
        "us.income_by_age": "median income by age, dollars of 2022",
        "us.net_worth_by_age": "median net worth by age",
    },
}


def main() -> None:
    """Write the plots."""
    profile = read_profile("retail", ["households=10000"]).profile
    report, _ = measure_profile("retail", profile, AS_OF)
    FOLDER.mkdir(exist_ok=True)
    for name, panels in PICTURES.items():
        found = [
            (title, [v for v in report.verdicts if v.target.id == target])
            for target, title in panels.items()
        ]
        (FOLDER / name).write_text(plots.bars(found), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
