"""Where local state lives, and what an address says about its environment.

The environment variables are read by the command line and passed in.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

LOCAL = "local"
LOCAL_URL = "http://localhost"  # the address that the in-process environment answers under
LOCAL_PORT = 8090  # where it answers browsers and others, once it is served
HOME_VARIABLE = "SEEDKIT_HOME"
HTTP_SCHEMES = ("http", "https")


def name_of(url: str) -> str:
    """Return what a command line calls the environment at an address, named or not."""
    return LOCAL if url == LOCAL_URL else url


@dataclass(frozen=True, slots=True)
class Settings:
    """The folder that holds all local state."""

    home: Path

    @property
    def ledger(self) -> Path:
        """Return the ledger's file."""
        return self.home / "ledger.sqlite3"

    @property
    def local_database(self) -> Path:
        """Return the local environment's file."""
        return self.home / "local.sqlite3"

    @property
    def environments(self) -> Path:
        """Return the file that names environments."""
        return self.home / "environments.toml"

    def schema(self, name: str) -> Path:
        """Return the folder of a schema that was pulled from an environment."""
        return self.home / "schemas" / name

    def tokens(self, name: str) -> Path:
        """Return the file in which an environment's tokens are kept, encrypted."""
        return self.home / "tokens" / f"{name}.bin"

    def report(self, run_id: str, action: str) -> Path:
        """Return the file for the details of what was done to a run, as JSON lines."""
        return self.home / "reports" / f"{run_id}-{action}.jsonl"

    def new_report(self, run_id: str, action: str) -> Path:
        """Return a file like `report` that is not there yet: what it replaced would be lost."""
        file, more = self.report(run_id, action), count(2)
        while file.exists():
            file = self.report(run_id, f"{action}-{next(more)}")
        return file


def read_settings(variables: Mapping[str, str]) -> Settings:
    """Return the settings that environment variables ask for."""
    if variables.get(HOME_VARIABLE):
        return Settings(Path(variables[HOME_VARIABLE]).expanduser())
    import platformdirs

    return Settings(Path(platformdirs.user_data_dir("seedkit", appauthor=False)))


def origin_of(name: str) -> str | None:
    """Return scheme, host and port of an address, and nothing secret; None when it has none."""
    try:
        parts = urlsplit(name)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in HTTP_SCHEMES or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + ("" if port is None else f":{port}")


def is_loopback(url: str) -> bool:
    """Tell whether an address lies on this machine, where no sign-in is needed."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
