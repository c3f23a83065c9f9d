"""Put believable bank sample data into Microsoft Dataverse, and take exactly it out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seedkit.seeding import Bank, Customer, aseeded, seeded

__version__ = "0.1.0"
__all__ = ["Bank", "Customer", "__version__", "aseeded", "seeded"]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that `import seedkit` costs nothing."""
    if name in __all__:
        from seedkit import seeding

        return getattr(seeding, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
