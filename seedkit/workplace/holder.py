"""Who this process is, as the ledger names who works on a run."""

from __future__ import annotations

import os
import socket
from contextlib import AbstractContextManager

from seedkit.holding import held
from seedkit.ledger import Holder, Ledger
from seedkit.workplace.clock import utc_now


def hold(ledger: Ledger, run_id: str, command: str) -> AbstractContextManager[None]:
    """Keep other processes of this machine away from a run; RunHeldError when one works on it."""
    since = utc_now().isoformat(timespec="seconds")
    return held(ledger, run_id, Holder(os.getpid(), socket.gethostname(), since, command))
