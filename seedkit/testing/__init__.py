"""Local environments for other people's test suites, with or without pytest.

    with local_environment(served=True) as local:      # or in process, or with tls=True
        answer = local.client.post("contacts", json={"lastname": "Okafor"})
        local.fail_next("unavailable", table="contact")

With pytest put this into a `conftest.py`:

    pytest_plugins = ["seedkit.testing"]

and take one of the fixtures: `seedkit_dataverse` (in process, in memory, one per test),
`seedkit_server` (the same behind a port), `seedkit_environment` (in a folder, for seeding; one per
test), `seedkit_bank` (ten seeded households, one per session; tests only read it) or
`seedkit_seeded` (seeds banks where `--seedkit-environment` says, purged with the session).
"""

from __future__ import annotations

import contextlib

from seedkit.testing.environment import MEMORY, RunningEnvironment, local_environment
from seedkit.testing.seeded import AS_OF, HOUSEHOLDS, LocalEnvironment, SeededRun

with contextlib.suppress(ModuleNotFoundError):  # pytest is not among our dependencies
    from seedkit.testing.fixtures import (  # noqa: F401
        pytest_addoption,
        seedkit_bank,
        seedkit_dataverse,
        seedkit_environment,
        seedkit_seeded,
        seedkit_server,
    )

__all__ = [
    "AS_OF",
    "HOUSEHOLDS",
    "MEMORY",
    "LocalEnvironment",
    "RunningEnvironment",
    "SeededRun",
    "local_environment",
]
