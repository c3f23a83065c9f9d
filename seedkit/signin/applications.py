"""The ways in that MSAL itself walks: as an application, as a person, as a machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msal
import requests

from seedkit.errors import SignInError
from seedkit.signin.refusals import refused, told_apart
from seedkit.signin.tokens import Token

BROWSER_SECONDS = 300
Clock = Callable[[], float]
# Builds MSAL's application; it asks the directory for its addresses, so it is called late.
Build = Callable[[], Any]
# Lets a person sign in; takes the application and the scopes, returns MSAL's answer.
Ask = Callable[[Any, list[str]], Mapping[str, Any]]


@dataclass
class AsApplication:
    """Signs in with what an application knows or can show."""

    name: str
    build: Build
    scopes: list[str]
    clock: Clock
    _application: Any = None

    def __call__(self, *, fresh: bool) -> Token:
        """Return a token of MSAL's cache in memory, or a new one."""
        with told_apart(self.name):
            if self._application is None:
                self._application = self.build()
            if fresh:
                self._application.remove_tokens_for_client()
            answer = self._application.acquire_token_for_client(scopes=self.scopes)
        return read_answer(self.name, answer, self.clock)


@dataclass
class AsPerson:
    """Signs in as whoever has signed in before, or asks, unless `ask` is None."""

    name: str
    build: Build
    scopes: list[str]
    clock: Clock
    ask: Ask | None
    _application: Any = None

    @property
    def application(self) -> Any:
        """Return MSAL's application."""
        if self._application is None:
            self._application = self.build()
        return self._application

    def __call__(self, *, fresh: bool) -> Token:
        """Return a token; nobody is asked in the middle of a run, when a fresh one is needed."""
        with told_apart(self.name):
            answer = self._silent(fresh=fresh)
            if not fresh and "access_token" not in answer:
                answer = self._asked(answer)
        return read_answer(self.name, answer, self.clock)

    def log_in(self) -> Token:
        """Let a person sign in, in place of whoever was signed in before."""
        self.log_out()
        with told_apart(self.name):
            answer = self._asked({})
        return read_answer(self.name, answer, self.clock)

    def log_out(self) -> int:
        """Forget everybody; return how many there were."""
        with told_apart(self.name):
            accounts = self.application.get_accounts()
            for account in accounts:
                self.application.remove_account(account)
        return len(accounts)

    def _silent(self, *, fresh: bool) -> Mapping[str, Any]:
        """Return MSAL's answer for who has signed in before; empty when nobody has."""
        accounts = self.application.get_accounts()
        if not accounts:
            return {}
        answer: Mapping[str, Any] | None = self.application.acquire_token_silent_with_error(
            self.scopes, account=accounts[0], force_refresh=fresh
        )
        return answer or {}

    def _asked(self, before: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.ask is None:
            if before:
                raise refused(self.name, before)
            raise SignInError(
                f"Nobody is signed in to {self.name}, and nobody can be asked here.",
                f"Sign in first: seedkit auth login --environment {self.name}",
            )
        return self.ask(self.application, self.scopes)


@dataclass
class AsMachine:
    """Signs in with the managed identity of the machine, or of the client id."""

    name: str
    client_id: str | None
    resource: str
    session: requests.Session
    clock: Clock
    _client: Any = None

    def __call__(self, *, fresh: bool) -> Token:
        """Return a token of MSAL's cache in memory, or a new one."""
        with told_apart(self.name):
            if self._client is None or fresh:
                self._client = self._build()  # with an empty cache
            answer = self._client.acquire_token_for_client(resource=self.resource)
        return read_answer(self.name, answer, self.clock)

    def _build(self) -> Any:
        identity = (
            msal.UserAssignedManagedIdentity(client_id=self.client_id)
            if self.client_id
            else msal.SystemAssignedManagedIdentity()
        )
        return msal.ManagedIdentityClient(identity, http_client=self.session)


def by_device_code(tell: Callable[[str], None]) -> Ask:
    """Return a way to ask a person who types a code into a browser, anywhere."""

    def ask(application: Any, scopes: list[str]) -> Mapping[str, Any]:
        flow = application.initiate_device_flow(scopes=scopes)
        if "user_code" not in flow:
            return dict(flow)
        tell(flow["message"])
        answer: Mapping[str, Any] = application.acquire_token_by_device_flow(flow)
        return answer

    return ask


def by_browser(tell: Callable[[str], None]) -> Ask:
    """Return a way to ask a person in the browser of this machine."""

    def ask(application: Any, scopes: list[str]) -> Mapping[str, Any]:
        tell("Sign in in the browser window that opens.")
        answer: Mapping[str, Any] = application.acquire_token_interactive(
            scopes, timeout=BROWSER_SECONDS, prompt="select_account"
        )
        return answer

    return ask


def read_answer(name: str, answer: Mapping[str, Any] | None, clock: Clock) -> Token:
    """Return the token of MSAL's answer; SignInError when it has none."""
    if not answer or "access_token" not in answer:
        raise refused(name, answer)
    return Token(str(answer["access_token"]), clock() + float(answer["expires_in"]))
