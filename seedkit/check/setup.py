"""How the environment is set up: currencies, languages, recycle bin, audit."""

from __future__ import annotations

from locale import windows_locale
from typing import Any

from seedkit.check.model import Area, Finding, Look, Probe, State, several
from seedkit.dataverse.environment import read_currencies
from seedkit.errors import MissingInTargetError
from seedkit.plan import bind_currencies

_AREA = Area.ENVIRONMENT


async def currency(look: Look) -> list[Finding]:
    """Tell the base currency, and whether the environment has those of the profile."""
    profile = look.uses.request.profile
    try:
        base, known = await look.once("currencies", lambda: read_currencies(look.api))
        bound = bind_currencies(profile, base, known)
    except MissingInTargetError as error:
        return [Finding(_AREA, "currency", State.MISSING, error.message, error.hint or "")]
    told = f"base currency {base}, the bank keeps its books in {bound['currency']}"
    wanted = profile["banking"]["foreign_currencies"].split()
    lacking = [code for code in wanted if code not in known]
    if not lacking or not profile["banking"]["foreign_currency"]:
        return [Finding(_AREA, "currency", State.OK, told)]
    return [
        Finding(
            _AREA,
            "currency",
            State.NOTE,
            f"{told}; it lacks {several(lacking)}, so no accounts are kept in them",
            "Add them in the admin centre (Settings > Business > Currencies), or leave it so.",
        )
    ]


async def language(look: Look) -> list[Finding]:
    """Tell which languages are enabled, and whether the profile's is among them."""
    answer = await look.get("RetrieveProvisionedLanguages()")
    codes = sorted(int(code) for code in answer["RetrieveProvisionedLanguages"])
    wanted = look.uses.request.profile["locale"]
    names = [windows_locale.get(code, str(code)) for code in codes]
    if wanted in names:
        return [Finding(_AREA, "languages", State.OK, several(names))]
    return [
        Finding(
            _AREA,
            "languages",
            State.NOTE,
            f"{several(names)}; {wanted} is not enabled, so the app has no labels in it",
            "Enable it in the admin centre (Settings > Product > Languages), or leave it so.",
        )
    ]


async def _organization(look: Look) -> dict[str, Any]:
    rows = await look.rows("organizations", {"$select": "isauditenabled"})
    found: dict[str, Any] = rows[0]
    return found


async def audit(look: Look) -> list[Finding]:
    """Tell whether changes are recorded, which no purge can take back."""
    if not (await _organization(look)).get("isauditenabled"):
        return [Finding(_AREA, "audit", State.OK, "off")]
    return [
        Finding(
            _AREA,
            "audit",
            State.NOTE,
            "on: what is created and deleted stays in the log, and takes storage",
            "Nothing to do; the log is emptied in the admin centre (Settings > Audit and logs).",
        )
    ]


async def recycle_bin(look: Look) -> list[Finding]:
    """Tell whether deleted rows are kept for some days."""
    rows = await look.rows(
        "recyclebinconfigs",
        {
            "$select": "name,cleanupintervalindays",
            "$filter": "statecode eq 0 and isreadyforrecyclebin eq true",
        },
    )
    if not rows:
        return [Finding(_AREA, "recycle bin", State.OK, "off")]
    days = max(row["cleanupintervalindays"] or 0 for row in rows)
    kept = f"for up to {days} days" if days > 0 else "until somebody empties it"
    return [
        Finding(
            _AREA,
            "recycle bin",
            State.NOTE,
            f"on: purged rows can be brought back {kept}, and take storage so long",
            "Nothing to do; its switch is in the admin centre (Settings > Product > Features).",
        )
    ]


PROBES = (
    Probe(_AREA, "currency", currency, needed=True),
    Probe(_AREA, "languages", language),
    Probe(_AREA, "audit", audit),
    Probe(_AREA, "recycle bin", recycle_bin),
)
