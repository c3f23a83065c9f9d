"""The survey's public summary file, in our own words."""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HOLDINGS = {  # our words for columns of the file
    "home": "houses", "mortgage": "nh_mort", "heloc": "heloc", "retirement": "retqliq",
    "vehicle": "vehic", "vehicle_loan": "veh_inst", "checking": "checking", "savings": "saving",
    "money_market": "mma", "stock": "stocks", "pooled_fund": "nmmf", "cd": "cds",
    "savings_bond": "savbnd", "bond": "bond", "life_insurance": "cashli", "managed": "othma",
    "other_financial": "othfin", "business": "bus", "other_real_estate": "oresre",
    "other_residential_debt": "resdbt", "other_property": "nnresre",
    "education_loan": "edn_inst", "credit_card": "ccbal", "other_instalment": "oth_inst",
    "other_line": "othloc", "other_debt": "odebt",
}  # fmt: skip
_TOTALS = {
    "other_transaction": ("liq", "checking", "saving", "mma"),
    "other_asset": ("asset", "fin", "vehic", "houses", "oresre", "nnresre", "bus"),
}
_SCHOOL_FROM = (8, 9, 12)  # of the file's levels: high school, some college, a degree


@dataclass(frozen=True, slots=True)
class Survey:
    """Families, five rows each; dollars of the survey's year. Weights add up to the families."""

    weight: Floats
    family: NDArray[np.int64]
    age: NDArray[np.int64]
    couple: NDArray[np.bool_]
    children: NDArray[np.int64]
    schooling: NDArray[np.int64]
    work: NDArray[np.int64]
    income: Floats
    amounts: Mapping[str, Floats]

    def take(self, rows: NDArray[np.bool_]) -> Survey:
        """Return some of the rows, with weights that add up to their families."""
        weight, family = self.weight[rows], self.family[rows]
        return Survey(
            weight=weight * np.unique(family).size / weight.sum(),
            family=family,
            age=self.age[rows],
            couple=self.couple[rows],
            children=self.children[rows],
            schooling=self.schooling[rows],
            work=self.work[rows],
            income=self.income[rows],
            amounts={name: values[rows] for name, values in self.amounts.items()},
        )


def read_survey(path: Path) -> Survey:
    """Read the summary file as comma-separated values, packed or not."""
    columns = _columns(path)
    family = columns["yy1"].astype(np.int64)
    return Survey(
        weight=columns["wgt"] * np.unique(family).size / columns["wgt"].sum(),
        family=family,
        age=columns["age"].astype(np.int64),
        couple=columns["married"] == 1,
        children=columns["kids"].astype(np.int64),
        schooling=np.searchsorted(_SCHOOL_FROM, columns["educ"], side="right"),
        work=columns["occat1"].astype(np.int64),
        income=columns["income"],
        amounts=_amounts(columns),
    )


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _amounts(columns: Mapping[str, Floats]) -> dict[str, Floats]:
    found = {ours: np.maximum(columns[theirs], 0) for ours, theirs in HOLDINGS.items()}
    for name, (total, *parts) in _TOTALS.items():
        rest = columns[total] - sum(columns[part] for part in parts)
        found[name] = np.where(rest >= 1, np.rint(rest), 0)
    return found


def _columns(path: Path) -> dict[str, Floats]:
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("ascii")
    names, *rows = csv.reader(text.splitlines())
    table = np.array([[float(cell) for cell in row] for row in rows])
    return dict(zip(names, table.T, strict=True))
