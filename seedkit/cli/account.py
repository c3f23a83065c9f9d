"""What one purge has found and done so far: told to programs however it ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from seedkit.cli.purge_words import document_of, say_stopped
from seedkit.cli.receipts import NO_RECEIPTS, proof_document, write_receipts

if TYPE_CHECKING:
    from seedkit.cli.choosing import Chosen
    from seedkit.cli.shell import Shell
    from seedkit.dataverse.client import WebApi
    from seedkit.purge import PurgeResult


class Account:
    """The account of one purge; `agreed` when nothing keeps it from deleting any more."""

    def __init__(self, shell: Shell, run: Chosen, *, dry_run: bool) -> None:
        self._shell = shell
        self._plan = run.plan
        self._dry_run = dry_run
        self._began = time.monotonic()
        self._result: PurgeResult | None = None
        self.api: WebApi | None = None
        self.paths = NO_RECEIPTS
        self.agreed = False

    @property
    def seconds(self) -> float:
        """Return how long it has taken."""
        return time.monotonic() - self._began

    @property
    def _requests(self) -> int:
        return self.api.traffic.requests if self.api else 0

    def looked(self, result: PurgeResult) -> None:
        """Keep what was found and decided, with nothing deleted."""
        self._result = result

    def ended(self, result: PurgeResult) -> None:
        """Keep what came of it, and write the receipts where something could be deleted."""
        self._result = result
        if not self._dry_run:
            self.paths = write_receipts(
                self._shell, self._plan, result, self._requests, self.seconds
            )

    def stopped(self, result: PurgeResult) -> None:
        """Keep what was done before an error, and tell of it."""
        self.ended(result)
        say_stopped(self._shell, result, self.paths["page"])

    def document(self) -> dict[str, Any]:
        """Return what `--json` prints of it: the run alone before the environment was read."""
        if self._result is None:
            return {"run": self._plan.run_id}
        return {
            **document_of(self._plan, self._result, self._requests, self.seconds),
            "fingerprint": proof_document(self._result.proof),
            **self.paths,
            **({"dry_run": True} if self._dry_run else {}),
        }

    def with_error(self, error: dict[str, Any]) -> dict[str, Any]:
        """Return what `--json` prints when an error ends it: the error, with all that is known."""
        return {**self.document(), **error}
