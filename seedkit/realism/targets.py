"""Targets: published figures with source, year, tolerance and what exactly is measured.

They stand in `data/*.toml`, and the survey's ownership tables in `data/us_holdings.csv`. A figure
is verified when it was seen in a document or computed from an official file; one from memory is
shown and gates nothing.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from seedkit.realism.labels import ALL

OWNERSHIP, MEDIANS, DEPENDENCE = "ownership", "medians", "dependence"
LOCALES = {"en_US": "us", "en_GB": "uk", "de_DE": "de"}
SURVEY_COVERS = 10_000  # families whose sampling error the survey's own tolerances contain


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from."""

    title: str
    publisher: str
    seen: str  # the document or file in which it was seen; "from memory" otherwise


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a figure may lie off: points of the unit, or a part of the figure.

    `covers` is the number of households whose sampling error is in it, 0 when it holds none.
    """

    points: float = 0.0
    part: float = 0.0
    covers: int = 0

    def of(self, value: float) -> float:
        """Return the tolerance of a figure in its unit."""
        return self.points or self.part * abs(value)


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a target."""

    label: str
    value: float
    tolerance: Tolerance


@dataclass(frozen=True, slots=True)
class Target:
    """A published figure or table of figures, and how it is measured."""

    id: str
    group: str
    says: str
    source: Source
    year: str
    unit: str
    verified: bool
    cells: tuple[Cell, ...]
    frame: str
    measure: str
    columns: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    scale: float = 1.0  # from what is measured to the unit
    distance: float = 0.0  # most total variation distance of all cells, 0 for no such limit
    at_least: bool = False
    aside: str = ""  # why it gates nothing though verified

    @property
    def gates(self) -> bool:
        """Tell whether it counts."""
        return self.verified and not self.aside


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A target that no file of ours can say anything about."""

    id: str
    says: str
    why: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Targets:
    """All targets of a country."""

    measured: tuple[Target, ...]
    unmeasured: tuple[Unmeasured, ...]


def load_targets(locale: str) -> Targets:
    """Return the targets of a locale's country."""
    country = LOCALES[locale]
    data = tomllib.loads(_text(f"{country}.toml"))
    sources = {key: Source(**entry) for key, entry in data["source"].items()}
    found = [_target(entry, sources) for entry in data["target"]]
    if country == "us":
        found = [*_holdings(sources["scf"]), *found]
    rest = [Unmeasured(**entry) for entry in data.get("unmeasured", ())]
    return Targets(tuple(found), tuple(rest))


def _text(name: str) -> str:
    return (files("seedkit.realism") / "data" / name).read_text(encoding="utf-8")


def _target(entry: Mapping[str, Any], sources: Mapping[str, Source]) -> Target:
    """Return a target of a TOML file; what it leaves out has the default."""
    general = _tolerance(entry.get("tolerance", {}))
    cells = tuple(_cell(label, told, general) for label, told in entry["cells"].items())
    optional = {
        name: entry[name] for name in ("scale", "distance", "at_least", "aside") if name in entry
    }
    return Target(
        id=entry["id"],
        group=entry["group"],
        says=entry["says"],
        source=sources[entry["source"]],
        year=str(entry["year"]),
        unit=entry["unit"],
        verified=entry["verified"],
        cells=cells,
        frame=entry["frame"],
        measure=entry["measure"],
        columns=tuple(entry["columns"]),
        by=tuple(entry.get("by", ())),
        where=tuple(entry.get("where", ())),
        **optional,
    )


def _cell(label: str, told: float | list[float], general: Tolerance) -> Cell:
    """Return a cell: a figure with the target's tolerance, or [figure, its own]."""
    if not isinstance(told, list):
        return Cell(label, float(told), general)
    value, own = (float(figure) for figure in told)
    kept = replace(general, part=own) if general.part else replace(general, points=own)
    return Cell(label, value, kept)


def _tolerance(told: Mapping[str, float]) -> Tolerance:
    return Tolerance(
        float(told.get("points", 0)), float(told.get("part", 0)), int(told.get("covers", 0))
    )


def _holdings(source: Source) -> Iterator[Target]:
    """Return the survey's tables: ownership of each holding, and its median among owners."""
    rows: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in csv.DictReader(_text("us_holdings.csv").splitlines()):
        rows.setdefault((row["holding"], row["by"]), []).append(row)
    for (holding, by), lines in rows.items():
        says = holding.replace("_", " ")
        owned = Target(
            id=f"us.own.{holding}.{by}",
            group=OWNERSHIP,
            says=f"Families with {says}",
            source=source,
            year="2022",
            unit="% of families",
            verified=True,
            cells=tuple(_share_cell(line) for line in lines),
            frame="families",
            measure="share",
            columns=(f"has_{holding}",),
            by=() if by == ALL else (by,),
            scale=100.0,
        )
        yield owned
        yield replace(
            owned,
            id=f"us.median.{holding}.{by}",
            group=MEDIANS,
            says=f"Median amount of families with {says}",
            unit="dollars of 2022",
            cells=tuple(_median_cell(line) for line in lines if line["median"]),
            measure="amount",
            columns=(holding,),
            where=(f"has_{holding}",),
            scale=1.0,
        )


def _share_cell(line: Mapping[str, str]) -> Cell:
    tolerance = Tolerance(points=float(line["share_tolerance"]), covers=SURVEY_COVERS)
    return Cell(line["group"], float(line["share"]), tolerance)


def _median_cell(line: Mapping[str, str]) -> Cell:
    tolerance = Tolerance(part=float(line["median_tolerance"]), covers=SURVEY_COVERS)
    label = "median" if line["by"] == ALL else f"{line['group']} median"
    return Cell(label, float(line["median"]), tolerance)
