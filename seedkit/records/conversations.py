"""Conversations, as omnichannel keeps them. Experimental: routing normally makes these rows."""

from __future__ import annotations

import numpy as np

from seedkit.population.model import Flags, Ints
from seedkit.population.model.keeping import take
from seedkit.population.service.words import Sender, Sentiment
from seedkit.records import service_choices as choices
from seedkit.records.batch import RecordBatch, States
from seedkit.records.values import known, moments, names, numbers, only, texts
from seedkit.records.view import BlockView

_LONGEST = 2_000  # characters of a description
_SPEAKERS = {Sender.CUSTOMER: "Customer", Sender.BOT: "Assistant", Sender.AGENT: "Agent"}
_OPEN, _ACTIVE, _CLOSED = 1, 2, 4
_STATE_CLOSED = 1
_SESSION_ACTIVE, _SESSION_CLOSED = 192350001, 192350002
_BY_ACCEPTANCE, _BY_TRANSFER = 192350005, 192350001
_PRIMARY = 192350002
_PULSES = {sentiment: round(sentiment * 100 / max(Sentiment)) for sentiment in Sentiment}


def msdyn_ocliveworkitem(view: BlockView) -> RecordBatch:
    """Return conversations, closed or still going on."""
    sheet, talks = view.sheets["msdyn_ocliveworkitem"], view.block.conversations
    titles = view.block.cases.title[talks.case].tolist()
    over, taken = known(talks.ended), known(talks.accepted)
    wait = (np.where(taken, talks.accepted, talks.began) - talks.began).astype(np.int64) * 60
    return sheet.batch(
        {
            "subject": names(titles, 200),
            "msdyn_title": names(titles, 200),
            "msdyn_channel": sheet.same(choices.LIVE_CHAT),
            "statuscode": [_ACTIVE if there else _OPEN for there in taken.tolist()],
            "msdyn_createdon": moments(talks.began),
            "msdyn_initiatedon": moments(talks.began),
            "msdyn_startedon": moments(talks.accepted),
            "msdyn_activeagentassignedon": moments(talks.accepted),
            "msdyn_closedon": moments(talks.ended),
            "msdyn_isagentaccepted": taken.tolist(),
            "msdyn_conversationfirstwaittimeinseconds": only(taken, numbers(wait)),
            "msdyn_conversationhandletimeinseconds": numbers(talks.handled * 60),
            "msdyn_customersentimentlabel": choices.SENTIMENT.of(talks.sentiment),
            "description": _dialogues(view),
            "msdyn_conversationsummaryfield": texts(talks.summary),
            "overriddencreatedon": view.backdated(talks.began.astype("datetime64[D]")),
        },
        [
            view.sheets["contact"].point("msdyn_customer", talks.person),
            view.sheets["incident"].point("msdyn_issueid", talks.case),
            view.bank.sheets["queue"].point("msdyn_cdsqueueid", talks.desk),
            view.working("msdyn_activeagentid", "msdyn_ocliveworkitem", taken),
        ],
        states=_ended(over, _STATE_CLOSED, _CLOSED),
    )


def msdyn_ocsession(view: BlockView) -> RecordBatch:
    """Return the agents' parts of conversations."""
    sheet, sessions = view.sheets["msdyn_ocsession"], view.block.sessions
    over = known(sessions.ended)
    second = np.append(False, np.diff(sessions.conversation) == 0)[: over.size]
    return sheet.batch(
        {
            "subject": names(_titles(view, sessions.conversation), 200),
            "msdyn_channel": sheet.same(choices.LIVE_CHAT_SESSION),
            "msdyn_sessioncreatedon": moments(sessions.began),
            "msdyn_agentassignedon": moments(sessions.began),
            "msdyn_agentacceptedon": moments(sessions.began),
            "msdyn_sessionclosedon": moments(sessions.ended),
            "msdyn_state": [_SESSION_CLOSED if end else _SESSION_ACTIVE for end in over.tolist()],
            "msdyn_sessioncreationreason": _reasons(second),
            "msdyn_queueassignedreason": _reasons(second),
            "overriddencreatedon": view.backdated(sessions.began.astype("datetime64[D]")),
        },
        [
            view.sheets["msdyn_ocliveworkitem"].point(
                "msdyn_liveworkitemid", sessions.conversation
            ),
            view.bank.sheets["queue"].point("msdyn_cdsqueueid", sessions.desk),
        ],
        states=_ended(over, 1, 2),
    )


