"""`check`: can a seed work there? Nothing is written."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from seedkit.assembly import bind_columns, leave_out, make_uses
from seedkit.check import (
    PROBES,
    STOPPING,
    Area,
    Finding,
    Look,
    Place,
    Probe,
    Report,
    State,
    Uses,
    several,
)
from seedkit.check import check as ask_all
from seedkit.cli.shell import plural
from seedkit.custom import told
from seedkit.dataverse.environment import who_am_i
from seedkit.dataverse.manner import Manner
from seedkit.errors import MissingInTargetError, ServiceError
from seedkit.workplace.connect import find_target, open_api
from seedkit.workplace.wishes import Wish, resolve

if TYPE_CHECKING:
    from rich.table import Table as RichTable

    from seedkit.cli.shell import Shell
    from seedkit.dataverse.acting import Acting
    from seedkit.dataverse.client import WebApi
    from seedkit.environments import Target

WHAT_WIDTH = 34  # the longest subject, the name of a solution
WIDE = 100  # columns of a terminal from which on all areas have theirs in one line
_STYLES = {
    State.MISSING: "bold red",
    State.REFUSED: "bold red",
    State.UNKNOWN: "yellow",
    State.NOTE: "cyan",
    State.OK: "green",
}


def check(shell: Shell, wish: Wish, environment: str, acting: Acting) -> int:
    """Ask an environment for all that a seed needs; 4 when the seed could not work."""
    began = time.monotonic()
    target = find_target(shell, environment)
    resolved = resolve(wish)
    uses = make_uses(resolved, target)

    async def work() -> tuple[Report, int]:
        async with open_api(shell, target) as api:
            own = await _begin(acting, api)
            place = await _place(target, wish, environment, acting, api)
            fitting, parts = await _fitting(uses, api)
            look = Look(api, fitting, place, resolved.now, own)
            report = await ask_all(look, (*PROBES, OWN_COLUMNS, parts))
            return report, api.traffic.requests

    report, requests = asyncio.run(work())
    seconds = time.monotonic() - began
    if shell.json:
        shell.print_json(_document(target, resolved.name, report, requests, seconds))
    else:
        _print(shell, report)
    asked = f"{plural(requests, 'request')}, {seconds:.1f} s; nothing was written"
    shell.say(f"{_verdict(target, resolved.name, report)} ({asked}).")
    return 0 if report.works else MissingInTargetError.exit_code


async def _begin(acting: Acting, api: WebApi) -> WebApi | None:
    """Ask in the name of the user for whom a seed would act; return what asks in our own."""
    if acting.impersonate is None:
        return None
    await acting.begin(api, (await who_am_i(api))["UserId"], Manner())
    return replace(api, manner=Manner()) if api.manner.impersonated else None


async def _fitting(uses: Uses, api: WebApi) -> tuple[Uses, Probe]:
    """Return what a seed would use without what it leaves out there, and what tells of that."""
    found = [Finding(Area.TABLES, _PARTS, State.OK, "nothing is left out")]
    try:
        request = await leave_out(uses.request, api)
        uses = replace(uses, request=request)
        lines = told(request.left_out)
        found = [
            Finding(Area.TABLES, _PARTS, State.NOTE, f"left out: {line}", _INSTALL)
            for line in lines
        ] or found
    except MissingInTargetError as error:
        found = [Finding(Area.TABLES, _PARTS, State.MISSING, error.message, error.hint or "")]
    except ServiceError as error:
        found = [Finding(Area.TABLES, _PARTS, State.UNKNOWN, f"could not be read: {error.reason}")]

    async def tell(_look: Look) -> list[Finding]:
        return found

    return uses, Probe(Area.TABLES, _PARTS, tell)


_PARTS = "parts"
_INSTALL = "Nothing to do: the seed does the rest. To have it, install what brings it."


async def _own_columns(look: Look) -> list[Finding]:
    """Tell whether what the profile adds to columns, and leaves out, fits there."""
    uses = look.uses.request
    own = uses.profile["columns"]
    named = [f"{table}.{name}" for table, columns in own.items() for name in columns]
    try:
        await bind_columns(uses, look.api)
    except MissingInTargetError as error:
        return [Finding(Area.TABLES, _OWN, State.MISSING, error.message, error.hint or "")]
    return [Finding(Area.TABLES, _OWN, State.OK, several(named) or "it adds none")]


_OWN = "columns of the profile"
OWN_COLUMNS = Probe(Area.TABLES, _OWN, _own_columns, needed=True)


async def _place(target: Target, wish: Wish, word: str, acting: Acting, api: WebApi) -> Place:
    settings = (part for item in wish.overrides for part in ("--set", item))
    user = api.manner.impersonated
    named = f", in the name of {user.name}" if user else ""
    other = ("--impersonate", acting.impersonate) if acting.impersonate else ()
    return Place(
        sign_in=await _sign_in(target, api) + named,
        options=("--profile", wish.profile, "--environment", word, *settings, *other),
        rows_per_request=target.configured.rows_per_request if target.configured else None,
    )


async def _sign_in(target: Target, api: WebApi) -> str:
    """Return how we sign in, as whom and for how long; never a token."""
    entry = target.configured
    if api.bearer is None or entry is None:
        return "none is needed on this machine"
    from seedkit.signin import read_claims

    claims = read_claims(await api.bearer.token())
    who = next((claims[key] for key in _NAMES if key in claims), "an account that it hides")
    until = f", token until {_moment(claims['exp'])}" if "exp" in claims else ""
    return f"{entry.sign_in.value} as {who}{until}"


_NAMES = ("preferred_username", "upn", "unique_name", "app_displayname", "appid")


def _moment(seconds: object) -> str:
    return datetime.fromtimestamp(int(str(seconds)), UTC).isoformat(timespec="minutes")


def _verdict(target: Target, profile: str, report: Report) -> str:
    where = f"A seed of profile {profile} in {target.name}"
    if report.works:
        return f"{where} would work"
    count = sum(finding.state in STOPPING for finding in report.findings)
    return f"{where} would not work: {plural(count, 'thing')} in the way"


def _document(
    target: Target, profile: str, report: Report, requests: int, seconds: float
) -> dict[str, Any]:
    told = report.organization
    return {
        "environment": {
            "name": target.name,
            "url": target.url,
            "id": told.get("EnvironmentId") or told.get("OrganizationId"),
            "type": told.get("OrganizationType"),
            "version": told.get("OrganizationVersion"),
        },
        "profile": profile,
        "works": report.works,
        "counts": report.counts,
        "findings": [
            {
                "area": finding.area.value,
                "subject": finding.subject,
                "state": finding.state.value,
                "detail": finding.detail,
                "remedy": finding.remedy or None,
            }
            for finding in report.findings
        ],
        "requests": requests,
        "seconds": round(seconds, 3),
    }


def _print(shell: Shell, report: Report) -> None:
    """Print a table per area, below each line that is not well what to do about it."""
    console = shell.console()
    for area, group in groupby(report.findings, key=lambda finding: finding.area):
        findings = list(group)
        together = report.findings if console.width >= WIDE else findings
        subjects = max(len(finding.subject) for finding in together)
        console.print(_table(area, findings, min(subjects, WHAT_WIDTH)))


def _table(area: Area, findings: Sequence[Finding], subjects: int) -> RichTable:
    """Return the table of an area, `subjects` characters wide where it names them."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE, show_header=False)
    table.add_column(no_wrap=True, min_width=max(len(state.value) for state in State))
    table.add_column(min_width=subjects, max_width=subjects, overflow="fold")
    table.add_column(overflow="fold")
    table.add_row("", Text(area.value, style="bold underline"))
    for finding in findings:
        table.add_row(*_cells(finding))
    return table


def _cells(finding: Finding) -> tuple[Any, ...]:
    from rich.text import Text

    said = Text(finding.detail)
    if finding.remedy:
        said.append(f"\n-> {finding.remedy}", style="bold" if finding.state in STOPPING else "")
    return Text(finding.state.value, style=_STYLES[finding.state]), finding.subject, said
