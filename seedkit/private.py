"""Files that only their owner may read: what they tell of an environment is nobody else's.

On Windows the rights of the user's own folder do the same, and modes say nothing.
"""

from __future__ import annotations

from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600


def make_private_folder(path: Path) -> None:
    """Make a folder when there is none, for its owner alone; OSError."""
    path.mkdir(mode=_FOLDER, parents=True, exist_ok=True)


def make_private_file(path: Path) -> None:
    """Make an empty file and its folder when there are none, for their owner alone; OSError."""
    make_private_folder(path.parent)
    path.touch(mode=_FILE)
