"""Asking for rows by a list of ids, in lists that fit into an address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

IDS_PER_QUERY = 100  # 39 characters each; an address may have 32,768


def among(column: str, ids: Sequence[str]) -> str:
    """Return the filter for rows whose column holds one of some ids."""
    listed = ",".join(f"'{id}'" for id in ids)
    return f"Microsoft.Dynamics.CRM.In(PropertyName='{column}',PropertyValues=[{listed}])"


def windows(ids: Iterable[str]) -> Iterator[Sequence[str]]:
    """Return ids in lists that one query can hold, each taken when it is asked for."""
    rest = iter(ids)
    while window := list(islice(rest, IDS_PER_QUERY)):
        yield window
