"""Steps of the chain under construction: fitted figures before they become a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from seedkit.fitting.plan import Planned
from seedkit.fitting.survey_file import Floats
from seedkit.population.survey.curves import UNIT

Named = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Draft:
    """A step in plain numbers; `families` is the fewest behind any of its figures."""

    planned: Planned
    families: int
    owns: Named | None = None
    mean: Named | None = None
    deviation: Named | None = None
    bins: Floats | None = None
    residuals: Floats | None = None
    before: Floats | None = None
    after: Floats | None = None
    scores: Floats | None = None
    amounts: Floats | None = None

    def with_more(self, part: str, more: Named) -> Draft:
        """Return the step with something added to the coefficients of a part."""
        old: Named = getattr(self, part) or {}
        both = {name: old.get(name, 0.0) + more.get(name, 0.0) for name in {**old, **more}}
        return replace(self, owns=both) if part == "owns" else replace(self, mean=both)

    def document(self, columns: Sequence[str]) -> dict[str, Any]:
        """Return the step as it ships: whole ten-thousandths and whole dollars.

        Coefficients stand in the order of the columns, up to the last one that counts.
        """
        found: dict[str, Any] = {"name": self.planned.name, "families": self.families}
        if self.planned.needs:
            found["needs"] = self.planned.needs
        if self.planned.limit:
            found["limit"] = list(self.planned.limit)
        for part in ("owns", "mean", "deviation"):
            named = getattr(self, part)
            if named is not None:
                found[part] = _in_order(named, columns)
        for part in ("bins", "residuals", "before", "after", "scores"):
            values = getattr(self, part)
            if values is not None:
                found[part] = np.rint(values * UNIT).astype(np.int64).tolist()
        if self.amounts is not None:
            found["amounts"] = np.rint(self.amounts).astype(np.int64).tolist()
            _drop_doubles(found)
        return found


def _in_order(named: Named, columns: Sequence[str]) -> list[int]:
    last = max(place for place, name in enumerate(columns) if name in named)
    return [_unit(named.get(name, 0.0)) for name in columns[: last + 1]]


def _unit(value: float) -> int:
    """Return ten-thousandths, to four leading digits."""
    return round(float(f"{value * UNIT:.4g}"))


def _drop_doubles(found: dict[str, Any]) -> None:
    """Leave out knots at the place of the one before."""
    pairs = dict(zip(found["scores"], found["amounts"], strict=True))
    found["scores"], found["amounts"] = list(pairs), list(pairs.values())
