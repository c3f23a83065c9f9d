"""How much memory this process has needed."""

from __future__ import annotations

import sys


def peak_mib() -> float | None:
    """Return the largest resident set so far in MiB; None where the system doesn't tell."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
