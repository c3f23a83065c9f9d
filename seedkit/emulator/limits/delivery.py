"""Delivering an answer badly on purpose: drop by drop, or only its beginning."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from starlette.responses import Response, StreamingResponse

from seedkit.emulator.exchange import Answer
from seedkit.emulator.limits.connection import break_off

if TYPE_CHECKING:
    from seedkit.emulator.limits.rules import Rule

_PIECES = 10


def delivered(
    answer: Answer,
    rule: Rule,
    scope: MutableMapping[str, Any],
    sleep: Callable[[float], Awaitable[None]],
) -> Response:
    """Return the response that a rule asks for."""
    if rule.fault == "slow-body":
        body = _slowly(answer.body, rule.seconds, sleep)
    elif rule.fault == "truncated":
        body = _cut(answer.body, rule.bytes, scope)
    else:
        return Response(answer.body or None, answer.status, answer.headers)
    headers = {**answer.headers, "Content-Length": str(len(answer.body))}
    return StreamingResponse(body, answer.status, headers)


async def _slowly(
    body: bytes, seconds: float, sleep: Callable[[float], Awaitable[None]]
) -> AsyncIterator[bytes]:
    size = max(1, -(-len(body) // _PIECES))
    for start in range(0, len(body), size):
        await sleep(seconds / _PIECES)
        yield body[start : start + size]


async def _cut(
    body: bytes, size: int | None, scope: MutableMapping[str, Any]
) -> AsyncIterator[bytes]:
    yield body[: len(body) // 2 if size is None else size]
    raise break_off(scope)
