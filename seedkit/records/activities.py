"""Timelines: calls, e-mails, appointments, tasks, letters and notes, on customers and cases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from seedkit.population.model import Activities, Flags
from seedkit.population.service.words import Done, Progress
from seedkit.records import service_choices as choices
from seedkit.records.batch import Lookup, Party, RecordBatch, States
from seedkit.records.ownership import USER
from seedkit.records.sheet import Sheet
from seedkit.records.values import (
    flags,
    moments,
    names,
    only,
    texts,
)
from seedkit.records.view import BlockView

SUBJECT_LENGTH = 200
_ADDRESS_LENGTH = 200
# Status reasons of completed activities: incoming, outgoing.
_MADE = {
    Done.PHONE_CALL: (4, 2),
    Done.EMAIL: (4, 3),
    Done.APPOINTMENT: (3, 3),
    Done.TASK: (5, 5),
    Done.LETTER: (3, 4),
}
_IN_PROGRESS = 3  # status of an open task


def phonecall(view: BlockView) -> RecordBatch:
    """Return calls: received and made, and those that were promised.

    Only their end is told: that and a start, which are days, would make the platform count minutes.
    """
    sheet, calls = _part(view, "phonecall")
    return sheet.batch(
        {
            **_common(view, calls),
            "description": texts(calls.text),
            "phonenumber": texts(calls.address),
            "directioncode": flags(calls.outgoing),
            "leftvoicemail": flags(calls.missed),
            "actualend": _happened(calls),
            "actualdurationminutes": _minutes(calls),
        },
        _regarding(view, calls),
        parties=_correspondents(view, sheet, calls),
        states=_states(calls, Done.PHONE_CALL),
    )


def email(view: BlockView) -> RecordBatch:
    """Return e-mails as history: made as drafts, then marked as received or sent.

    Nothing is ever handed to a mail server: that takes a message of its own.
    """
    sheet, mails = _part(view, "email")
    return sheet.batch(
        {
            **_common(view, mails),
            "description": [text.replace("\n", "<br>") for text in mails.text],
            "directioncode": flags(mails.outgoing),
            "actualstart": _happened(mails),
            "actualend": _happened(mails),
        },
        _regarding(view, mails),
        parties=_correspondents(view, sheet, mails),
        states=_states(mails, Done.EMAIL),
    )


def appointment(view: BlockView) -> RecordBatch:
    """Return meetings at the customer's branch, held and planned."""
    sheet, meetings = _part(view, "appointment")
    homes = view.block.households
    branch = view.bank.bank.branches.name[homes.branch[meetings.household]]
    held = meetings.progress == Progress.COMPLETED
    agents = Party(choices.ORGANIZER, USER, view.agents("appointment"))
    return sheet.batch(
        {
            **_common(view, meetings),
            "description": texts(meetings.text),
            "location": texts(branch),
            "actualstart": only(held, moments(meetings.begins)),
            "actualend": only(held, moments(meetings.ends)),
        },
        _regarding(view, meetings),
        parties=[_customers(view, choices.ATTENDEE, meetings), agents],
        states=_states(meetings, Done.APPOINTMENT),
    )


def task(view: BlockView) -> RecordBatch:
    """Return tasks of desks, done and due."""
    sheet, tasks = _part(view, "task")
    done = tasks.progress == Progress.COMPLETED
    return sheet.batch(
        {
            **_common(view, tasks),
            "description": texts(tasks.text),
            "statuscode": [None if over else _IN_PROGRESS for over in done.tolist()],
            "percentcomplete": [100 if over else 25 for over in done.tolist()],
            "actualend": moments(tasks.done),
        },
        _regarding(view, tasks),
        states=_states(tasks, Done.TASK),
    )


def letter(view: BlockView) -> RecordBatch:
    """Return letters to customers."""
    sheet, letters = _part(view, "letter")
    return sheet.batch(
        {
            **_common(view, letters),
            "description": texts(letters.text),
            "directioncode": flags(letters.outgoing),
            "address": names(letters.address.tolist(), _ADDRESS_LENGTH),
            "actualstart": _happened(letters),
            "actualend": _happened(letters),
        },
        _regarding(view, letters),
        parties=_correspondents(view, sheet, letters),
        states=_states(letters, Done.LETTER),
    )


def annotation(view: BlockView) -> RecordBatch:
    """Return notes of agents on cases and customers."""
    sheet, notes = view.sheets["annotation"], view.block.case_notes
    on_customer = np.where(notes.case < 0, notes.person, -1)
    return sheet.batch(
        {
            "subject": texts(notes.subject),
            "notetext": texts(notes.text),
            "overriddencreatedon": view.backdated(notes.written.astype("datetime64[D]")),
        },
        [
            view.sheets["incident"].point("objectid", notes.case),
            view.sheets["contact"].point("objectid", on_customer),
        ],
    )


def _part(view: BlockView, table: str) -> tuple[Sheet, Activities]:
    sheet = view.sheets[table]
    return sheet, sheet.pick(view.block.activities)


def _common(view: BlockView, made: Activities) -> dict[str, Sequence[object]]:
    """Return the columns of all activities; what is ahead was made on the day of the run."""
    return {
        "subject": names(made.subject.tolist(), SUBJECT_LENGTH),
        "scheduledstart": moments(made.begins),
        "scheduledend": moments(made.ends),
        "overriddencreatedon": view.backdated(made.begins.astype("datetime64[D]")),
    }


def _regarding(view: BlockView, made: Activities) -> list[Lookup]:
    """Return what activities are about: a case, or else the customer."""
    on_customer = np.where(made.case < 0, made.person, -1)
    return [
        view.sheets["incident"].point("regardingobjectid", made.case),
        view.sheets["contact"].point("regardingobjectid", on_customer),
    ]


def _correspondents(view: BlockView, sheet: Sheet, made: Activities) -> list[Party]:
    """Return who sent what to whom; which user is ours, is not known before there is a plan."""
    found = []
    for part, ours in ((choices.SENDER, made.outgoing), (choices.RECIPIENT, ~made.outgoing)):
        found.append(_customers(view, part, made, shown=~ours))
        found.append(Party(part, USER, only(ours, view.agents(sheet.table.name))))
    return found


def _customers(view: BlockView, part: int, made: Activities, shown: Flags | None = None) -> Party:
    person = made.person if shown is None else np.where(shown, made.person, -1)
    return Party(part, "contact", view.sheets["contact"].id_of[person].tolist())


def _states(made: Activities, kind: Done) -> States:
    """Return what completed activities become; open ones stay as they were made."""
    incoming, outgoing = _MADE[kind]
    over = made.progress == Progress.COMPLETED
    status = np.where(made.outgoing, outgoing, incoming).tolist()
    shown = over.tolist()
    return States(
        states=[choices.COMPLETED if show else None for show in shown],
        statuses=[value if show else None for value, show in zip(status, shown, strict=True)],
    )


def _happened(made: Activities) -> list[str | None]:
    """Return the days of what has happened, None for what is ahead."""
    return only(made.progress == Progress.COMPLETED, moments(made.begins))


def _minutes(made: Activities) -> list[int | None]:
    length = (made.ends - made.begins).astype(np.int64)
    return only(made.progress == Progress.COMPLETED, length.tolist())
