"""Stories: everything that happens, drawn from a number."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from seedkit.purge.decision import Strangers
from tests.purge.stories.changing import HARMLESS
from tests.purge.stories.coming import LATE, install_samples
from tests.purge.stories.ground import KINDS
from tests.purge.stories.hanging import HANGING
from tests.purge.stories.tester import Move

UNKNOWN = ("remove_link", "cascade")
MOST_KILLS = 4
# Small ones often, as they are quick.
GROUNDS = (*KINDS, "tiny", "two", "two", "narrow", "narrow", "help", "help", "help")
# Limits of the service that a purge of these grounds runs into, again and again.
LIMITS: tuple[Mapping[str, object], ...] = (
    {"throttle_requests": 40, "throttle_window_seconds": 300},
    {"throttle_requests": 150, "throttle_window_seconds": 30},
    {"throttle_concurrency": 1},
    {"throttle_concurrency": 2, "throttle_requests": 90},
)


class Lost(Enum):
    """What nobody has any more when the purge begins."""

    NOTHING = "nothing"
    LEDGER = "ledger"
    NOTE = "note"


@dataclass(frozen=True)
class Story:
    """What testers do before a purge, what is lost, and how the purge is asked for and disturbed.

    `late` is the move before which another run is seeded, None for none. `soon`: testers come
    before the run is minutes old. `kills` are the requests at which attempts of the purge die.
    """

    number: int
    ground: str
    purged: str
    unknown: str
    moves: tuple[Move, ...]
    late: int | None
    soon: bool
    lost: Lost
    copied: bool
    kills: tuple[int, ...]
    newcomer: bool
    limits: Mapping[str, object] | None
    strangers: Strangers
    keep_edited: bool
    include_doubtful: bool


def draw(number: int) -> Story:
    """Return the story of a number."""
    chance = random.Random(number)
    ground = chance.choice(GROUNDS)
    kinds = (*HARMLESS, install_samples)
    if chance.random() < 0.6:
        kinds += HANGING
    moves = tuple(chance.choice(kinds) for _ in range(chance.randrange(1, 8)))
    late = chance.randrange(len(moves) + 1) if chance.random() < 0.15 else None
    runs = (*KINDS[ground].runs, *([LATE] if late is not None else []))
    copied = chance.random() < 0.1
    lost = Lost.NOTHING if copied else chance.choice((Lost.NOTHING, *Lost))
    keep_edited = chance.random() < 0.4
    # Without a ledger a purge that goes on takes the marks of the one before for edits, and keeps
    # more than it need: docs/purge.md tells of that.
    whole = keep_edited and (copied or lost is Lost.LEDGER)
    newcomer = chance.random() < 0.2 and not whole
    kills = () if newcomer or whole else chance.choice(((), (), (1,), (1,) * MOST_KILLS))
    return Story(
        number=number,
        ground=ground,
        purged=chance.choice(runs),
        unknown=chance.choice(UNKNOWN),
        moves=moves,
        late=late,
        soon=chance.random() < 0.3,
        lost=lost,
        copied=copied,
        kills=tuple(kill * chance.randrange(1, 120) for kill in kills),
        newcomer=newcomer,
        limits=chance.choice(LIMITS) if chance.random() < 0.2 else None,
        strangers=chance.choice((Strangers.STOP, *Strangers)),
        keep_edited=keep_edited,
        include_doubtful=chance.random() < 0.2,
    )
