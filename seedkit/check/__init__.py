"""Can a seed work there? Questions to an environment; nothing is written.

`run` lists them; each is a small function of its topic's module that returns findings.
"""

from __future__ import annotations

from seedkit.check.model import STOPPING, Area, Finding, Look, Place, Probe, State, Uses, several
from seedkit.check.run import PROBES, Report, check

__all__ = [
    "PROBES",
    "STOPPING",
    "Area",
    "Finding",
    "Look",
    "Place",
    "Probe",
    "Report",
    "State",
    "Uses",
    "check",
    "several",
]
