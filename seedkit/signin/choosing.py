"""From the configuration of an environment to the way in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msal
import requests
from pydantic import SecretStr

from seedkit.environments import NamedEnvironment, SignIn
from seedkit.errors import SignInError
from seedkit.signin.applications import (
    AsApplication,
    AsMachine,
    AsPerson,
    by_browser,
    by_device_code,
)
from seedkit.signin.azure_cli import AzureCli, Runner
from seedkit.signin.federation import find_assertion
from seedkit.signin.tokens import Acquire

PFX = (".pfx", ".p12")


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything outside of the program that a sign-in may need.

    `secret` and `cache` are called only by the ways in that need them; `tell` shows a person what
    to do, and is None where nobody can be asked. `clock` gives seconds since 1970.
    """

    session: requests.Session
    variables: Mapping[str, str]
    run: Runner
    clock: Callable[[], float]
    secret: Callable[[bool], SecretStr | None]
    cache: Callable[[], Any]
    tell: Callable[[str], None] | None


def make_acquirer(name: str, entry: NamedEnvironment, outside: Outside) -> Acquire:
    """Return the way in that an environment's configuration names; nothing is asked yet."""
    scopes = [f"{entry.url}/.default"]
    match entry.sign_in:
        case SignIn.AZURE_CLI:
            return AzureCli(outside.run, entry.url, entry.tenant)
        case SignIn.MANAGED_IDENTITY:
            return AsMachine(name, entry.client_id, entry.url, outside.session, outside.clock)
        case SignIn.DEVICE_CODE | SignIn.INTERACTIVE:
            return _person(name, entry, outside, scopes)
        case _:
            credential = _credential(name, entry, outside)

    def build() -> Any:
        return msal.ConfidentialClientApplication(
            entry.client_id,
            client_credential=credential,
            authority=entry.authority,
            http_client=outside.session,
        )

    return AsApplication(name, build, scopes, outside.clock)


def _person(name: str, entry: NamedEnvironment, outside: Outside, scopes: list[str]) -> AsPerson:
    ask = None
    if outside.tell is not None:
        way = by_browser if entry.sign_in is SignIn.INTERACTIVE else by_device_code
        ask = way(outside.tell)

    def build() -> Any:
        return msal.PublicClientApplication(
            entry.client_id,
            authority=entry.authority,
            http_client=outside.session,
            token_cache=outside.cache(),
        )

    return AsPerson(name, build, scopes, outside.clock, ask)


def _credential(name: str, entry: NamedEnvironment, outside: Outside) -> Any:
    """Return what MSAL takes as a client's credential."""
    if entry.sign_in is SignIn.WORKLOAD_IDENTITY:
        assertion = find_assertion(name, outside.variables, outside.session)
        return {"client_assertion": assertion}
    if entry.sign_in is SignIn.CERTIFICATE:
        return _certificate(entry, outside.secret(False))
    secret = outside.secret(True)
    assert secret is not None  # it was needed
    return secret.get_secret_value()


def _certificate(entry: NamedEnvironment, passphrase: SecretStr | None) -> dict[str, Any]:
    """Return key and certificate of a PFX file, or of a PEM file that holds both."""
    file = entry.certificate
    assert file is not None  # the configuration was checked
    given = {} if passphrase is None else {"passphrase": passphrase.get_secret_value()}
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SignInError(
            f"The certificate {file} can't be read ({error.strerror}).",
            "Check the path after certificate; see: seedkit environments list",
        ) from None
    if file.suffix.lower() in PFX:
        return {"private_key_pfx_path": str(file), "public_certificate": True, **given}
    text = content.decode("utf-8", errors="replace")
    if "PRIVATE KEY-----" not in text or "BEGIN CERTIFICATE-----" not in text:
        raise SignInError(
            f"The file {file} does not hold both a private key and its certificate.",
            f"Put them into one: cat key.pem certificate.pem > {file.name}",
        )
    return {"private_key": text, "public_certificate": text, **given}
