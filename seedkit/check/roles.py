"""Security roles that give privileges: asked of the environment, or else known by their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from seedkit.check.brings import solution_of
from seedkit.check.model import Look

ADMINISTRATOR = "System Administrator"
CUSTOMIZER = "System Customizer"
BANK_USER = "Microsoft Cloud for Financial Services: Basic user"
CONTRIBUTOR = "Retail banking: Contributor"
VIEWER = "Retail banking: Viewer"
BASIC = "Basic User"
# Roles that a person knows, those to be preferred first. What each gives is inferred from its name
# and description, but for the technical user's, whose definition is public [verified].
KNOWN_ROLES = (
    BANK_USER,
    CONTRIBUTOR,
    VIEWER,
    BASIC,
    "Retail banking external systems technical user",
    "Customer service representative",
    "Financial intelligence user",
    "Omnichannel agent",
    "Omnichannel supervisor",
    "Omnichannel administrator",
)
# They give everything, or may be given to nobody: named only where nothing else would do.
_LAST = frozenset({ADMINISTRATOR, CUSTOMIZER})


async def giving(look: Look, names: Collection[str]) -> dict[str, set[str]]:
    """Return which roles of the environment give which of some privileges, by role."""
    rows = await look.rows(
        "privileges",
        {
            "$select": "name",
            "$filter": _among(names),
            "$expand": "roleprivileges_association($select=name)",
        },
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        for role in row["roleprivileges_association"]:
            found.setdefault(role["name"], set()).add(row["name"])
    return found


def _among(names: Iterable[str]) -> str:
    listed = ",".join(f"'{name}'" for name in sorted(names))
    return f"Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=[{listed}])"


def chosen(roles: Mapping[str, Collection[str]], names: Collection[str]) -> list[str]:
    """Return few roles that give all of some privileges together; known ones before others."""
    left, found = set(names), []
    ranked = sorted(set(roles) - _LAST, key=_rank)
    while left and ranked:
        best = max(ranked, key=lambda role: len(left & set(roles[role])))
        if not left & set(roles[best]):
            break
        found.append(best)
        left -= set(roles[best])
    return [*found, ADMINISTRATOR] if left else found


def expected(table: str, right: str) -> list[str]:
    """Return the roles whose names promise a right on a table, where nothing can be asked."""
    if solution_of(table) is None and table != "contact":
        return [BASIC]
    return [BANK_USER, VIEWER if right == "Read" else CONTRIBUTOR]


def _rank(role: str) -> tuple[int, str]:
    known = KNOWN_ROLES.index(role) if role in KNOWN_ROLES else len(KNOWN_ROLES)
    return known, role
