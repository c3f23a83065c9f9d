"""What befalls a purge on its way: its process dies, or somebody comes in between."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from tests.purge.stories.theatre import API
from tests.worlds import FaultyTransport

Disturb = Callable[[FaultyTransport], None]


@dataclass
class Newcomer:
    """Somebody who writes a note on a customer once rows of another table begin to go."""

    url: str
    contact: str
    note: str | None = None
    late: bool = False

    def watch(self, transport: FaultyTransport) -> None:
        transport.after.append(self._see)

    async def _see(self, request: httpx.Request) -> None:
        tables = _deleted_from(request)
        if not tables or self.late or self.note is not None:
            return
        self.late = "contacts" in tables
        if not self.late:
            bind = {"objectid_contact@odata.bind": f"/contacts({self.contact})"}
            body = {"subject": "Just now", **bind}
            answer = httpx.post(f"{self.url}{API}annotations", json=body)
            assert answer.is_success, answer.text
            self.note = answer.headers["OData-EntityId"].split("(")[1].rstrip(")")

    def leave(self) -> None:
        if self.note is not None:
            assert httpx.delete(f"{self.url}{API}annotations({self.note})").is_success


def _deleted_from(request: httpx.Request) -> set[str]:
    """Return the sets from which a request deletes rows; none if it deletes nothing."""
    if request.url.path.endswith("/BulkDelete"):
        names = {query["EntityName"] for query in json.loads(request.content)["QuerySet"]}
        return {f"{name}s" for name in names}
    if request.url.path.endswith("/$batch"):
        lines = [line.split() for line in request.content.decode().splitlines()]
        deletes = [line[1] for line in lines if line and line[0] == "DELETE"]
        return {address.partition("(")[0].rpartition("/")[2] for address in deletes}
    return set()
