"""Folders and files of local state, and what to say when they are of no use."""

from __future__ import annotations

from pathlib import Path

from seedkit.errors import UsageError
from seedkit.private import make_private_folder
from seedkit.settings import HOME_VARIABLE

SQLITE_HEAD = b"SQLite format 3\0"


def make_folder(folder: Path) -> None:
    """Make a folder for local state; UsageError when that can't be done."""
    try:
        make_private_folder(folder)
    except OSError as error:
        raise UsageError(
            f"The folder {folder} can't be used ({error.strerror}).",
            f"Choose another with {HOME_VARIABLE}",
        ) from None


def check_file(
    database: Path, otherwise: str = "Replace it by a fresh one with: seedkit emulator reset"
) -> None:
    """Stop when an environment's file is something else; UsageError with `otherwise` as its hint.

    The default is for the default file, the only one that `reset` replaces when it is damaged.
    """
    try:
        with database.open("rb") as file:
            head = file.read(len(SQLITE_HEAD))
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(
            f"The file {database} can't be read ({error.strerror}).",
            f"Check its rights, or choose another folder with {HOME_VARIABLE}",
        ) from None
    if head not in (b"", SQLITE_HEAD):
        raise UsageError(f"The file {database} is not a local environment.", otherwise)
