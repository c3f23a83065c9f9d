"""Where a run's rows come from: who made them, and when by the service's own clock.

A run that somebody else goes on with has several makers. The ledger and the header note both
remember them; each may know of what the other does not.
"""

from __future__ import annotations

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import who_am_i
from seedkit.ledger import Ledger, Origin, RunState
from seedkit.load.header import SEEDING, noted_origin, restate_header
from seedkit.plan import Plan


def recorded_origin(plan: Plan, ledger: Ledger | None) -> Origin:
    """Return where a run's rows come from, as far as the plan and this ledger know."""
    known = ledger.origin(plan.run_id) if ledger else Origin()
    return Origin(plan.makers | known.makers, known.began, known.ended, known.watermark)


async def take_up(plan: Plan, api: WebApi, ledger: Ledger) -> None:
    """Record who goes on with a run that was begun before, and that it has no end yet."""
    noted = await noted_origin(api, plan) or Origin()
    known = recorded_origin(plan, ledger)
    me = (await who_am_i(api))["UserId"]
    origin = Origin(known.makers | noted.makers | {me}, _earliest(known.began, noted.began))
    ledger.set_state(plan.run_id, RunState.SEEDING, origin)
    await restate_header(api, plan, SEEDING, origin)


async def read_origin(plan: Plan, api: WebApi, ledger: Ledger | None) -> Origin:
    """Return where a run's rows come from, by the ledger and the header note together."""
    noted = await noted_origin(api, plan)
    known = recorded_origin(plan, ledger)
    if noted is None:
        return known
    makers, began = known.makers | noted.makers, _earliest(known.began, noted.began)
    if ledger is None or not ledger.has(plan.run_id):
        return Origin(makers, began, noted.ended, noted.watermark)
    if noted.ended is None or known.ended is None:
        return Origin(makers, began)  # somebody goes on with it, here or elsewhere
    ended = max(known.ended, noted.ended)
    return Origin(makers, began, ended, max(known.watermark or 0, noted.watermark or 0))


def _earliest(*moments: str | None) -> str | None:
    return min((moment for moment in moments if moment), default=None)
