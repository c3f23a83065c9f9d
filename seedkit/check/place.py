"""Where we are and who we are there: address, user, sign-in, kind of environment."""

from __future__ import annotations

from typing import Any

from seedkit.check.model import Area, Finding, Look, Probe, State, several
from seedkit.dataverse.environment import read_organization, who_am_i
from seedkit.guard import looks_like_production

_AREA = Area.ENVIRONMENT
ENABLED = "Enabled"
# Access modes of a user who can't write rows [table reference of systemuser].
_WEAK_MODES = {1: "administrative", 2: "read"}


async def me(look: Look) -> dict[str, str]:
    """Return the ids of who seeds: user, business unit and organisation."""
    return await look.once("me", lambda: who_am_i(look.api))


async def myself(look: Look) -> dict[str, str]:
    """Return the same ids of our own, whoever's name a seed would be made in."""
    own = look.own
    return await me(look) if own is None else await look.once("myself", lambda: who_am_i(own))


async def organization(look: Look) -> dict[str, Any]:
    """Return what the environment tells of itself."""
    return await look.once("organization", lambda: read_organization(look.api))


async def address(look: Look) -> list[Finding]:
    """Tell that the environment answers, which one it is and where."""
    await me(look)
    found = await organization(look)
    parts = [
        found["FriendlyName"],
        look.api.url,
        found.get("EnvironmentId") or found["OrganizationId"],
        f"version {found['OrganizationVersion']}",
        *(f"{key} {found[name]}" for key, name in _REGION.items() if found.get(name)),
    ]
    state = found.get("State") or ENABLED
    if state == ENABLED:
        return [Finding(_AREA, "address", State.OK, ", ".join(parts))]
    detail = f"{', '.join(parts)}: its state is {state}"
    return [Finding(_AREA, "address", State.REFUSED, detail, "Enable it in the admin centre.")]


_REGION = {"region": "Geo", "data centre": "DatacenterId"}


async def kind(look: Look) -> list[Finding]:
    """Tell what type the environment is, and whether the guard will stop a seed there."""
    found = await organization(look)
    word = found.get("OrganizationType") or ""
    if not looks_like_production(word, look.api.url):
        return [Finding(_AREA, "type", State.OK, word or "not told, but it is on this machine")]
    return [
        Finding(
            _AREA,
            "type",
            State.NOTE,
            f"{word or 'not told'}, which counts as production: a seed stops there",
            f"If you mean it: {look.place.seed('--allow-production', found['FriendlyName'])}",
        )
    ]


async def user(look: Look) -> list[Finding]:
    """Tell who we are: a person or an application, business unit, roles."""
    row = await look.get(
        f"systemusers({(await me(look))['UserId']})",
        {
            "$select": "fullname,domainname,applicationid,accessmode",
            "$expand": "businessunitid($select=name)",
        },
    )
    roles = sorted(item["name"] for item in await _roles(look))
    detail = (
        f"{row['fullname']} ({row.get('domainname') or 'without a sign-in name'}), "
        f"{'an application' if row.get('applicationid') else 'a person'}, "
        f"business unit {(row.get('businessunitid') or {}).get('name', 'unknown')}, "
        f"roles: {several(roles) if roles else 'none of its own'}"
    )
    mode = _WEAK_MODES.get(row.get("accessmode") or 0)
    if mode is None:
        return [Finding(_AREA, "user", State.OK, detail)]
    return [
        Finding(
            _AREA,
            "user",
            State.REFUSED,
            f"{detail}; its access mode {mode} lets it write nothing",
            "Set the user's access mode to Read-Write, or Non-interactive for an application.",
        )
    ]


async def _roles(look: Look) -> list[dict[str, Any]]:
    path = f"systemusers({(await me(look))['UserId']})/systemuserroles_association"
    return await look.rows(path, {"$select": "name"})


async def sign_in(look: Look) -> list[Finding]:
    """Tell how we signed in; that it works is shown by the answer."""
    await me(look)
    return [Finding(_AREA, "sign-in", State.OK, look.place.sign_in)]


PROBES = (
    Probe(_AREA, "address", address, needed=True),
    Probe(_AREA, "type", kind),
    Probe(_AREA, "user", user),
    Probe(_AREA, "sign-in", sign_in),
)
