"""What a broken rule is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TESTS = "tests/emulator"
SOURCES = "seedkit/emulator"


@dataclass(frozen=True, slots=True)
class Mutation:
    """One rule and one way to break it.

    `file` is relative to seedkit/emulator; `old` occurs there exactly once and `new` stands in
    its place when the rule is broken. `tests` are files or node ids relative to tests/emulator,
    of which at least one must fail then.
    """

    rule: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    @property
    def source(self) -> str:
        """Return the path of the file from the root of the repository."""
        return f"{SOURCES}/{self.file}"

    def occurrences(self, root: Path = ROOT) -> int:
        """Return how often the rule's text stands in its file; 0 without the file."""
        path = root / self.source
        return path.read_text(encoding="utf-8").count(self.old) if path.is_file() else 0


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the checklist of what a faithful environment does, with its broken rules."""

    title: str
    mutations: tuple[Mutation, ...]
