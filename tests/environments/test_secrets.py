"""The places that secrets may come from."""

from __future__ import annotations

import os

import pytest

from seedkit.environments import (
    NamedEnvironment,
    SecretPlaces,
    find_secret,
    secret_variable,
)
from seedkit.errors import SignInError


def entry(**values: str) -> NamedEnvironment:
    given = {"url": "https://a.crm.dynamics.com", "sign_in": "azure-cli", **values}
    return NamedEnvironment.model_validate(given)


def no_keyring(service: str, name: str) -> str | None:
    raise LookupError("the package keyring is not installed")


def read(number: int) -> str:
    with open(number, encoding="utf-8") as stream:
        return stream.read()


def places(**variables: str) -> SecretPlaces:
    return SecretPlaces(variables, no_keyring, read)


def found(given: NamedEnvironment, where: SecretPlaces) -> str:
    secret = find_secret("qa-1", given, where)
    assert secret is not None
    assert "hunter22" not in repr(secret)
    return secret.get_secret_value()


def test_the_variable_has_the_name_of_the_environment() -> None:
    assert secret_variable("qa-1") == "SEEDKIT_SECRET_QA_1"
    assert found(entry(), places(SEEDKIT_SECRET_QA_1="hunter22")) == "hunter22"


def test_the_keyring_is_asked_when_there_is_no_variable() -> None:
    def keyring(service: str, name: str) -> str | None:
        return {("seedkit", "qa-1"): "hunter22"}.get((service, name))

    assert found(entry(), SecretPlaces({}, keyring, read)) == "hunter22"
    assert found(entry(secret_from="keyring"), SecretPlaces({}, keyring, read)) == "hunter22"


def test_a_descriptor_is_read_to_its_end() -> None:
    out, into = os.pipe()
    os.write(into, b"hunter22\n")
    os.close(into)
    assert found(entry(secret_from=f"fd:{out}"), places()) == "hunter22"


@pytest.mark.parametrize(
    ("place", "said", "hint"),
    [
        (None, "no secret for qa-1 in SEEDKIT_SECRET_QA_1 or the keyring", "keyring set seedkit"),
        ("env:OTHER", "no secret for qa-1 in env:OTHER", "SEEDKIT_SECRET_QA_1"),
        ("keyring", "keyring can't be used", "seedkit[keyring]"),
        ("fd:987", "descriptor 987 can't be read", "987<"),
    ],
)
def test_a_missing_secret_says_where_it_was_looked_for(
    place: str | None, said: str, hint: str
) -> None:
    given = entry() if place is None else entry(secret_from=place)
    with pytest.raises(SignInError, match=said) as caught:
        find_secret("qa-1", given, places())
    assert hint in str(caught.value.hint)


def test_a_secret_that_is_not_needed_may_be_missing() -> None:
    assert find_secret("qa-1", entry(), places(), needed=False) is None
