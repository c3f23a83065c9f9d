"""The formats in which plans were recorded, and what takes an older one to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from seedkit.errors import LedgerError

Values = dict[str, Any]


def _to_2(values: Values) -> Values:
    """Add owners, impersonation, skipped logic, the right to back-date and columns of one's own.

    Runs of format 1 belonged to whoever made them, and back-dated when the profile said so.
    """
    new: Values = {"owners": [], "impersonated": None, "bypass_logic": False}
    new["columns"] = {}
    events = values["profile"].get("life_events", {})
    return {**values, **new, "backdates": events.get("backdated", True)}


def _to_3(values: Values) -> Values:
    """Add when a run expires, ids of languages, agents, parts left out: format 2 had none."""
    return {**values, "expires": None, "languages": {}, "agents": [], "left_out": []}


# The step at index n takes a plan from format n + 1 to format n + 2.
STEPS: tuple[Callable[[Values], Values], ...] = (_to_2, _to_3)
FORMAT = len(STEPS) + 1


def upgraded(data: Mapping[str, Any]) -> Values:
    """Return the fields of a recorded plan as this version has them; LedgerError."""
    if not isinstance(data, Mapping):
        raise LedgerError("A recorded plan is not whole: it has no fields.")
    number = data.get("format")
    if not isinstance(number, int) or not 1 <= number <= FORMAT:
        raise LedgerError(
            f"This plan has format {number}, and this version knows 1 to {FORMAT}.",
            "Install the version of seedkit that made the run.",
        )
    values = {key: value for key, value in data.items() if key != "format"}
    for step in STEPS[number - 1 :]:
        values = step(values)
    return values
