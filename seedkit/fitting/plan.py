"""The order of decisions, and what each of them needs."""

from __future__ import annotations

from dataclasses import dataclass

from seedkit.population.survey.columns import AGE_HINGES, BANDS, BENT, OWING, SCORE_HINGES


@dataclass(frozen=True, slots=True)
class Planned:
    """A decision to fit."""

    name: str
    amount: bool = True
    needs: str = ""
    limit: tuple[str, int] | None = None


_PERSONS = (
    Planned("couple", amount=False),
    Planned("child", amount=False),
    Planned("2 children", amount=False, needs="child"),
    Planned("3 children", amount=False, needs="2 children"),
    Planned("4 children", amount=False, needs="3 children"),
    Planned("5 children", amount=False, needs="4 children"),
    Planned("high school", amount=False),
    Planned("some college", amount=False, needs="high school"),
    Planned("college", amount=False, needs="some college"),
    Planned("active", amount=False),
    Planned("works", amount=False, needs="active"),
    Planned("own business", amount=False, needs="works"),
)
_MONEY = (
    Planned("any_income", amount=False),
    Planned("income"),
    Planned("next to nothing", amount=False),
    Planned("home"),
    Planned("mortgage", needs="owns home", limit=("home", 100)),
    Planned("heloc", needs="owns home"),
    Planned("retirement"),
    Planned("vehicle"),
    Planned("vehicle_loan", needs="owns vehicle", limit=("vehicle", 125)),
    Planned("any_account", amount=False),
    Planned("checking", needs="any_account"),
    Planned("savings", needs="any_account"),
    Planned("money_market", needs="any_account"),
    Planned("other_transaction", needs="any_account"),
    Planned("stock"),
    Planned("pooled_fund"),
    Planned("cd"),
    Planned("savings_bond"),
    Planned("bond"),
    Planned("life_insurance"),
    Planned("managed"),
    Planned("other_financial"),
    Planned("business"),
    Planned("other_real_estate"),
    Planned("other_residential_debt", needs="owns other_real_estate"),
    Planned("other_property"),
    Planned("other_asset"),
    Planned("education_loan"),
    Planned("credit_card"),
    Planned("other_instalment"),
    Planned("other_line"),
    Planned("other_debt"),
)
PLAN = _PERSONS + _MONEY

_AGE = ["one", "age", *(f"age>{at}" for at in AGE_HINGES), *(f"age band {n}" for n in range(BANDS))]
_WORK = [
    "age x couple", "age x college", "age x child", "age x active", "couple x college",
    "couple x active",
]  # fmt: skip
_INCOME = [
    "income",
    *(f"income>{at}" for at in SCORE_HINGES),
    *(f"income group {row}" for row in range(BANDS)),
    "income x age", "income x couple", "income x active", "income x own business",
    "income x college", "lowest x age", "lowest x active", "lowest x couple",
]  # fmt: skip
_HOME = ["owner x income", "owner x age", *(f"owner x income group {row}" for row in range(BANDS))]


def all_columns() -> list[str]:
    """Return the columns of the chain in the order in which they are filled."""
    names = list(_AGE)
    for planned in PLAN:
        if planned.name == "income":
            names += _INCOME
        elif planned.amount:
            names += [f"owns {planned.name}", f"score {planned.name}"]
            names += [f"low {planned.name}"] if planned.name in BENT else []
        else:
            names.append(planned.name)
        names += _WORK if planned.name == _PERSONS[-1].name else []
        names += _HOME if planned.name == "home" else []
        names += [OWING[planned.name]] if planned.name in OWING else []
    return names


def for_raking(name: str) -> bool:
    """Tell whether a column is left to raking: regressions don't see it."""
    return name.startswith(("age band", "owner x income group")) or (
        name.startswith("income group") and name != "income group 0"
    )
