"""How much the environment takes: what its answers tell, and what a seed makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedkit.check.model import Area, Finding, Look, Probe, State
from seedkit.dataverse.sizes import CUSTOM_START, STANDARD_START
from seedkit.dataverse.window import REMAINING_REQUESTS, REMAINING_TIME, WindowLimits

if TYPE_CHECKING:
    import httpx

_AREA = Area.LIMITS


async def _answer(look: Look) -> httpx.Response:
    """Return an answer with its headers; asking who we are is the documented way to the advice."""
    return await look.once("answer", lambda: look.api.send("GET", "WhoAmI"))


async def parallelism(look: Look) -> list[Finding]:
    """Tell how many requests at a time the environment advises, and how many there will be."""
    await _answer(look)
    pace = look.api.flow.pace
    told = "advises nothing" if pace.advice is None else f"advises {pace.advice} at a time"
    detail = f"the environment {told}; a seed begins with {pace.limit} requests in flight"
    return [Finding(_AREA, "parallelism", State.OK, detail)]


async def size(look: Look) -> list[Finding]:
    """Tell how many rows a request will hold at first."""
    most = look.place.rows_per_request
    rows = [min(start, most or start) for start in (CUSTOM_START, STANDARD_START)]
    detail = f"begins with {rows[0]} in tables of solutions, {rows[1]} in those of the platform"
    return [Finding(_AREA, "rows per request", State.OK, detail)]


async def window(look: Look) -> list[Finding]:
    """Tell what is left of the window of five minutes, where answers say so."""
    headers = (await _answer(look)).headers
    requests, seconds = headers.get(REMAINING_REQUESTS), headers.get(REMAINING_TIME)
    usual = WindowLimits()
    if requests is None and seconds is None:
        detail = (
            f"answers don't tell what is left; usual are {usual.requests:,} requests and "
            f"{usual.execution:,.0f} s of execution in {usual.seconds:.0f} s"
        )
        return [Finding(_AREA, "window", State.OK, detail)]
    detail = f"left: {requests} requests, {seconds} s of execution"
    return [Finding(_AREA, "window", State.OK, detail)]


PROBES = (
    Probe(_AREA, "parallelism", parallelism),
    Probe(_AREA, "rows per request", size),
    Probe(_AREA, "window", window),
)
