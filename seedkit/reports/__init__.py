"""Details of what was done to a run: JSON lines, and pages to read."""

from seedkit.reports.details import write_lost_rows, write_receipt
from seedkit.reports.receipt import Facts, write_page

__all__ = ["Facts", "write_lost_rows", "write_page", "write_receipt"]
