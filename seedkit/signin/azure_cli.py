"""The token of whoever is signed in with the Azure CLI."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from seedkit.errors import SignInError
from seedkit.signin.refusals import plain
from seedkit.signin.tokens import Token

INSTALL = "https://learn.microsoft.com/cli/azure/install-azure-cli"


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended and what it said."""

    code: int
    out: str = field(repr=False)
    err: str


# Runs a program; FileNotFoundError when it is not there, TimeoutError when it does not end.
Runner = Callable[[Sequence[str]], Finished]


@dataclass(frozen=True, slots=True)
class AzureCli:
    """Asks `az`, which renews its tokens itself and gives the same one again until then."""

    run: Runner
    resource: str
    tenant: str | None

    def __call__(self, *, fresh: bool) -> Token:  # noqa: ARG002
        """Return a token; `az` alone knows whether it is fresh."""
        words = ["az", "account", "get-access-token", "--resource", self.resource]
        words += ["--tenant", self.tenant] if self.tenant else []
        try:
            finished = self.run([*words, "--output", "json"])
        except FileNotFoundError:
            raise SignInError("The Azure CLI is not installed.", f"See {INSTALL}") from None
        except TimeoutError:
            raise SignInError(
                "The Azure CLI gave no answer.", f"Try it alone: az login{self._tenant()}"
            ) from None
        if finished.code:
            raise SignInError(
                f"The Azure CLI gave no token: {plain(finished.err)}",
                f"Sign in with it first: az login{self._tenant()}",
            )
        return _read(finished.out)

    def _tenant(self) -> str:
        return f" --tenant {self.tenant}" if self.tenant else ""


def _read(out: str) -> Token:
    try:
        answer = json.loads(out)
        # Before version 2.54 there is only a local time without a zone.
        ends = answer.get("expires_on") or datetime.fromisoformat(answer["expiresOn"]).timestamp()
        return Token(str(answer["accessToken"]), float(ends))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SignInError(
            "The Azure CLI answered something that is no token.", "Update it with: az upgrade"
        ) from None
