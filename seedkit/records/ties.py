"""What ties cases to articles, and customers to one another beside relationships."""

from __future__ import annotations

from seedkit.population.model import Flags
from seedkit.records.batch import RecordBatch
from seedkit.records.choices import Chosen
from seedkit.records.values import flags, noons
from seedkit.records.view import BlockView

_REFERENCE, _SOLUTION = 1, 2


def knowledgearticleincident(view: BlockView) -> RecordBatch:
    """Return which articles settled which cases."""
    links = view.block.article_links
    return view.sheets["knowledgearticleincident"].batch(
        {"knowledgeusage": _usage(links.solved), "issenttocustomer": flags(links.sent)},
        [
            view.bank.sheets["knowledgearticle"].point("knowledgearticleid", links.article),
            view.sheets["incident"].point("incidentid", links.case),
        ],
    )


def _usage(solved: Flags) -> Chosen:
    values = [_SOLUTION if one else _REFERENCE for one in solved.tolist()]
    return Chosen(values, frozenset({_REFERENCE, _SOLUTION}))


def connection(view: BlockView) -> RecordBatch:
    """Return the connections of customers, one row for each pair.

    The platform makes the row for the other direction by itself. Only the end that advises or
    acts has a role: two roles would have to be declared as matching before.
    """
    ties, people = view.block.connections, view.sheets["contact"]
    return view.sheets["connection"].batch(
        {"effectivestart": noons(ties.since)},
        [
            people.point("record1id", ties.person),
            people.point("record2id", ties.other),
            view.bank.sheets["connectionrole"].point("record2roleid", ties.tie),
        ],
    )
