"""From the word after `--environment` to an address and what is known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seedkit.environments.models import NamedEnvironment
from seedkit.errors import UnknownNameError
from seedkit.settings import LOCAL, LOCAL_URL, origin_of


@dataclass(frozen=True, slots=True)
class Target:
    """An environment to work with: what a person calls it, its address, its configuration."""

    name: str
    url: str
    configured: NamedEnvironment | None = None

    def rows_per_request(self, wanted: int) -> int:
        """Return rows per request, lowered to the environment's ceiling."""
        ceiling = self.configured.rows_per_request if self.configured else None
        return wanted if ceiling is None else min(wanted, ceiling)

    def requests_in_flight(self, wanted: int) -> int:
        """Return requests in flight, lowered to the environment's ceiling."""
        ceiling = self.configured.requests_in_flight if self.configured else None
        return wanted if ceiling is None else min(wanted, ceiling)

    @property
    def owners(self) -> Mapping[str, float]:
        """Return who owns the rows where a profile names nobody: names, all of the same weight."""
        return dict.fromkeys(self.configured.owners if self.configured else (), 1.0)


@dataclass(frozen=True, slots=True)
class Directory:
    """All named environments."""

    entries: Mapping[str, NamedEnvironment]

    def find(self, word: str) -> Target:
        """Return what `local`, a name or an address means; UnknownNameError for anything else."""
        if word in self.entries:
            return Target(word, self.entries[word].url, self.entries[word])
        if word == LOCAL:
            return Target(LOCAL, LOCAL_URL)
        url = origin_of(word)
        if url is None:
            raise UnknownNameError(
                "environment",
                word,
                [LOCAL, *self.entries],
                "Use `local`, an address such as http://127.0.0.1:8090, or a name from:\n"
                "seedkit environments list",
            )
        return self.at(url)

    def at(self, url: str) -> Target:
        """Return the environment at an address, with its configuration if it has a name."""
        if url == LOCAL_URL:
            return Target(LOCAL, url)
        for name, entry in self.entries.items():
            if entry.url == url:
                return Target(name, url, entry)
        return Target(url, url)
