"""The tree of errors: exit codes, details, and one error out of many."""

from __future__ import annotations

import asyncio

import pytest

from seedkit import errors
from seedkit.errors import (
    ConnectionFailedError,
    Fault,
    ProfileError,
    SeedkitError,
    ServiceError,
    StrangersError,
    UnknownNameError,
    one_error,
)


def kinds() -> list[type[SeedkitError]]:
    found = [getattr(errors, name) for name in dir(errors)]
    return [k for k in found if isinstance(k, type) and issubclass(k, SeedkitError)]


def test_the_page_at_the_top_says_each_kind_and_its_exit_code() -> None:
    page = errors.__doc__ or ""
    listed = {}
    for line in page.splitlines():
        words = line.lstrip("│├└─ ").split()
        if len(words) > 1 and words[0].endswith("Error"):
            listed[words[0]] = int(words[1])
    assert listed == {kind.__name__: kind.exit_code for kind in kinds()}


def test_a_profile_error_lists_every_fault() -> None:
    faults = [
        Fault("a.yaml", 3, "households", "must be above 0.", "Try 250."),
        Fault("a.yaml", None, "", "is empty."),
    ]
    error = ProfileError(iter(faults))
    assert "2 faults" in error.message
    assert "a.yaml:3: households: must be above 0. Try 250." in error.message
    assert "a.yaml: is empty." in error.message
    assert error.details()["faults"] == [
        {
            "file": "a.yaml",
            "line": 3,
            "key": "households",
            "problem": "must be above 0.",
            "suggestion": "Try 250.",
        },
        {"file": "a.yaml", "line": None, "key": "", "problem": "is empty.", "suggestion": None},
    ]


def test_an_unknown_name_brings_the_nearest() -> None:
    error = UnknownNameError("profile", "retial", iter(["retail", "wealth"]))
    assert error.suggestions == ("retail",)
    assert error.message == "There is no profile named 'retial'. Did you mean retail?"
    assert UnknownNameError("profile", "zzz", ["retail"]).suggestions == ()


def test_strangers_are_kept_whole() -> None:
    rows = [{"table": "task", "id": "1"}]
    assert StrangersError("m", rows).details() == {"strangers": rows}


def test_one_of_many_errors_comes_out_with_its_own_cause() -> None:
    async def fail() -> None:
        try:
            raise OSError("reset")
        except OSError as error:
            raise ConnectionFailedError("no answer", "try again") from error

    async def nested() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(fail())

    async def run() -> None:
        with one_error():
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(nested())

    with pytest.raises(ConnectionFailedError, match="no answer") as caught:
        asyncio.run(run())
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, asyncio.CancelledError, ServiceError])
def test_what_comes_alone_stays_as_it_is(kind: type[BaseException]) -> None:
    error = kind(500, "0x0", "m") if kind is ServiceError else kind()
    with pytest.raises(kind) as caught, one_error():
        raise error
    assert caught.value is error
    with one_error():
        pass
