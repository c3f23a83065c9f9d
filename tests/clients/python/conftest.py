from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.clients.conftest import Served

NUMBERS = count(1)


class AnyToken:
    """A credential whose token nobody checks: the local environment has no sign-in."""

    def get_token(self, *scopes: str, **_options: Any) -> Any:
        from azure.core.credentials import AccessToken

        return AccessToken("local", int(time.time()) + 3600)


@pytest.fixture(scope="session")
def client(served: Served) -> Iterator[Any]:
    from PowerPlatform.Dataverse.client import DataverseClient

    patch = pytest.MonkeyPatch()
    patch.setenv("REQUESTS_CA_BUNDLE", str(served.authority))
    with DataverseClient(served.url, AnyToken()) as found:
        yield found
    patch.undo()


@pytest.fixture
def tag() -> int:
    """A number that no other test's rows carry."""
    return -1000 - next(NUMBERS)


@pytest.fixture
def name() -> str:
    """A schema name that no other test uses."""
    return f"new_Thing{next(NUMBERS)}"
