"""The local environment in a process of its own, that can hold one answer back.

    python -m tests.kill.server DATABASE PORT NUMBER before|after FLAG TEXT

At write request NUMBER (0: never) of those whose body holds TEXT it touches the file FLAG and keeps
the client waiting: before the request is carried out, or after it was committed. It prints a line
when it is ready.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from seedkit.emulator import create_app

HOLD_SECONDS = 60.0


class Holder:
    """Holds one answer back."""

    def __init__(self, app: ASGIApp, number: int, moment: str, flag: Path, text: bytes) -> None:
        self._app = app
        self._number = number
        self._moment = moment
        self._flag = flag
        self._text = text
        self._writes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "GET":
            await self._app(scope, receive, send)
            return
        body = await _whole(receive)
        self._writes += self._text in body
        held = self._text in body and self._writes == self._number
        if held and self._moment == "before":
            await self._hold()

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, self._keep if held else send)
        if held:
            await self._hold()

    async def _keep(self, message: object) -> None:
        """Let the application believe that its answer went out."""

    async def _hold(self) -> None:
        self._flag.touch()
        await asyncio.sleep(HOLD_SECONDS)


async def _whole(receive: Receive) -> bytes:
    """Read a request's body."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def main() -> None:
    database, port, number, moment, flag, text = sys.argv[1:]
    app = create_app(Path(database), clock=lambda: datetime.now(UTC))
    held = Holder(app, int(number), moment, Path(flag), text.encode())

    class Server(uvicorn.Server):
        async def startup(self, sockets: object = None) -> None:
            await super().startup(sockets)  # type: ignore[arg-type]
            print("ready", flush=True)

    Server(
        uvicorn.Config(held, host="127.0.0.1", port=int(port), log_level="critical", lifespan="off")
    ).run()


if __name__ == "__main__":
    main()
