"""What a token says about us, as far as it is no secret."""

from __future__ import annotations

import base64
import binascii
import json

SHOWN = ("name", "preferred_username", "upn", "unique_name", "appid", "app_displayname", "oid",
         "tid", "aud", "exp")  # fmt: skip


def read_claims(token: str) -> dict[str, object]:
    """Return the claims that may be shown; none for a token that only the service can read.

    The signature is not checked: the service does that, and this is only shown.
    """
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        body = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        claims = json.loads(body)
    except (binascii.Error, ValueError):
        return {}
    if not isinstance(claims, dict):
        return {}
    return {name: claims[name] for name in SHOWN if isinstance(claims.get(name), str | int)}
