"""The read-only SQL of the Web API, translated to the tree of a FetchXML query.

What is allowed is the documented subset: one SELECT of columns and aggregates, inner and left
joins on two columns, conditions of a column against constants, GROUP BY and ORDER BY of columns.
TOP is let go although the newest reference denies it: the platform's own client sends it
[observed]. Everything else is refused.
"""

from __future__ import annotations

from seedkit.emulator.errors import PlatformError
from seedkit.emulator.query.fetch.errors import BAD_SQL
from seedkit.emulator.query.fetch.syntax import Fetch
from seedkit.emulator.session import Session

MAX_LENGTH = 32_768


def parse_sql(text: str, session: Session) -> Fetch:
    """Return the tree of a SELECT; 400 for anything that isn't in the documented subset."""
    from seedkit.emulator.query.sql_tree import translate

    if len(text) > MAX_LENGTH:
        raise PlatformError(BAD_SQL, f"The query is longer than {MAX_LENGTH} characters.")
    return translate(text, session)
