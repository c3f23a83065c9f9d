"""Asks a fresh local environment what it answers; the reference says what was seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from seedkit.testing import RunningEnvironment, local_environment

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
CONTACT = "Microsoft.Dynamics.CRM.contact"
BINARY = {"Content-Type": "application/octet-stream", "x-ms-file-name": "a.png"}
_PLACE = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Ask:
    """One request. `<contact>` and its like in texts become ids of rows made for it alone.

    `body` None sends no body, text and bytes are sent as they are, everything else as JSON.
    """

    method: str
    address: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Probe:
    """A fresh environment with the rows that requests are about."""

    def __init__(self, local: RunningEnvironment) -> None:
        self._local = local
        self._made = 0

    def ask(self, ask: Ask) -> httpx.Response:
        """Send a request and return the answer."""
        ids: dict[str, str] = {}

        def fill(value: Any) -> Any:
            if isinstance(value, str):
                return _PLACE.sub(lambda match: self._id(match[1], ids), value)
            if isinstance(value, Mapping):
                return {name: fill(item) for name, item in value.items()}
            return [fill(item) for item in value] if isinstance(value, list) else value

        body = fill(ask.body)
        raw = isinstance(body, str | bytes)
        content: dict[str, Any] = {} if body is None else {"content" if raw else "json": body}
        return self._local.client.request(
            ask.method, fill(ask.address), headers=fill(ask.headers), **content
        )

    def _id(self, kind: str, ids: dict[str, str]) -> str:
        if kind not in ids:
            ids[kind] = getattr(self, f"_{kind}")(ids)
        return ids[kind]

    def _create(self, entity_set: str, **values: Any) -> str:
        self._made += 1
        answer = self._local.client.post(entity_set, json=values)
        assert answer.status_code == 204, answer.text
        return answer.headers["OData-EntityId"].rpartition("(")[2].rstrip(")")

    def _contact(self, ids: dict[str, str]) -> str:
        account = self._create("accounts", name="Firm")
        number = self._made
        row_id = self._create(
            "contacts",
            lastname="Okafor",
            msfsi_integrationkey=f"K{number}",
            **{"parentcustomerid_account@odata.bind": f"/accounts({account})"},
        )
        note = {"subject": "Note", "objectid_contact@odata.bind": f"/contacts({row_id})"}
        ids["note"] = self._create("annotations", **note)
        ids["key"] = f"K{number}"
        ids["account"] = account
        image = self._local.client.patch(
            f"contacts({row_id})/entityimage", content=PIXEL, headers=BINARY
        )
        assert image.status_code == 204, image.text
        return row_id

    def _account(self, ids: dict[str, str]) -> str:
        return self._create("accounts", name="Firm")

    def _key(self, ids: dict[str, str]) -> str:
        ids["contact"] = self._contact(ids)
        return ids["key"]

    def _note(self, ids: dict[str, str]) -> str:
        ids["contact"] = self._contact(ids)
        return ids["note"]

    def _team(self, ids: dict[str, str]) -> str:
        unit = self._local.client.get("WhoAmI").json()["BusinessUnitId"]
        bind = {"businessunitid@odata.bind": f"/businessunits({unit})"}
        self._made += 1
        bind["administratorid@odata.bind"] = f"/systemusers({self._user(ids)})"
        return self._create("teams", name=f"Team {self._made}", **bind)

    def _user(self, ids: dict[str, str]) -> str:
        return str(self._local.client.get("WhoAmI").json()["UserId"])


@contextmanager
def probing() -> Iterator[Probe]:
    """Yield a probe of a fresh environment in memory."""
    with local_environment(clock=lambda: NOW) as local:
        yield Probe(local)


def said(answer: httpx.Response) -> str:
    """Return an answer's status, with the platform's code when it is a refusal."""
    if answer.status_code < 400:
        return str(answer.status_code)
    return f"{answer.status_code} `{answer.json()['error']['code']}`"


# A picture of one white dot.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8"
    "ffff3f0005fe02fea7354c550000000049454e44ae426082"
)
