"""The Survey of Consumer Finances as a population: its public file, read into the five tables.

    python -m tests.realism.survey FILE OUT

writes it as the population's files. The file (`rscfp2022` as CSV, optionally gzipped, names in
small letters) is the Board's and is not part of this project.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import orjson

from seedkit.extract.contract import RUN_FILE, TABLES
from seedkit.extract.model import About, Extract, make_sheet
from seedkit.extract.writing import write_head, write_rows

ABOUT = About(date(2022, 6, 30), 2022, 1.0, "en_US", 0, None)
KINDS = {
    "checking": "checking",
    "saving": "savings",
    "mma": "money_market",
    "call": "brokerage_cash",
    "cds": "cd",
    "savbnd": "savings_bond",
    "bond": "bond",
    "stocks": "stock",
    "nmmf": "pooled_fund",
    "retqliq": "retirement",
    "cashli": "life_insurance",
    "othma": "managed",
    "othfin": "other_financial",
    "vehic": "vehicle",
    "bus": "business",
    "nh_mort": "mortgage",
    "heloc": "heloc",
    "resdbt": "other_residential_debt",
    "veh_inst": "vehicle_loan",
    "edn_inst": "education_loan",
    "oth_inst": "other_instalment",
    "ccbal": "credit_card",
    "othloc": "other_line",
    "odebt": "other_debt",
}
SCHOOLING = {8: "high_school", 9: "some_college_no_degree", 10: "associate", 11: "associate"}
WORK = {1: "employee", 2: "self_employed", 3: "retired", 4: "unemployed"}


def read_survey(file: Path) -> Extract:
    """Return every row of the survey as a household with its weight."""
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        names = [name.lower() for name in next(rows)]
        table = np.array([[float(cell) for cell in row] for row in rows])
    return make_extract({name: table[:, place] for place, name in enumerate(names)})


def make_extract(columns: Mapping[str, np.ndarray]) -> Extract:
    n = columns["wgt"].size
    homes = np.array([f"S{row}" for row in range(n)], dtype=object)
    couple = columns["married"] == 1
    kids = columns["kids"].astype(int)
    owner = columns["houses"] > 0
    known = {
        "id": homes,
        "type": np.where(couple, "couple", "single").astype(object),
        "size": 1.0 + couple + kids,
        "home_tenure": np.where(owner, "owner", "renter").astype(object),
        "home_value": np.where(owner, columns["houses"], np.nan),
        "income": columns["income"],
        "late_60": columns["late60"],
        "weight": columns["wgt"],
    }
    return Extract(
        households=make_sheet("households", n, known),
        people=_people(columns, homes, couple, kids),
        holdings=_holdings(columns, homes),
        cards=make_sheet("cards", 0, {}),
        events=make_sheet("events", 0, {}),
    )


def _people(columns, homes, couple, kids):
    """The reference person as head; partner and children have no more than their place."""
    n = homes.size
    row = np.concatenate([np.arange(n), np.flatnonzero(couple), np.repeat(np.arange(n), kids)])
    count = row.size - n
    role = ["head"] * n + ["partner"] * couple.sum() + ["child"] * kids.sum()
    schooling = [
        SCHOOLING.get(int(code), "less_than_high_school" if code < 8 else "bachelor")
        for code in columns["educ"]
    ]
    known = {
        "id": np.array([f"P{number}" for number in range(row.size)], dtype=object),
        "household": homes[row],
        "role": np.array(role, dtype=object),
        # the survey has turned mixed couples already: its reference person is the man
        "sex": np.array(["male"] * n + ["female"] * count, dtype=object),
        "age": np.concatenate([columns["age"], np.full(count, 0.0)]),
        "education": np.array(schooling + [""] * count, dtype=object),
        "employment": np.array(
            [WORK[int(code)] for code in columns["occat1"]] + [""] * count, dtype=object
        ),
    }
    return make_sheet("people", row.size, known)


def _holdings(columns, homes):
    """One row for each amount above 0; what is left of assets stands as other assets."""
    amounts = {KINDS[name]: columns[name] for name in KINDS}
    four = ("checking", "saving", "mma", "call")
    amounts["prepaid"] = columns["liq"] - np.sum([columns[name] for name in four], axis=0)
    amounts["other_real_estate"] = columns["oresre"] + columns["nnresre"]
    parts = ("fin", "vehic", "houses", "oresre", "nnresre", "bus")
    amounts["other_asset"] = columns["asset"] - np.sum([columns[name] for name in parts], axis=0)
    found = [(np.flatnonzero(values != 0), kind, values) for kind, values in amounts.items()]
    row = np.concatenate([rows for rows, _, _ in found])
    known = {
        "id": np.array([f"A{number}" for number in range(row.size)], dtype=object),
        "household": homes[row],
        "kind": np.concatenate([np.full(rows.size, kind, object) for rows, kind, _ in found]),
        "amount": np.concatenate([values[rows] for rows, _, values in found]),
        "with_us": np.zeros(row.size),
    }
    return make_sheet("holdings", row.size, known)


def write_survey(extract: Extract, out: Path) -> None:
    """Write the survey as the population's files."""
    out.mkdir(parents=True)
    told = {
        "as_of": ABOUT.as_of,
        "money_year": ABOUT.money_year,
        "scale_to_2022": ABOUT.scale_to_2022,
        "locale": ABOUT.locale,
        "households": len(extract.households),
        "random_seed": None,
    }
    (out / RUN_FILE).write_bytes(orjson.dumps(told))
    for name in TABLES:
        with (out / f"{name}.csv").open("wb") as file:
            write_head(file, name)
            write_rows(file, name, extract.sheets()[name])


if __name__ == "__main__":
    write_survey(read_survey(Path(sys.argv[1])), Path(sys.argv[2]))
