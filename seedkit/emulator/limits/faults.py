"""Faults on purpose: which rule fires for a request, and the refusals that rules give.

A counter per rule and a seeded stream per rule decide, so the same requests meet the same faults.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from seedkit.emulator.errors import PLUGIN, Kind, PlatformError, no_segment
from seedkit.emulator.exchange import Answer, Request, error_answer

if TYPE_CHECKING:
    from seedkit.emulator.limits.rules import Rule, Rules

_ENTITY_SET = re.compile(r"^/?([A-Za-z0-9_]+)")
_BOUND = re.compile(r"Microsoft\.Dynamics\.CRM\.(\w+)")
_MESSAGES = {"POST": "Create", "PATCH": "Update", "PUT": "Update", "DELETE": "Delete"}

# Codes as in the platform's list of errors; the status of those marked so is expected only.
_REFUSALS: Mapping[str, tuple[Kind, str]] = {
    "throttled-requests": (
        Kind("0x80072322", 429, "documented"),
        "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
    ),
    "throttled-time": (
        Kind("0x80072321", 429, "documented"),
        "Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds "
        "over time window of 300 seconds. Decrease number of concurrent requests or reduce the "
        "duration of requests and try again later.",
    ),
    "throttled-concurrency": (
        Kind("0x80072326", 429, "documented"),
        "Number of concurrent requests exceeded the limit of 52.",
    ),
    "token-expired": (
        Kind("0x8004a101", 401, "documented"),
        "The ticket specified for authentication is expired.",
    ),
    "token-refused": (
        Kind("0x8004a100", 401, "expected"),
        "The ticket specified for authentication is invalid.",
    ),
    "privilege-missing": (
        Kind("0x80040220", 403, "documented"),
        "Principal user is missing a privilege for this operation.",
    ),
    "server-error": (Kind("0x80040216", 500, "expected"), "An unexpected error occurred."),
    "bad-gateway": (Kind("", 502, "inferred"), "Bad Gateway"),
    "unavailable": (Kind("", 503, "documented"), "The service is unavailable."),
    "gateway-timeout": (Kind("", 504, "inferred"), "Gateway Timeout"),
    "sql-deadlock": (
        Kind("0x80044150", 500, "expected"),
        "Generic SQL error: the transaction was deadlocked on lock resources with another "
        "process and has been chosen as the deadlock victim. Rerun the transaction.",
    ),
    "sql-timeout": (Kind("0x80044151", 500, "expected"), "SQL timeout expired."),
    "lock-refused": (
        Kind("0x80044339", 500, "expected"),
        "Could not obtain lock on resource. Please try again later.",
    ),
    "too-large": (Kind("", 413, "documented"), "Request Entity Too Large"),
    "plugin-refusal": (PLUGIN, "The plug-in refuses this row."),
    "plugin-crash": (
        Kind("0x80040224", 500, "expected"),
        "An unexpected error occurred from ISV code.",
    ),
    "plugin-timeout": (
        Kind("0x80081111", 500, "expected"),
        "The plug-in execution failed because the operation has timed-out at "
        "Sandbox Host: 00:02:20.",
    ),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule sees of a request."""

    request: Request
    user: str
    table: str | None
    message: str
    number: int | None = None


