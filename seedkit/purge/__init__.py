"""Purging: find what is ours, look for strangers, delete in order, verify. Knows no banking."""

from seedkit.purge.purger import PurgeOptions, PurgeResult, purge
from seedkit.purge.survey import Stranger, Survey, survey

__all__ = ["PurgeOptions", "PurgeResult", "Stranger", "Survey", "purge", "survey"]
