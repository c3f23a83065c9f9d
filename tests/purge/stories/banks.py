"""Banks of several sizes, each made the same way whenever it is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date

from seedkit.assembly import Resolved, make_request, propose, source_of
from seedkit.dataverse.client import WebApi
from seedkit.load import RecordSource
from seedkit.plan import Plan
from seedkit.profile.models import Profile
from tests.helpdesk import DeskSource, desk_plan
from tests.worlds import NOW, TinySource, plan_for

Bank = Callable[[str, WebApi], Awaitable[tuple[Plan, RecordSource]]]
# As much of everything as fits into three households.
BANK = {
    "households": 3,
    "bank": {"branches": 2, "products": 10},
    "groups": {"custom": 1.0},
    "relationships": {"professional": 0.5, "extended_family": 1.0},
    "life_events": {"planned": 1.0},
    "banking": {"foreign_currency": 0.5},
}
SERVICE = {
    "households": 1,
    "bank": {"branches": 1, "products": 10},
    "engagement": {
        "cases": 6.0,
        "months": 6,
        "backlog": 3.0,
        "knowledge": "auto",
        "scripts": "auto",
        "connections": "auto",
    },
}


async def tiny(run_id: str, api: WebApi) -> tuple[Plan, RecordSource]:
    """Return a bank of two branches and ten customers in two groups."""
    plan = await plan_for(api, run_id)
    return plan, TinySource(plan)


async def help_desk(run_id: str, api: WebApi) -> tuple[Plan, RecordSource]:
    """Return a help desk: cases in all states, activities, queue items, articles, a connection."""
    plan = await desk_plan(api, run_id)
    return plan, DeskSource(plan)


def profiled(profile: Mapping[str, object]) -> Bank:
    """Return a bank as a profile describes it."""

    async def make(run_id: str, api: WebApi) -> tuple[Plan, RecordSource]:
        resolved = Resolved("stories", Profile.model_validate(profile), date(2026, 6, 30), NOW)
        plan = await propose(make_request(resolved, run_id), api, None)
        return plan, source_of(plan)

    return make
