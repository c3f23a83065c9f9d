"""`purge`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from seedkit.assembly import take_out
from seedkit.cli.account import Account
from seedkit.cli.choosing import Chosen, choose_runs
from seedkit.cli.find import choose_mark
from seedkit.cli.purge_words import (
    print_tables,
    say_dry_run,
    say_outcome,
    say_plan,
)
from seedkit.cli.receipts import say_proof
from seedkit.cli.selection import Selection
from seedkit.cli.shell import error_document, plural, say_production
from seedkit.dataverse.acting import Acting
from seedkit.dataverse.environment import read_kind
from seedkit.errors import IncompleteError, SafetyStopError, SeedkitError
from seedkit.guard import looks_like_production
from seedkit.ledger import Ledger
from seedkit.purge import PurgeOptions, PurgeResult, Strangers
from seedkit.purge.engines import JobOrder
from seedkit.workplace.connect import open_api
from seedkit.workplace.holder import hold

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell
    from seedkit.purge import Decision, Survey


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person allowed beside deleting our own rows.

    `confirmed` are the runs for which rows that may be somebody else's may go as well.
    """

    strangers: Strangers = Strangers.STOP
    keep_edited: bool = False
    include_doubtful: bool = False
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """How a purge was asked for: what it may do, in whose name, by which engine."""

    dry_run: bool
    yes: bool
    allow_production: str | None
    acting: Acting
    jobs: JobOrder
    fingerprint: bool
    allowed: Allowed

    def options(
        self,
        agree: Callable[[Survey, Decision], None],
        account: Account,
        again: str,
    ) -> PurgeOptions:
        """Return what the purge itself needs to know of it."""
        return PurgeOptions(
            dry_run=self.dry_run,
            agree=agree,
            looked=account.looked,
            stopped=account.stopped,
            allow_production=self.allow_production,
            acting=self.acting,
            jobs=self.jobs,
            strangers=self.allowed.strangers,
            keep_edited=self.allowed.keep_edited,
            include_doubtful=self.allowed.include_doubtful,
            fingerprint=self.fingerprint,
            again=again,
        )


def purge(shell: Shell, selection: Selection, asked: Asked, *, mark: str | None) -> int:
    """Purge the chosen runs, or what is left of a lost one; return the exit code.

    With `--yes` nobody sees what is about to go, so a run's id must then be whole.
    """
    ledger = Ledger.open(shell.settings.ledger)
    chosen = _choose(shell, selection, ledger, asked, mark)
    if not chosen:
        shell.say("Nothing to purge.")
        if shell.json:
            shell.print_json([])
        return 0
    alone, dry_run = len(chosen) == 1, asked.dry_run

    def one(run: Chosen) -> dict[str, Any]:
        return _purge_one(shell, run, ledger, asked, brief=not alone and not dry_run)

    documents = [one(chosen[0])] if alone else _one_by_one(shell, chosen, one, dry_run=dry_run)
    if shell.json:
        shell.print_json(documents[0] if len(documents) == 1 else documents)
    stops = dry_run and asked.allowed.strangers is Strangers.STOP
    return max(_exit_code(document, stops=stops) for document in documents)


def _choose(
    shell: Shell, selection: Selection, ledger: Ledger, asked: Asked, mark: str | None
) -> list[Chosen]:
    """Return the runs that are meant, or the rows of a lost one by their mark."""
    doubtful_too = asked.allowed.include_doubtful
    if mark is None:
        return choose_runs(shell, selection, ledger, purged_too=doubtful_too)
    selection.refuse_beside_mark()
    allowed = doubtful_too or asked.dry_run
    return [choose_mark(shell, mark, selection.environment, allowed=allowed)]


def _one_by_one(
    shell: Shell,
    chosen: list[Chosen],
    one: Callable[[Chosen], dict[str, Any]],
    *,
    dry_run: bool,
) -> list[dict[str, Any]]:
    """Purge runs one after another; one that can't be purged keeps none of the others."""
    documents: list[dict[str, Any]] = []
    for run in chosen:
        try:
            documents.append(one(run))
        except SeedkitError as error:
            shell.say(f"{error.message}\n{error.hint or ''}".rstrip())
            documents.append(shell.error_frame(error_document(error)))
        except KeyboardInterrupt:
            shell.error_frame = partial(_last_of, documents, shell.error_frame)
            raise
    if not dry_run:
        _sum_up(shell, documents)
    return documents


def _last_of(
    documents: list[dict[str, Any]],
    frame: Callable[[dict[str, Any]], Any],
    error: dict[str, Any],
) -> list[dict[str, Any]]:
    """Return the documents of several runs, of which an error ended the last."""
    return [*documents, frame(error)]


