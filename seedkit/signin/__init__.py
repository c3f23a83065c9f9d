"""Signing in: tokens for an environment, by every way that the configuration knows."""

from seedkit.signin.cache import forget, open_cache
from seedkit.signin.choosing import Outside, make_acquirer
from seedkit.signin.claims import read_claims
from seedkit.signin.http import open_session
from seedkit.signin.tokens import Acquire, HeldToken, Token

__all__ = [
    "Acquire",
    "HeldToken",
    "Outside",
    "Token",
    "forget",
    "make_acquirer",
    "open_cache",
    "open_session",
    "read_claims",
]
