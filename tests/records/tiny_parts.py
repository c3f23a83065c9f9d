"""How the hand-made block is built, and which of its rows are whose."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

Part = TypeVar("Part")
NEVER = None

# Rows of people: the Carters with a customer child and a baby unknown to the bank, old Ms Stone
# alone, and the unmarried pair Lopez and Kim. Indices are used below.
EMILY, DAVID, JACK, BABY, RUTH, MARIA, JOON = range(7)
CHECKING, MORTGAGE, BROKERAGE, CARD_LINE, DEPOSIT, RUTHS, EUROS, OVERDRAWN = range(8)


def part(kind: type[Part], rows: list[dict[str, Any]]) -> Part:
    """Make a part from rows; a column that no row names is empty."""
    columns = {}
    for item in fields(kind):  # type: ignore[arg-type]
        columns[item.name] = _column(str(item.type), [row.get(item.name) for row in rows])
    return kind(**columns)


def _column(kind: str, values: list[Any]) -> Any:
    if kind == "Dates":
        return np.array(["NaT" if v is None else v for v in values], dtype="datetime64[D]")
    if kind == "Texts":
        return np.array([v or "" for v in values], dtype=object)
    if kind == "Flags":
        return np.array([bool(v) for v in values], dtype=np.bool_)
    return np.array([v or 0 for v in values], dtype=np.int64)
