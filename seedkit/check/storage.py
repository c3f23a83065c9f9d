"""Storage that is left."""

from __future__ import annotations

from seedkit.check.model import Area, Finding, Look, Probe, State
from seedkit.settings import is_loopback

_AREA = Area.STORAGE


async def storage(look: Look) -> list[Finding]:
    """Say that nothing tells: no message of the Web API is documented for it."""
    if is_loopback(look.api.url):
        return [Finding(_AREA, "storage left", State.OK, "as much as this machine's disk has")]
    detail = "the Web API does not tell how much is left; a seed stops when it is full"
    where = "the admin centre (Licensing > Capacity add-ons > Dataverse)"
    remedy = f"Compare {where} with: {look.place.seed('--dry-run')}"
    return [Finding(_AREA, "storage left", State.UNKNOWN, detail, remedy)]


PROBES = (Probe(_AREA, "storage left", storage),)
