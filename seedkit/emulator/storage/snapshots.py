"""Named snapshots of an environment, and copies of its file while it is in use.

SQLite's own backup makes each copy: a whole state between two transactions, also while another
process writes. The snapshots of `bank.sqlite3` lie beside it in `bank.snapshots/`; those of an
environment in memory are kept in memory.
"""

from __future__ import annotations

import re
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from seedkit.emulator.storage.files import MEMORY, environment_id, is_memory
from seedkit.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SUFFIX = ".sqlite3"
_BUSY_SECONDS = 30


class Snapshots:
    """The snapshots of one environment by name."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._folder = None if is_memory(database) else database.with_suffix(".snapshots")
        self._held: dict[str, sqlite3.Connection] = {}

    def names(self) -> list[str]:
        """Return the names of all snapshots, sorted."""
        if self._folder is None:
            return sorted(self._held)
        return sorted(path.name.removesuffix(_SUFFIX) for path in self._folder.glob(f"*{_SUFFIX}"))

    def make(self, name: str, source: sqlite3.Connection) -> None:
        """Copy an open environment; a snapshot of the same name is replaced."""
        if self._folder is None:
            copy = sqlite3.connect(MEMORY, check_same_thread=False)
            source.backup(copy)
            self._held[_checked(name)] = copy
            return
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_copy(source, path)

    def make_of_file(self, name: str) -> None:
        """Copy the environment's file, which may be in use; UsageError when it is none."""
        _checked(name)
        with open_copy(self._database) as source:
            self.make(name, source)

    @contextmanager
    def opened(self, name: str) -> Iterator[sqlite3.Connection]:
        """Open a snapshot to copy from; UsageError when there is none of that name."""
        self.check_known(name)
        if self._folder is None:
            yield self._held[name]
        else:
            with open_copy(self._path(name)) as connection:
                yield connection

    def restore_file(self, name: str) -> None:
        """Put a snapshot in the place of the environment's file, which nothing may have open."""
        with self.opened(name) as content:
            restore(self._database, content)

    def delete(self, name: str) -> None:
        """Delete a snapshot; UsageError when there is none of that name."""
        self.check_known(name)
        if self._folder is None:
            self._held.pop(name).close()
        else:
            self._path(name).unlink()

    def _path(self, name: str) -> Path:
        assert self._folder is not None
        return self._folder / (_checked(name) + _SUFFIX)

    def check_known(self, name: str) -> None:
        """Stop when there is no snapshot of that name; UsageError."""
        known = self.names()
        if _checked(name) not in known:
            listed = ", ".join(known) or "none"
            file = shlex.quote(str(self._database))
            raise UsageError(
                f"There is no snapshot named {name}; there are: {listed}.",
                f"Make one with: seedkit emulator snapshot {name} --database {file}",
            )


def _checked(name: str) -> str:
    if _NAME.fullmatch(name) is None:
        raise UsageError(
            f"{name!r} can't name a snapshot.",
            "Use letters, digits, dots, dashes and underscores, such as: before-upgrade",
        )
    return name


def write_copy(source: sqlite3.Connection, target: Path) -> None:
    """Write a copy of an open environment; an older file of that name goes only when it is done."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(part)) as copy:
        source.backup(copy)
        # One file, without a log beside it.
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()
    part.replace(target)


@contextmanager
def open_copy(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a snapshot's file to copy from; UsageError when it is no environment."""
    if not path.is_file() or environment_id(path) is None:
        raise UsageError(f"{path} is not a local environment.")
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def snapshot(database: Path, target: Path) -> None:
    """Copy an environment's file into another, also while it is served."""
    with open_copy(database) as source:
        write_copy(source, target)


def restore(database: Path, content: sqlite3.Connection) -> None:
    """Put an open snapshot in the place of an environment's file, all of it or nothing."""
    with closing(sqlite3.connect(database, timeout=_BUSY_SECONDS)) as connection:
        content.backup(connection)