class Faults:
    """The rules in force with their counters."""

    def __init__(self, rules: Rules, tables: Mapping[str, str]) -> None:
        self.rules = rules
        self._tables = tables
        self._matched = [0] * len(rules.faults)
        self._fired = [0] * len(rules.faults)

    def pick(self, request: Request, user: str, number: int | None = None) -> Rule | None:
        """Return the first rule that fires for a request, counting as it goes."""
        hit = Hit(request, user, *self._aim(request), number)
        for index, rule in enumerate(self.rules.faults):
            if _matches(rule, hit):
                self._matched[index] += 1
                if self._fires(index, rule):
                    self._fired[index] += 1
                    return rule
        return None

    def job_failure(self, name: str) -> bool:
        """Tell whether a background job of this name is to fail."""
        for index, rule in enumerate(self.rules.faults):
            if rule.fault == "job-failure" and re.search(rule.path or "", name):
                self._matched[index] += 1
                if self._fires(index, rule):
                    self._fired[index] += 1
                    return True
        return False

    def _fires(self, index: int, rule: Rule) -> bool:
        seen = self._matched[index]
        match rule.fire:
            case "always":
                return True
            case "once":
                return seen == 1
            case "first":
                return seen <= rule.count
            case "nth":
                return seen == rule.count
            case "every":
                return seen % rule.count == 0
            case "after":
                return seen > rule.count
            case "chance":
                return _chance(f"{self.rules.seed} {index} {seen}") < rule.probability

    def _aim(self, request: Request) -> tuple[str | None, str]:
        """Return the table and the message that a request is about."""
        match = _ENTITY_SET.match(request.path)
        name = match[1] if match is not None else ""
        table = self._tables.get(name)
        bound = _BOUND.search(request.path)
        if bound is not None:
            return table, bound[1]
        if table is None:
            return None, name
        message = _MESSAGES.get(request.method)
        if message is None:
            message = "Retrieve" if "(" in request.path else "RetrieveMultiple"
        return table, message

    def report(self) -> dict[str, Any]:
        """Return the rules with how often each matched and fired."""
        return {
            "seed": self.rules.seed,
            "faults": [
                {**rule.model_dump(exclude_defaults=True), "matched": matched, "fired": fired}
                for rule, matched, fired in zip(
                    self.rules.faults, self._matched, self._fired, strict=True
                )
            ],
        }


def _chance(text: str) -> float:
    """Return a number from 0 up to 1 that is always the same for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64


def refusal(rule: Rule, request: Request) -> Answer:
    """Return the answer of a rule that refuses."""
    answer = error_answer(refusal_error(rule, request), request)
    if rule.fault.startswith("token"):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def refusal_error(rule: Rule, request: Request) -> PlatformError:
    """Return the error that a rule refuses with; a part of a batch says when to come back, too."""
    if rule.fault == "missing":
        return no_segment(request.path.partition("(")[0].partition("/")[0])
    kind, message = _REFUSALS[rule.fault]
    waits = rule.fault.startswith("throttled") or rule.fault == "unavailable"
    later = waits and rule.retry_after is not None
    headers = {"Retry-After": str(rule.retry_after)} if later else {}
    return PlatformError(kind, rule.text or message, headers)


def refuses(rule: Rule) -> bool:
    """Tell whether a rule answers in the service's place."""
    return rule.fault == "missing" or rule.fault in _REFUSALS


def _matches(rule: Rule, hit: Hit) -> bool:
    if rule.fault == "job-failure":
        return False  # jobs ask for it by themselves
    part = hit.number is not None
    if rule.where != "both" and part != (rule.where == "part"):
        return False
    return (
        (rule.method is None or rule.method == hit.request.method)
        and (rule.path is None or re.search(rule.path, hit.request.path) is not None)
        and (rule.table is None or rule.table == hit.table)
        and (rule.message is None or rule.message == hit.message)
        and (rule.user is None or rule.user.lower() == hit.user)
        and (rule.number is None or rule.number == hit.number)
        and not (rule.unless_header and _carries(hit.request, rule.unless_header))
        and (rule.column is None or _holds(hit.request, rule.column, rule.value))
    )


def _carries(request: Request, header: str) -> bool:
    """Tell whether a request has a header, or, after a colon, a value in the header's list."""
    name, colon, value = header.partition(":")
    found = request.headers.get(name.strip().lower())
    if found is None or not colon:
        return found is not None
    return value.strip().lower() in {item.strip().lower() for item in found.split(",")}


def _holds(request: Request, column: str, value: Any) -> bool:
    """Tell whether a row in the body has a value in a column."""
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return False
    return any(column in row and row[column] == value for row in _rows(body))


def _rows(body: Any) -> Iterator[dict[str, Any]]:
    if isinstance(body, dict):
        yield body
        for target in body.get("Targets") or ():
            if isinstance(target, dict):
                yield target
