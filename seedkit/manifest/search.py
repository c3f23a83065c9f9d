"""Finding customers by what they have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from seedkit.errors import UsageError
from seedkit.manifest.customers import Customer
from seedkit.manifest.traits import TRAITS, Trait, trait_named


@dataclass(frozen=True)
class Manifest:
    """The customers of a run; `source` is read once, when they are first asked for."""

    source: Iterable[Customer]

    @cached_property
    def customers(self) -> tuple[Customer, ...]:
        """Return all customers, household after household."""
        return tuple(self.source)

    @cached_property
    def traits(self) -> dict[str, int]:
        """Return how many customers have each trait, in the order of the documentation."""
        found = Counter(name for customer in self.customers for name in customer.traits)
        return {trait.name: found[trait.name] for trait in TRAITS}

    def find(self, *traits: str) -> tuple[Customer, ...]:
        """Return the customers with all of these traits.

        UnknownNameError for a trait that there is not, UsageError when nobody has them all.
        """
        wanted = [trait_named(name) for name in traits]
        names = {trait.name for trait in wanted}
        found = tuple(each for each in self.customers if names <= each.traits.keys())
        if not found:
            raise self._nobody(wanted)
        return found

    def customer(self, *traits: str) -> Customer:
        """Return the first customer with all of these traits; errors as in `find`."""
        return self.find(*traits)[0]

    def _nobody(self, wanted: list[Trait]) -> UsageError:
        missing = [trait for trait in wanted if not self.traits[trait.name]] or wanted
        what = " and ".join(f"{trait.name!r} ({trait.meaning})" for trait in missing)
        together = "all of " if len(missing) > 1 else ""
        settings = [more for more in dict.fromkeys(t.more for t in missing) if more]
        ways = [f"overrides={settings}"] if settings else []
        return UsageError(
            f"None of the {len(self.customers):,} customers has {together}{what}.",
            f"Ask for {' or '.join([*ways, 'more households'])}.",
        )