def _sum_up(shell: Shell, documents: list[dict[str, Any]]) -> None:
    """Print one line per run."""
    rows = [
        (document["run"], *(sum(document.get(key, {}).values()) for key in ("deleted", "left")))
        for document in documents
    ]
    if not shell.json:
        shell.print_table(["run", "deleted", "left"], rows)
    stopped = [document["run"] for document in documents if "error" in document]
    if stopped:
        shell.say(f"Stopped, for the reasons above: {', '.join(stopped)}.")


def _exit_code(document: dict[str, Any], *, stops: bool) -> int:
    if "error" in document:
        return int(document["error"]["exit_code"])
    if "dry_run" in document:
        return SafetyStopError.exit_code if stops and document["strangers"] else 0
    if document["left"]:
        return IncompleteError.exit_code
    proof = document["fingerprint"]
    return 0 if proof is None or proof["holds"] else SeedkitError.exit_code


def _purge_one(
    shell: Shell, run: Chosen, ledger: Ledger, asked: Asked, *, brief: bool
) -> dict[str, Any]:
    """Purge one run and tell of it, with one line where it is `brief`; return its document."""
    account = Account(shell, run, dry_run=asked.dry_run)
    shell.error_frame = account.with_error
    shell.say(f"Looking for run {run.plan.run_id} in {run.target.name} ...")
    try:
        with nullcontext() if asked.dry_run else hold(ledger, run.plan.run_id, "seedkit purge"):
            result = asyncio.run(_work(shell, run, run.journal(ledger), asked, account))
    except KeyboardInterrupt:
        rest = f"Whatever is left of it goes with: {run.purging}"
        shell.say(rest if account.agreed else "Nothing was deleted.")
        raise
    account.ended(result)
    if not shell.json:
        if not brief:
            print_tables(shell, run.plan, result, dry_run=asked.dry_run)
        _say_end(shell, run, result, account, asked)
    return account.document()


async def _work(
    shell: Shell, run: Chosen, journal: Ledger | None, asked: Asked, account: Account
) -> PurgeResult:
    """Take a run out; return what became of it."""
    from seedkit.cli.watch import watch

    allowed = asked.allowed

    def agree(found: Survey, decision: Decision) -> None:
        say_plan(shell, run.plan, found, decision, doubtful_too=allowed.include_doubtful)
        _agree(shell, run, found, decision, allowed, yes=asked.yes)
        account.agreed = True

    async with open_api(shell, run.target) as api:
        account.api = api
        with watch(shell, "Purging") as progress:
            options = asked.options(agree, account, run.purging)
            result = await take_out(run.plan, run.target, api, journal, progress, options)
        if asked.dry_run and looks_like_production(await read_kind(api), api.url):
            say_production(shell, run.plan.environment.name, "purge")
        return result


def _say_end(
    shell: Shell, run: Chosen, result: PurgeResult, account: Account, asked: Asked
) -> None:
    """Tell how it ended."""
    allowed = asked.allowed
    if asked.dry_run:
        say_dry_run(
            shell,
            result.survey,
            result.decision,
            stops=allowed.strangers is Strangers.STOP,
            doubtful_too=allowed.include_doubtful,
        )
        return
    say_outcome(shell, run, result, account.seconds, account.paths["report"])
    say_proof(shell, result.proof)
    shell.say(f"The receipt: {account.paths['page']}")


def _agree(
    shell: Shell, run: Chosen, found: Survey, decision: Decision, allowed: Allowed, *, yes: bool
) -> None:
    """Ask, as seriously as it is: rows that may be somebody's need more than a yes."""
    name, ours = run.plan.run_id, sum(decision.counts.values())
    rows = plural(ours, "row")
    others = len({(one.table, one.id) for one in decision.deleting})
    if allowed.include_doubtful and not run.lost:
        others += sum(found.doubtful.values())
    unsure = []
    if others:
        go = "goes" if others == 1 else "go"
        unsure.append(f"{plural(others, 'row')} that may be somebody else's {go} with them.")
    if ours and found.partly_seen:
        unsure.append("Rows of others that this account can't see may go with them.")
    if unsure and name not in allowed.confirmed:
        shell.confirm_typed(
            " ".join(unsure),
            name,
            f"look at them, then add: --confirm {name}",
        )
    elif ours and (run.lost or not (yes or unsure)):
        _ask(shell, run, f"Delete {rows}?")


def _ask(shell: Shell, run: Chosen, question: str) -> None:
    if run.lost:
        shell.confirm_typed(
            f"No run speaks for these rows. {question}",
            run.mark,
            f"ask a person, on a terminal: {run.purging}",
        )
    elif run.copied:
        shell.confirm_typed(
            f"This is a copy of the environment that the run went to. {question}",
            run.plan.environment.name,
            f"{run.purging} --yes",
        )
    else:
        shell.confirm(question, f"{run.purging} --yes")
