"""Requests and answers as plain values, apart from any web framework."""

from __future__ import annotations

import json
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

_NAME_ENDS = re.compile(rb'"[ \t\r\n]*:').findall  # finds some inside texts, too
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
    user: str | None = None  # who signed in; None is who calls by default

    @cached_property
    def preferences(self) -> Mapping[str, str]:
        """Return the Prefer header by preference name."""
        return parse_preferences(self.headers.get("prefer", ""))

    @property
    def host(self) -> str:
        """Return the host, with its port, that the client used."""
        return self.root.partition("://")[2].partition("/")[0]

    @property
    def wants_row(self) -> bool:
        """Tell whether a write should answer with the row."""
        return self.preferences.get("return") == "representation"

    def json(self, entity_set: str) -> dict[str, Any]:
        """Return the body as an object; 400 when it is none or says it is something else."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != _JSON:
            # A content type is needed with every body [documented]; the code is inferred.
            raise payload_error(entity_set, f"a body of the content type '{kind}' can't be read.")
        try:
            data = _read_json(self.body)
        except ValueError as error:
            raise payload_error(entity_set, f"the body is not valid JSON: {error}.") from None
        if not isinstance(data, dict):
            raise payload_error(entity_set, "the body is not a JSON object.")
        return data


@dataclass(slots=True)
class Answer:
    """One answer; no body for 204. `row` names table and id of a row that was written."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    row: tuple[str, str] | None = None


def _read_json(body: bytes) -> Any:
    """Return the data in a body; ValueError also for a name given twice and for deep nesting.

    Both are refused by the OData reader [expected]. A body that is written again as it came has
    no name twice, nor has one with as many names as its objects; only others need the slow reader.
    """
    data = orjson.loads(body)
    try:
        if orjson.dumps(data) != body and len(_NAME_ENDS(body)) != _count_names(data):
            json.loads(body, object_pairs_hook=_unique)
    except (orjson.JSONEncodeError, RecursionError):
        raise ValueError("it is nested too deeply") from None
    return data


def _count_names(data: Any) -> int:
    if isinstance(data, dict):
        return len(data) + sum(map(_count_names, data.values()))
    return sum(map(_count_names, data)) if isinstance(data, list) else 0


def _unique(pairs: list[tuple[str, Any]]) -> None:
    names = [name for name, _value in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a property is given more than once in one object")


def parse_preferences(header: str) -> dict[str, str]:
    """Return the preferences of a Prefer header; one without a value is the empty text."""
    return {match[1].lower(): (match[2] or "").strip('"') for match in _PREFERENCE.finditer(header)}


def parse_options(query: str) -> dict[str, str]:
    """Return the query options of an address, decoded (a plus is a space); 400 for one twice."""
    options = {}
    if "\0" in unquote_plus(query):
        raise PlatformError(ADDRESS, "The address holds a letter that is not allowed.")
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
    return json_answer({"error": body}, error.kind.status, **error.headers)
