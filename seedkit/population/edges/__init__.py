"""Edge cases: customers who are hard to handle, in place of some ordinary ones.

They are valid all the same: what they break is what programs take for granted.
"""

from seedkit.population.edges.making import with_edge_cases

__all__ = ["with_edge_cases"]
