"""The page with plots: one file that needs nothing else, no script and no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from seedkit.realism import plots
from seedkit.realism.frames import Frames
from seedkit.realism.report import Report, by_group, status, worst
from seedkit.realism.scoring import Verdict, named
from seedkit.realism.targets import MEDIANS, OWNERSHIP

FEWEST_BARS = 2  # cells that a plot needs
_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem;
       color: #222; background: #fff }
table { border-collapse: collapse; margin: 1rem 0 }
td, th { padding: .2rem .8rem .2rem 0; text-align: left; border-bottom: 1px solid #ddd }
td.n { text-align: right; font-variant-numeric: tabular-nums }
figure { margin: 1.5rem 0 } figcaption { color: #555; font-size: 13px }
svg { max-width: 100%; height: auto } .off, .fails { color: #b3261e; font-weight: 600 }
"""


def render_page(report: Report, frames: Frames) -> str:
    """Return the whole page."""
    parts = [
        f"<h1>How real is {escape(report.name)}?</h1>",
        _lead(report),
        _gates(report),
        _groups(report),
        _rules(report),
        "<h2>All cells</h2>",
        plots.distances([v.z for v in worst(report.verdicts) if v.target.gates]),
        *_spreads(report, frames),
        *_holdings(report),
        *_others(report),
        _table(report),
    ]
    head = f"<title>Realism of {escape(report.name)}</title><style>{_STYLE}</style>"
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="en"><meta charset="utf-8">{head}\n{body}\n</html>\n'


def _lead(report: Report) -> str:
    about = report.about
    return (
        f"<p>{about.households:,} households as of {about.as_of}, random seed "
        f"{about.random_seed}, {about.locale}. Orange: published, with the tolerance as a line. "
        "Blue: ours. Figures that are only remembered are shown and count for nothing.</p>"
    )


def _rows(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; words that say what a row counts for are marked."""
    lines = ["<table><tr>" + "".join(f"<th>{escape(name)}</th>" for name in head) + "</tr>"]
    for row in rows:
        lines.append("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>")
    return "\n".join([*lines, "</table>"])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return (
            f'<td class="n">{value:,.4g}</td>'
            if abs(value) < 1e4
            else (f'<td class="n">{value:,.0f}</td>')
        )
    if isinstance(value, int):
        return f'<td class="n">{value:,}</td>'
    mark = f' class="{value}"' if value in {"off", "fails"} else ""
    return f"<td{mark}>{escape(str(value))}</td>"


def _gates(report: Report) -> str:
    rows = [
        (r.gate.name, r.holding, r.cells, f"{r.gate.needs:.0%}", "holds" if r.passes else "fails")
        for r in report.gates
    ]
    return "<h2>Gates</h2>" + _rows(["gate", "hold", "of", "needed", ""], rows)


def _groups(report: Report) -> str:
    rows = [
        (line.group, line.holding, line.counted, line.aside, line.unknown)
        for line in by_group(report.verdicts)
    ]
    head = ["group", "hold", "of", "only shown", "not known"]
    return "<h2>Groups</h2>" + _rows(head, rows)


def _rules(report: Report) -> str:
    rows = [(f.name, f.says, f.checked, f.count) for f in report.findings]
    said = f"<h2>Rules</h2><p>{len(report.broken)} of {len(report.findings)} are broken.</p>"
    return said + _rows(["rule", "what it says", "checked", "broken"], rows)


def _spreads(report: Report, frames: Frames) -> Iterator[str]:
    """Return the amounts that are published as percentiles, with the whole of our spread."""
    for verdicts in _by_target(report.verdicts):
        target = verdicts[0].target
        labels = {verdict.label for verdict in verdicts}
        if target.measure == "amount" and not target.by and {"median", "p90"} <= labels:
            frame = frames[target.frame]
            rows = frame["weight"] > 0
            for name in target.where:
                rows &= frame[name].astype(bool)
            values = frame[target.columns[0]][rows].astype(float)
            drawn = plots.running(target.says, values, frame["weight"][rows], verdicts)
            yield _figure(drawn, verdicts)


def _holdings(report: Report) -> Iterator[str]:
    """Return one figure per holding: who owns it and the median, by age and by income."""
    mine = [v for v in report.verdicts if v.target.group in (OWNERSHIP, MEDIANS) and v.target.by]
    if mine:
        yield "<h2>Holdings</h2>"
    names = dict.fromkeys(v.target.id.split(".")[2] for v in mine)
    for name in names:
        verdicts = [v for v in mine if v.target.id.split(".")[2] == name]
        panels = [
            (_panel(name, group[0]), [_short(v) for v in group])
            for group in _by_target(verdicts)
            if len(group) >= FEWEST_BARS
        ]
        yield _figure(plots.bars(panels), verdicts)


def _panel(name: str, verdict: Verdict) -> str:
    by = verdict.target.by[0].removesuffix("_group")
    return f"{name.replace('_', ' ')} by {by}, {verdict.target.unit}"


def _short(verdict: Verdict) -> Verdict:
    """Return a verdict whose label leaves out what the panel says."""
    return Verdict(
        verdict.target,
        verdict.label.removesuffix(" median"),
        verdict.wanted,
        verdict.found,
        verdict.tolerance,
        verdict.rows,
    )


def _others(report: Report) -> Iterator[str]:
    """Return one figure per other target with several cells, group by group."""
    rest = [v for v in report.verdicts if v.target.group not in (OWNERSHIP, MEDIANS)]
    for group in dict.fromkeys(v.target.group for v in rest):
        yield f"<h2>{escape(group.capitalize())}</h2>"
        for verdicts in _by_target([v for v in rest if v.target.group == group]):
            if len(verdicts) >= FEWEST_BARS and any(v.known for v in verdicts):
                says = f"{verdicts[0].target.says}, {verdicts[0].target.unit}"
                yield _figure(plots.bars([(says, verdicts)]), verdicts)


def _by_target(verdicts: Sequence[Verdict]) -> list[list[Verdict]]:
    return [list(group) for _, group in groupby(verdicts, key=lambda v: v.target.id)]


def _figure(drawn: str, verdicts: Sequence[Verdict]) -> str:
    target = verdicts[0].target
    source = f"{target.source.title}, {target.source.publisher}, {target.year}"
    sure = "" if target.verified else "; from memory, counts for nothing"
    aside = f"; {target.aside}" if target.aside else ""
    caption = escape(f"Published: {source}{sure}{aside}")
    return f"<figure>{drawn}<figcaption>{caption}</figcaption></figure>"


def _table(report: Report) -> str:
    rows = [
        (v.target.group, named(v), v.wanted, v.found, v.tolerance, round(v.z, 1), status(v))
        for v in worst(report.verdicts)
    ]
    head = ["group", "figure", "published", "ours", "tolerance", "z", ""]
    return "<h2>All cells, the worst first</h2>" + _rows(head, rows)
