from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.emulator.conftest import ROOT, Local
from tests.emulator.exchanges.shapes import TEXT, check

# What every client of the documentation sends; the last switches caches off.
STANDARD = {
    "Accept": "application/json",
    "OData-MaxVersion": "4.0",
    "OData-Version": "4.0",
    "If-None-Match": "null",
}
ORIGIN = ROOT.partition("/api/")[0]


class Exchange:
    """Sends one documented request and compares the answer with its documented shape."""

    def __init__(self, local: Local) -> None:
        self.local = local

    def given(self, entity_set: str, number: int, **values: Any) -> str:
        """Put a row there first and return its id; `nav__bind` stands for `nav@odata.bind`."""
        column = PRIMARY.get(entity_set, entity_set.removesuffix("s") + "id")
        return self.local.create(entity_set, **{column: row(number), **values})

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        all_headers = {**STANDARD, **named}
        return self.local.send(method, path, body, **all_headers)

    def answered(
        self, answer: httpx.Response, status: int, body: Any = None, **headers: Any
    ) -> None:
        """Compare status, headers and body; a header that must be absent is None."""
        assert answer.status_code == status, answer.text
        assert answer.headers["OData-Version"] == "4.0"
        for name, shape in headers.items():
            value = answer.headers.get(name.replace("_", "-"))
            if shape is None:
                assert value is None, name
            else:
                check(value, shape, name)
        if body is None:
            assert answer.content == b""
            assert "content-type" not in answer.headers
        else:
            kind = answer.headers["Content-Type"]
            assert kind.startswith("application/json; odata.metadata=minimal"), kind
            check(answer.json(), body)

    def refused(self, answer: httpx.Response, status: int, code: Any, message: Any = TEXT) -> None:
        shape: Mapping[Any, Any] = {"error": {"code": code, "message": message, ...: True}}
        self.answered(answer, status, shape)


PRIMARY = {"tasks": "activityid", "transactioncurrencies": "transactioncurrencyid"}


def row(number: int) -> str:
    """Return the id of an example row."""
    return f"5eed0000-0000-4000-8000-{number:012d}"


@pytest.fixture
def exchange(local: Local) -> Exchange:
    return Exchange(local)
