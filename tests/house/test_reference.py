"""The reference pages say what the program has."""

from __future__ import annotations

import pytest

from seedkit import errors
from seedkit.records import TABLES
from tests.house.reference import EXIT_CODES, FOLDER, PAGES, render


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_as_it_would_be_written(page: str) -> None:
    written = (FOLDER / page).read_text(encoding="utf-8")
    assert written == render(page), "write it again with: python -m tests.house.reference"


def test_there_is_no_other_page() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)


def test_every_table_and_every_error_has_its_place() -> None:
    tables, tree = render("tables.md"), render("errors.md")
    assert all(f"\n## {table.name}\n" in tables for table in TABLES)
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    named = [kind for kind in kinds if issubclass(kind, errors.SeedkitError)]
    assert all(f"- `{kind.__name__}` ({kind.exit_code})" in tree for kind in named)
    assert {kind.exit_code for kind in named} <= {code for code, _ in EXIT_CODES}
