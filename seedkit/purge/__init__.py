"""Purging: find what is ours, look for strangers, delete in order, verify. Knows no banking.

`candidates` reads the rows that may be ours, `acceptance` judges them, `edits` tells which were
changed, `strangers` and `companions` what hangs on them; `decision` and `keeping` say what stays;
`order`, `engines` and `obstacles` delete for `deleting`, and `purger` does one after the other;
`terms` says what it may do and what it did, `stopping` how people are told of strangers.
"""

from seedkit.purge.decision import Decision, Strangers
from seedkit.purge.findings import Doubtful, Stranger, Survey
from seedkit.purge.purger import purge
from seedkit.purge.survey import Look
from seedkit.purge.terms import PurgeOptions, PurgeResult

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
