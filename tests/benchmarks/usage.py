"""What processes have used of the machine, where the system tells (not on Windows)."""

from __future__ import annotations

import sys


def peak_mib() -> float | None:
    """Return the largest resident set of this process so far, in MiB."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def children_seconds() -> float | None:
    """Return the processor time of all child processes that have ended."""
    if sys.platform == "win32":
        return None
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
