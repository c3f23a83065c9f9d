"""Families drawn one decision after the other, each on all that came before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedkit.population.draw import Whole, at_rank, pick, raw
from seedkit.population.model import Flags
from seedkit.population.survey.columns import (
    BANDS,
    BENT,
    MOST_CHILDREN,
    OWING,
    Columns,
    add_all,
    age_columns,
    home_columns,
    income_columns,
    new_columns,
    owing,
    work_columns,
)
from seedkit.population.survey.curves import (
    UNIT,
    between_knots,
    chance_of,
    exponential,
    on_flats,
    to_digits,
)
from seedkit.population.survey.figures import Figures, Spread, Step
from seedkit.population.survey.tilts import Tilts

Chance = Callable[[str], np.random.Generator]  # the stream of a stage

INCOME_YEAR = (108_092, 100_000)  # incomes were told in dollars of the year before the survey
DIGITS, INCOME_DIGITS = 2, 3  # leading digits in which people tell amounts
NO_INCOME = -4 * UNIT  # the score of those without any
TRIES = 6  # to stay below a limit, before the amount is cut


@dataclass(frozen=True, slots=True)
class SurveyFamilies:
    """Columns by household; money in dollars of the survey's year, told as people tell it."""

    age: Whole  # of the reference person
    couple: Flags
    children: Whole
    schooling: Whole  # 0 none, 1 high school, 2 some college, 3 a degree
    work: Whole  # 1 employee, 2 own business, 3 retired or disabled, 4 other (the survey's OCCAT1)
    income: Whole
    amounts: Mapping[str, Whole]  # by holding; 0 where there is none


def draw_families(
    figures: Figures, chance: Chance, households: int, tilts: Tilts = ()
) -> SurveyFamilies:
    """Draw families; the same streams of chance give the same families."""
    return Chain(figures, chance, households, tilts).draw()


class Chain:
    """A chain of decisions under way: what is drawn so far, and how to draw one decision."""

    def __init__(self, figures: Figures, chance: Chance, households: int, tilts: Tilts) -> None:
        self.figures = figures
        self.chance = chance
        self.households = households
        self.tilts = tilts
        self.columns: Columns = new_columns(list(figures.columns), households)
        self.amounts: dict[str, Whole] = {}

    def draw(self) -> SurveyFamilies:
        """Draw all decisions."""
        age = self.begin()
        for step in self.figures.steps:
            self.take(step)
        return self.families(age)

    def begin(self) -> Whole:
        """Draw the heads' ages."""
        drawn = pick(self.chance("survey age"), self.figures.ages, self.households)
        age = drawn + self.figures.first_age
        add_all(self.columns, age_columns(age))
        return age

    def take(self, step: Step) -> None:
        """Draw one decision and remember it."""
        if step.name == "income":
            self.remember_income(*amounts_of(step, self.columns, self._rng(step), self.households))
        elif step.mean is None:
            self.remember_decision(step.name, self.owners(step))
        else:
            owners = self.owners(step)
            self.remember_amount(step.name, owners, *self.amounts_within(step, owners))

    def owners(self, step: Step) -> Flags:
        """Draw for whom a decision is yes."""
        logit = weighed(self.columns, step.owns) + self._tilt(step.name)
        rng = self.chance(f"survey owns {step.name}")
        yes = raw(rng, self.households) < chance_of(logit)
        if step.needs:
            yes &= self.columns.of(step.needs) > 0
        return self._last_account(yes) if step.name == "other_transaction" else yes

    def _tilt(self, decision: str) -> Whole:
        """Return what the profile adds to the log-odds of a decision."""
        found = np.zeros(self.households, np.int64)
        for tilt in self.tilts:
            if tilt.decision == decision:
                found += tilt.amount * (self.columns.of(tilt.among or "one") > 0)
        return found

    def _last_account(self, yes: Flags) -> Flags:
        """Return other accounts: the last resort of those with an account but none drawn so far."""
        others = sum(
            self.columns.of(f"owns {kind}") for kind in ("checking", "savings", "money_market")
        )
        return np.asarray(yes | ((self.columns.of("any_account") > 0) & (others == 0)))

    def amounts_within(self, step: Step, owners: Flags) -> tuple[Whole, Whole]:
        """Draw (score, amount); owners above a limit are drawn again, at last cut to it."""
        rng, n = self._rng(step), self.households
        score, amount = amounts_of(step, self.columns, rng, n)
        if step.limit is None:
            return score, amount
        limit = self.amounts[step.limit[0]] * step.limit[1] // 100
        for _ in range(TRIES):
            above = np.flatnonzero(owners & (amount > limit))
            part = self.columns.rows(above)
            score[above], amount[above] = amounts_of(step, part, rng, above.size)
        return score, np.minimum(amount, np.maximum(limit, 1))

    def remember_decision(self, name: str, yes: Flags) -> None:
        """Note a decision, and what follows from it."""
        self.columns.add_flag(name, yes)
        if name == LAST_OF_PERSONS:
            add_all(self.columns, work_columns(self.columns))

    def remember_income(self, score: Whole, amount: Whole) -> None:
        """Note incomes: those without any have the lowest score."""
        has = self.columns.of("any_income") > 0
        self.amounts["income"] = np.where(has, amount, 0)
        score = np.where(has, score, NO_INCOME)
        add_all(self.columns, income_columns(self.columns, score, self.figures.income_cuts))

    def remember_amount(self, name: str, owners: Flags, score: Whole, amount: Whole) -> None:
        """Note a holding: who has it and how much."""
        self.amounts[name] = np.where(owners, amount, 0)
        self.columns.add_flag(f"owns {name}", owners)
        self.columns.add(f"score {name}", np.where(owners, score, 0))
        if name in BENT:
            self.columns.add(f"low {name}", np.where(owners, np.maximum(-score, 0), 0))
        if name == "home":
            add_all(self.columns, home_columns(self.columns))
        if name in OWING:
            self.columns.add_flag(OWING[name], owing(self.columns))

    def families(self, age: Whole) -> SurveyFamilies:
        """Return what was drawn."""
        flag = {name: self.columns.of(name) > 0 for name in DECISIONS}
        children = np.sum([flag[f"{n} children"] for n in range(2, MOST_CHILDREN + 1)], axis=0)
        return SurveyFamilies(
            age=age,
            couple=flag["couple"],
            children=np.where(flag["child"], 1 + children, 0),
            schooling=np.sum([flag[name] for name in SCHOOLING], axis=0),
            work=work_of(flag["active"], flag["works"], flag["own business"]),
            income=self.amounts["income"],
            amounts={name: values for name, values in self.amounts.items() if name != "income"},
        )

    def _rng(self, step: Step) -> np.random.Generator:
        return self.chance(f"survey amount {step.name}")


