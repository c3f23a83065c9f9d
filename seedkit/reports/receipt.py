"""The receipt of a purge: what went, what stayed and why, what nobody can prove. For people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from seedkit.plan import Plan
from seedkit.private import make_private_file
from seedkit.purge import PurgeResult
from seedkit.purge.findings import Harm, Shares, Stranger
from seedkit.purge.fingerprint import Proof
from seedkit.reports.rows import kept_rows, others_of

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#222}table{border-collapse:collapse;margin:.5rem 0}th,td{padding:.2rem .8rem .2rem 0;"
    "text-align:left;border-bottom:1px solid #ddd;vertical-align:top}td.n{text-align:right}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}code{font-size:.9em}"
)
_KEPT_BY_THE_PLATFORM = (
    "Entries of the audit log on making and deleting these rows, where auditing is on.",
    "Deleted rows in the recycle bin, where it is on, for its retention time; an administrator can "
    "restore them.",
    "Counts of requests in the platform's usage reports.",
)
_DELETED = ("table", "deleted", "gone with parents or without an answer", "gone before")
_NOT_PROVABLE = (
    "That nobody hung a row on one of ours between the last search for strangers and the delete: "
    "no interface of the service closes that window.",
    "What the rows were before testers changed them: changes went with the rows.",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a receipt says beside the result: of which run, when, by how much work."""

    plan: Plan
    when: str
    requests: int
    seconds: float


def write_page(path: Path, result: PurgeResult, facts: Facts) -> None:
    """Write a page that stands by itself, to be read, kept or sent."""
    make_private_file(path)
    title = escape(f"Purge of run {facts.plan.run_id}")
    parts = "\n".join(_parts(result, facts))
    path.write_text(
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n<h1>{title}</h1>\n{parts}\n</html>\n",
        encoding="utf-8",
        newline="\n",
    )


def _parts(result: PurgeResult, facts: Facts) -> Iterator[str]:
    yield _said(_verdict(result))
    yield from _header(result, facts)
    yield from _section("Deleted", _DELETED, _deleted(result))
    left = [(row.table, row.id, row.code, row.reason) for row in result.leftovers]
    yield from _section("Left, and why", ("table", "id", "code", "reason"), left)
    doubtful = [(row.table, row.id, row.why) for row in result.survey.doubtful_rows]
    fate = "deleted because that was allowed" if result.doubtful_too else "left alone"
    yield from _section(f"Doubtful, {fate}", ("table", "id", "why"), doubtful)
    kept = Counter((name, why) for name, _, why in kept_rows(facts.plan, result))
    rows = [(name, count, why) for (name, why), count in kept.items()]
    yield from _section("Kept, and why", ("table", "rows", "why"), rows)
    edited = [(row.table, row.name, row.id, ", ".join(row.changes)) for row in result.survey.edited]
    yield from _section("Changed after seeding", ("table", "name", "id", "what is seen"), edited)
    yield from _shares(result.survey.shares)
    yield from _others(result)
    jobs = [(job.table, job.by, job.outcome, job.deleted, job.failed) for job in result.jobs]
    heads = ("table", "found by", "outcome", "deleted", "not deleted")
    yield from _section("Background jobs", heads, jobs)
    yield from _list("Not as asked for", result.remarks)
    yield from _proof(result.proof)
    yield from _list("What the platform keeps", _KEPT_BY_THE_PLATFORM)
    yield from _list("What can't be proved", _NOT_PROVABLE)


def _verdict(result: PurgeResult) -> str:
    if result.stopped:
        return f"The purge stopped before its end, and nothing was verified: {result.stopped}"
    if result.left:
        return f"{sum(result.left.values()):,} rows are still there."
    if result.kept:
        return f"{sum(result.kept.values()):,} rows were kept; all others of the run are gone."
    return "All rows of the run are gone: asked for by number and by id, none was there any more."


def _header(result: PurgeResult, facts: Facts) -> Iterator[str]:
    plan = facts.plan
    here = plan.environment
    rows = (
        ("run", plan.run_id),
        ("environment", f"{here.name}, {here.url}, {here.id}"),
        ("profile", plan.profile_name),
        ("seeded", plan.created),
        ("purged", facts.when),
        ("rows deleted", f"{sum(result.deleted.values()):,}"),
        ("requests", f"{facts.requests:,}"),
        ("seconds", f"{facts.seconds:.1f}"),
    )
    yield _table(("", ""), rows)


def _deleted(result: PurgeResult) -> list[Sequence[object]]:
    counts = result.deleted, result.already_gone, result.gone_before
    names = sorted({name for count in counts for name in count})
    return [(name, *(count.get(name, 0) for count in counts)) for name in names]


def _shares(shares: Shares) -> Iterator[str]:
    rows = [(one.table, one.name, one.whom, one.id) for one in shares.found]
    heading = "Shared with others; a share ends with its row"
    yield from _section(heading, ("table", "name", "with", "id"), rows)
    unknown = sorted(shares.unknown.items())
    yield from _section("Tables whose shares are not all known", ("table", "why"), unknown)


def _others(result: PurgeResult) -> Iterator[str]:
    rows = [
        (one.table, one.name, one.above, one.harm.value, _fate(result, one), one.id)
        for one in others_of(result)
    ]
    heads = ("table", "name", "hangs on", "what a delete does to it", "what became of it", "id")
    yield from _section("Rows of others on ours", heads, rows)
    taken = sorted(result.strangers_deleted.items())
    yield from _section(
        "Rows of others, deleted because that was allowed", ("table", "rows"), taken
    )


def _fate(result: PurgeResult, one: Stranger) -> str:
    if one in result.decision.deleting:
        return "deleted, as was allowed"
    stays = one.parent_id in result.decision.kept.get(one.parent, ())
    return "lost the lookup" if one.harm is Harm.EMPTIED and not stays else "as it was"


def _proof(proof: Proof | None) -> Iterator[str]:
    if proof is None:
        yield from _list("Fingerprint", ("Not taken; --fingerprint compares all other rows.",))
        return
    compared = f"{sum(proof.rows.values()):,} rows of {len(proof.rows)} tables"
    holds = "every one is there as it was" if proof.holds else "some are not as they were"
    yield from _list("Fingerprint", (f"{compared} that are not ours were compared: {holds}.",))
    for heading, rows in (
        ("Changed meanwhile, by the purge only where a lookup to our row ended", proof.changed),
        ("Gone meanwhile", proof.gone),
        ("New meanwhile", proof.new),
    ):
        yield from _section(heading, ("table", "id"), rows)
    unproved = tuple(proof.unproved.items())
    yield from _section("Tables that could not be compared", ("table", "answer"), unproved)


def _section(
    heading: str, columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> Iterator[str]:
    if rows:
        yield f"<h2>{escape(heading)}</h2>\n{_table(columns, rows)}"


def _list(heading: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"<h2>{escape(heading)}</h2>\n" + "\n".join(map(_said, lines))


def _said(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "\n".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    return f"<table>\n<tr>{head}</tr>\n{body}\n</table>"


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f'<td class="n">{value:,}</td>'
    return f"<td>{escape(str(value))}</td>"
