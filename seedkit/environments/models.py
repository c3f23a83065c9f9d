"""What is said about one environment, checked by pydantic."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from seedkit.environments.clouds import CLOUDS, Cloud, cloud_of, fits
from seedkit.settings import is_loopback, origin_of

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
SECRET_PLACE = re.compile(r"keyring|env:[A-Za-z_][A-Za-z0-9_]*|fd:\d{1,4}")
MOST_ROWS = 1000  # the service's own limit for rows of one bulk message and parts of a $batch
MOST_REQUESTS = 52  # the service refuses the 53rd request at once


class SignIn(StrEnum):
    """A way to sign in, by the name that the configuration gives it."""

    CLIENT_SECRET = "client-secret"
    CERTIFICATE = "certificate"
    DEVICE_CODE = "device-code"
    INTERACTIVE = "interactive"
    MANAGED_IDENTITY = "managed-identity"
    WORKLOAD_IDENTITY = "workload-identity"
    AZURE_CLI = "azure-cli"


class TokenCache(StrEnum):
    """Where a person's tokens are kept between two commands."""

    ENCRYPTED = "encrypted"
    MEMORY = "memory"
    PLAIN_TEXT = "plain-text"


# What a way to sign in can't do without, beside the address.
NEEDED = {
    SignIn.CLIENT_SECRET: ("tenant", "client_id"),
    SignIn.CERTIFICATE: ("tenant", "client_id", "certificate"),
    SignIn.DEVICE_CODE: ("tenant", "client_id"),
    SignIn.INTERACTIVE: ("tenant", "client_id"),
    SignIn.MANAGED_IDENTITY: (),
    SignIn.WORKLOAD_IDENTITY: ("tenant", "client_id"),
    SignIn.AZURE_CLI: (),
}


def _origin(text: str) -> str:
    origin = origin_of(text)
    if origin is None:
        raise ValueError("must be an address such as https://contoso.crm4.dynamics.com")
    if not origin.startswith("https://") and not is_loopback(origin):
        raise ValueError("must begin with https://")
    if "@" in urlsplit(text).netloc:
        raise ValueError("must not hold a user or password; sign_in says how to sign in")
    return origin


def _proxy(text: str) -> str:
    parts = urlsplit(text)
    if origin_of(text) is None:
        raise ValueError("must be an address such as http://proxy.contoso.example:8080")
    if parts.username is not None or parts.password is not None:
        raise ValueError(
            "must not hold a user or password; give those in the environment variable HTTPS_PROXY"
        )
    return str(origin_of(text))


def _secret_place(text: str) -> str:
    if not SECRET_PLACE.fullmatch(text):
        raise ValueError("must name a place, as in env:QA_SECRET, keyring or fd:3")
    return text


def _home(path: Path) -> Path:
    return path.expanduser()


Words = Annotated[str, Field(min_length=1, pattern=r"^\S+$")]
File = Annotated[Path, AfterValidator(_home)]


class NamedEnvironment(BaseModel):
    """An environment that has a name: where it is, how to sign in, how hard to press it.

    `rows_per_request` and `requests_in_flight` are ceilings; nothing is made larger by them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    url: Annotated[str, AfterValidator(_origin)]
    tenant: Words | None = None
    client_id: Words | None = None
    sign_in: SignIn = SignIn.DEVICE_CODE
    cloud: Cloud = Cloud.COMMERCIAL
    certificate: File | None = None
    secret_from: Annotated[str, AfterValidator(_secret_place)] | None = None
    token_cache: TokenCache = TokenCache.ENCRYPTED
    rows_per_request: Annotated[int, Field(ge=1, le=MOST_ROWS)] | None = None
    requests_in_flight: Annotated[int, Field(ge=1, le=MOST_REQUESTS)] | None = None
    proxy: Annotated[str, AfterValidator(_proxy)] | None = None
    ca_bundle: File | None = None
    owners: tuple[str, ...] = ()
    app_id: Words | None = None

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.signs_in:
            self._check_cloud()
            missing = [key for key in NEEDED[self.sign_in] if getattr(self, key) is None]
            if missing:
                raise ValueError(f"needs {' and '.join(missing)} for sign_in = {self.sign_in}")
        return self

    def _check_cloud(self) -> None:
        if is_loopback(self.url) or fits(self.cloud, self.url):
            return
        other = cloud_of(self.url)
        if other is not None:
            raise ValueError(f"has an address of the cloud {other}; write cloud = {other}")
        example = CLOUDS[self.cloud].example
        raise ValueError(f"must have an address of the cloud {self.cloud}, as in https://{example}")

    @property
    def signs_in(self) -> bool:
        """Tell whether a sign-in is needed: on this machine only when it is asked for."""
        return not is_loopback(self.url) or "sign_in" in self.model_fields_set

    @property
    def authority(self) -> str:
        """Return the address of the directory that signs us in."""
        return f"https://{CLOUDS[self.cloud].authority_host}/{self.tenant or 'organizations'}"


KEYS = tuple(NamedEnvironment.model_fields)
