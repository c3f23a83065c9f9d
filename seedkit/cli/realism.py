"""`realism`: a population beside published figures, and what it may never do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from seedkit.cli.shell import plural
from seedkit.errors import UsageError
from seedkit.realism.measuring import measure_files, measure_profile
from seedkit.realism.report import Report, by_group, document, status, worst
from seedkit.realism.scoring import FEWEST, Verdict, named
from seedkit.workplace.wishes import Wish, resolve

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell
    from seedkit.realism.frames import Frames

FAILED = 1
SHOWN = 10  # cells of a group without --all
_HEAD = ["figure", "published", "ours", "tolerance", "z", ""]


def realism(
    shell: Shell, wish: Wish, files: Path | None, every_cell: bool, html: Path | None
) -> int:
    """Measure and print; return the exit code."""
    report, frames = _measure(wish, files)
    if html is not None:
        _write_page(report, frames, html)
    if shell.json:
        shell.print_json(document(report))
    else:
        _print(shell, report, every_cell)
    if html is not None:
        shell.say(f"The page is {html}")
    return 0 if report.passes else FAILED


def _measure(wish: Wish, files: Path | None) -> tuple[Report, Frames]:
    asked = wish != Wish("", None, None, None, ())
    if asked == (files is not None) or (asked and not wish.profile):
        raise UsageError(
            "Either a profile or a folder of files is measured; files are taken as they are.",
            "Run it as: seedkit realism --profile retail --households 10000",
        )
    if files is not None:
        return measure_files(files)
    resolved = resolve(wish)
    if not resolved.profile.households:
        raise UsageError(
            f"The profile {resolved.name} has no households to measure.",
            f"Give it some: seedkit realism --profile {resolved.name} --households 1000",
        )
    return measure_profile(resolved.name, resolved.profile, resolved.as_of)


def _write_page(report: Report, frames: Frames, html: Path) -> None:
    try:
        from seedkit.realism.page import render_page
    except ImportError:
        raise UsageError(
            "--html draws plots, and Matplotlib is not installed.",
            'Install it with: python -m pip install "seedkit[realism]"',
        ) from None
    try:
        html.write_text(render_page(report, frames), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"The page {html} can't be written ({error.strerror}).", "Choose another with --html"
        ) from None


def _print(shell: Shell, report: Report, every_cell: bool) -> None:
    about = report.about
    said = f"{report.name}: {plural(about.households, 'household')}, as of {about.as_of}"
    shell.say(f"{said}, random seed {about.random_seed}")
    for line in by_group(report.verdicts):
        mine = worst(v for v in report.verdicts if v.target.group == line.group)
        if mine:
            rows = mine if every_cell else mine[:SHOWN]
            title = f"{line.group}: {line.holding} of {line.counted} cells hold"
            shell.print_table(_HEAD, [_row(verdict) for verdict in rows], title)
    _print_groups(shell, report)
    _print_gates(shell, report)
    _print_rules(shell, report)
    if not report.gating:
        shell.say(f"With fewer than {FEWEST} households the figures are shown and gate nothing.")


def _row(verdict: Verdict) -> list[object]:
    return [
        named(verdict),
        figure(verdict.wanted),
        figure(verdict.found),
        figure(verdict.tolerance),
        f"{verdict.z:+.1f}",
        status(verdict),
    ]


def figure(value: float) -> str:
    """Return a figure with four digits at most, thousands marked."""
    if abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def _print_groups(shell: Shell, report: Report) -> None:
    rows = [
        [line.group, _share(line.holding, line.counted), line.aside, line.unknown]
        for line in by_group(report.verdicts)
    ]
    shell.print_table(["group", "cells that hold", "only shown", "not known"], rows, "Groups")


def _print_gates(shell: Shell, report: Report) -> None:
    rows = [
        [
            result.gate.name,
            _share(result.holding, result.cells),
            f"{result.gate.needs:.0%}",
            "holds" if result.passes else "fails",
        ]
        for result in report.gates
    ]
    shell.print_table(["gate", "cells that hold", "needed", ""], rows, "Gates")


def _share(holding: int, cells: int) -> str:
    return f"{holding} of {cells} ({holding / cells:.1%})" if cells else "none measured"


def _print_rules(shell: Shell, report: Report) -> None:
    broken = report.broken
    title = f"Rules: {plural(len(report.findings), 'rule')}, {len(broken)} broken"
    rows: Iterable[Sequence[object]] = [
        [finding.name, finding.says, finding.count, finding.checked] for finding in broken
    ]
    shell.print_table(["rule", "what it says", "broken", "checked"], list(rows), title)
