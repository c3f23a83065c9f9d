"""Stories of loads that go wrong, each drawn from its number."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, get_args

from seedkit.emulator.limits.rules import BREAKS, Fault
from tests.worlds import TABLES

ATTEMPTS = 8
# `job-failure` befalls background jobs, of which a load has none.
KINDS = tuple(kind for kind in get_args(Fault) if kind != "job-failure")


@dataclass(frozen=True)
class Shape:
    """What of a plan differs: by which messages it writes, whose rows they are, what is marked."""

    by_batch: bool = False
    owners: bool = False
    unnumbered: bool = False


@dataclass(frozen=True)
class Attempt:
    """One load: how it sends, whether it is killed, and what becomes of the ledger before it."""

    rows_per_request: int
    requests: int
    killed_at: int | None
    ledger: str  # kept, lost or old


@dataclass(frozen=True)
class Story:
    """Everything that happens."""

    number: int
    shape: Shape
    faults: tuple[dict[str, Any], ...]
    settings: dict[str, Any]
    signed_in: bool
    attempts: tuple[Attempt, ...]


def draw(number: int) -> Story:
    """Return the story of a number; every kind of fault comes once in as many stories as kinds."""
    dice = random.Random(number)
    kinds = [KINDS[number % len(KINDS)], *dice.sample(KINDS, dice.randint(0, 5))]
    throttled = dice.random() < 0.25
    return Story(
        number=number,
        shape=Shape(dice.random() < 0.4, dice.random() < 0.4, dice.random() < 0.2),
        faults=tuple(_rule(kind, dice) for kind in kinds),
        settings={"throttling": True, "throttle_requests": 40, "throttle_concurrency": 3}
        if throttled
        else {},
        signed_in=dice.random() < 0.5,
        attempts=tuple(_attempt(dice) for _ in range(ATTEMPTS)),
    )


def _rule(kind: str, dice: random.Random) -> dict[str, Any]:
    fire = dice.choice(("chance", "chance", "nth", "first", "every"))
    rule: dict[str, Any] = {"fault": kind, "fire": fire, "seconds": float(dice.choice((1, 20, 90)))}
    if fire == "chance":
        rule["probability"] = dice.choice((0.05, 0.15, 0.4))
    else:
        rule["count"] = dice.randint(2 if fire == "every" else 1, 9)
    if kind not in BREAKS:
        rule["where"] = dice.choice(("request", "part", "both"))
    if dice.random() < 0.3:
        rule["table"] = dice.choice(TABLES)[0]
    elif dice.random() < 0.5:
        rule["method"] = "POST"
    if dice.random() < 0.3:
        rule["retry_after"] = dice.choice((None, 0, 60))
    return rule


def _attempt(dice: random.Random) -> Attempt:
    return Attempt(
        rows_per_request=dice.choice((1, 2, 3, 4, 250)),
        requests=dice.choice((1, 2, 6)),
        killed_at=dice.randint(1, 30) if dice.random() < 0.4 else None,
        ledger=dice.choice(("kept", "kept", "kept", "lost", "old")),
    )
