"""The owners in a profile: names in a list, or names with weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

MOST_OWNERS = 200
MOST_WEIGHT = 100
RANGE = f"different names in a list, or with weights between 0 and {MOST_WEIGHT} (not all 0)"


def _weighted(value: Any) -> Any:
    """Return the names of a list with equal weights."""
    if isinstance(value, list) and len(set(map(str, value))) == len(value):
        return dict.fromkeys(value, 1.0)
    return value


def _somebody(value: Mapping[str, float]) -> Mapping[str, float]:
    if value and not any(value.values()):
        raise ValueError("at least one owner must weigh more than 0")
    return value


Owners = Annotated[
    dict[
        Annotated[str, Field(min_length=1, max_length=200)],
        Annotated[float, Field(ge=0, le=MOST_WEIGHT)],
    ],
    Field(max_length=MOST_OWNERS),
    AfterValidator(_somebody),
    BeforeValidator(_weighted),
    WithJsonSchema(
        {
            "type": ["array", "object"],
            "items": {"type": "string", "minLength": 1},
            "additionalProperties": {"type": "number", "minimum": 0, "maximum": MOST_WEIGHT},
            "default": {},
        }
    ),
]
