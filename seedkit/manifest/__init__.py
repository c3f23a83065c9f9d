"""The manifest of a run: its customers, to be found by what they have.

It follows from the plan alone: nothing is read from the environment.
"""

from seedkit.manifest.customers import Customer, Row, customers_of, showcases_of
from seedkit.manifest.made import GUIDES, Guide
from seedkit.manifest.search import Manifest
from seedkit.manifest.traits import SHOWCASES, TRAITS, Trait, trait_named
from seedkit.manifest.writing import check_place, write_manifest

__all__ = [
    "GUIDES",
    "SHOWCASES",
    "TRAITS",
    "Customer",
    "Guide",
    "Manifest",
    "Row",
    "Trait",
    "check_place",
    "customers_of",
    "showcases_of",
    "trait_named",
    "write_manifest",
]
