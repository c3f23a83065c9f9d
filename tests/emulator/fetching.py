"""Sending FetchXML and SQL in tests."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from .conftest import Local

ALL = {"Prefer": 'odata.include-annotations="*"'}

Row = dict[str, Any]


def fetch(local: Local, entity_set: str, xml: str, **headers: str) -> list[Row]:
    return local.rows(f"{entity_set}?fetchXml={quote(xml)}", **headers)


def page(local: Local, entity_set: str, xml: str) -> Row:
    found: Row = local.get(f"{entity_set}?fetchXml={quote(xml)}", **ALL)
    return found


def refused(local: Local, entity_set: str, xml: str) -> tuple[int, str, str]:
    return local.refused("GET", f"{entity_set}?fetchXml={quote(xml)}")


def contacts(inner: str, **attributes: str) -> str:
    """Return a query over contacts; underscores in attribute names stand for dashes."""
    given = "".join(f" {name.replace('_', '-')}='{value}'" for name, value in attributes.items())
    return f"<fetch{given}><entity name='contact'>{inner}</entity></fetch>"


def where(conditions: str, kind: str = "and") -> str:
    """Return a query of the last names of contacts that meet conditions, in order."""
    return contacts(
        "<attribute name='lastname'/><order attribute='lastname'/>"
        f"<filter type='{kind}'>{conditions}</filter>"
    )


def found(local: Local, conditions: str, kind: str = "and") -> str:
    """Return the last names of the contacts that meet conditions, joined."""
    return " ".join(row["lastname"] for row in fetch(local, "contacts", where(conditions, kind)))


def plain(rows: list[Row]) -> list[Row]:
    """Return rows without annotations."""
    return [{key: value for key, value in row.items() if "@" not in key} for row in rows]


def in_batch(local: Local, entity_set: str, xml: str) -> tuple[int, Row]:
    """Send a query that is too long for an address of its own; return status and body."""
    path = f"/api/data/v9.2/{entity_set}?fetchXml={quote(xml)}"
    head = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary"
    part = f"--b\r\n{head}\r\n\r\nGET {path} HTTP/1.1\r\n\r\n\r\n--b--\r\n"
    answer = local.send("POST", "$batch", part.encode(), Content_Type="multipart/mixed;boundary=b")
    status = int(answer.text.partition("HTTP/1.1 ")[2][:3])
    text = answer.text[answer.text.index("{") : answer.text.rindex("}") + 1]
    return status, json.loads(text)
