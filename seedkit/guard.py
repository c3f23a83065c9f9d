"""The guard: nothing is written to an environment that looks like production by mistake.

It asks the environment itself, so neither impersonation nor the address decides.
"""

from __future__ import annotations

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import Environment, read_kind
from seedkit.errors import ProductionError
from seedkit.settings import is_loopback

# OrganizationType by the Web API and by the discovery service. What is not listed here counts as
# production: «Customer» and «Secondary» are, and so is the «Default» environment of a tenant.
HARMLESS = frozenset(
    {"Sandbox", "CustomerTest", "CustomerFreeTest", "Developer", "Trial", "EmailTrial", "TestDrive"}
)


def looks_like_production(kind: str, url: str) -> bool:
    """Tell whether an environment's type is production; an unknown one is, but on this machine."""
    if kind in HARMLESS:
        return False
    return bool(kind) or not is_loopback(url)


async def guard(api: WebApi, here: Environment, allowed: str | None) -> None:
    """Stop before the first write to what looks like production, unless its name is allowed."""
    kind = await read_kind(api)
    if not looks_like_production(kind, here.url):
        return
    if allowed and allowed == here.name:
        return
    named = f", and {allowed!r} is not its name" if allowed else ""
    raise ProductionError(
        f"{here.name} ({here.url}, {here.id}) looks like production "
        f"(type {kind or 'unknown'}){named}; nothing was changed.",
        f'If you mean it, repeat the command with: --allow-production "{here.name}"',
    )
