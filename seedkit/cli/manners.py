"""What is told about how a run is made: whose rows they are, in whose name, what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from seedkit.custom import told
from seedkit.dataverse.acting import BACKDATE
from seedkit.dataverse.manner import Manner
from seedkit.plan import Owner, Plan

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell

SHOWN = 5


def say_manner(shell: Shell, plan: Plan, manner: Manner) -> None:
    """Tell what is out of the ordinary about a run, one line for each thing."""
    for line in _lines(plan, manner):
        shell.say(line)


def _lines(plan: Plan, manner: Manner) -> Iterator[str]:
    if manner.impersonated is not None:
        yield f"In the name of {manner.impersonated.name}."
    if manner.bypass_logic:
        yield "The customer's own plug-ins, workflows and flows are skipped; Microsoft's run."
    if plan.owners:
        yield f"Rows belong to {_names(plan.owners)}."
    if plan.agents:
        yield f"Cases and what is done about them belong to {_names(plan.agents)}."
    for line in told(plan.left_out):
        yield f"Left out, because this environment lacks it: {line}."
    if not plan.backdates and plan.profile["life_events"]["backdated"]:
        named = "" if manner.impersonated is None else f", or {manner.impersonated.name},"
        yield f"Life events are made as new: this account{named} lacks the privilege {BACKDATE}."


def _names(owners: Sequence[Owner]) -> str:
    names = [owner.who.name for owner in owners]
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")
