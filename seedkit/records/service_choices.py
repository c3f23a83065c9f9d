"""The words of customer service as options of choice columns, and as states."""

from __future__ import annotations

from seedkit.population.service.words import (
    CaseKind,
    CaseState,
    Origin,
    Priority,
    Sentiment,
)
from seedkit.records.choices import Choice

CASE_KIND = Choice({CaseKind.QUESTION: 1, CaseKind.PROBLEM: 2, CaseKind.REQUEST: 3})
# There is no option for chats; they come through the website.
CASE_ORIGIN = Choice({Origin.PHONE: 1, Origin.EMAIL: 2, Origin.WEB: 3, Origin.CHAT: 3})
CASE_PRIORITY = Choice({Priority.HIGH: 1, Priority.NORMAL: 2, Priority.LOW: 3})
CASE_STAGE = Choice(  # 0 identify, 1 research, 2 resolve
    {
        CaseState.IN_PROGRESS: 0,
        CaseState.ON_HOLD: 1,
        CaseState.WAITING: 1,
        CaseState.RESEARCHING: 1,
        CaseState.SOLVED: 2,
        CaseState.INFORMED: 2,
        CaseState.CANCELLED: 0,
    }
)
OPEN_STATUS = Choice(  # with which a case is made: those that will be closed as in progress
    {
        CaseState.IN_PROGRESS: 1,
        CaseState.ON_HOLD: 2,
        CaseState.WAITING: 3,
        CaseState.RESEARCHING: 4,
        CaseState.SOLVED: 1,
        CaseState.INFORMED: 1,
        CaseState.CANCELLED: 1,
    }
)
CASE_RESOLVED, CASE_CANCELLED = 1, 2
# By case state: what a case becomes when it is closed, as (state, status); open ones stay.
CLOSED = {
    CaseState.SOLVED: (CASE_RESOLVED, 5),
    CaseState.INFORMED: (CASE_RESOLVED, 1000),
    CaseState.CANCELLED: (CASE_CANCELLED, 6),
}
COMPLETED = 1  # state of all activities
SENTIMENT = Choice(
    {
        Sentiment.VERY_NEGATIVE: 7,
        Sentiment.NEGATIVE: 8,
        Sentiment.SLIGHTLY_NEGATIVE: 9,
        Sentiment.NEUTRAL: 10,
        Sentiment.SLIGHTLY_POSITIVE: 11,
        Sentiment.POSITIVE: 12,
        Sentiment.VERY_POSITIVE: 13,
    }
)

SENDER, RECIPIENT, ATTENDEE, ORGANIZER = 1, 2, 5, 7  # parts in an activity
LIVE_CHAT = "192360000"  # a column of several choices carries them as text
LIVE_CHAT_SESSION = 192360000
