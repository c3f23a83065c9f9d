"""Rules that a population may never break, and what was found when they were checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Rule(Generic[Subject]):
    """One rule; `broken` returns a flag for each case that it looks at."""

    name: str
    says: str
    broken: Callable[[Subject], Flags]


@dataclass(frozen=True, slots=True)
class Finding:
    """How many cases a rule looked at, and how many of them break it."""

    name: str
    says: str
    checked: int
    count: int


def check(rules: Sequence[Rule[Subject]], subject: Subject) -> list[Finding]:
    """Check all rules on a subject."""
    flags = [rule.broken(subject) for rule in rules]
    return [
        Finding(rule.name, rule.says, found.size, int(np.count_nonzero(found)))
        for rule, found in zip(rules, flags, strict=True)
    ]


def add_up(parts: Iterable[Sequence[Finding]]) -> tuple[Finding, ...]:
    """Return the findings of several subjects together, by rule."""
    total: dict[str, Finding] = {}
    for findings in parts:
        for one in findings:
            before = total.get(one.name, Finding(one.name, one.says, 0, 0))
            total[one.name] = Finding(
                one.name, one.says, before.checked + one.checked, before.count + one.count
            )
    return tuple(total.values())
