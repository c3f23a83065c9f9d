"""Fault rules as people write them: which requests they hit, when they fire, what happens.

A rules file is TOML or JSON with a list `faults` and, for those that fire by chance, a `seed`:

    [[faults]]
    table = "contact"
    message = "CreateMultiple"
    fire = "nth"
    count = 3
    fault = "reset-after-commit"
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from seedkit.errors import UsageError

Fault = Literal[
    "throttled-requests",
    "throttled-time",
    "throttled-concurrency",
    "token-expired",
    "token-refused",
    "privilege-missing",
    "server-error",
    "bad-gateway",
    "unavailable",
    "gateway-timeout",
    "sql-deadlock",
    "sql-timeout",
    "lock-refused",
    "too-large",
    "plugin-refusal",
    "plugin-crash",
    "plugin-timeout",
    "missing",
    "job-failure",
    "reset-before-commit",
    "reset-after-commit",
    "late-commit",
    "slow",
    "slow-body",
    "truncated",
]
Fire = Literal["always", "first", "nth", "every", "after", "once", "chance"]


class Rule(BaseModel):
    """One fault and the requests that it hits; what is left out fits every request."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str = Field("", description="a name of one's own, for the report")
    fault: Fault = Field(description="what happens: see the list of faults")
    # which requests
    method: Literal["GET", "POST", "PATCH", "PUT", "DELETE"] | None = Field(
        None, description="HTTP method"
    )
    path: str | None = Field(None, description="regular expression found in the decoded path")
    table: str | None = Field(None, description="logical name of the table that is asked for")
    message: str | None = Field(
        None, description="Create, Retrieve, RetrieveMultiple, Update, Delete, CreateMultiple ..."
    )
    user: str | None = Field(None, description="systemuserid of who signed in")
    number: Annotated[int, Field(ge=1)] | None = Field(
        None, description="place of the operation in its batch, from 1"
    )
    where: Literal["request", "part", "both"] = Field(
        "request", description="whole requests, parts of a batch, or both"
    )
    unless_header: str | None = Field(
        None,
        description="requests, and parts, that carry this header pass, as a customer's plug-in "
        "lets them pass that carry `MSCRM.BypassBusinessLogicExecution: CustomSync`; without a "
        "colon whatever its value, else with this value in its list",
    )
    column: str | None = Field(None, description="a row in the body has this column ...")
    value: Any = Field(None, description="... with this value")
    # when
    fire: Fire = Field(
        "always",
        description="which of the requests that fit: all, the first `count`, the `count`th, every "
        "`count`th, those after `count`, the first one, or with `probability`",
    )
    count: Annotated[int, Field(ge=1)] = Field(1, description="number for `fire`")
    probability: Annotated[float, Field(ge=0, le=1)] = Field(
        1.0, description="for `chance`; the same seed gives the same choice"
    )
    # how
    seconds: Annotated[float, Field(ge=0)] = Field(
        5.0, description="how long `slow`, `slow-body` and `late-commit` take"
    )
    retry_after: Annotated[int, Field(ge=0)] | None = Field(
        5, description="the header Retry-After in seconds; null leaves it out"
    )
    bytes: Annotated[int, Field(ge=0)] | None = Field(
        None, description="bytes of the body that `truncated` lets through; null is half"
    )
    text: str | None = Field(None, description="the message of the refusal")

    @field_validator("path")
    @classmethod
    def _is_expression(cls, path: str | None) -> str | None:
        if path is not None:
            try:
                re.compile(path)
            except re.error as error:
                raise ValueError(f"'{path}' is no regular expression: {error}") from None
        return path

    @model_validator(mode="after")
    def _fits(self) -> Rule:
        if self.where != "request" and self.fault in BREAKS:
            raise ValueError(f"'{self.fault}' breaks a connection: it can't hit a part of a batch")
        if self.number is not None and self.where == "request":
            raise ValueError("'number' counts parts of a batch: say where = \"part\"")
        return self


# What befalls a whole connection, and how.
BREAKS = {
    "reset-before-commit": "the connection breaks, nothing was done",
    "reset-after-commit": "the connection breaks, what was asked for is done",
    "late-commit": "the connection breaks after a while, what was asked for is done afterwards",
    "slow": "the answer begins late",
    "slow-body": "the body comes drop by drop",
    "truncated": "the body breaks off",
}


class Rules(BaseModel):
    """All rules of an environment, tried in order; the first that fires is taken."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    seed: int = 1
    faults: tuple[Rule, ...] = ()


_EXAMPLE = 'A rule looks like this in TOML:\n\n[[faults]]\ntable = "contact"\nfault = "unavailable"'


class RulesError(UsageError):
    """A rules file can't be used."""


def parse_rules(data: bytes | str) -> Rules:
    """Return rules from JSON text; RulesError names each fault of it."""
    try:
        return Rules.model_validate_json(data)
    except ValidationError as error:
        lines = [_line(item) for item in error.errors()]
        raise RulesError(
            "The fault rules can't be used: " + "; ".join(lines) + ".", _EXAMPLE
        ) from None


def read_rules(file: Path) -> Rules:
    """Return the rules of a TOML or JSON file."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise RulesError(
            f"{file} can't be read: {error.strerror}.",
            "Name a file that is there with --faults FILE",
        ) from None
    if file.suffix.lower() == ".json":
        return parse_rules(content)
    try:
        return parse_rules(orjson.dumps(tomllib.loads(content.decode())))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesError(f"{file} is not valid TOML: {error}.", _EXAMPLE) from None


def _line(item: Any) -> str:
    place = ".".join(str(part) for part in item["loc"]) or "the file"
    return f"{place}: {item['msg']}"
