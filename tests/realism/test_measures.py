"""Each kind of measure sees what is right, and fails when the data are wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from seedkit.realism.frames import percent_rank
from seedkit.realism.labels import band, matches
from seedkit.realism.measures import MEASURES, measure
from seedkit.realism.scoring import allowed, judge, pass_gates
from seedkit.realism.statistics import Estimate
from seedkit.realism.targets import Cell, Source, Target, Tolerance

N = 4_000
SOURCE = Source("a survey", "an office", "seen")


def frames() -> dict[str, dict[str, np.ndarray]]:
    """Four thousand families whose figures are known by construction."""
    row = np.arange(N)
    income = 1_000.0 * (1 + row % 100)  # 1,000 to 100,000, each forty times
    families = {
        "weight": np.ones(N),
        "age": np.where(row % 4 == 0, 30.0, 50.0),
        "income": income,
        "owner": row % 10 < 6,
        "kind": np.where(row % 10 < 6, "house", "flat").astype(object),
        "stock": np.where(row % 2 == 0, income * 2, 0.0),
        "debt": income * 0.1,
        "late": np.where(row % 100 >= 90, income * 0.1, 0.0),
    }
    return {"families": families, "households": {"weight": np.ones(N)}}


def target(kind: str, columns: tuple[str, ...], cells: dict[str, float], **more) -> Target:
    return Target(
        id=kind,
        group="figures",
        says="it is so",
        source=SOURCE,
        year="2022",
        unit="",
        verified=True,
        cells=tuple(
            Cell(label, value, Tolerance(points=abs(value) * 0.03 + 0.01))
            for label, value in cells.items()
        ),
        frame="families",
        measure=kind,
        columns=columns,
        **more,
    )


LATE = sum(range(91, 101)) / sum(range(1, 101))
TARGETS = {
    "share of a flag": target("share", ("owner",), {"all": 60}, scale=100.0),
    "share by age": target("share", ("owner",), {"<35": 60, "35+": 60}, by=("age",), scale=100.0),
    "shares of words": target(
        "share", ("kind",), {"house": 60, "flat": 40}, scale=100.0, distance=0.02
    ),
    "quantiles": target("amount", ("income",), {"p25": 25_000, "median": 50_000, "p90": 90_000}),
    "mean": target("amount", ("income",), {"mean": 50_500}),
    "spread": target("amount", ("income",), {"log_spread": 0.925}),
    "gini": target("amount", ("income",), {"gini": 0.33}),
    "median if held": target("amount", ("stock",), {"median": 101_000}, where=("held",)),
    "ratio": target("ratio", ("late", "debt"), {"all": LATE}),
    "part": target("part", ("income", "kind"), {"house": 0.6, "flat": 0.4}),
    "correlation": target("correlation", ("income", "debt"), {"all": 1.0}),
    "rank": target("rank", ("income", "debt"), {"all": 1.0}),
    "logs": target("logs", ("income", "stock"), {"all": 1.0}),
}
Spoil = Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]]
SPOILS: dict[str, Spoil] = {
    "share of a flag": lambda f: {**f, "owner": f["age"] > 40},
    "share by age": lambda f: {**f, "owner": f["owner"] & (f["age"] > 40)},
    "shares of words": lambda f: {
        **f,
        "kind": np.where(f["age"] > 40, "house", "tent").astype(object),
    },
    "quantiles": lambda f: {**f, "income": f["income"] * 1.2},
    "mean": lambda f: {**f, "income": np.sqrt(f["income"])},
    "spread": lambda f: {**f, "income": f["income"] ** 2},
    "gini": lambda f: {**f, "income": f["income"] ** 2},
    "median if held": lambda f: {**f, "stock": f["stock"] * 0.8},
    "ratio": lambda f: {**f, "late": f["late"] * 0.5},
    "part": lambda f: {**f, "kind": np.where(f["age"] > 40, "house", "flat").astype(object)},
    "correlation": lambda f: {**f, "debt": np.roll(f["debt"], 33)},
    "rank": lambda f: {**f, "debt": np.roll(f["debt"], 33)},
    "logs": lambda f: {**f, "stock": np.roll(f["stock"], 34)},
}


def with_held(families: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {**families, "held": families["stock"] > 0}


def test_every_kind_of_measure_is_tried() -> None:
    assert {one.measure for one in TARGETS.values()} == set(MEASURES)
    assert set(SPOILS) == set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_right_data_hold(name: str) -> None:
    made = frames()
    made["families"] = with_held(made["families"])
    verdicts = judge(made, [TARGETS[name]])
    assert [(v.label, v.found) for v in verdicts if not v.holds] == []
    assert all(result.passes for result in pass_gates(verdicts))


@pytest.mark.parametrize("name", TARGETS)
def test_wrong_data_fail(name: str) -> None:
    made = frames()
    made["families"] = with_held(SPOILS[name](made["families"]))
    verdicts = judge(made, [TARGETS[name]])
    assert not all(v.holds for v in verdicts)
    assert not all(result.passes for result in pass_gates(verdicts))


def test_a_distance_is_judged_beside_its_cells() -> None:
    verdicts = judge(frames(), [TARGETS["shares of words"]])
    assert [v.label for v in verdicts] == ["house", "flat", "total variation distance"]
    assert verdicts[-1].found == pytest.approx(0, abs=1e-9)


def test_unknown_values_are_left_out_and_too_few_rows_say_nothing() -> None:
    made = frames()
    made["families"]["owner"] = np.where(np.arange(N) < 8, 1.0, np.nan)
    (verdict,) = judge(made, [TARGETS["share of a flag"]])
    assert verdict.found == 100
    assert not verdict.known
    made["families"]["owner"] = np.full(N, np.nan)
    (verdict,) = judge(made, [TARGETS["share of a flag"]])
    assert verdict.rows == 0


def test_a_lower_bound_may_be_exceeded() -> None:
    one = replace(TARGETS["share of a flag"], at_least=True)
    high = replace(one, cells=(Cell("all", 40.0, Tolerance(points=1.0)),))
    low = replace(one, cells=(Cell("all", 90.0, Tolerance(points=1.0)),))
    assert [v.holds for v in judge(frames(), [high, low])] == [True, False]


def test_our_sampling_error_is_added_in_quadrature_unless_covered() -> None:
    found = Estimate(50.0, 1.0, 1_000)
    plain, covering = Tolerance(points=4.0), Tolerance(points=4.0, covers=10_000)
    assert allowed(plain, 50.0, found, 10_000) == 5.0
    assert allowed(covering, 50.0, found, 10_000) == 4.0
    assert allowed(covering, 50.0, found, 40_000) == 4.0
    # a tenth of the households: nine tenths of the squared error come on top
    assert allowed(covering, 50.0, found, 1_000) == pytest.approx(np.sqrt(16 + 0.9 * 9))
    assert allowed(Tolerance(part=0.1), 50.0, Estimate(0, 0, 0), 10) == 5.0


@pytest.mark.parametrize(
    ("word", "limits"),
    [
        ("18-24", (18, 25)),
        ("<35", (-np.inf, 35)),
        ("75+", (75, np.inf)),
        ("3", (3, 4)),
        ("house", None),
    ],
)
def test_words_of_labels(word: str, limits: tuple[float, float] | None) -> None:
    assert band(word) == limits


def test_a_word_that_is_no_band_is_refused_where_numbers_stand() -> None:
    with pytest.raises(ValueError, match="no band"):
        matches(np.array([1.0]), "house")


def test_groups_of_income_are_cut_on_the_rows_themselves() -> None:
    values, weight = np.array([5.0, 1.0, 3.0, 3.0]), np.array([1.0, 1.0, 1.0, 1.0])
    assert percent_rank(values, weight).tolist() == [87, 12, 50, 50]
    assert percent_rank(np.arange(1_000.0), np.ones(1_000)).tolist() == [
        row // 10 for row in range(1_000)
    ]


def test_measuring_gives_one_estimate_per_cell() -> None:
    found = measure(frames(), TARGETS["share by age"])
    assert [round(one.value) for one in found] == [60, 60]
    assert found[0].rows == N / 4
