"""Nothing in the texts reaches a real person, a machine of ours or a place of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.reference import ROOT

SHIPPED = ("seedkit", "profiles", "docs", "examples", "tests", ".ci", ".github")
TOP = ("README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml")
TEXTS = {".py", ".md", ".yaml", ".yml", ".toml", ".json", ".txt", ".csv", ".jsonl", ".typed", ""}
ADDRESS = re.compile(r"[\w.+%-]+@((?:[\w-]+\.)+[\w-]+)")
RESERVED = re.compile(r"(^|\.)(example\.(com|org|net)|example|test|invalid|localhost)$")
ANNOTATION = re.compile(r"^(odata|Microsoft\.Dynamics|OData\.Community)\b")  # as in x@odata.bind
# Put together here, so that this file does not hold what it forbids.
SLASH = re.escape("/")
MACHINE_PATH = re.compile(
    rf"(?<![\w.}}$])({SLASH}(home|Users|root|work|private|mnt){SLASH}\w"
    rf"|{SLASH}tmp{SLASH}|[A-Z]:\\+Users)"
)
REGISTRY = re.compile("(index|extra-index|find)-(url|links)|pythonhosted|/simple/?\\b|" + "_proxy=")


def shipped() -> list[Path]:
    """Return all text files that go out with the project."""
    found = [ROOT / name for name in TOP]
    for folder in SHIPPED:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    return sorted(p for p in found if p.suffix in TEXTS and "__pycache__" not in p.parts)


def hits(pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    for path in shipped():
        if path != Path(__file__):
            for match in pattern.finditer(path.read_text(encoding="utf-8")):
                yield path.relative_to(ROOT).as_posix(), match


def test_e_mail_addresses_are_reserved_for_examples() -> None:
    found = {
        (file, match[0])
        for file, match in hits(ADDRESS)
        if not ANNOTATION.match(match[1]) and not RESERVED.search(match[1].lower())
    }
    assert found == set()


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["machine", "registry"])
def test_no_paths_of_a_machine_and_no_registries(pattern: re.Pattern[str]) -> None:
    assert [(file, match[0]) for file, match in hits(pattern)] == []


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (MACHINE_PATH, "see " + "/home" + "/ann", True),
        (MACHINE_PATH, "copy it to .github/workflows/", False),
        (MACHINE_PATH, "C:" + "\\Users\\ann", True),
        (REGISTRY, "--index" + "-url https://packages.example", True),
        (ADDRESS, "ann@bank.example", True),
    ],
)
def test_the_patterns_see_what_they_should(
    pattern: re.Pattern[str], text: str, found: bool
) -> None:
    assert bool(pattern.search(text)) is found
