"""The rights that a share gives: their names in messages, their bits in the table of shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

SHARES = "principalobjectaccess"
# AccessRights of the SDK [documented], in the order in which answers name them [observed].
RIGHTS: Mapping[str, int] = {
    "ReadAccess": 1,
    "WriteAccess": 2,
    "AppendAccess": 4,
    "AppendToAccess": 16,
    "CreateAccess": 32,
    "DeleteAccess": 65_536,
    "ShareAccess": 262_144,
    "AssignAccess": 524_288,
}


def mask_of(names: Iterable[str]) -> int:
    """Return the bits of some rights."""
    return sum({RIGHTS[name] for name in names})


def names_of(mask: int) -> str:
    """Return the rights of a mask in their own order, as one text."""
    return ", ".join(name for name, bit in RIGHTS.items() if mask & bit)
