"""Signing in: what the machine has for it, and `auth status | login | logout`."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from seedkit.errors import SignInError, UsageError
from seedkit.settings import is_loopback

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell
    from seedkit.dataverse.bearer import Bearer
    from seedkit.environments import NamedEnvironment, SecretPlaces, Target
    from seedkit.signin import Acquire, Outside
    from seedkit.signin.azure_cli import Finished

PROGRAM_SECONDS = 60


def sign_in(shell: Shell, target: Target) -> Bearer | None:
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

    return Bearer(HeldToken(acquirer(shell, target.name, entry), time.time))


def acquirer(shell: Shell, name: str, entry: NamedEnvironment, *, ask: bool = False) -> Acquire:
    """Return the way in to an environment: one for the whole command, with what it was told.

    `ask` lets a person be asked even where there is no terminal.
    """
    from seedkit.signin import make_acquirer

    known = shell.ways_in.get(name)
    if known is None:
        may_ask = ask or shell.interactive
        known = make_acquirer(name, entry, _outside(shell, name, entry, may_ask=may_ask))
        shell.ways_in[name] = known
    return known


def _outside(shell: Shell, name: str, entry: NamedEnvironment, *, may_ask: bool) -> Outside:
    from seedkit.cli.connect import make_folder
    from seedkit.cli.network import network_of
    from seedkit.environments import Target, find_secret
    from seedkit.signin import Outside, open_cache, open_session

    # The directory is not the environment, and may be reached another way.
    network = network_of(Target(name, entry.authority, entry), os.environ)
    network.trust()  # which names a bundle of no use better than what comes later
    file = shell.settings.tokens(name)

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


def status(shell: Shell, word: str) -> int:
    """Print who we are in an environment: what the token says, and what the service answers."""
    from seedkit.cli.connect import find_target, open_api
    from seedkit.dataverse.environment import who_am_i
    from seedkit.signin import read_claims

    target = find_target(shell, word)

    async def work() -> dict[str, object]:
        async with open_api(shell, target) as api:
            me = await who_am_i(api)
            claims = read_claims(await api.bearer.token()) if api.bearer else {}
        return {"user": me["UserId"], "business_unit": me["BusinessUnitId"], "claims": claims}

    entry = target.configured
    document = {
        "environment": target.name,
        "url": target.url,
        "sign_in": entry.sign_in.value if entry and entry.signs_in else None,
        **asyncio.run(work()),
    }
    if shell.json:
        shell.print_json(document)
    else:
        shell.print_table(["", target.name], _rows(document))
    return 0


def _rows(document: dict[str, Any]) -> list[tuple[str, str]]:
    claims = document["claims"]
    rows = [(key, str(value or "none")) for key, value in document.items() if key != "claims"]
    shown = {**claims, **({"exp": _moment(claims["exp"])} if "exp" in claims else {})}
    return [*rows, *((f"token: {key}", str(value)) for key, value in shown.items())]


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def log_in(shell: Shell, word: str) -> int:
    """Let a person sign in, and keep the tokens for the commands that follow."""
    from seedkit.environments import TokenCache

    name, entry = _of_a_person(shell, word)
    if entry.token_cache is TokenCache.MEMORY:
        raise UsageError(
            f"{name} keeps no tokens, so each command asks for itself.",
            f"Look who you are with: seedkit auth status --environment {name}",
        )
    _person(shell, name, entry).log_in()
    shell.say(f"Signed in to {name}. Who it is: seedkit auth status --environment {name}")
    return 0


def log_out(shell: Shell, word: str) -> int:
    """Forget the tokens of an environment."""
    from seedkit.signin import forget

    name, entry = _of_a_person(shell, word)
    count = _person(shell, name, entry).log_out()
    forget(shell.settings.tokens(name))
    shell.say(f"Signed out of {name}." if count else f"Nobody was signed in to {name}.")
    return 0


def _person(shell: Shell, name: str, entry: NamedEnvironment) -> Any:
    return acquirer(shell, name, entry, ask=True)


def _of_a_person(shell: Shell, word: str) -> tuple[str, NamedEnvironment]:
    """Return an environment whose tokens are ours to keep; UsageError for the others."""
    from seedkit.cli.connect import find_target
    from seedkit.environments import SignIn

    target = find_target(shell, word)
    entry = target.configured
    way = entry.sign_in if entry and entry.signs_in else "none"
    if entry is None or way not in (SignIn.DEVICE_CODE, SignIn.INTERACTIVE):
        raise UsageError(
            f"Nobody signs in to {target.name} by hand (sign-in: {way}).",
            f"Look who we are there: seedkit auth status --environment {target.name}",
        )
    return target.name, entry
