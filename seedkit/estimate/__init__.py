"""What a run would send, and what that would take, without sending anything."""

from seedkit.estimate.estimate import (
    ENTITLEMENT,
    Conditions,
    Estimate,
    estimate,
    is_creation,
)
from seedkit.estimate.service import SECONDS_PER_REQUEST, SECONDS_PER_ROW, SHOWN, Sent

__all__ = [
    "ENTITLEMENT",
    "SECONDS_PER_REQUEST",
    "SECONDS_PER_ROW",
    "SHOWN",
    "Conditions",
    "Estimate",
    "Sent",
    "estimate",
    "is_creation",
]
