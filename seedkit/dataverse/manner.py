"""How requests are made: in whose name, and with or without the customer's own logic.

The headers are those of Microsoft's pages on impersonation by the Web API and on bypassing custom
business logic. Whether the parts of a `$batch` inherit them is not told, so each carries its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seedkit.dataverse.principals import User

READS = frozenset({"GET", "HEAD"})
# Synchronous and asynchronous plug-ins and workflows; and flows, which start by a job of their own.
BYPASS_HEADERS: Mapping[str, str] = {
    "MSCRM.BypassBusinessLogicExecution": "CustomSync,CustomAsync",
    "MSCRM.SuppressCallbackRegistrationExpanderJob": "true",
}


@dataclass(frozen=True, slots=True)
class Manner:
    """In whose name requests are made, and whether writes skip the customer's own logic."""

    impersonated: User | None = None
    bypass_logic: bool = False

    def headers(self, method: str) -> Mapping[str, str]:
        """Return what a request, or a part of a batch, carries for it."""
        skipped = BYPASS_HEADERS if self.bypass_logic and method not in READS else {}
        return {**self._caller(), **skipped}

    def _caller(self) -> Mapping[str, str]:
        """Name the user by the directory's id, as Microsoft prefers, or else by the row's."""
        if self.impersonated is None:
            return {}
        if self.impersonated.object_id:
            return {"CallerObjectId": self.impersonated.object_id}
        return {"MSCRMCallerID": self.impersonated.id}
