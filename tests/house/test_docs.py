"""The pages hold together: links lead somewhere, commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seedkit.emulator.service import OPERATIONS
from seedkit.profile import read_profile
from seedkit.schema import load_catalogue
from tests.house.commands import fault_of, in_markdown
from tests.house.reference import ROOT
from tests.house.test_imports import ASSEMBLIES, ROOMS

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES += sorted((ROOT / "examples").rglob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
SOURCE = re.compile(r"`((?:seedkit|tests|examples|profiles|docs|\.ci|\.github)/[\w./-]*)`")
PROFILE = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
TABLE = re.compile(r"\bmsfsi_\w+")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """Return the anchors that a page's headings make."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-") for text in headings}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith("https://"):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert ROOT in target.parents, link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_exists(page: Path) -> None:
    faults = {line: fault_of(line) for line in in_markdown(page.read_text(encoding="utf-8"))}
    assert {line: fault for line, fault in faults.items() if fault} == {}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [file for file in SOURCE.findall(text) if not (ROOT / file).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_tables_that_a_page_names_are_there(page: Path) -> None:
    catalogue = load_catalogue()
    known = set(catalogue) | {table.entity_set for table in catalogue.values()}
    known |= {column for table in catalogue.values() for column in table.columns}
    known |= {operation.name.lower() for operation in OPERATIONS}
    named = {word.lower() for word in TABLE.findall(page.read_text(encoding="utf-8"))}
    assert named - known == set()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_profiles_that_a_page_shows_have_no_fault(page: Path, tmp_path: Path) -> None:
    for block in PROFILE.findall(page.read_text(encoding="utf-8")):
        file = tmp_path / "shown.yaml"
        file.write_text(block, encoding="utf-8")
        read_profile(str(file))


def test_every_room_of_the_house_is_described() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {name for name in [*ROOMS, *ASSEMBLIES] if not name.startswith("__")}
    assert {name for name in rooms if not re.search(rf"`{name}(/|\.py)`", page)} == set()


def test_every_page_is_reached_from_the_index() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        links = LINK.findall(page.read_text(encoding="utf-8"))
        found = {(page.parent / link.partition("#")[0]).resolve() for link in links}
        waiting += [path for path in found - reached if path in PAGES]
    assert {name(page) for page in PAGES} - {name(page) for page in reached} == set()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("seedkit seed --profile retail", None),
        ("seedkit seed --profile retail --house 3", "there is no option --house"),
        ("seedkit sede", "there is no command sede"),
        ("seedkit profiles show retail", None),
        ("seedkit profiles list all", "all is too much"),
        ("seedkit --quiet purge RUN --yes", None),
    ],
)
def test_wrong_commands_are_seen(line: str, fault: str | None) -> None:
    assert fault_of(line) == fault


def test_commands_are_found() -> None:
    text = "Do `seedkit runs`.\n\n```sh\nX=1 seedkit verify && seedkit purge  # all\n```\n"
    assert list(in_markdown(text)) == ["seedkit verify", "seedkit purge", "seedkit runs"]
