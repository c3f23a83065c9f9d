"""The HTTP client that MSAL and the identity services are asked with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests

TIMEOUT_SECONDS = 30.0


class _Session(requests.Session):
    """A session whose requests end some time, which those of `requests` don't by themselves."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request."""
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = TIMEOUT_SECONDS
        return super().request(*args, **kwargs)


def open_session(proxy: str | None, ca_bundle: Path | None) -> requests.Session:
    """Return a session that takes proxy and authorities from here, and nothing from elsewhere."""
    session = _Session()
    session.trust_env = False
    if proxy is not None:
        session.proxies = {"http": proxy, "https": proxy}
    if ca_bundle is not None:
        session.verify = str(ca_bundle)
    return session
