"""Requests and answers as plain values, apart from any web framework."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote_plus

import orjson

from seedkit.emulator.errors import ADDRESS, PlatformError, payload_error

_JSON = "application/json"
JSON_TYPE = "application/json; odata.metadata=minimal"

_PREFERENCE = re.compile(r'([\w.\-]+)(?:\s*=\s*("[^"]*"|[^,;\s]*))?')


@dataclass(frozen=True)
class Request:
    """One request: `path` is below the service root and decoded, header names are lower-case.

    `root` is the absolute service root with its closing slash, in the version the client used.
    """

    method: str
    path: str
    options: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    root: str

    @cached_property
    def preferences(self) -> Mapping[str, str]:
        """Return the Prefer header by preference name."""
        return parse_preferences(self.headers.get("prefer", ""))

    @property
    def wants_row(self) -> bool:
        """Tell whether a write should answer with the row."""
        return self.preferences.get("return") == "representation"

    def json(self, entity_set: str) -> dict[str, Any]:
        """Return the body as an object; 400 when it is none or says it is something else."""
        kind = self.headers.get("content-type", _JSON).partition(";")[0].strip().lower()
        if kind != _JSON:
            raise payload_error(entity_set, f"a body of the content type '{kind}' can't be read.")
        try:
            data = orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise payload_error(entity_set, f"the body is not valid JSON: {error}.") from None
        if not isinstance(data, dict):
            raise payload_error(entity_set, "the body is not a JSON object.")
        return data


@dataclass(slots=True)
class Answer:
    """One answer; no body for 204."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def parse_preferences(header: str) -> dict[str, str]:
    """Return the preferences of a Prefer header; one without a value is the empty text."""
    return {match[1].lower(): (match[2] or "").strip('"') for match in _PREFERENCE.finditer(header)}


def parse_options(query: str) -> dict[str, str]:
    """Return the query options of an address, decoded (a plus is a space); 400 for one twice."""
    options = {}
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            name = unquote_plus(name)
            if name in options:
                raise PlatformError(ADDRESS, f"Query option '{name}' was specified more than once.")
            options[name] = unquote_plus(value)
    return options


def json_answer(data: Mapping[str, Any], status: int = 200, **headers: str) -> Answer:
    """Return an answer with a JSON body; underscores in header names become dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, orjson.dumps(data), {"Content-Type": JSON_TYPE, **named})


def error_answer(error: PlatformError, request: Request | None = None) -> Answer:
    """Return the error body; with all annotations asked for, the error detail stands in it too."""
    body: dict[str, Any] = {"code": error.kind.code, "message": error.message}
    if request is not None and request.preferences.get("odata.include-annotations") == "*":
        body["@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus"] = "0"
        body["@Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode"] = "0"
        body["@Microsoft.PowerApps.CDS.TraceText"] = error.message
        body["@Microsoft.PowerApps.CDS.InnerError.Message"] = error.message
    return json_answer({"error": body}, error.kind.status)
