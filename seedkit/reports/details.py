"""One line per row that did not come or did not go, and the receipt of a purge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from seedkit.ledger import LostRow
from seedkit.plan import Plan
from seedkit.private import make_private_file
from seedkit.purge import PurgeResult
from seedkit.reports.rows import kept_rows, others_of


def write_lost_rows(path: Path, rows: Iterable[LostRow]) -> None:
    """Write one line per row that was refused or skipped."""
    _write(
        path,
        (
            {
                "state": row.state,
                "step": row.step.value,
                "table": row.table,
                "id": row.id,
                "code": row.code,
                "reason": row.reason,
            }
            for row in rows
        ),
    )


def write_receipt(path: Path, plan: Plan, result: PurgeResult, when: str) -> None:
    """Write which run it is, what was deleted per table, what was left, and what else there is."""
    found = result.survey.doubtful_rows
    stopped = {"stopped": result.stopped} if result.stopped else {}
    lines: list[dict[str, Any]] = [_head(plan, when) | stopped]
    counts = {key: getattr(result, key) for key in ("deleted", "already_gone", "gone_before")}
    lines += [
        {"table": name, **{key: count.get(name, 0) for key, count in counts.items()}}
        for name in sorted({name for count in counts.values() for name in count})
    ]
    lines += [
        {"table": row.table, "left": row.id, "code": row.code, "reason": row.reason}
        for row in result.leftovers
    ]
    lines += [{"table": row.table, "doubtful": row.id, "why": row.why} for row in found]
    lines += [
        {"table": row.table, "edited": row.id, "changes": list(row.changes)}
        for row in result.survey.edited
    ]
    lines += [
        {"table": one.table, "shared": one.id, "with": one.whom}
        for one in result.survey.shares.found
    ]
    lines += [
        {"table": name, "shares_unknown": why}
        for name, why in sorted(result.survey.shares.unknown.items())
    ]
    lines += [{"table": name, "kept": id, "why": why} for name, id, why in kept_rows(plan, result)]
    lines += [
        {"table": row.table, "stranger": row.id, "harm": row.harm.value}
        for row in others_of(result)
    ]
    lines += [{"job": asdict(job)} for job in result.jobs]
    lines += [{"remark": remark} for remark in result.remarks]
    if result.proof is not None:
        lines.append({"fingerprint": asdict(result.proof)})
    _write(path, lines)


def _head(plan: Plan, when: str) -> dict[str, Any]:
    here = plan.environment
    return {
        "run": plan.run_id,
        "environment": {"name": here.name, "url": here.url, "id": here.id},
        "profile": plan.profile_name,
        "seeded": plan.created,
        "purged": when,
    }


def _write(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    make_private_file(path)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
