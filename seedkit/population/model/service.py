"""Customer service: cases, what was done about them, conversations.

All are empty unless the profile asks for cases. A `seat` is a place at a desk, 0 to SEATS - 1:
which real user sits there is not the population's business.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from seedkit.population.model.columns import Flags, Ints, Moments, Money, Texts

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SEATS = 8  # at each desk


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases of customers, by household, person and day; a parent stands before its children."""

    household: Ints
    person: Ints
    parent: Ints  # index into Cases, -1; the same person's
    topic: Ints  # Topic
    kind: Ints  # CaseKind
    origin: Ints  # Origin
    priority: Ints  # Priority
    desk: Ints  # Desk
    seat: Ints
    state: Ints  # CaseState
    about: Ints  # About
    which: Ints  # index into the part that `about` names, -1
    amount: Money  # what it is about; in the bank's own currency but of accounts in others; 0: none
    title: Texts  # at most 100 characters
    description: Texts
    opened: Moments
    respond_by: Moments
    responded: Moments  # NaT when not yet
    escalated: Moments  # NaT when not
    resolve_by: Moments
    closed: Moments  # resolved or cancelled, else NaT
    resolution: Texts  # "" when not resolved
    minutes: Ints  # worked on it
    satisfaction: Ints  # 1 to 5 where the customer told, else 0


@dataclass(frozen=True, slots=True)
class Activities:
    """Calls, e-mails, appointments, tasks and letters, by household, person and time."""

    household: Ints
    person: Ints
    case: Ints  # index into Cases; -1 on the customer alone
    kind: Ints  # Done
    outgoing: Flags  # from us to the customer; tasks and appointments too
    progress: Ints  # Progress
    desk: Ints
    seat: Ints
    subject: Texts  # at most 100 characters
    text: Texts
    begins: Moments  # planned or real; of a task: when it was set
    ends: Moments  # of a task: when it is due
    done: Moments  # NaT while open
    missed: Flags  # nobody answered: a voicemail was left
    address: Texts  # the customer's number, e-mail or postal address that was used


@dataclass(frozen=True, slots=True)
class CaseNotes:
    """What agents wrote down."""

    household: Ints
    person: Ints
    case: Ints  # index into Cases; -1 on the customer alone
    desk: Ints
    seat: Ints
    subject: Texts
    text: Texts
    written: Moments


@dataclass(frozen=True, slots=True)
class Conversations:
    """Chats that opened or carried a case."""

    household: Ints
    person: Ints
    case: Ints
    desk: Ints
    seat: Ints  # of the last agent
    began: Moments
    accepted: Moments  # an agent took it; NaT while it waits
    ended: Moments  # NaT while it runs
    handled: Ints  # minutes
    sentiment: Ints  # Sentiment
    summary: Texts


@dataclass(frozen=True, slots=True)
class Sessions:
    """Each agent's part of a conversation: one, or two when it was handed on."""

    household: Ints
    conversation: Ints
    desk: Ints
    seat: Ints
    began: Moments
    ended: Moments


@dataclass(frozen=True, slots=True)
class Messages:
    """What was said in conversations, in order."""

    household: Ints
    conversation: Ints
    sender: Ints  # Sender
    sent: Moments
    text: Texts


_KINDS = {
    "Ints": np.int32,
    "Money": np.int64,
    "Dates": "datetime64[D]",
    "Moments": "datetime64[m]",
    "Texts": object,
    "Flags": np.bool_,
}
Part = TypeVar("Part", bound="DataclassInstance")


def none_of(part: type[Part]) -> Part:
    """Return a part without rows."""
    return part(**{item.name: np.empty(0, _KINDS[str(item.type)]) for item in fields(part)})
