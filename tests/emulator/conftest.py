from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from seedkit.emulator import create_app

ROOT = "https://bank.example/api/data/v9.2/"
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


class Local:
    """A local environment and a plain client for it."""

    def __init__(self, database: Path, **options: Any) -> None:
        self.database = database
        self.now = NOW
        self.app = create_app(database, clock=lambda: self.now, **options)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return asyncio.run(self._send(method, path, body, named))

    async def _send(
        self, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> httpx.Response:
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url=ROOT) as client:
            return await client.request(
                method, path, headers=headers, **({} if body is None else content)
            )

    def get(self, path: str, **headers: str) -> Any:
        answer = self.send("GET", path, **headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, path: str, **headers: str) -> list[dict[str, Any]]:
        return list(self.get(path, **headers)["value"])

    def create(self, entity_set: str, **values: Any) -> str:
        """Create a row and return its id; `nav__bind` stands for `nav@odata.bind`."""
        body = {name.replace("__bind", "@odata.bind"): value for name, value in values.items()}
        answer = self.send("POST", entity_set, body)
        assert answer.status_code == 204, answer.text
        return answer.headers["OData-EntityId"].rpartition("(")[2].rstrip(")")

    def give_role(self, team: str, role: str = "Basic User") -> None:
        """Give a team a role: only who may read a table can own its rows."""
        found = self.rows(f"roles?$select=roleid&$filter=name eq '{role}'")[0]["roleid"]
        body = {"@odata.id": f"{ROOT}roles({found})"}
        answer = self.send("POST", f"teams({team})/teamroles_association/$ref", body)
        assert answer.status_code == 204, answer.text

    def refused(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, str, str]:
        """Return status, code and message of a refusal."""
        answer = self.send(method, path, body, **headers)
        assert answer.status_code >= 400, answer.text
        assert answer.headers["OData-Version"] == "4.0"
        error = answer.json()["error"]
        return answer.status_code, error["code"], error["message"]

    def turn(self, **switches: Any) -> None:
        """Turn switches of the environment."""
        answer = self.send("PATCH", "http://127.0.0.1/emulator/settings", switches)
        assert answer.status_code == 200, answer.text

    def bulk(self, entity_set: str, message: str, table: str, rows: list[Any]) -> httpx.Response:
        kind = f"Microsoft.Dynamics.CRM.{table}"
        targets = [{"@odata.type": kind, **row} for row in rows]
        path = f"{entity_set}/Microsoft.Dynamics.CRM.{message}"
        return self.send("POST", path, {"Targets": targets})


@pytest.fixture(scope="session")
def fresh_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment's file, made once; tests work on copies."""
    path = tmp_path_factory.mktemp("fresh") / "fresh.db"
    create_app(path, clock=lambda: NOW).state.close()
    return path


@pytest.fixture
def local(fresh_file: Path, tmp_path: Path) -> Iterator[Local]:
    path = tmp_path / "local.db"
    shutil.copy(fresh_file, path)
    environment = Local(path)
    yield environment
    environment.app.state.close()


def row_id(number: int) -> str:
    return f"c0000001-5eed-8000-8000-{number:012x}"


@pytest.fixture
def ids() -> Any:
    return row_id


@pytest.fixture(scope="session")
def shared(fresh_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    """One environment for property tests, whose examples don't get in each other's way."""
    path = tmp_path_factory.mktemp("shared") / "shared.db"
    shutil.copy(fresh_file, path)
    environment = Local(path)
    yield environment
    environment.app.state.close()
