"""Bearer tokens: who signed in.

Nobody needs one unless the environment says so; then a token that the admin route handed out
for a user is asked for. The names of the refusals are documented, their codes partly expected.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

from seedkit.emulator.admin import AdminCall, AdminError, AdminRoute
from seedkit.emulator.errors import Kind, PlatformError
from seedkit.emulator.exchange import Answer, Request, error_answer
from seedkit.emulator.session import Environment
from seedkit.emulator.storage.store import IDS

MISSING_TOKEN = Kind("0x8004a10d", 401, "expected")
EXPIRED_TOKEN = Kind("0x8004a101", 401, "documented")
INVALID_TOKEN = Kind("0x8004a100", 401, "expected")
_SECONDS = 3600  # a token's life by default [documented]


class SignInError(PlatformError):
    """Nobody, or nobody known, has signed in."""


class Tokens:
    """The tokens handed out: whose they are and how long they last."""

    def __init__(self) -> None:
        self._issued: dict[str, tuple[str, datetime]] = {}

    def issue(self, user: str, until: datetime) -> str:
        """Return a fresh token for a user."""
        token = f"local.{uuid5(IDS, f'token {len(self._issued)} {user}')}"
        self._issued[token] = user, until
        return token

    def user(self, request: Request, environment: Environment, now: datetime) -> str:
        """Return who signed in; SignInError when that must be known and isn't."""
        header = request.headers.get("authorization")
        needed = environment.settings.sign_in_required
        if header is None and not needed:
            return environment.caller
        scheme, _, token = (header or "").partition(" ")
        issued = self._issued.get(token.strip())
        if issued is not None and scheme.lower() == "bearer":
            if issued[1] <= now:
                raise SignInError(EXPIRED_TOKEN, "ExpiredAuthTicket: the token has expired.")
            return issued[0]
        if not needed:
            return environment.caller
        if not token:
            raise SignInError(
                MISSING_TOKEN, "MissingCrmAuthenticationToken: the request has no bearer token."
            )
        raise SignInError(INVALID_TOKEN, "InvalidAuthTicket: the token is not known here.")


def refused(error: SignInError, request: Request | None) -> Answer:
    """Return the answer to someone who has not signed in."""
    answer = error_answer(error, request)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _issue(call: AdminCall) -> Any:
    given = call.json()
    if not isinstance(given, dict) or set(given) - {"user", "seconds"} or "user" not in given:
        raise AdminError(400, "The body must be {user: systemuserid or domain name, seconds?}.")
    seconds = given.get("seconds", _SECONDS)
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 0:
        raise AdminError(400, "seconds: must be a whole number, at least 0.")
    host = call.host
    user = host.service().environment.find_user(str(given["user"]))
    if user is None:
        raise AdminError(404, f"There is no user '{given['user']}'.")
    until = host.surroundings.clock() + timedelta(seconds=seconds)
    return {
        "access_token": host.tokens.issue(user, until),
        "token_type": "Bearer",
        "expires_in": seconds,
        "user": user,
    }


ADMIN_ROUTES = (AdminRoute("POST", "/tokens", _issue, "hand out a bearer token: {user, seconds?}"),)
