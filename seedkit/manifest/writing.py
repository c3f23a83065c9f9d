"""The manifest as a file: one customer per line, in constant memory."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import orjson

from seedkit.errors import UsageError
from seedkit.manifest.customers import Customer


def check_place(file: Path) -> None:
    """Stop when a manifest can't be written there; UsageError."""
    problem = ""
    if file.is_dir():
        problem = "is a folder"
    elif not file.parent.is_dir():
        problem = f"can't be written, because there is no folder {file.parent}"
    elif not os.access(file if file.exists() else file.parent, os.W_OK):
        problem = "can't be written"
    if problem:
        raise UsageError(f"The file {file} {problem}.", "Choose another place with --manifest FILE")


def write_manifest(file: Path, customers: Iterable[Customer]) -> int:
    """Write one line per customer; return how many. A file that is there is replaced in the end.

    UsageError when the disk is full, or whatever else keeps it from being written.
    """
    count, part = 0, file.with_name(f".{file.name}.part")
    try:
        with part.open("wb") as stream:
            for customer in customers:
                stream.write(orjson.dumps(customer.to_json(), option=orjson.OPT_APPEND_NEWLINE))
                count += 1
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(
            f"The manifest {file} can't be written ({error.strerror}).",
            "Choose another place with --manifest FILE",
        ) from None
    return count
