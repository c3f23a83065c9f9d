"""Profiles: finding, reading, composing them, and explaining their faults."""

from seedkit.profile.finding import find_profile, shipped_profiles
from seedkit.profile.keys import (
    KeyInfo,
    describe_column_kinds,
    describe_keys,
    describe_open_keys,
    profile_schema,
)
from seedkit.profile.models import Profile
from seedkit.profile.reading import ResolvedProfile, read_profile

__all__ = [
    "KeyInfo",
    "Profile",
    "ResolvedProfile",
    "describe_column_kinds",
    "describe_keys",
    "describe_open_keys",
    "find_profile",
    "profile_schema",
    "read_profile",
    "shipped_profiles",
]
