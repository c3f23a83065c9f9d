"""Loading: what to send in which order, and what became of it. Knows nothing of banking."""

from seedkit.load.loader import Limits, LoadResult, RecordSource, load
from seedkit.load.stock import adopt

__all__ = ["Limits", "LoadResult", "RecordSource", "adopt", "load"]
