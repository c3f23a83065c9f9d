"""What ties customers and cases to the service library."""

from __future__ import annotations

from dataclasses import dataclass

from seedkit.population.model.columns import Dates, Flags, Ints


@dataclass(frozen=True, slots=True)
class ArticleLinks:
    """Articles with which cases were settled."""

    household: Ints
    case: Ints  # index into Cases
    article: Ints  # index into the library's Articles
    solved: Flags  # it was the solution, and not one of further hints
    sent: Flags  # the customer got it too


@dataclass(frozen=True, slots=True)
class Connections:
    """Who acts for or advises whom outside the family: `other` is `tie` to `person`.

    One row for both directions, of the later household of the two.
    """

    household: Ints
    person: Ints
    other: Ints
    tie: Ints  # Tie
    since: Dates
