"""What the actions take: one text `data` that holds JSON, with names in any case."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from seedkit.emulator.errors import PLUGIN, PlatformError
from seedkit.emulator.exchange import Answer, json_answer
from seedkit.emulator.operations import Call

DATA = frozenset({"data"})

Model = TypeVar("Model", bound="Request")


class Request(BaseModel):
    """A part of a request; what else the client sends is handed back as it came."""

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="before")
    @classmethod
    def _fold_names(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        aliases = [field.alias or name for name, field in cls.model_fields.items()]
        known = {alias.lower(): alias for alias in aliases}
        return {known.get(str(name).lower(), name): item for name, item in value.items()}


class Customer(Request):
    """A customer as the client shows it; only id and name matter here."""

    id: UUID
    name: str


class Member(Request):
    """A member of a group; its id is that of the membership."""

    id: UUID | None = None
    role: int
    is_primary: bool = Field(alias="IsPrimaryGroup")
    customer: Customer


class Holding(Request):
    """A holding that a group shows."""

    id: UUID
    name: str = ""


class Group(Request):
    """A group with its members and holdings; `version` is the row version the client knows.

    `primary_member` is a membership, or a customer whose membership is about to be made.
    """

    id: UUID | None = None
    name: str
    primary_member: UUID | None = Field(default=None, alias="primaryMember")
    type: int
    members: list[Member]
    holdings: list[Holding] | None = Field(default=None, alias="financialHoldings")
    created: str | None = Field(default=None, alias="creationDate")
    version: int


def read_data(call: Call, model: type[Model]) -> Model:
    """Return the request inside `data`; refused as by a plug-in when it can't be read."""
    try:
        return model.model_validate(orjson.loads(call.parameters["data"]))
    except (orjson.JSONDecodeError, ValidationError, TypeError):
        raise refusal("The input data isn't in the expected format.") from None


def refusal(message: str) -> PlatformError:
    """Return what a plug-in throws; the real texts are localised, these are ours."""
    return PlatformError(PLUGIN, message)


def result(call: Call, name: str, value: Any) -> Answer:
    """Answer with the one property `result`."""
    context = f"{call.request.root}$metadata#Microsoft.Dynamics.CRM.{name}Response"
    return json_answer({"@odata.context": context, "result": value})
