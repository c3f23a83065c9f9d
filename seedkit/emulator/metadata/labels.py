"""Texts of definitions in the one language of the local environment, and ids of definitions."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import uuid5

from seedkit.emulator.errors import ARGUMENT, PlatformError, payload_error
from seedkit.emulator.storage.store import IDS

LANGUAGE = 1033


@lru_cache(maxsize=4096)  # most labels are the same few words: a third of a definition's time
def metadata_id(kind: str, name: str) -> str:
    """Return the fixed id of a definition."""
    return str(uuid5(IDS, f"{kind} {name}"))


def label(text: str | None, *, managed: bool = True) -> dict[str, Any]:
    """Return a text in the one language of the local environment."""
    if text is None:
        return {"LocalizedLabels": [], "UserLocalizedLabel": None}
    localized = {
        "Label": text,
        "LanguageCode": LANGUAGE,
        "IsManaged": managed,
        "MetadataId": metadata_id("label", text),
        "HasChanged": None,
    }
    return {"LocalizedLabels": [localized], "UserLocalizedLabel": localized}


def read_label(what: str, sent: Any) -> str | None:
    """Return the text of a label that a client sent; 400 for a language that isn't here."""
    if sent is None:
        return None
    if not isinstance(sent, dict) or not isinstance(sent.get("LocalizedLabels", []), list):
        raise payload_error(what, "a label must hold a list of 'LocalizedLabels'.")
    for item in sent.get("LocalizedLabels", []):
        code = item.get("LanguageCode") if isinstance(item, dict) else None
        if code != LANGUAGE:
            # The platform refuses languages that aren't switched on [expected].
            raise PlatformError(
                ARGUMENT, f"The language code {code} is not a valid language of this organization."
            )
        return str(item.get("Label") or "") or None
    return None
