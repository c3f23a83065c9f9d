"""Finding the server that has an environment's file open, and telling it what to do."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seedkit.errors import SafetyStopError

ADMIN = "/emulator"
TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A running `seedkit emulator serve`; `authority` is what its certificate is trusted by."""

    url: str
    authority: str | None

    def get(self, path: str) -> Any:
        """Ask an admin route; httpx.HTTPError when there is no such server."""
        return self._send("GET", path).json()

    def post(self, path: str) -> None:
        """Tell an admin route to act; SafetyStopError when it refuses."""
        import httpx

        try:
            self._send("POST", path)
        except httpx.HTTPStatusError as error:
            message = error.response.json()["error"]["message"]
            raise SafetyStopError(f"The server at {self.url} refused: {message}") from None
        except httpx.HTTPError as error:
            raise SafetyStopError(
                f"The server at {self.url} did not answer ({error}).",
                "Stop it with Ctrl-C and try again.",
            ) from None

    def _send(self, method: str, path: str) -> Any:
        import ssl

        import httpx

        verify = ssl.create_default_context(cafile=self.authority) if self.authority else True
        with httpx.Client(trust_env=False, verify=verify, timeout=TIMEOUT_SECONDS) as client:
            return client.request(method, self.url + ADMIN + path).raise_for_status()


def command(words: str, database: Path | None) -> str:
    """Return an `emulator` command for the file that was asked for, to be pasted into a shell."""
    # Without the file the command would act on the default environment, on another one's data.
    place = "" if database is None else f" --database {shlex.quote(str(database))}"
    return f"seedkit emulator {words}{place}"


def find_server(database: Path) -> RunningServer | None:
    """Return the server of a file; None when there is none, or none that can be told."""
    import httpx

    from seedkit import emulator

    note = emulator.served_at(database)
    if note is None:
        return None
    server = RunningServer(*note)
    try:
        serves = server.get("/environment")["database"]
    except (httpx.HTTPError, OSError, ValueError, KeyError):
        return None
    return server if serves == str(database.resolve()) else None