SCHOOLING = ("high school", "some college", "college")
DECISIONS = (
    "couple",
    "child",
    *(f"{n} children" for n in range(2, MOST_CHILDREN + 1)),
    *SCHOOLING,
    "active",  # neither retired nor disabled
    "works",
    "own business",
)
LAST_OF_PERSONS = DECISIONS[-1]


def work_of(active: Flags, works: Flags, own: Flags) -> Whole:
    """Return the state of work as the survey numbers it."""
    return np.where(own, 2, np.where(works, 1, np.where(active, 4, 3)))


def weighed(columns: Columns, coefficients: NDArray[np.float64] | None) -> Whole:
    """Return sums of columns times coefficients, in ten-thousandths."""
    if coefficients is None:
        return np.full(columns.values.shape[0], 20 * UNIT)
    sums = columns.values[:, : coefficients.size] @ coefficients
    return sums.astype(np.int64) // UNIT


def amounts_of(
    step: Step, columns: Columns, rng: np.random.Generator, n: int
) -> tuple[Whole, Whole]:
    """Draw (score, amount) as if everyone had some."""
    score = final_scores(step, columns, raw_scores(step, columns, rng, n))
    return score, told_amounts(step, score)


def raw_scores(step: Step, columns: Columns, rng: np.random.Generator, n: int) -> Whole:
    """Draw scores around what is expected of such households."""
    mean, deviation = weighed(columns, step.mean), exponential(weighed(columns, step.deviation))
    spread = step.spread
    if not isinstance(spread, Spread):
        raise ValueError(f"{step.name} has no amounts")
    residual = at_rank(spread.residuals, np.searchsorted(spread.bins, mean), raw(rng, n))
    return np.asarray(mean + residual * deviation // UNIT, np.int64)


def final_scores(step: Step, columns: Columns, score: Whole) -> Whole:
    """Return scores on the scale of the step's table."""
    scale = step.scale
    if scale is None:
        return score
    if scale.before.shape[0] == 1:
        return between_knots(scale.before[0], scale.after[0], score)
    found = np.empty_like(score)
    for row in range(BANDS):
        here = columns.of(f"age band {row}") > 0
        found[here] = between_knots(scale.before[row], scale.after[row], score[here])
    return found


def told_amounts(step: Step, score: Whole) -> Whole:
    """Return amounts as people tell them: round, and the rounder ones more often."""
    scale = step.scale
    if scale is None:
        raise ValueError(f"{step.name} has no amounts")
    exact = between_knots(scale.scores, scale.amounts, score)
    digits = INCOME_DIGITS if step.name == "income" else DIGITS
    flat = on_flats(scale.scores, scale.amounts, score)
    told = np.maximum(np.where(flat, exact, to_digits(exact, digits)), 1)
    if step.name != "income":
        return told
    numerator, denominator = INCOME_YEAR
    return np.asarray((told * numerator + denominator // 2) // denominator, np.int64)
