"""The gate before the service: service protection, simulated time, faults.

An ordinary environment has none of it switched on; then the gate is open and costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from seedkit.emulator.errors import PlatformError
from seedkit.emulator.exchange import Answer, Request, error_answer
from seedkit.emulator.limits.connection import break_off, time_out, transport_of
from seedkit.emulator.limits.faults import Faults, refusal, refusal_error, refuses
from seedkit.emulator.limits.protection import Protection
from seedkit.emulator.settings import Settings

if TYPE_CHECKING:
    from seedkit.emulator.limits.rules import Rule, Rules
    from seedkit.emulator.service import Service

Scope = MutableMapping[str, Any]

_REQUEST_LINE = re.compile(rb"^[A-Z]+ \S+.* HTTP/1\.1\r$", re.MULTILINE)


class Gate:
    """Lets requests through to the service, delays them, or answers in its place."""

    def __init__(
        self, clock: Callable[[], datetime], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._late: list[tuple[datetime, Request]] = []
        self.protection = Protection(clock)
        self.faults: Faults | None = None

    def set_faults(self, rules: Rules | None, service: Service) -> None:
        """Put rules in force; None or none at all ends them."""
        tables = {layout.entity_set: name for name, layout in service.environment.layouts.items()}
        self.faults = Faults(rules, tables) if rules is not None and rules.faults else None
        self.attach(service)

    def attach(self, service: Service) -> None:
        """Have a service ask about each part of a batch."""
        service.inspect_part = None if self.faults is None else self._inspect_part
        faults = self.faults
        service.environment.fails_job = None if faults is None else faults.job_failure

    def is_open(self, settings: Settings) -> bool:
        """Tell whether requests may pass by the gate."""
        return not (
            self.faults is not None
            or self._late
            or settings.throttling
            or settings.service_time_ms
            or settings.row_time_ms
        )

    async def answer(
        self, service: Service, request: Request, user: str, scope: Scope
    ) -> tuple[Answer, Rule | None]:
        """Answer a request; the rule that comes with it says how its body is to be delivered."""
        self._commit_late(service)
        rule = None if self.faults is None else self.faults.pick(request, user)
        if rule is not None and refuses(rule):
            return refusal(rule, request), None
        settings = service.environment.settings
        if not settings.throttling:
            return (await self._serve(service, request, rule, scope))[0], rule
        denied = self.protection.enter(user, settings)
        if denied is not None:
            answer = error_answer(PlatformError(denied.kind, denied.message), request)
            answer.headers["Retry-After"] = str(denied.retry_after)
            answer.headers.update(self.protection.remaining(user, settings))
            return answer, None
        seconds = 0.0
        try:
            answer, seconds = await self._serve(service, request, rule, scope)
        finally:
            self.protection.leave(user, seconds)
        answer.headers.update(self.protection.remaining(user, settings))
        return answer, rule

    async def _serve(
        self, service: Service, request: Request, rule: Rule | None, scope: Scope
    ) -> tuple[Answer, float]:
        """Return the answer and the seconds of execution: the simulated ones and those measured."""
        settings = service.environment.settings
        seconds = settings.service_time_ms / 1000
        if settings.row_time_ms:
            seconds += settings.row_time_ms * _operations(request) / 1000
        if seconds:
            await self._sleep(seconds)
        if rule is not None:
            await self._hold(rule, request, scope)
        began = self._clock()
        answer = service.answer(request)
        seconds += (self._clock() - began).total_seconds()
        if rule is not None and rule.fault == "reset-after-commit":
            raise break_off(scope)
        return answer, seconds

    async def _hold(self, rule: Rule, request: Request, scope: Scope) -> None:
        """Do what a rule does before the request is carried out."""
        if rule.fault == "reset-before-commit":
            raise break_off(scope)
        if rule.fault == "late-commit":
            # Carried out by the first request after that moment: to clients it is the same, and
            # nothing runs beside the requests.
            self._late.append((self._clock() + timedelta(seconds=rule.seconds), request))
            if transport_of(scope) is not None:
                await self._sleep(rule.seconds)
            raise time_out(scope)
        if rule.fault == "slow":
            await self._sleep(rule.seconds)

    def _commit_late(self, service: Service) -> None:
        now = self._clock()
        due = [request for moment, request in self._late if moment <= now]
        self._late = [item for item in self._late if item[0] > now]
        for request in due:
            service.answer(request)

    def _inspect_part(self, request: Request, user: str, number: int) -> None:
        """Refuse a part of a batch when a rule says so."""
        rule = None if self.faults is None else self.faults.pick(request, user, number)
        if rule is not None:
            raise refusal_error(rule, request)


def _operations(request: Request) -> int:
    """Return how many rows or batched operations a request holds."""
    if request.path == "$batch":
        return len(_REQUEST_LINE.findall(request.body))
    if request.method == "POST" and request.path.endswith("Multiple"):
        try:
            return len(orjson.loads(request.body)["Targets"])
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return 1
    return 1
