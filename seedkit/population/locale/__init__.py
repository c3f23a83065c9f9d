"""Locales: what differs between the countries that a bank can be in, chosen once by its profile."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from seedkit.errors import UnknownNameError
from seedkit.population.locale.model import Locale

__all__ = ["Locale", "locale_of"]

LOCALES = ("en_US", "en_GB", "de_DE")


@lru_cache(maxsize=3)
def locale_of(code: str) -> Locale:
    """Return the locale of a code that profiles allow; only that one is loaded."""
    if code not in LOCALES:
        raise UnknownNameError("locale", code, LOCALES)
    found: Locale = import_module(f"seedkit.population.locale.{code.lower()}").LOCALE
    return found
