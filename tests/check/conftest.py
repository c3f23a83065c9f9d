"""A fresh local environment per test, and a check of it or of a part of it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from seedkit.assembly import Resolved, make_uses
from seedkit.check import PROBES, Area, Finding, Look, Place, Report, Uses, check
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import read_environment
from seedkit.emulator import create_app
from seedkit.plan import Plan, make_plan
from seedkit.profile.models import Profile
from seedkit.schema import load_catalogue
from tests.cli.conftest import CommandLine, seedkit
from tests.emulator.conftest import NOW, Local
from tests.worlds import no_sleep

OPTIONS = ("--profile", "retail", "--environment", "qa")
__all__ = ["CommandLine", "seedkit"]

COMMAND = "seedkit check --profile retail --environment qa"
Change = Callable[[httpx.Response], httpx.Response]


@dataclass
class Changing(httpx.AsyncBaseTransport):
    """The local environment, some of whose answers are changed: those to addresses with a word."""

    inner: httpx.AsyncBaseTransport
    changes: dict[str, Change]
    seen: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        response = await self.inner.handle_async_request(request)
        await response.aread()
        for word, change in self.changes.items():
            if word in str(request.url):
                return change(response)
        return response


@dataclass
class Checked:
    """An environment that tests change, and what a check finds there."""

    local: Local
    uses: Uses
    changes: dict[str, Change] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)
    url: str = "http://localhost"

    def report(self, *areas: Area) -> Report:
        """Check all, or some areas."""
        return asyncio.run(self._report(areas))

    async def _report(self, areas: tuple[Area, ...]) -> Report:
        inner = httpx.ASGITransport(app=self.local.app)
        async with Changing(inner, self.changes, self.requests) as transport:
            api = WebApi(transport, self.url, sleep=no_sleep)
            look = Look(api, self.uses, Place("none", OPTIONS), NOW)
            return await check(look, [item for item in PROBES if not areas or item.area in areas])

    def plan(self) -> Plan:
        """Make the plan of the seed that is asked about."""

        async def made() -> Plan:
            async with httpx.ASGITransport(app=self.local.app) as transport:
                api = WebApi(transport, self.url, sleep=no_sleep)
                return await make_plan(self.uses.request, api, await read_environment(api))

        return asyncio.run(made())

    def find(self, area: Area, subject: str) -> Finding:
        """Return the one finding about a subject."""
        findings = self.report(area).findings
        found = [item for item in findings if item.subject == subject]
        assert len(found) == 1, findings
        return found[0]

    def use(self, **request: Any) -> None:
        """Let the seed use something else."""
        self.uses = replace(self.uses, request=replace(self.uses.request, **request))

    def set_profile(self, **keys: Any) -> None:
        """Change keys of the profile."""
        self.use(profile={**self.uses.request.profile, **keys})

    def user(self, name: str) -> str:
        """Return the id of a user."""
        query = f"systemusers?$select=systemuserid&$filter=fullname eq '{name}'"
        return str(self.local.rows(query)[0]["systemuserid"])

    def act_as(self, name: str) -> None:
        """From now on ask as this user."""
        self.local.turn(caller=self.user(name))

    def take_privilege(self, role: str, privilege: str) -> None:
        """Take one privilege from a role."""
        query = f"privileges?$select=privilegeid&$filter=name eq '{privilege}'"
        found = self.local.rows(query)[0]["privilegeid"]
        roles = self.local.rows(f"roles?$select=roleid&$filter=name eq '{role}'")[0]["roleid"]
        path = f"roles({roles})/Microsoft.Dynamics.CRM.RemovePrivilegeRole"
        answer = self.local.send("POST", path, {"PrivilegeId": found})
        assert answer.status_code == 204, answer.text

    def remove(self, entity_set: str, where: str) -> None:
        """Delete the rows that a condition holds for."""
        key = load_catalogue().by_entity_set[entity_set].primary_id
        for row in self.local.rows(f"{entity_set}?$select={key}&$filter={where}"):
            answer = self.local.send("DELETE", f"{entity_set}({row[key]})")
            assert answer.status_code == 204, answer.text


def of_json(change: Callable[[Any], object]) -> Change:
    """Return a change of an answer's JSON, made in place."""

    def changed(response: httpx.Response) -> httpx.Response:
        body = response.json()
        change(body)
        return httpx.Response(response.status_code, json=body)

    return changed


def refusing(status: int, code: str = "0x80040220", message: str = "no") -> Change:
    """Return a refusal in place of an answer."""
    body = {"error": {"code": code, "message": message}}
    return lambda _response: httpx.Response(status, json=body)


@pytest.fixture(scope="session")
def retail() -> Uses:
    """What a seed of the defaults uses."""
    return make_uses(Resolved("retail", Profile(), date(2026, 7, 1), NOW))


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment's file, made once; tests work on copies."""
    path = tmp_path_factory.mktemp("check") / "fresh.db"
    create_app(path, clock=lambda: NOW).state.close()
    return path


@pytest.fixture
def checked(fresh: Path, tmp_path: Path, retail: Uses) -> Iterator[Checked]:
    path = tmp_path / "local.db"
    shutil.copy(fresh, path)
    local = Local(path)
    yield Checked(local, retail)
    local.app.state.close()
