"""Which rows are ours: two marks must agree, and nothing may speak against them.

The marks are the run's number in its column, an id that carries the same mark, and the ledger's
word. Number and id are written together, so they prove little of a row that somebody copied or put
back; who made it and when tells that apart. These two are guards: they never make a row ours.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum

from seedkit.ledger import Origin
from seedkit.purge.candidates import DAY, Candidate

SLACK = timedelta(minutes=5)  # servers of one service disagree a little about the time
SLACK_OF_DAYS = timedelta(hours=36)  # a day begins up to 14 hours before UTC's, and has 24
TWO = 2


class Doubt(Enum):
    """Why a row for which something speaks is not taken for ours."""

    NUMBER_ONLY = "has the run's number, and an id that is not the run's"
    ID_ONLY = "has the id of a row of the run, without its number"
    OTHER_MAKER = "was created by another user than the run's"
    OTHER_TIME = "was created at another time than the run's rows"


def doubt_about(row: Candidate, origin: Origin, *, must_have_number: bool) -> Doubt | None:
    """Return why a row is not accepted; None when it is ours.

    `must_have_number` says that the run gave its number to all rows of the table.
    """
    if not marks_agree(row, must_have_number=must_have_number):
        return Doubt.NUMBER_ONLY if row.number else Doubt.ID_ONLY
    if not made_by_us(row, origin):
        return Doubt.OTHER_MAKER
    return None if made_in_time(row, origin) else Doubt.OTHER_TIME


def marks_agree(row: Candidate, *, must_have_number: bool) -> bool:
    """Tell whether two marks speak for a row.

    The number can't be changed: without it, somebody deleted our row and took its id.
    """
    if must_have_number and not row.number:
        return False
    return (row.number, row.fits, row.known).count(True) >= TWO


def made_by_us(row: Candidate, origin: Origin) -> bool:
    """Tell whether one of the run's makers created a row, as far as that is known."""
    return row.made_by is None or not origin.makers or row.made_by in origin.makers


def made_in_time(row: Candidate, origin: Origin) -> bool:
    """Tell whether a row was created while the run was made, as far as that is known."""
    if row.made_on is None:
        return True
    made, slack = _moment(row.made_on), SLACK_OF_DAYS if len(row.made_on) == DAY else SLACK
    early = origin.began is not None and made < _moment(origin.began) - slack
    late = origin.ended is not None and made > _moment(origin.ended) + slack
    return not (early or late)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
