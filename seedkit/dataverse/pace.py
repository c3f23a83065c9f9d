"""How many requests are in flight: what the service advises, fewer when it queues them.

Starting at the advice beat every search from below that was measured. From there only two things
lead away: a refusal for too many at once, and answers that take well longer per row than they can.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

MAX_IN_FLIGHT = 52  # the service refuses the 53rd request at once
# Where the service counts a request a moment longer than its answer, or one of somebody else's.
WITHIN = 48
WITHOUT_ADVICE = 8  # by Microsoft's guidance no environment is hurt by so many
LEAST_QUEUED = 4  # 1,200 s of execution in 300 s are 4 at a time, so fewer save nothing
QUEUED = 1.35  # of the floor: so much longer per row, answers are taken to queue
EASY = 1.15  # of the floor: so little longer, more may be tried
HELPED = 0.9  # of the time per row: a smaller pace that leaves more than this did not help
DOWN, UP = 0.2, 0.0001  # the floor follows quicker answers soon, slower ones hardly
STEADIER = 0.25  # after a trial that did not help, it follows quicker answers by this much less
WALL_ROUNDS = 200  # rounds that go well before a pace is tried again that was refused
REST = 4  # a pause ends with this part of the pace


@dataclass(slots=True)
class _Trial:
    """A smaller pace that has to show that it makes answers quicker."""

    limit: float
    queued: float


@dataclass
class Pace:
    """The number of requests in flight, never above `ceiling`.

    `calm` is what went well so far: up to there the pace comes back quickly after a pause, and
    beyond it by one per round.
    """

    ceiling: int = MAX_IN_FLIGHT
    _hint: str = ""
    _top: int = field(init=False)
    _start: float = field(init=False)
    _limit: float = field(init=False)
    _calm: float = field(init=False)
    _floors: dict[tuple[str, int], float] = field(default_factory=dict)
    _round: list[float] = field(default_factory=list)
    _ignored: int = 0
    _full: bool = False
    _proved: float = 0.0  # a pace that went well for a whole round since the last refusal
    _wall: float = float("inf")  # the pace that was refused
    _rounds: int = 0  # at the wall
    _down: float = DOWN
    _up: float = UP
    _trial: _Trial | None = None

    def __post_init__(self) -> None:
        self.ceiling = max(1, min(self.ceiling, MAX_IN_FLIGHT))
        self._top = self.ceiling
        self._start = self._limit = self._calm = float(min(WITHOUT_ADVICE, self.ceiling))

    @property
    def advice(self) -> int | None:
        """Return what the service has advised last."""
        return int(self._hint) if self._hint else None

    @property
    def limit(self) -> int:
        """Return how many requests may be in flight."""
        return int(self._limit)

    def advise(self, hint: str) -> None:
        """Take the service's advice; what is no positive number is none."""
        if hint == self._hint or not hint.isdigit() or not int(hint):
            return
        unhindered = self._limit >= self._start
        self._hint = hint
        self._top = min(int(hint), self.ceiling)
        self._start = float(self._top)
        if unhindered or self._limit > self._top:
            self._change(self._top)
            self._calm = self._limit

    def refuse(self, in_flight: int) -> None:
        """Shrink after a refusal for too many at once."""
        refused = min(self._limit, in_flight)
        step_too_far = self._proved and refused <= self._proved + 2
        if refused > WITHIN:
            self._calm = float(WITHIN)
        else:
            self._calm = max(1.0, refused - 1 if step_too_far else refused / 2)
        self._wall, self._rounds, self._proved = refused, 0, 0.0
        self._change(self._calm)

    def rest(self) -> None:
        """Begin gently after a pause; the pace comes back with the answers."""
        self._change(max(1.0, min(self._limit, self._calm) / REST))

    def answered(self, kind: str, rows: int, seconds: float, in_flight: int) -> None:
        """Take note of an answer: what was asked, how many rows, how long, beside how many."""
        self._full = self._full or in_flight >= self.limit
        if self._limit < self._calm:
            self._limit = min(self._limit + 1, self._calm)
            return
        if rows:
            self._look(kind, rows, seconds)

    def _look(self, kind: str, rows: int, seconds: float) -> None:
        queued = self._over_floor((kind, rows.bit_length()), seconds / rows)
        if self._ignored:
            self._ignored -= 1
            return
        self._round.append(queued)
        if len(self._round) >= max(LEAST_QUEUED, self.limit):
            self._review(median(self._round))

    def _over_floor(self, key: tuple[str, int], each: float) -> float:
        """Return the time per row as a multiple of the least one of its kind and size."""
        floor = self._floors.setdefault(key, each)
        self._floors[key] = floor + (each - floor) * (self._down if each < floor else self._up)
        return each / floor if floor else 1.0

    def _review(self, queued: float) -> None:
        trial, full = self._trial, self._full
        self._start_round()
        if full:
            self._proved = max(self._proved, self._limit)
        if trial is not None and queued > trial.queued * HELPED:
            # Fewer at a time did not make them quicker: the service itself has become slower.
            self._floors = {key: floor * queued for key, floor in self._floors.items()}
            self._down *= STEADIER
            self._up = self._down / 2
            self._change(min(trial.limit, self._top))
            self._calm = self._limit
        elif queued > QUEUED and self._limit > LEAST_QUEUED:
            self._shrink(queued)
        elif queued < EASY and full and self._limit < self._top:
            self._grow()

    def _grow(self) -> None:
        self._rounds += 1
        if self._limit + 1 >= self._wall:
            if self._rounds < WALL_ROUNDS:
                return
            self._wall = float("inf")
        self._rounds = 0
        self._limit = self._calm = min(self._limit + 1, self._top)

    def _shrink(self, queued: float) -> None:
        before = self._limit
        self._change(max(LEAST_QUEUED, before / queued * EASY))
        self._calm = self._limit
        self._trial = _Trial(before, queued)

    def _change(self, limit: float) -> None:
        """Set the pace; answers to what left before say nothing about it."""
        self._ignored = int(max(self._limit, limit))
        self._limit = float(limit)
        self._start_round()

    def _start_round(self) -> None:
        self._round = []
        self._full = False
        self._trial = None
