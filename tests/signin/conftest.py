"""A directory, and environments whose sign-in leads there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msal
import pytest
from pydantic import SecretStr

from seedkit.environments import NamedEnvironment
from seedkit.signin import Outside
from seedkit.signin.azure_cli import Finished
from tests.signin.directory import CLIENT, RESOURCE, SECRET, TENANT, Directory, serve


@dataclass
class World:
    """Everything outside of a sign-in, within reach of a test."""

    directory: Directory
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    programs: list[list[str]] = field(default_factory=list)
    finished: Finished = field(
        default_factory=lambda: Finished(1, "", "ERROR: Please run az login")
    )
    secret: str | None = SECRET
    cache: Any = field(default_factory=msal.TokenCache)
    may_ask: bool = True
    clock: Callable[[], float] = time.time

    def entry(self, sign_in: str, **values: Any) -> NamedEnvironment:
        given = {"url": RESOURCE, "tenant": TENANT, "client_id": CLIENT, "sign_in": sign_in}
        return NamedEnvironment.model_validate({**given, **values})

    def outside(self) -> Outside:
        def run(words: Any) -> Finished:
            self.programs.append(list(words))
            return self.finished

        return Outside(
            session=self.directory.session(),
            variables=self.variables,
            run=run,
            clock=lambda: self.clock(),
            secret=lambda _: None if self.secret is None else SecretStr(self.secret),
            cache=lambda: self.cache,
            tell=self.told.append if self.may_ask else None,
        )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with serve() as directory:
        yield World(directory, tmp_path)
