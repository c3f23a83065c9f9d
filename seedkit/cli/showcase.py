"""`showcase`: the customers that were made to be shown, and what to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedkit.assembly import showcase_customers
from seedkit.cli.choosing import Chosen, choose_run
from seedkit.errors import UsageError
from seedkit.ledger import Ledger, RunState
from seedkit.links import link_to
from seedkit.manifest import GUIDES, SHOWCASES, Customer
from seedkit.settings import LOCAL_URL

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell
    from seedkit.population.notable import Showcase


def showcase(shell: Shell, run: str | None, environment: str | None) -> int:
    """List the showcase customers of a run; UsageError when it was made without them."""
    ledger = Ledger.open(shell.settings.ledger)
    chosen = choose_run(shell, "showcase", run, environment, ledger)
    plan = chosen.plan
    if chosen.state is RunState.PURGED:
        raise UsageError(
            f"Run {plan.run_id} was purged, and its customers with it.",
            f"Seed it anew with: seedkit seed --profile {plan.profile_name} --run-id {plan.run_id}",
        )
    found = showcase_customers(plan, chosen.journal(ledger))
    if not found:
        raise UsageError(
            f"Run {plan.run_id} has no showcase customers.",
            f"Make one with: seedkit seed --profile {plan.profile_name} --set showcase=true",
        )
    entries = [_entry(chosen, what, customer) for what, customer in found]
    if shell.json:
        shell.print_json(
            {
                "run": plan.run_id,
                "environment": {"name": chosen.target.name, "url": plan.environment.url},
                "customers": entries,
            }
        )
    else:
        rows = [[each[key] for key in ("name", "showcase", "look", "see")] for each in entries]
        shell.print_table(["customer", "showcase", "look at", "there you see"], rows)
        _print_links(shell, chosen, entries)
    return 0


def _print_links(shell: Shell, chosen: Chosen, entries: list[dict[str, str]]) -> None:
    """Print a line for each link, in one piece however long, so that a click opens all of it."""
    width = max(len(each["name"]) for each in entries)
    print("\n".join(f"  {each['name']:<{width}}  {each['link']}" for each in entries), flush=True)
    if chosen.target.url == LOCAL_URL:
        shell.say(
            "\nThe links answer while the local environment is served: seedkit emulator serve"
        )


def _entry(chosen: Chosen, what: Showcase, customer: Customer) -> dict[str, str]:
    guide = GUIDES[what]
    return {
        "showcase": str(what),
        "trait": SHOWCASES[what],
        "name": customer.name,
        "contact": customer.id,
        "look": guide.look,
        "see": guide.see,
        "link": _link(chosen, customer),
    }


def _link(chosen: Chosen, customer: Customer) -> str:
    configured = chosen.target.configured
    app = configured.app_id if configured else None
    row = customer.row
    return link_to(chosen.target.url, row.table, row.path, row.id, app)
