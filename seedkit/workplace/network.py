"""The way to the network: which proxy, and which authorities to trust."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from seedkit.errors import UsageError
from seedkit.settings import is_loopback

if TYPE_CHECKING:
    from seedkit.environments import Target

BUNDLE_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


@dataclass(frozen=True, slots=True)
class Network:
    """A proxy's address, which may hold a password, and a file of authorities; None is the usual.

    The bundle stands in place of the public authorities.
    """

    proxy: str | None = field(repr=False)
    ca_bundle: Path | None

    def trust(self) -> ssl.SSLContext:
        """Return what certificates are checked with; UsageError when the bundle is of no use."""
        import httpx

        if self.ca_bundle is None:
            return httpx.create_ssl_context(trust_env=False)
        try:
            return ssl.create_default_context(cafile=str(self.ca_bundle))
        except (OSError, ssl.SSLError) as error:
            raise UsageError(
                f"The CA bundle {self.ca_bundle} can't be used ({error.strerror or error}).",
                "Write the path of a PEM file after ca_bundle; see: seedkit environments list",
            ) from None


def network_of(target: Target, variables: Mapping[str, str]) -> Network:
    """Return how to reach an environment: as its configuration says, else as the machine does."""
    entry = target.configured
    if entry and entry.proxy:
        proxy: str | None = entry.proxy
    else:
        proxy = _machine_proxy(target.url)
    if entry and entry.ca_bundle:
        return Network(proxy, entry.ca_bundle)
    named = next((variables[name] for name in BUNDLE_VARIABLES if variables.get(name)), None)
    return Network(proxy, Path(named) if named else None)


def _machine_proxy(url: str) -> str | None:
    parts = urlsplit(url)
    if is_loopback(url) or proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get(parts.scheme)
