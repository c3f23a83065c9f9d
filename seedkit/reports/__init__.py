"""Details of what was done to a run, as JSON lines."""

from seedkit.reports.details import write_lost_rows, write_receipt

__all__ = ["write_lost_rows", "write_receipt"]
