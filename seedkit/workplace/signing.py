"""Signing in: what the machine has for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from seedkit.errors import SignInError
from seedkit.settings import is_loopback
from seedkit.workplace.files import make_folder
from seedkit.workplace.network import network_of

if TYPE_CHECKING:
    from seedkit.dataverse.bearer import Bearer
    from seedkit.environments import NamedEnvironment, SecretPlaces, Target
    from seedkit.signin import Acquire, Outside
    from seedkit.signin.azure_cli import Finished
    from seedkit.workplace.place import Workplace

PROGRAM_SECONDS = 60


def sign_in(place: Workplace, target: Target) -> Bearer | None:
    """Return the tokens for an environment; None where no sign-in is needed. Asks nobody yet."""
    entry = target.configured
    if entry is None:
        if is_loopback(target.url):
            return None
        raise SignInError(
            f"Nothing says how to sign in to {target.url}.",
            f"Name it first: seedkit environments add NAME --url {target.url} --sign-in azure-cli",
        )
    if not entry.signs_in:
        return None
    from seedkit.dataverse.bearer import Bearer
    from seedkit.signin import HeldToken

    return Bearer(HeldToken(acquirer(place, target.name, entry), time.time))


def acquirer(place: Workplace, name: str, entry: NamedEnvironment, *, ask: bool = False) -> Acquire:
    """Return the way in to an environment: one for the whole command, with what it was told.

    `ask` lets a person be asked even where there is no terminal.
    """
    from seedkit.signin import make_acquirer

    known = place.ways_in.get(name)
    if known is None:
        may_ask = ask or place.interactive
        known = make_acquirer(name, entry, _outside(place, name, entry, may_ask=may_ask))
        place.ways_in[name] = known
    return known


def _outside(place: Workplace, name: str, entry: NamedEnvironment, *, may_ask: bool) -> Outside:
    from seedkit.environments import Target, find_secret
    from seedkit.signin import Outside, open_cache, open_session

    # The directory is not the environment, and may be reached another way.
    network = network_of(Target(name, entry.authority, entry), os.environ)
    network.trust()  # which names a bundle of no use better than what comes later
    file = place.settings.tokens(name)

    def cache() -> Any:
        make_folder(file.parent)
        return open_cache(entry.token_cache, file, name)

    return Outside(
        session=open_session(network.proxy, network.ca_bundle),
        variables=os.environ,
        run=_run,
        clock=time.time,
        secret=lambda needed: find_secret(name, entry, _places(), needed=needed),
        cache=cache,
        tell=_tell if may_ask else None,
    )


def _places() -> SecretPlaces:
    from seedkit.environments import SecretPlaces

    return SecretPlaces(os.environ, _ask_keyring, _read_descriptor)


def _ask_keyring(service: str, name: str) -> str | None:
    try:
        import keyring
    except ImportError:
        raise LookupError("the package keyring is not installed") from None
    try:
        found: str | None = keyring.get_password(service, name)
    except keyring.errors.KeyringError as error:
        raise LookupError(type(error).__name__) from None
    return found


def _read_descriptor(number: int) -> str:
    with open(number, encoding="utf-8") as stream:
        return stream.read()


def _tell(message: str) -> None:
    """Tell a person what to do; not a remark that `--quiet` may keep back."""
    print(message, file=sys.stderr, flush=True)


def _run(words: Sequence[str]) -> Finished:
    from seedkit.signin.azure_cli import Finished

    program = shutil.which(words[0])  # which knows that it is az.cmd on Windows
    if program is None:
        raise FileNotFoundError(words[0])
    try:
        done = subprocess.run(
            [program, *words[1:]],
            capture_output=True,
            text=True,
            timeout=PROGRAM_SECONDS,
            env=_without_secrets(os.environ),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    return Finished(done.returncode, done.stdout, done.stderr)


def _without_secrets(variables: Mapping[str, str]) -> dict[str, str]:
    """Return variables for another program, which has no use for our secrets."""
    prefix = "SEEDKIT_SECRET_"
    return {name: text for name, text in variables.items() if not name.startswith(prefix)}
