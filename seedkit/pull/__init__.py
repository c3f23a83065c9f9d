"""Saving the live schema of an environment as documents."""

from seedkit.pull.pulling import pull_schema

__all__ = ["pull_schema"]
