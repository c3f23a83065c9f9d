"""How traits of cards are seen."""

from __future__ import annotations

import numpy as np

from seedkit.manifest.sight import Hits, Sight
from seedkit.population.model import Flags
from seedkit.population.words import CardKind, CardStatus

CARD_DAYS = 60


def credit(sight: Sight) -> Hits:
    """Return holders of credit cards."""
    return _cards(sight, sight.block.cards.kind == CardKind.CREDIT)


def ending(sight: Sight) -> Hits:
    """Return holders of cards in use that will soon be over, whether the bank says so or not."""
    in_use = _status(sight, CardStatus.ACTIVE, CardStatus.EXPIRES_SOON)
    return _cards(sight, in_use & sight.within(sight.block.cards.expires, CARD_DAYS))


def ended(sight: Sight) -> Hits:
    """Return holders of cards that are over."""
    return _cards(sight, _status(sight, CardStatus.EXPIRED))


def missing(sight: Sight) -> Hits:
    """Return holders of cards that were reported lost or stolen."""
    return _cards(sight, _status(sight, CardStatus.LOST, CardStatus.STOLEN))


def waiting(sight: Sight) -> Hits:
    """Return holders of new cards that nobody has used."""
    return _cards(sight, _status(sight, CardStatus.NOT_ACTIVATED))


def _status(sight: Sight, *states: CardStatus) -> Flags:
    return np.isin(sight.block.cards.status, states)


def _cards(sight: Sight, which: Flags) -> Hits:
    hits = sight.with_rows("cards", which)
    return Hits(hits.person, {**hits.rows, "holdings": sight.block.cards.holding[which]})
