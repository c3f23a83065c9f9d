"""The local environment in a process of its own, that can be given another file.

    python -m tests.purge.stories.server PORT

It prints a line when it is ready. PUT /stage with {"database": FILE, "begin": TIME, "settings":
{...}} puts that file on the stage, in which it is then that time; whatever is asked is asked of the
environment in it. No FILE empties the stage. PUT /stage/clock with {"seconds": N} lets time pass
there.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from seedkit.emulator import create_app


class Ticking:
    """A clock of which every look takes a moment: nothing happens at the same time twice."""

    def __init__(self, begin: datetime) -> None:
        self._now = begin

    def now(self) -> datetime:
        self.let_pass(0.001)
        return self._now

    def let_pass(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class Stage:
    """Hands requests to the environment that is on the stage."""

    def __init__(self) -> None:
        self._app: Starlette | None = None
        self._clock = Ticking(datetime.min.replace(tzinfo=UTC))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/stage"):
            wanted = json.loads(await _body(receive))
            if scope["path"] == "/stage":
                self._put(wanted)
            else:
                self._clock.let_pass(wanted["seconds"])
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})
        elif self._app is not None:
            await self._app(scope, receive, send)

    def _put(self, wanted: dict[str, Any]) -> None:
        if self._app is not None:
            self._app.state.close()
            self._app = None
        if wanted["database"] is None:
            return
        self._clock = Ticking(datetime.fromisoformat(str(wanted["begin"])))
        self._app = create_app(
            Path(str(wanted["database"])), clock=self._clock.now, settings=wanted["settings"]
        )


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message: Message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def main() -> None:
    class Server(uvicorn.Server):
        async def startup(self, sockets: object = None) -> None:
            await super().startup(sockets)  # type: ignore[arg-type]
            print("ready", flush=True)

    config = uvicorn.Config(
        Stage(), host="127.0.0.1", port=int(sys.argv[1]), log_level="critical", lifespan="off"
    )
    Server(config).run()


if __name__ == "__main__":
    main()
