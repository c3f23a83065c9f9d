"""Asking for rows by a list of ids, in lists that fit into an address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

IDS_PER_QUERY = 100  # 39 characters each; an address may have 32,768


def among(column: str, ids: Sequence[str]) -> str:
    """Return the filter for rows whose column holds one of some ids."""
    listed = ",".join(f"'{id}'" for id in ids)
    return f"Microsoft.Dynamics.CRM.In(PropertyName='{column}',PropertyValues=[{listed}])"


def windows(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Return ids in lists that one query can hold."""
    return (ids[first : first + IDS_PER_QUERY] for first in range(0, len(ids), IDS_PER_QUERY))
