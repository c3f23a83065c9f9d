"""Where a secret comes from: an environment variable, the keyring, or a file descriptor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from seedkit.environments.models import NamedEnvironment
from seedkit.errors import SignInError

SERVICE = "seedkit"  # under which the keyring knows our secrets


@dataclass(frozen=True, slots=True)
class SecretPlaces:
    """The places outside of the program that hold secrets.

    `keyring` takes service and name, and raises LookupError when there is no keyring;
    `read_descriptor` reads a file descriptor to its end and raises OSError.
    """

    variables: Mapping[str, str]
    keyring: Callable[[str, str], str | None]
    read_descriptor: Callable[[int], str]


def secret_variable(name: str) -> str:
    """Return the environment variable that holds an environment's secret."""
    return f"SEEDKIT_SECRET_{name.upper().replace('-', '_')}"


def find_secret(
    name: str, entry: NamedEnvironment, places: SecretPlaces, *, needed: bool = True
) -> SecretStr | None:
    """Return an environment's secret; SignInError when it is needed and nowhere to be found.

    Without `secret_from` the environment variable is looked at first, then the keyring.
    """
    found = _from_place(name, entry.secret_from, places)
    if found:
        return SecretStr(found)
    if not needed:
        return None
    where = entry.secret_from or f"{secret_variable(name)} or the keyring"
    raise SignInError(
        f"There is no secret for {name} in {where}.",
        f"Put it into the keyring: keyring set {SERVICE} {name}\n"
        f"or, in CI, into the environment variable {secret_variable(name)}",
    )


def _from_place(name: str, place: str | None, places: SecretPlaces) -> str | None:
    if place is None:
        given = places.variables.get(secret_variable(name))
        return given or _from_keyring(name, places, asked=False)
    kind, _, rest = place.partition(":")
    if kind == "env":
        return places.variables.get(rest)
    if kind == "fd":
        return _from_descriptor(int(rest), places)
    return _from_keyring(name, places, asked=True)


def _from_keyring(name: str, places: SecretPlaces, *, asked: bool) -> str | None:
    try:
        return places.keyring(SERVICE, name)
    except LookupError as error:
        if not asked:
            return None
        raise SignInError(
            f"The keyring can't be used ({error}).",
            'Install what it needs with: python -m pip install "seedkit[keyring]"',
        ) from None


def _from_descriptor(number: int, places: SecretPlaces) -> str:
    try:
        return places.read_descriptor(number).rstrip("\r\n")
    except OSError as error:
        raise SignInError(
            f"The file descriptor {number} can't be read ({error.strerror}).",
            f"Open it in the shell, as in: seedkit auth status {number}< secret.txt",
        ) from None
