"""The Web API client over `httpx.AsyncClient`: addresses, headers, errors, retries, paging."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
import orjson

from seedkit.errors import ConnectionFailedError, ServiceError, SignInError

API_PATH = "/api/data/v9.2/"
# Transient by Microsoft's own client: throttled, bad gateway, unavailable, gateway time-out.
TRANSIENT = frozenset({429, 502, 503, 504})
STORAGE_FULL = "0x80072325"
MAX_IN_FLIGHT = 48  # the service refuses the 53rd request at once
BASE_HEADERS = {
    "Accept": "application/json",
    "OData-Version": "4.0",
    "OData-MaxVersion": "4.0",
    "If-None-Match": "null",
}
Sleep = Callable[[float], Awaitable[None]]
TokenSource = Callable[[], Awaitable[str]]


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
        given = "" if response is None else response.headers.get("Retry-After", "")
        if given.isdigit():
            return float(given)
        return float(min(self.first_wait * 2**attempt, self.longest_wait))


@dataclass
class Traffic:
    """What the client has sent so far, and what the service advises."""

    requests: int = 0
    throttled: int = 0
    parallelism_hint: int | None = None


@dataclass
class WebApi:
    """One environment's Web API.

    Requests that only read, and deletes, are retried here. Writes are retried only when the
    service said that it did not run them (429); otherwise a lost answer is the caller's to settle,
    because only the caller knows the ids.
    """

    http: httpx.AsyncClient
    url: str
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    token: TokenSource | None = None
    sleep: Sleep = asyncio.sleep
    traffic: Traffic = field(default_factory=Traffic)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_IN_FLIGHT))

    @property
    def root(self) -> str:
        """Return the service root, with a slash at its end."""
        return self.url.rstrip("/") + API_PATH

    async def get(self, path: str, query: Mapping[str, str] | None = None, **prefer: Any) -> Any:
        """Read JSON; `prefer` takes `page_size`."""
        address = path + ("?" + _query_string(query) if query else "")
        headers = {}
        if "page_size" in prefer:
            headers["Prefer"] = f"odata.maxpagesize={prefer['page_size']}"
        response = await self.send("GET", address, headers=headers)
        try:
            return orjson.loads(response.content)
        except orjson.JSONDecodeError:
            raise ConnectionFailedError(
                f"{self.url} answers, but not as a Dataverse environment does.",
                "Check the address: it may lead to a sign-in page or to another service.",
            ) from None

    async def pages(
        self, path: str, query: Mapping[str, str], page_size: int = 5000
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Read a collection page by page."""
        answer = await self.get(path, query, page_size=page_size)
        while True:
            yield answer["value"]
            if "@odata.nextLink" not in answer:
                return
            answer = await self.get(answer["@odata.nextLink"], page_size=page_size)

    async def all(self, path: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """Read a whole collection."""
        return [row async for page in self.pages(path, query) for row in page]

    async def post(
        self, path: str, body: object, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Post JSON."""
        return await self.send("POST", path, orjson.dumps(body), headers)

    async def send(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        repeatable: bool = False,
    ) -> httpx.Response:
        """Send one request and return its answer; `repeatable` says that doing it twice is safe.

        Raises ServiceError (the service refuses), SignInError (401), ConnectionFailedError (no
        answer: for a write the outcome is then unknown).
        """
        repeatable = repeatable or method in {"GET", "DELETE"}
        for attempt in range(self.retry.attempts):
            last = attempt == self.retry.attempts - 1
            try:
                response = await self._once(method, path, content, headers)
            except httpx.RequestError as error:
                # An address that never answered is more likely wrong than asleep.
                if last or not repeatable or not self.traffic.requests:
                    raise _unreachable(self.url, error) from error
                await self.sleep(self.retry.wait(attempt, None))
                continue
            if response.is_success:
                return response
            if last or not _worth_repeating(response, repeatable):
                raise read_error(response)
            await self.sleep(self.retry.wait(attempt, response))
        raise AssertionError("the loop above always returns or raises")

    async def _once(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str] | None
    ) -> httpx.Response:
        merged = dict(BASE_HEADERS)
        if content is not None:
            merged["Content-Type"] = "application/json; charset=utf-8"
        merged.update(headers or {})
        if self.token is not None:
            merged["Authorization"] = f"Bearer {await self.token()}"
        address = path if "://" in path else self.root + path
        async with self._slots:
            response = await self.http.request(method, address, content=content, headers=merged)
        self.traffic.requests += 1
        self.traffic.throttled += response.status_code == 429
        hint = response.headers.get("x-ms-dop-hint", "")
        if hint.isdigit():
            self.traffic.parallelism_hint = int(hint)
        return response


def read_error(response: httpx.Response) -> ServiceError | SignInError:
    """Return the error that an answer tells of."""
    if response.status_code == 401:
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
    if response.status_code == 429:
        return True  # throttled: the service says that it did not run the request
    if parse_error(response.content)[0] == STORAGE_FULL:
        return False
    return repeatable and response.status_code in TRANSIENT


def _unreachable(url: str, error: httpx.RequestError) -> ConnectionFailedError:
    if isinstance(error, httpx.ConnectError):
        problem = f"Nothing answers at {url}."
    else:
        problem = f"No answer from {url} ({str(error) or type(error).__name__})."
    return ConnectionFailedError(problem, "Check the address and the network, then try again.")


def _query_string(query: Mapping[str, str]) -> str:
    return "&".join(f"{quote(name, safe='$@')}={quote(text)}" for name, text in query.items())
