"""Solutions: which are there, in which version, and what is missing without them."""

from __future__ import annotations

import re
from typing import Any

from seedkit.check.brings import (
    DEPLOY,
    KNOWN_VERSION,
    SOLUTIONS,
    UPDATE,
    tables_by_solution,
    title_of,
)
from seedkit.check.model import Area, Finding, Look, Probe, State, several

_AREA = Area.SOLUTIONS


async def installed(look: Look) -> dict[str, dict[str, Any]]:
    """Return the solutions of the environment by unique name, with their publishers."""
    rows = await look.rows(
        "solutions",
        {
            "$select": "solutionid,uniquename,friendlyname,version,ismanaged",
            "$expand": "publisherid($select=uniquename,friendlyname)",
        },
    )
    return {row["uniquename"]: row for row in rows}


async def solutions(look: Look) -> list[Finding]:
    """Tell of each solution that the profile's tables and the app come with."""
    there = await installed(look)
    live = await look.tables()
    needed = tables_by_solution(look.uses.tables)
    return [
        _finding(name, there.get(name), needed.get(name, []), live)
        for name in dict.fromkeys((*needed, *SOLUTIONS))
    ]


def _finding(name: str, row: dict[str, Any] | None, tables: list[str], live: Any) -> Finding:
    if row is not None:
        return _installed(name, row, tables)
    title = title_of(name)
    lacking = [table for table in tables if live[table] is None]
    if lacking:
        detail = f"{title} is not installed; it brings {several(lacking)}"
        return Finding(_AREA, name, State.MISSING, detail, DEPLOY)
    if tables:
        detail = f"{title} is not listed, though its tables are there"
        return Finding(_AREA, name, State.NOTE, detail, UPDATE)
    detail = f"{title} is not installed: rows can be made, but the app does not show them"
    return Finding(_AREA, name, State.NOTE, detail, DEPLOY)


def _installed(name: str, row: dict[str, Any], tables: list[str]) -> Finding:
    brings = f", brings {len(tables)} of the tables" if tables else ""
    told = f"{title_of(name)}, version {row['version']}{brings}"
    if _numbers(row["version"]) >= KNOWN_VERSION:
        return Finding(_AREA, name, State.OK, told)
    detail = f"{told}; seedkit knows the tables as of {'.'.join(map(str, KNOWN_VERSION))}"
    return Finding(_AREA, name, State.NOTE, detail, UPDATE)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


PROBES = (Probe(_AREA, "solutions", solutions),)
