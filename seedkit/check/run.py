"""Asking all questions at once, and what comes of the answers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seedkit.check import (
    deployment,
    limits,
    logic,
    place,
    privileges,
    setup,
    solutions,
    storage,
    tables,
)
from seedkit.check.model import STOPPING, Area, Finding, Look, Probe, State
from seedkit.errors import ServiceError, one_error

PROBES: tuple[Probe, ...] = (
    *place.PROBES,
    *setup.PROBES,
    *deployment.PROBES,
    *solutions.PROBES,
    *tables.PROBES,
    *privileges.PROBES,
    *limits.PROBES,
    *logic.PROBES,
    *storage.PROBES,
)
_AREAS, _STATES = list(Area), list(State)
_FORBIDDEN = 403
_LOOK_UP = "Nothing to do; look it up in the admin centre if it matters."


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found, area by area and the worst of each first.

    `organization` is what the environment tells of itself, empty when it answers us nothing.
    """

    findings: tuple[Finding, ...]
    organization: Mapping[str, Any]

    @property
    def works(self) -> bool:
        """Tell whether a seed would work."""
        return not any(finding.state in STOPPING for finding in self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of findings per state, worst first; states without any are left out."""
        counted = Counter(finding.state for finding in self.findings)
        return {state.value: counted[state] for state in State if counted[state]}


async def check(look: Look, probes: Sequence[Probe] = PROBES) -> Report:
    """Ask everything at once; what can't be read is a finding.

    SignInError and ConnectionFailedError as in any request.
    """
    if refusal := await _who(look):
        return Report((refusal,), {})
    with one_error():
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_ask(probe, look)) for probe in probes]
    found = [finding for task in tasks for finding in task.result()]
    found.sort(key=lambda item: (_AREAS.index(item.area), _STATES.index(item.state)))
    return Report(tuple(found), await place.organization(look))


async def _who(look: Look) -> Finding | None:
    """Ask who we are; return what is in the way when we are nobody with any right."""
    try:
        await place.me(look)
        await place.organization(look)
    except ServiceError as error:
        return Finding(
            Area.ENVIRONMENT,
            "user",
            State.REFUSED,
            f"the environment answers our user nothing: {_reason(error)}",
            "Give the user a security role in the admin centre (Settings > Users + permissions).",
        )
    return None


async def _ask(probe: Probe, look: Look) -> list[Finding]:
    try:
        return list(await probe.ask(look))
    except ServiceError as error:
        return [_unread(probe, _reason(error), _way_on(error))]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        # Other versions and services may leave out what is documented.
        what = f"the answer is not as documented ({type(error).__name__}: {error})"
        return [_unread(probe, what, _LOOK_UP)]


def _unread(probe: Probe, reason: str, remedy: str) -> Finding:
    state = State.REFUSED if probe.needed else State.UNKNOWN
    return Finding(probe.area, probe.subject, state, f"could not be read: {reason}", remedy)


def _reason(error: ServiceError) -> str:
    return f"{error.status} {error.code} {error.reason}".replace("  ", " ").rstrip(".")


def _way_on(error: ServiceError) -> str:
    if error.status == _FORBIDDEN:
        return "Let an administrator run the same check, or add the privilege to a role."
    return _LOOK_UP
