"""Rules of a block about cases and what was done about them."""

from __future__ import annotations

import numpy as np

from seedkit.population.days import known
from seedkit.population.model import Dates
from seedkit.population.service.words import (
    OPEN_STATES,
    RESOLVED_STATES,
    Done,
    Progress,
    Sender,
)
from seedkit.realism.invariants.blocks import BlockView
from seedkit.realism.invariants.model import Flags, Rule


def after_joining(v: BlockView) -> Flags:
    """A case is opened by a customer, not before the first day as one."""
    cases, people = v.block.cases, v.people
    since = people.customer_since[cases.person]
    return ~people.customer[cases.person] | (_day(cases.opened) < since)


def in_order(v: BlockView) -> Flags:
    """A case is opened, answered and closed, in this order."""
    cases = v.block.cases
    early = known(cases.responded) & (cases.responded < cases.opened)
    closed = known(cases.closed)
    never = closed & ~known(cases.responded)
    return early | never | (closed & (cases.closed < cases.responded))


def escalated_late(v: BlockView) -> Flags:
    """A case is escalated after the first response and before its end."""
    cases = v.block.cases
    there = known(cases.escalated)
    early = ~known(cases.responded) | (cases.escalated <= cases.responded)
    return there & (early | (known(cases.closed) & (cases.escalated >= cases.closed)))


def closed_when_over(v: BlockView) -> Flags:
    """A case has an end when its state says so, and a resolution when it is resolved."""
    cases = v.block.cases
    is_open = np.isin(cases.state, OPEN_STATES)
    silent = np.isin(cases.state, RESOLVED_STATES) & (cases.resolution == "")
    return np.asarray((is_open == known(cases.closed)) | silent)


def in_the_past(v: BlockView) -> Flags:
    """Nothing in a case lies after the day of the bank."""
    cases, begin = v.block.cases, v.today.astype("datetime64[m]")
    moments = (cases.opened, cases.responded, cases.escalated, cases.closed)
    return np.asarray(np.logical_or.reduce([known(one) & (one >= begin) for one in moments]))


def below_parents(v: BlockView) -> Flags:
    """A child case is the same customer's, comes after its parent and ends before it."""
    cases = v.block.cases
    row = np.flatnonzero(cases.parent >= 0)
    above = cases.parent[row]
    ended = known(cases.closed[above])
    late = ended & ~(cases.closed[row] <= cases.closed[above])
    other = cases.person[row] != cases.person[above]
    early = cases.opened[row] < cases.opened[above]
    return np.asarray(other | early | late | (cases.parent[above] >= 0))


def same_customer(v: BlockView) -> Flags:
    """What is done about a case is done with its customer."""
    found = []
    for part in (v.block.activities, v.block.case_notes, v.block.conversations):
        row = part.case >= 0
        found.append(part.person[row] != v.block.cases.person[part.case[row]])
    return np.concatenate(found)


def within_cases(v: BlockView) -> Flags:
    """What is done about a case begins after it was opened, and ends before it is closed."""
    done = v.block.activities
    row = done.case >= 0
    case = done.case[row]
    opened, closed = v.block.cases.opened[case], v.block.cases.closed[case]
    early = done.begins[row] < opened
    return np.asarray(early | (known(closed) & ~(done.done[row] <= closed)))


def done_or_ahead(v: BlockView) -> Flags:
    """Completed activities lie in the past, open calls and appointments ahead."""
    done, begin = v.block.activities, v.today.astype("datetime64[m]")
    completed = done.progress == Progress.COMPLETED
    late = completed & ~(done.done < begin)
    planned = ~completed & (done.kind != Done.TASK) & (done.begins < begin)
    return np.asarray(late | planned | (known(done.done) & ~completed))


def own_addresses(v: BlockView) -> Flags:
    """Calls go to the customer's number, e-mails to the customer's address."""
    done, people = v.block.activities, v.people
    mail = people.email[done.person]
    phones = (people.mobile[done.person], people.home_phone[done.person])
    wrong_mail = (done.kind == Done.EMAIL) & ((done.address != mail) | (mail == ""))
    wrong_call = (done.address != phones[0]) & (done.address != phones[1])
    return np.asarray(wrong_mail | ((done.kind == Done.PHONE_CALL) & wrong_call))


def notes_in_time(v: BlockView) -> Flags:
    """A note is written after its case was opened, and before today."""
    notes = v.block.case_notes
    opened = np.append(v.block.cases.opened, np.datetime64("1900-01-01", "m"))[notes.case]
    return np.asarray((notes.written < opened) | ~(notes.written < v.today))


def talk_in_turn(v: BlockView) -> Flags:
    """What is said in a conversation is in order, and begins with customer or assistant."""
    said = v.block.messages
    first = np.append(True, np.diff(said.conversation) != 0)[: said.sender.size]
    back = np.append(False, np.diff(said.sent) < np.timedelta64(0, "m"))[: said.sender.size]
    return np.asarray((back & ~first) | (first & (said.sender == Sender.AGENT)))


def agents_join(v: BlockView) -> Flags:
    """An agent speaks only in a conversation that one has accepted, and from then on."""
    said = v.block.messages
    accepted = v.block.conversations.accepted[said.conversation]
    return np.asarray((said.sender == Sender.AGENT) & ~(said.sent >= accepted))


def _day(moments: Dates) -> Dates:
    return moments.astype("datetime64[D]")


COURSE_RULES = (
    Rule("service.joined", "cases open after their customer joined", after_joining),
    Rule("service.order", "cases are opened, answered and closed in this order", in_order),
    Rule("service.escalated", "cases are escalated after the first response", escalated_late),
    Rule("service.closed", "closed cases have an end, resolved ones tell it", closed_when_over),
    Rule("service.past", "nothing in a case lies ahead", in_the_past),
    Rule("service.parents", "child cases fit into their parents", below_parents),
    Rule("service.customer", "what is done about a case is its customer's", same_customer),
    Rule("service.within", "what is done about a case lies within it", within_cases),
    Rule("service.done", "completed activities lie behind, planned ones ahead", done_or_ahead),
    Rule("service.reach", "customers are reached at addresses of theirs", own_addresses),
    Rule("service.notes", "notes are written in time", notes_in_time),
    Rule("service.turns", "conversations are in order", talk_in_turn),
    Rule("service.agents", "agents speak after they have joined", agents_join),
)
