"""That conditions on indexed columns use their index, so that a million rows stay usable."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from seedkit.emulator.query.reader import Reader

_ID = "5eed0000-0000-4000-8000-000000000001"


@pytest.fixture
def plan(shared: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Return a function from query options to SQLite's plan of the SELECT on contacts."""
    plans: list[str] = []
    fetch = Reader.fetch

    def explained(reader: Reader, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        if 'FROM "contact" t' in sql:
            rows = fetch(reader, f"EXPLAIN QUERY PLAN {sql}", parameters)
            plans.append("\n".join(row[3] for row in rows))
        return fetch(reader, sql, parameters)

    monkeypatch.setattr(Reader, "fetch", explained)

    def find(options: str) -> str:
        shared.get(f"contacts?$select=lastname&{options}")
        return plans[-1]

    return find


@pytest.mark.parametrize(
    ("filter_", "index"),
    [
        ("importsequencenumber eq -7", "contact.importsequencenumber"),
        ("importsequencenumber eq -7 and contains(lastname,'x')", "contact.importsequencenumber"),
        (
            "Microsoft.Dynamics.CRM.In(PropertyName='importsequencenumber',"
            "PropertyValues=['1','2'])",
            "contact.importsequencenumber",
        ),
        (
            "Microsoft.Dynamics.CRM.Between(PropertyName='importsequencenumber',"
            "PropertyValues=['1','2'])",
            "contact.importsequencenumber",
        ),
        (f"_parentcustomerid_value eq {_ID}", "contact.parentcustomerid"),
        (f"contactid eq {_ID}", "autoindex_contact"),
        (
            f"Microsoft.Dynamics.CRM.In(PropertyName='contactid',PropertyValues=['{_ID}'])",
            "autoindex_contact",
        ),
        ("Microsoft.Dynamics.CRM.EqualUserId(PropertyName='contactid')", "autoindex_contact"),
    ],
)
def test_conditions_use_their_index(plan: Callable[[str], str], filter_: str, index: str) -> None:
    found = plan(f"$filter={filter_}")
    assert re.search(rf"SEARCH t USING .*INDEX .*{re.escape(index)}", found), found
    assert "SCAN t" not in found


def test_related_rows_are_searched_by_their_lookup(plan: Callable[[str], str]) -> None:
    inner = "contact_customer_contacts/any(c:c/lastname eq 'x')"
    found = plan(f"$filter=importsequencenumber eq -7 and {inner}")
    assert "SEARCH c1 USING INDEX contact.parentcustomerid" in found
    joined = plan("$filter=importsequencenumber eq -7 and parentcustomerid_contact/lastname eq 'x'")
    assert re.search("SEARCH tj0 USING .*INDEX .*autoindex_contact", joined), joined


def test_pages_of_a_whole_table_need_no_sorting(plan: Callable[[str], str]) -> None:
    assert "TEMP B-TREE" not in plan("$top=5")
