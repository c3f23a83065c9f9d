"""Purging: find what is ours, look for strangers, delete in order, verify. Knows no banking.

`candidates` reads the rows that may be ours, `acceptance` judges them, `strangers` and `companions`
tell what hangs on them, `order` and `sweep` delete, and `purger` does one after the other.
"""

from seedkit.purge.findings import Doubtful, Stranger, Survey
from seedkit.purge.purger import PurgeOptions, PurgeResult, purge
from seedkit.purge.survey import survey

__all__ = ["Doubtful", "PurgeOptions", "PurgeResult", "Stranger", "Survey", "purge", "survey"]
