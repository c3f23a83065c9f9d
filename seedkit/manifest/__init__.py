"""The manifest of a run: its customers, to be found by what they have.

It follows from the plan alone: nothing is read from the environment.
"""

from seedkit.manifest.customers import Customer, Row, customers_of
from seedkit.manifest.search import Manifest
from seedkit.manifest.traits import TRAITS, Trait, trait_named
from seedkit.manifest.writing import check_place, write_manifest

__all__ = [
    "TRAITS",
    "Customer",
    "Manifest",
    "Row",
    "Trait",
    "check_place",
    "customers_of",
    "trait_named",
    "write_manifest",
]
