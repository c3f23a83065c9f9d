"""Where a person's tokens are kept between two commands: encrypted, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msal

from seedkit.environments import TokenCache
from seedkit.errors import SignInError

SUFFIXES = ("", ".lockfile")


def open_cache(kind: TokenCache, file: Path, name: str) -> Any:
    """Return MSAL's cache of an environment.

    Encryption is the operating system's: DPAPI, Keychain, or libsecret. SignInError where it has
    none; plain text is written only when the configuration asks for it.
    """
    if kind is TokenCache.MEMORY:
        return msal.TokenCache()
    import msal_extensions

    if kind is TokenCache.PLAIN_TEXT:
        return msal_extensions.PersistedTokenCache(msal_extensions.FilePersistence(str(file)))
    try:
        persistence = msal_extensions.build_encrypted_persistence(str(file))
    except Exception as error:  # each system has errors of its own, and none in common
        raise SignInError(
            f"This machine has no place to keep tokens encrypted ({type(error).__name__}).",
            f'Write token_cache = "memory" for {name} to sign in for each command, or\n'
            'token_cache = "plain-text" if the file is safe; the file of names is shown by:\n'
            "seedkit environments list",
        ) from None
    return msal_extensions.PersistedTokenCache(persistence)


def forget(file: Path) -> None:
    """Delete the files of a cache; what the system's own store holds was removed by MSAL."""
    for suffix in SUFFIXES:
        file.with_name(file.name + suffix).unlink(missing_ok=True)
