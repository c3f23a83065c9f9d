"""How a run that is made, or would be made, is told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedkit.cli.manners import say_manner
from seedkit.cli.shell import plural
from seedkit.dataverse.manner import Manner
from seedkit.plan import Plan
from seedkit.settings import LOCAL_URL
from seedkit.workplace.connect import target_at

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell


def announce(shell: Shell, plan: Plan, manner: Manner) -> None:
    """Say what is about to be written, where, and how."""
    shell.say(
        f"Run {plan.run_id}: {plural(plan.profile['households'], 'household')} of profile "
        f"{plan.profile_name}, random seed {plan.profile['random_seed']}, as of {plan.as_of}, "
        f"in {target_at(shell, plan.environment.url).name} ({_identity(plan)})"
    )
    if plan.expires:
        shell.say(f"It expires at {plan.expires}; then seedkit purge --expired removes it.")
    say_manner(shell, plan, manner)


def _identity(plan: Plan) -> str:
    """Return name, address and id of the environment; the local one's name says it all."""
    here = plan.environment
    return here.name if here.url == LOCAL_URL else f"{here.name}, {here.url}, {here.id}"


def document(shell: Shell, plan: Plan, **values: Any) -> dict[str, Any]:
    """Return what `--json` prints: which run it is, and values."""
    return {
        "run": plan.run_id,
        "environment": {
            "name": target_at(shell, plan.environment.url).name,
            "url": plan.environment.url,
            "id": plan.environment.id,
        },
        "profile": plan.profile_name,
        "random_seed": plan.profile["random_seed"],
        "as_of": plan.as_of,
        "left_out": list(plan.left_out),
        "expires": plan.expires,
        **values,
    }
