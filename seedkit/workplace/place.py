"""Where work is done: settings, named environments, and the ways in that were found."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from seedkit.settings import Settings, read_settings
from seedkit.workplace.clock import read_clock

if TYPE_CHECKING:
    from seedkit.environments import Directory
    from seedkit.signin import Acquire


@dataclass
class Workplace:
    """One use of seedkit by a program, which is asked nothing and left as it is.

    `home` stands in place of the folder that the environment variables name.
    """

    owns_process: ClassVar[bool] = False  # else the process is some other program's

    home: Path | None = None
    ways_in: dict[str, Acquire] = field(default_factory=dict)  # by environment's name

    @cached_property
    def settings(self) -> Settings:
        """Return the settings that the environment variables ask for."""
        return Settings(self.home) if self.home else read_settings(os.environ)

    @cached_property
    def directory(self) -> Directory:
        """Return all named environments; ConfigurationError."""
        from seedkit.environments import read_directory

        return read_directory(self.settings.environments, os.environ)

    @property
    def interactive(self) -> bool:
        """Tell whether a person can be asked."""
        return False

    def now(self) -> datetime:
        """Return the present moment; what a command reads once."""
        return read_clock(os.environ)
