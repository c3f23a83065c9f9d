"""`auth status | login | logout`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from seedkit.errors import UsageError
from seedkit.workplace.connect import find_target, open_api
from seedkit.workplace.signing import acquirer

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell
    from seedkit.environments import NamedEnvironment


def status(shell: Shell, word: str) -> int:
    """Print who we are in an environment: what the token says, and what the service answers."""
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
