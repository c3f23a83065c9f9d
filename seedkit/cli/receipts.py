"""The receipt of a purge: writing it, and telling what comparing all other rows has shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedkit.cli.shell import plural
from seedkit.reports import Facts, write_page, write_receipt

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell
    from seedkit.plan import Plan
    from seedkit.purge import PurgeResult
    from seedkit.purge.fingerprint import Proof


def write_receipts(
    shell: Shell, plan: Plan, result: PurgeResult, requests: int, seconds: float
) -> dict[str, str | None]:
    """Write the lines for programs and the page for people; return their paths."""
    report = shell.settings.new_report(plan.run_id, "purge")
    page = report.with_suffix(".html")
    when = shell.now().isoformat(timespec="seconds")
    write_receipt(report, plan, result, when)
    write_page(page, result, Facts(plan, when, requests, seconds))
    return {"report": str(report), "page": str(page)}


NO_RECEIPTS: dict[str, str | None] = {"report": None, "page": None}


def proof_document(proof: Proof | None) -> dict[str, Any] | None:
    """Return what `--json` prints of a fingerprint."""
    if proof is None:
        return None
    rows = ("changed", "gone", "new")
    listed = {name: [list(row) for row in getattr(proof, name)] for name in rows}
    unproved = dict(proof.unproved)
    return {"holds": proof.holds, "rows": dict(proof.rows), **listed, "unproved": unproved}


def say_proof(shell: Shell, proof: Proof | None) -> None:
    """Tell whether all other rows are as they were."""
    if proof is None:
        return
    compared = sum(proof.rows.values())
    if not compared:
        shell.say("There are no rows of others in the tables around, so none was compared.")
    elif proof.holds:
        shell.say(f"Rows of others, compared before and after: {compared:,}, all as they were.")
    else:
        shell.say(
            f"Of {plural(compared, 'row')} that are not ours {len(proof.changed):,} were changed "
            f"meanwhile and {len(proof.gone):,} are gone; the receipt names them."
        )
    for table, reason in proof.unproved.items():
        shell.say(f"Rows of {table} could not be compared: {reason}")
