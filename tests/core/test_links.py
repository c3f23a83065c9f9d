"""Addresses of rows."""

from __future__ import annotations

import pytest

from seedkit.links import link_to

ROW = ("contact", "contacts(1)", "1")


@pytest.mark.parametrize(
    ("url", "app", "link"),
    [
        ("http://localhost", None, "http://localhost:8090/api/data/v9.2/contacts(1)"),
        ("http://127.0.0.1:9000", "7", "http://127.0.0.1:9000/api/data/v9.2/contacts(1)"),
        (
            "https://qa.crm.dynamics.com",
            None,
            "https://qa.crm.dynamics.com/main.aspx?pagetype=entityrecord&etn=contact&id=1",
        ),
        (
            "https://qa.crm.dynamics.com",
            "7",
            "https://qa.crm.dynamics.com/main.aspx?appid=7&pagetype=entityrecord&etn=contact&id=1",
        ),
    ],
)
def test_a_row_is_shown_where_there_are_forms(url: str, app: str | None, link: str) -> None:
    assert link_to(url, *ROW, app) == link
