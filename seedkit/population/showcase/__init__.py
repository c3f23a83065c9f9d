"""Showcase customers: households made to measure, each with one thing to show.

They lie in a block of their own. The ordinary stages make it like any other; then each showcase
chooses a household that nearly shows its thing already, and sets the little that is missing.
"""

from seedkit.population.showcase.making import make_showcase_block

__all__ = ["make_showcase_block"]
