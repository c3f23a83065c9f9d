"""One tree of errors. Each kind has an exit code; each error carries a hint.

SeedkitError                    1   failed; nothing half-done
├── UsageError                  2   the command line asks for something that is not there
│   ├── FaultsError             2   a file is wrong; lists every fault with file and line
│   │   ├── ProfileError        2   a profile is wrong
│   │   ├── ConfigurationError  2   what is said about named environments is wrong
│   │   └── FilesError          2   a population's files can't be used
│   ├── UnknownNameError        2   a name is not known; suggests the nearest ones
│   ├── RunNotFoundError        2   no such run
│   ├── AmbiguousRunError       2   several runs fit
│   ├── LedgerError             2   the local journal can't be read or written
│   ├── GeneratorError          2   a generator plug-in is not there, or breaks its interface
│   └── PlanMismatchError       2   another version made this plan; rows can't be made again
├── IncompleteError             3   rows were refused or left; the ledger knows which
├── TargetError                 4   the environment is out of reach or lacks something
│   ├── ConnectionFailedError   4   no answer
│   ├── SignInError             4   the environment does not let us in
│   ├── MissingInTargetError    4   a table, column, choice or currency is missing there
│   ├── MissingPrivilegeError   4   our user there lacks a privilege
│   └── ServiceError            4   the Web API refused a request; has status and code
└── SafetyStopError             5   a rule stopped us; nothing was changed
    ├── StrangersError          5   rows that are not ours would be deleted with ours
    ├── ProductionError         5   this looks like production, and nobody allowed it
    ├── WrongTargetError        5   this is not the environment that was recorded
    └── RunHeldError            5   another process works on the run
"""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass


class SeedkitError(Exception):
    """Base of all errors that seedkit raises on purpose.

    `message` is one sentence; `hint` names the next command or the way out.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def details(self) -> dict[str, object]:
        """Return what `--json` prints about this error beside message and hint."""
        return {}


class UsageError(SeedkitError):
    """The command line asks for something that is not there."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file: where it is, what it is, what would be right."""

    file: str
    line: int | None
    key: str
    problem: str
    suggestion: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        key = f" {self.key}:" if self.key else ""
        tail = f" {self.suggestion}" if self.suggestion else ""
        return f"{place}:{key} {self.problem}{tail}"


class FaultsError(UsageError):
    """A file can't be used; `faults` lists everything that is wrong with it."""

    thing = "file"

    def __init__(self, faults: Iterable[Fault], hint: str | None = None) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        has = "has a fault" if count == 1 else f"has {count} faults"
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"The {self.thing} {has}:\n{lines}", hint)

    def details(self) -> dict[str, object]:
        """Return the faults as plain values."""
        return {
            "faults": [
                {
                    "file": fault.file,
                    "line": fault.line,
                    "key": fault.key,
                    "problem": fault.problem,
                    "suggestion": fault.suggestion,
                }
                for fault in self.faults
            ]
        }


class ProfileError(FaultsError):
    """A profile can't be used."""

    thing = "profile"


class ConfigurationError(FaultsError):
    """What is said about named environments can't be used."""

    thing = "configuration"


class FilesError(FaultsError):
    """A population's files can't be used."""

    thing = "population's folder"


class UnknownNameError(UsageError):
    """A name is not known; the nearest known ones are suggested."""

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str | None = None) -> None:
        self.name = name
        self.suggestions = tuple(difflib.get_close_matches(name, list(known), n=3, cutoff=0.6))
        tail = f" Did you mean {' or '.join(self.suggestions)}?" if self.suggestions else ""
        super().__init__(f"There is no {kind} named {name!r}.{tail}", hint)


class RunNotFoundError(UsageError):
    """No run has this id."""


class AmbiguousRunError(UsageError):
    """Several runs fit where one is needed."""


class LedgerError(UsageError):
    """The ledger can't be read or written, or has a format that this version does not know."""


class GeneratorError(UsageError):
    """A generator plug-in is not there, or does not keep to the interface."""


class PlanMismatchError(UsageError):
    """Another version of the generator made this plan."""


class IncompleteError(SeedkitError):
    """Rows were refused or left behind; the ledger and the report say which.

    `strangers` are rows of others that came in between, where that is why.
    """

    exit_code = 3

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        strangers: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(message, hint)
        self.strangers = tuple(strangers)

    def details(self) -> dict[str, object]:
        """Return the strangers as plain values, if that is why."""
        return {"strangers": list(self.strangers)} if self.strangers else {}


class TargetError(SeedkitError):
    """The environment is out of reach, refuses us or lacks something that is needed."""

    exit_code = 4


class ConnectionFailedError(TargetError):
    """No answer came from the environment."""


class SignInError(TargetError):
    """The environment or its directory refused the sign-in."""


class MissingInTargetError(TargetError):
    """The environment lacks a table, column, choice, message or currency that the run needs."""


class MissingPrivilegeError(TargetError):
    """Our user in the environment lacks a privilege that was asked for."""


class ServiceError(TargetError):
    """The Web API refused a request: HTTP `status`, platform `code` such as 0x80040217."""

    def __init__(self, status: int, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(f"The environment answered {status} {code}: {message}", hint)
        self.status = status
        self.code = code
        self.reason = message

    def details(self) -> dict[str, object]:
        """Return status and platform code."""
        return {"status": self.status, "code": self.code}


class SafetyStopError(SeedkitError):
    """A safety rule stopped the command before anything was changed."""

    exit_code = 5


class StrangersError(SafetyStopError):
    """Rows that are not ours hang on ours and would be deleted with them."""

    def __init__(
        self, message: str, strangers: Sequence[Mapping[str, str]], hint: str | None = None
    ) -> None:
        super().__init__(message, hint)
        self.strangers = tuple(strangers)

    def details(self) -> dict[str, object]:
        """Return the strangers as plain values."""
        return {"strangers": list(self.strangers)}


class ProductionError(SafetyStopError):
    """The environment looks like production, and nobody allowed it by its name."""


class WrongTargetError(SafetyStopError):
    """The environment is not the one in which the run was recorded."""


class RunHeldError(SafetyStopError):
    """Another process of this machine works on the run."""


@contextlib.contextmanager
def one_error() -> Iterator[None]:
    """Raise the first error of a group by itself, as if nothing had gone on at the same time."""
    try:
        yield
        return
    except BaseExceptionGroup as group:
        error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    raise error  # outside the handler, so that it keeps its own cause
