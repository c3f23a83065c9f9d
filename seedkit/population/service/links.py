"""Which article settled which case."""

from __future__ import annotations

import numpy as np

from seedkit.population.draw import Whole, coin, pick_by
from seedkit.population.model import ArticleLinks, Bank, Block, none_of
from seedkit.population.service.words import ArticleState, CaseState, Topic
from seedkit.population.streams import stream
from seedkit.profile.models import Profile

USED = 0.65  # of settled cases in which an article was looked up
FURTHER = 0.15  # of these in which a second one helped
SENT = 0.4  # of articles that are not internal
_FILED_HERE = 4  # an article under the case's own subject, to one that is filed elsewhere
_SETTLED = (CaseState.SOLVED, CaseState.INFORMED)


def link_articles(profile: Profile, bank: Bank, block: Block) -> ArticleLinks:
    """Link settled cases to published articles of their topic that were written before."""
    cases, articles = block.cases, bank.library.articles
    count = cases.household.size
    if not (count and articles.key.size):
        return none_of(ArticleLinks)
    rng = stream(profile.random_seed, block.number, "article links")
    weights = _weights(bank)
    used = coin(rng, USED, count) & np.isin(cases.state, _SETTLED)
    first, second = pick_by(rng, weights, cases.topic), pick_by(rng, weights, cases.topic)
    further = used & coin(rng, FURTHER, count) & (first != second)
    case = np.concatenate([np.flatnonzero(used), np.flatnonzero(further)])
    article = np.concatenate([first[used], second[further]])
    solved = np.arange(case.size) < np.count_nonzero(used)
    known = articles.written[article] < cases.closed[case].astype("datetime64[D]")
    order = np.lexsort((~solved, case))
    order = order[known[order]]
    case, article = case[order], article[order]
    return ArticleLinks(
        household=cases.household[case],
        case=case.astype(np.int32),
        article=article.astype(np.int32),
        solved=solved[order],
        sent=coin(rng, SENT, case.size) & ~articles.internal[article],
    )


def _weights(bank: Bank) -> Whole:
    """Return how much each article weighs for each topic: topics x articles."""
    articles, subjects = bank.library.articles, bank.library.subjects
    own = subjects.topic[articles.subject][:, None] == np.arange(len(Topic))
    published = (articles.state == ArticleState.PUBLISHED)[:, None]
    weights = (articles.helps & published) * np.where(own, _FILED_HERE, 1)
    return np.asarray(weights.T, np.int64)
