"""The switches of an environment: what kind it is, what it limits, what it lacks.

They are kept in the database file as one fact, so an environment stays as it was set up. Each
switch says what it means; `described` gives all of them with their values.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal, get_args, get_type_hints

import orjson
from annotated_types import Ge

EnvironmentType = Literal["Production", "Sandbox", "Trial", "Developer", "Default", "Teams"]
Cascade = Literal["remove_link", "cascade", "restrict"]
Names = tuple[str, ...]
Count = Annotated[int, Ge(0)]
Positive = Annotated[int, Ge(1)]

FACT = "settings"


@dataclass(frozen=True, slots=True)
class Settings:
    """All switches with their defaults: an ordinary sandbox that is left alone."""

    environment_type: Annotated[
        EnvironmentType, "what kind of environment RetrieveCurrentOrganization tells of"
    ] = "Sandbox"
    caller: Annotated[
        str | None, "systemuserid of who calls without a token; null is the administrator"
    ] = None
    sign_in_required: Annotated[
        bool, "refuse requests without a bearer token from POST /emulator/tokens"
    ] = False
    languages: Annotated[
        tuple[Positive, ...], "LCIDs that RetrieveProvisionedLanguages tells; labels are in 1033"
    ] = (1033,)
    recycle_bin: Annotated[bool, "keep deleted rows in the recycle bin"] = False
    recycle_bin_days: Annotated[Positive, "days after which the recycle bin forgets a row"] = 30
    duplicate_detection: Annotated[bool, "apply duplicate detection rules when asked to"] = False
    companion_rows: Annotated[
        bool,
        "show the rows that the platform makes by itself: customers' addresses, parties of "
        "activities, the general activity, the other half of a connection, root articles",
    ] = True
    unknown_cascade: Annotated[
        Cascade, "what a delete does to children whose relationship no source describes"
    ] = "remove_link"
    parallelism: Annotated[
        Positive | None, "the x-ms-dop-hint of answers to WhoAmI; null leaves the header out"
    ] = 4
    throttling: Annotated[bool, "enforce the service protection limits below"] = False
    throttle_requests: Annotated[Positive, "requests of one user per window"] = 6_000
    throttle_milliseconds: Annotated[
        Positive, "milliseconds of execution of one user per window"
    ] = 1_200_000
    throttle_concurrency: Annotated[Positive, "requests of one user at the same time"] = 52
    throttle_window_seconds: Annotated[Positive, "length of the sliding window"] = 300
    service_time_ms: Annotated[Count, "milliseconds that each request is made to take"] = 0
    row_time_ms: Annotated[
        Annotated[float, Ge(0)], "milliseconds that each row or batched operation adds to that"
    ] = 0.0
    job_rows_per_second: Annotated[
        Positive, "rows that a background job deletes per second; slow is realistic"
    ] = 1_000
    job_queue_seconds: Annotated[Count, "how long a background job waits before it starts"] = 0
    count_age_hours: Annotated[
        Count, "how old RetrieveTotalRecordCount's snapshot may be; 24 on the platform"
    ] = 0
    hidden_tables: Annotated[Names, "tables that seem not to exist: 'msfsi_lifemoment'"] = ()
    hidden_columns: Annotated[Names, "columns that seem not to exist: 'contact.birthdate'"] = ()
    hidden_options: Annotated[Names, "options that seem not to exist: 'contact.gendercode.2'"] = ()
    hidden_messages: Annotated[
        Names,
        "messages that seem not to exist: 'BulkDelete', or on a table 'contact.CreateMultiple'",
    ] = ()

    __pydantic_config__ = {"extra": "forbid", "strict": True}  # noqa: RUF012


class SettingsError(ValueError):
    """A change of settings is refused; each line of the text names one switch."""


def read_settings(text: str | bytes | None) -> Settings:
    """Return the settings stored as JSON text; the defaults when there is none.

    SettingsError names each unknown switch and each value that doesn't fit.
    """
    from pydantic import TypeAdapter, ValidationError

    if text is None:
        return Settings()
    try:
        return TypeAdapter(Settings).validate_json(text)
    except ValidationError as error:
        lines = [
            f"{'.'.join(str(part) for part in item['loc']) or 'settings'}: {item['msg']}"
            for item in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from None


def changed(settings: Settings, change: bytes) -> Settings:
    """Return settings with a JSON object of new values put in; null means the default."""
    try:
        given = orjson.loads(change)
    except orjson.JSONDecodeError as error:
        raise SettingsError(f"the body is not valid JSON: {error}") from None
    if not isinstance(given, dict):
        raise SettingsError("the body must be a JSON object of switches")
    kept = {name: value for name, value in stored_values(settings).items() if name not in given}
    optional = {name for name, hint in _hints().items() if type(None) in get_args(hint)}
    new = {n: v for n, v in given.items() if v is not None or n in optional}
    unknown = sorted(set(given) - set(_hints()))
    if unknown:
        raise SettingsError("\n".join(f"{name}: there is no such switch" for name in unknown))
    return read_settings(orjson.dumps({**kept, **new}))


def stored_values(settings: Settings) -> dict[str, Any]:
    """Return the switches that differ from their defaults, as JSON has them."""
    plain = Settings()
    return {
        item.name: getattr(settings, item.name)
        for item in fields(settings)
        if getattr(settings, item.name) != getattr(plain, item.name)
    }


def to_json(settings: Settings) -> str:
    """Return settings as the text that `read_settings` reads."""
    return orjson.dumps(stored_values(settings)).decode()


def described(settings: Settings) -> dict[str, Any]:
    """Return each switch with its value, its default and its meaning."""
    plain = Settings()
    return {
        name: {
            "value": getattr(settings, name),
            "default": getattr(plain, name),
            "meaning": meaning,
        }
        for name, meaning in _meanings().items()
    }


def _hints() -> dict[str, Any]:
    return {name: get_args(hint)[0] for name, hint in _annotated().items()}


def _meanings() -> dict[str, str]:
    return {name: get_args(hint)[-1] for name, hint in _annotated().items()}


def _annotated() -> dict[str, Any]:
    found = get_type_hints(Settings, include_extras=True)
    return {item.name: found[item.name] for item in fields(Settings)}
