"""Which features a profile asks for, and what each of them fills."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seedkit.profile.models import Profile
from seedkit.records.features import AUTO, FEATURES, OFF
from seedkit.records.tables import TABLES


def modes_of(profile: Profile) -> Mapping[str, str]:
    """Return how a profile asks for each feature: off, auto or on."""
    return {name: _mode(_value(profile, feature.key)) for name, feature in FEATURES.items()}


def _value(profile: Profile, key: str) -> Any:
    found: Any = profile
    for part in key.split("."):
        found = getattr(found, part)
    return found


def _mode(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return AUTO if value else OFF


def unwanted_tables(profile: Profile) -> tuple[str, ...]:
    """Return the tables that a profile does not ask for."""
    modes = modes_of(profile)
    return tuple(
        table.name for table in TABLES if any(modes[name] == OFF for name in table.features)
    )
