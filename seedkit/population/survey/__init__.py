"""Families as the Survey of Consumer Finances knows them, drawn from fitted figures.

A household is a chain of decisions: the head's age, then partner, children, schooling, work and
income, then every holding and debt, each on all that came before. `docs/population-model.md` says
it in words; `seedkit.fitting` makes the figures.
"""

from seedkit.population.survey.drawing import SurveyFamilies, draw_families
from seedkit.population.survey.figures import Figures, load_figures
from seedkit.population.survey.tilts import CERTAIN, Tilt, Tilts

__all__ = [
    "CERTAIN",
    "Figures",
    "SurveyFamilies",
    "Tilt",
    "Tilts",
    "draw_families",
    "load_figures",
]
