"""Purging: find what is ours, look for strangers, delete in order, verify. Knows no banking.

`candidates` reads the rows that may be ours, `acceptance` judges them, `edits` tells which were
changed, `strangers` and `companions` what hangs on them; `decision` and `keeping` say what stays;
`order`, `engines` and `obstacles` delete, and `purger` does one after the other.
"""

from seedkit.purge.decision import Decision, Strangers
from seedkit.purge.findings import Doubtful, Stranger, Survey
from seedkit.purge.purger import PurgeOptions, PurgeResult, purge
from seedkit.purge.survey import Look

__all__ = [
    "Decision",
    "Doubtful",
    "Look",
    "PurgeOptions",
    "PurgeResult",
    "Stranger",
    "Strangers",
    "Survey",
    "purge",
]