def msdyn_sessionparticipant(view: BlockView) -> RecordBatch:
    """Return the agent of each session."""
    sheet, sessions = view.sheets["msdyn_sessionparticipant"], view.block.sessions
    ended = np.where(known(sessions.ended), sessions.ended, sessions.began)
    minutes = (ended - sessions.began).astype(np.int64)
    return sheet.batch(
        {
            "msdyn_name": names(_titles(view, sessions.conversation)),
            "msdyn_assignreason": sheet.same("Assigned by the queue"),
            "msdyn_mode": sheet.same(_PRIMARY),
            "msdyn_joinedon": moments(sessions.began),
            "msdyn_lefton": moments(sessions.ended),
            "msdyn_activetime": numbers(minutes * 60),
        },
        [
            view.sheets["msdyn_ocsession"].point(
                "msdyn_omnichannelsession", np.arange(len(sessions.household))
            ),
            view.working("msdyn_agentid", "msdyn_sessionparticipant"),
        ],
    )


def msdyn_ocliveworkitemparticipant(view: BlockView) -> RecordBatch:
    """Return the last agent of each conversation that one has taken up."""
    sheet = view.sheets["msdyn_ocliveworkitemparticipant"]
    talks = take(view.block.conversations, sheet.rows)
    return sheet.batch(
        {
            "msdyn_name": names(_titles(view, sheet.rows)),
            "msdyn_type": sheet.same(192350000),
            "msdyn_joinedon": moments(talks.accepted),
            "msdyn_lefton": moments(talks.ended),
        },
        [view.working("msdyn_agentid", "msdyn_ocliveworkitemparticipant")],
    )


def msdyn_ocliveworkitemsentiment(view: BlockView) -> RecordBatch:
    """Return how customers sounded."""
    sheet, talks = view.sheets["msdyn_ocliveworkitemsentiment"], view.block.conversations
    feelings = [Sentiment(one) for one in talks.sentiment.tolist()]
    return sheet.batch(
        {
            "msdyn_name": names(_titles(view, np.arange(len(feelings)))),
            "msdyn_predictedlanguage": sheet.same("en"),
            "msdyn_sentimentpulse": [_PULSES[one] for one in feelings],
            "msdyn_sentimentzone": [one.name.replace("_", " ").capitalize() for one in feelings],
        },
        [
            view.sheets["msdyn_ocliveworkitem"].point(
                "msdyn_ocliveworkitemid", np.arange(len(feelings))
            )
        ],
    )


def msdyn_transcript(view: BlockView) -> RecordBatch:
    """Return a transcript for each conversation; what was said stands in its description."""
    sheet, talks = view.sheets["msdyn_transcript"], view.block.conversations
    rows = np.arange(len(talks.household))
    return sheet.batch(
        {"msdyn_name": names(_titles(view, rows))},
        [view.sheets["msdyn_ocliveworkitem"].point("msdyn_liveworkitemidid", rows)],
    )


def _dialogues(view: BlockView) -> list[str]:
    """Return what was said in each conversation, line by line."""
    said = view.block.messages
    found = [""] * len(view.block.conversations.household)
    times = np.datetime_as_string(said.sent, unit="m").tolist()
    rows = zip(said.conversation.tolist(), said.sender.tolist(), times, said.text, strict=True)
    for talk, sender, time, text in rows:
        found[talk] += f"{time[-5:]} {_SPEAKERS[Sender(sender)]}: {text}\n"
    return names(found, _LONGEST)


def _titles(view: BlockView, conversations: Ints) -> list[str]:
    """Return the titles of the cases that conversations are about."""
    cases = view.block.conversations.case[conversations]
    return [str(title) for title in view.block.cases.title[cases]]


def _reasons(second: Flags) -> list[int]:
    return [_BY_TRANSFER if again else _BY_ACCEPTANCE for again in second.tolist()]


def _ended(over: Flags, state: int, status: int) -> States:
    """Return what is over as closed; what goes on stays as it was made."""
    shown = over.tolist()
    return States(
        states=[state if end else None for end in shown],
        statuses=[status if end else None for end in shown],
    )
