"""What a refused sign-in means, in a sentence without anything secret in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests

from seedkit.errors import ConnectionFailedError, SeedkitError, SignInError

_CODE = re.compile(r"AADSTS(\d+)")
_TOKEN_LIKE = re.compile(r"eyJ[\w-]+\.[\w.-]*|[\w.~-]{3}\dQ~[\w.~-]{31,34}")
LONGEST = 300  # characters of what the directory says
# By code of the directory, see Microsoft's list of AADSTS error codes.
_HINTS = {
    "7000215": "The client secret is wrong. Give its value, not its id.",
    "7000222": "The client secret has expired. Make a new one in the app registration.",
    "700016": "The tenant has no application of this id. Check client_id and tenant.",
    "90002": "There is no such tenant. Check tenant and cloud.",
    "700027": "The certificate is not among those of the app registration. Upload it there.",
    "70021": "No federated credential of the app registration fits this job's subject.",
    "700213": "No federated credential of the app registration fits this job's subject.",
    "65001": "Nobody consented to this application. Ask an administrator of the tenant.",
    "7000218": "The app registration allows no public client flows. Turn them on there.",
    "50076": "The account needs a second factor. Sign in again with: seedkit auth login",
    "50173": "The session was revoked. Sign in again with: seedkit auth login",
    "700082": "The session has ended. Sign in again with: seedkit auth login",
}


def refused(name: str, answer: Mapping[str, Any] | None) -> SignInError:
    """Return the error for an answer of MSAL that has no token."""
    answer = answer or {}
    said = str(answer.get("error_description") or answer.get("error") or "no token came")
    codes = [_HINTS[code] for code in _CODE.findall(said) if code in _HINTS]
    advice = f"{codes[0]}\n" if codes else ""
    return SignInError(
        f"The sign-in to {name} was refused: {plain(said)}",
        f"{advice}Then try again with: seedkit auth status --environment {name}",
    )


def plain(said: str) -> str:
    """Return the first line of a foreign text, without anything that looks like a secret."""
    line = (said.strip().splitlines() or [""])[0]
    return _TOKEN_LIKE.sub("***", line)[:LONGEST].rstrip(".") + "."


@contextmanager
def told_apart(name: str) -> Iterator[None]:
    """Turn what MSAL and requests raise into our errors; no cause, which could quote a secret."""
    problem: Callable[[], SeedkitError]
    try:
        yield
        return
    except requests.RequestException as error:
        kind = type(error).__name__
        problem = lambda: _unreachable(name, kind)  # noqa: E731
    except SeedkitError:
        raise
    except (ValueError, KeyError, RuntimeError) as error:
        text = str(error)
        problem = lambda: refused(name, {"error": text})  # noqa: E731
    raise problem()


def _unreachable(name: str, kind: str) -> ConnectionFailedError:
    return ConnectionFailedError(
        f"The directory that signs us in to {name} gave no answer ({kind}).",
        "Check the network, and proxy and ca_bundle of the environment: seedkit environments list",
    )
