"""The Web API client over a transport of httpx: addresses, tokens, errors, retries, paging."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

import httpx
import orjson

from seedkit.dataverse.answers import STORAGE_FULL, THROTTLED, TRANSIENT
from seedkit.dataverse.bearer import Bearer, refusal
from seedkit.dataverse.flow import RETRY_AFTER, Flow, asked_pause
from seedkit.dataverse.line import Line
from seedkit.dataverse.manner import Manner
from seedkit.dataverse.pace import MAX_IN_FLIGHT, Pace
from seedkit.dataverse.pause import Clock, Sleep
from seedkit.dataverse.window import Window
from seedkit.errors import ConnectionFailedError, ServiceError, SignInError

API_PATH = "/api/data/v9.2/"
UNAUTHORISED = 401
WORDED = (
    "@OData.Community.Display.V1.FormattedValue"  # ends the names of values as people read them
)
_SECONDS = "seedkit_seconds"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long to wait for a service that is busy or out of reach.

    Without a Retry-After the wait doubles from `first_wait` seconds up to `longest_wait`.
    """

    attempts: int = 6
    first_wait: float = 1.0
    longest_wait: float = 60.0

    def wait(self, attempt: int, response: httpx.Response | None) -> float:
        """Return the seconds to wait after the given attempt (0 is the first)."""
        given = "" if response is None else response.headers.get(RETRY_AFTER, "")
        if given.isdigit():
            return float(given)
        return float(min(self.first_wait * 2**attempt, self.longest_wait))


@dataclass
class Traffic:
    """What the client has sent so far, and what came of it."""

    requests: int = 0
    served: int = 0
    throttled: int = 0


@dataclass(frozen=True, slots=True)
class _Request:
    """One request, before it is signed; `rows` is how many rows it writes."""

    method: str
    address: str
    content: bytes | None
    headers: Mapping[str, str] = field(repr=False)  # a token is among them
    rows: int

    @property
    def kind(self) -> str:
        """Return what it has in common with requests that should take as long per row."""
        return f"{self.method} {self.address.partition('(')[0].partition('?')[0]}"

    def signed(self, token: str) -> _Request:
        """Return the request with a token."""
        return replace(self, headers={**self.headers, "Authorization": f"Bearer {token}"})


