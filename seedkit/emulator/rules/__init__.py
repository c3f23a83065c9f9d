"""What server code does beyond the schema, by topic: with the first content, all that names tables.

`calculated` and `composed` say how columns follow from others; `registry` tells which rules run
when rows of a table are created, changed or deleted; `views` which tables show rows that the
platform makes by itself.
"""

from seedkit.emulator.rules.calculated import CALCULATED
from seedkit.emulator.rules.composed import COMPOSED

__all__ = ["CALCULATED", "COMPOSED"]
