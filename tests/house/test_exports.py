"""What is public is there and says what it does."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import seedkit

MODULES = ["seedkit", *(m.name for m in pkgutil.walk_packages(seedkit.__path__, "seedkit."))]
MODULES.remove("seedkit.__main__")  # importing it runs the program


def public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Return the public functions and classes that a module defines or exports."""
    exported = getattr(module, "__all__", ())
    for name, value in vars(module).items():
        if inspect.isfunction(value) or inspect.isclass(value):
            own = value.__module__ == module.__name__ and not name.startswith("_")
            if own or name in exported:
                yield name, value


@pytest.mark.parametrize("name", MODULES)
def test_public_things_say_what_they_do(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__ or name.endswith("__init__")
    assert [entry for entry in getattr(module, "__all__", ()) if not hasattr(module, entry)] == []
    silent = [
        entry for entry, value in public(module) if not (value.__doc__ or "").split("\n")[0].strip()
    ]
    assert silent == []
