"""Which runs a command line means, among those that are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from seedkit.cli.run_errors import several_begin_alike, several_environments, several_runs
from seedkit.errors import UsageError
from seedkit.plan import Plan, meant


@dataclass(frozen=True, slots=True)
class Selection:
    """Which runs a command is about, as the command line says it.

    `command` is the one that asks, for hints. `expired_at` asks for runs whose time is over at
    that moment. With `copies`, a run in a copy of its environment is one of those that are there.
    With `whole_ids` no beginning of an id is taken for the id: nobody looks.
    """

    command: str
    names: tuple[str, ...] = ()
    profile: str | None = None
    every: bool = False
    environment: str | None = None
    expired_at: datetime | None = None
    copies: bool = False
    whole_ids: bool = False

    @property
    def sweeping(self) -> bool:
        """Tell whether it takes however many runs there are."""
        return self.every or self.profile is not None or self.expired_at is not None

    @property
    def words(self) -> str:
        """Return the command with the words that choose, but for the environment."""
        words = [f"seedkit {self.command}", *self.names, *["--all"] * self.every]
        words += [f"--profile {self.profile}"] if self.profile else []
        return " ".join(words + ["--expired"] * (self.expired_at is not None))

    def check(self) -> None:
        """Stop when the words contradict one another; UsageError."""
        words = {"--all": self.every, "--profile": self.profile is not None and self.every}
        if self.expired_at is not None:
            words |= {"--expired": True, "a run": bool(self.names)}
        given = [word for word, there in words.items() if there]
        if len(given) > 1:
            raise UsageError(f"{' and '.join(given)} don't go together.", "Choose one of them.")

    def refuse_beside_mark(self) -> None:
        """Stop when runs are meant beside a mark that no run is known of; UsageError."""
        if self.names or self.sweeping:
            raise UsageError("--mark and runs don't go together.", "Choose one of them.")

    def named(self, plans: list[Plan]) -> list[Plan]:
        """Return those of some runs that the names may mean."""
        return [plan for name in self.names for plan in meant(plans, name, whole=self.whole_ids)]

    def pick(self, plans: list[Plan], place_of: Callable[[Plan], str]) -> list[Plan] | None:
        """Return the plans that are meant; None when none of them is. AmbiguousRunError.

        `place_of` returns what a person calls the environment of a run.
        """
        if self.profile is not None:
            plans = [plan for plan in plans if plan.profile_name == self.profile]
        if self.expired_at is not None:
            plans = [plan for plan in plans if plan.is_expired(self.expired_at)]
        if self.names:
            chosen = [self._pick_one(plans, name) for name in dict.fromkeys(self.names)]
            return None if None in chosen else [plan for plan in chosen if plan is not None]
        if len(plans) > 1 and not self.sweeping:
            places = [(plan.run_id, place_of(plan)) for plan in plans]
            raise several_runs(places, self.command, self.environment)
        if len({plan.environment.id for plan in plans}) > 1 and not self.copies:
            raise several_environments({place_of(plan): None for plan in plans}, self.words)
        return plans or None

    def _pick_one(self, plans: list[Plan], name: str) -> Plan | None:
        fitting = meant(plans, name, whole=self.whole_ids)
        if len(fitting) > 1:
            raise several_begin_alike(name, [plan.run_id for plan in fitting], self.command)
        return fitting[0] if fitting else None