@dataclass
class WebApi:
    """One environment's Web API.

    Requests that only read, and deletes, are retried here. Writes are retried only when the
    service said that it did not run them (429); otherwise a lost answer is the caller's to settle,
    because only the caller knows the ids.
    """

    transport: httpx.AsyncBaseTransport
    url: str
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    bearer: Bearer | None = None
    sleep: Sleep = asyncio.sleep
    clock: Clock = lambda: asyncio.get_running_loop().time()
    traffic: Traffic = field(default_factory=Traffic)
    in_flight: int = MAX_IN_FLIGHT
    manner: Manner = field(default_factory=Manner)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # who reads a large answer
    flow: Flow = field(init=False)
    line: Line = field(init=False)

    def __post_init__(self) -> None:
        self.line = Line(self.transport)
        self.flow = Flow(
            clock=lambda: self.clock(),
            sleep=lambda seconds: self.sleep(seconds),
            pace=Pace(self.in_flight),
            window=Window(kept=not _is_loopback(self.url)),
        )

    @property
    def root(self) -> str:
        """Return the service root, with a slash at its end."""
        return self.url.rstrip("/") + API_PATH

    async def get(self, path: str, query: Mapping[str, str] | None = None, **prefer: Any) -> Any:
        """Read JSON; `prefer` takes `page_size`, and `worded` for values as people read them."""
        address = path + ("?" + _query_string(query) if query else "")
        wishes = []
        if "page_size" in prefer:
            wishes.append(f"odata.maxpagesize={prefer['page_size']}")
        if prefer.get("worded"):
            wishes.append(f'odata.include-annotations="{WORDED[1:]}"')
        headers = {"Prefer": ",".join(wishes)} if wishes else {}
        response = await self.send("GET", address, headers=headers)
        try:
            return orjson.loads(response.content)
        except orjson.JSONDecodeError:
            raise ConnectionFailedError(
                f"{self.url} answers, but not as a Dataverse environment does.",
                "Check the address: it may lead to a sign-in page or to another service.",
            ) from None

    async def pages(
        self,
        path: str,
        query: Mapping[str, str],
        page_size: int = 5000,
        *,
        worded: bool = False,
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Read a collection page by page; `worded` as in `get`."""
        answer = await self.get(path, query, page_size=page_size, worded=worded)
        while True:
            following = answer.get("@odata.nextLink")
            yield answer.pop("value")
            if following is None:
                return
            answer = await self.get(following, page_size=page_size, worded=worded)

    async def all(
        self, path: str, query: Mapping[str, str], *, worded: bool = False
    ) -> list[dict[str, Any]]:
        """Read a whole collection; `worded` as in `get`."""
        return [row async for page in self.pages(path, query, worded=worded) for row in page]

    async def post(
        self, path: str, body: object, headers: Mapping[str, str] | None = None, *, rows: int = 0
    ) -> httpx.Response:
        """Post JSON; `rows` as in `send`."""
        return await self.send("POST", path, orjson.dumps(body), headers, rows=rows)

    async def send(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        repeatable: bool = False,
        rows: int = 0,
    ) -> httpx.Response:
        """Send one request and return its answer; `repeatable` says that doing it twice is safe.

        `rows` is how many rows it writes; by the time they take, the pace is found.

        A 401 renews the token and sends the request once more: the service did not run it.

        Raises ServiceError (the service refuses), SignInError (401), ConnectionFailedError (no
        answer: for a write the outcome is then unknown).
        """
        repeatable = repeatable or method in {"GET", "DELETE"}
        attempt, served = -1, self.traffic.served
        while True:
            attempt += 1
            last = attempt >= self.retry.attempts - 1
            try:
                response = await self._once(method, path, content, headers, rows)
            except httpx.RequestError as error:
                # An address that never answered is more likely wrong than asleep.
                if last or not repeatable or not self.traffic.requests:
                    raise _unreachable(self.url, error) from error
                await self.sleep(self.retry.wait(attempt, None))
                continue
            if response.is_success:
                return response
            paused = self._pause(attempt, response)
            if paused and self.traffic.served > served:
                # Throttled, but not for nothing: others have been served meanwhile.
                attempt, served, last = 0, self.traffic.served, False
            if last or not _worth_repeating(response, repeatable):
                raise read_error(response)
            if not paused:
                await self.sleep(self.retry.wait(attempt, response))

    def _pause(self, attempt: int, response: httpx.Response) -> bool:
        """Hold all requests back when an answer asks for it; the next one to leave waits."""
        seconds = asked_pause(response.status_code, response.headers.get(RETRY_AFTER, ""))
        if seconds is None and response.status_code != THROTTLED:
            return False
        code, _ = parse_error(response.content)
        if code == STORAGE_FULL:
            return False
        wait = self.retry.wait(attempt, response) if seconds is None else seconds
        self.flow.throttle(code, wait)
        return True

    async def _once(
        self,
        method: str,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str] | None,
        rows: int,
    ) -> httpx.Response:
        """Send a request with a token; one that is refused is renewed, once."""
        headers = {**self.manner.headers(method), **(headers or {})}
        request = _Request(method, self._address(path), content, headers, rows)
        if self.bearer is None:
            return await self._sent(request)
        token = await self.bearer.token()
        response = await self._sent(request.signed(token))
        if response.status_code == UNAUTHORISED:
            await self.bearer.renew(token)
            token = await self.bearer.token()
            response = await self._sent(request.signed(token))
            if response.status_code == UNAUTHORISED:
                raise refusal()
        self.bearer.accept(token)
        return response

    async def _sent(self, request: _Request) -> httpx.Response:
        ticket = await self.flow.enter()
        try:
            response = await self.line.send(
                request.method, request.address, request.content, request.headers
            )
        except BaseException:
            self.flow.lose(ticket)
            raise
        kind = request.kind if request.rows else ""
        response.extensions[_SECONDS] = self.flow.learn(ticket, response, kind, request.rows)
        self.traffic.requests += 1
        self.traffic.served += response.is_success
        self.traffic.throttled += response.status_code == THROTTLED
        return response

    def _address(self, path: str) -> str:
        """Return a request's address; a link must stay with the service, for the token's sake."""
        if "://" not in path:
            return self.root + path
        if not path.lower().startswith(self.url.rstrip("/").lower() + "/"):
            raise ConnectionFailedError(
                f"{self.url} sends us on to another address, which was not asked.",
                "Use the address that the environment itself gives: seedkit environments list",
            )
        return path


def read_error(response: httpx.Response) -> ServiceError | SignInError:
    """Return the error that an answer tells of."""
    if response.status_code == UNAUTHORISED:
        return SignInError(
            "The environment refused the sign-in.", "Check the account, then try again."
        )
    code, message = parse_error(response.content)
    return ServiceError(response.status_code, code, message or response.reason_phrase)


def parse_error(content: bytes) -> tuple[str, str]:
    """Return platform code and message of an error body; empty strings when it has none."""
    try:
        error = orjson.loads(content)["error"]
        return str(error["code"]), str(error["message"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return "", ""


def _worth_repeating(response: httpx.Response, repeatable: bool) -> bool:
    if parse_error(response.content)[0] == STORAGE_FULL:
        return False
    if response.status_code == THROTTLED:
        return True  # the service says that it did not run the request
    return repeatable and response.status_code in TRANSIENT


def seconds_of(response: httpx.Response) -> float:
    """Return how long the answer took since its request left, without what it waited before."""
    return float(response.extensions[_SECONDS])


def _is_loopback(url: str) -> bool:
    """Tell whether an address is this machine, which has no limits unless it tells of them."""
    return httpx.URL(url).host in {"localhost", "127.0.0.1", "::1"}


def _unreachable(url: str, error: httpx.RequestError) -> ConnectionFailedError:
    problem = f"No answer from {url} ({str(error) or type(error).__name__})."
    hint = "Check the address and the network, then try again."
    # The transport calls a refused connection a time-out of connecting.
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        problem = f"Nothing answers at {url}."
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        problem = f"The certificate of {url} is not trusted."
        hint = (
            "Trust the authority that signed its certificate: name its PEM file as ca_bundle in "
            "the file\nthat this shows, or in the variable SSL_CERT_FILE: seedkit environments list"
        )
    return ConnectionFailedError(problem, hint)


def _query_string(query: Mapping[str, str]) -> str:
    return "&".join(f"{quote(name, safe='$@')}={quote(text)}" for name, text in query.items())
