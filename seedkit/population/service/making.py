"""Customer service of a block, put together from its stages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from seedkit.population.days import day
from seedkit.population.model import Bank, Block, Cases, Money
from seedkit.population.service.arrivals import draw_arrivals
from seedkit.population.service.chats import (
    draw_chats,
    tell_messages,
    to_conversations,
    to_sessions,
)
from seedkit.population.service.children import Opened, with_children
from seedkit.population.service.course import draw_course
from seedkit.population.service.facts import chase, draw_amounts, draw_days, gather_facts
from seedkit.population.service.notes import tell_notes
from seedkit.population.service.office import Office
from seedkit.population.service.plain import tell_plain
from seedkit.population.service.reasons import find_matters
from seedkit.population.service.telling import Told, tell_cases
from seedkit.population.service.timeline import (
    Work,
    moments,
    tell_timelines,
    to_activities,
    together,
)
from seedkit.population.service.topics import DESKS
from seedkit.population.service.variants import draw_kinds, draw_variants
from seedkit.profile.models import Profile


def with_service(profile: Profile, as_of: date, bank: Bank, block: Block) -> Block:
    """Add cases and all that belongs to them; the block as it is where none are asked for."""
    if not profile.engagement.cases:
        return block
    office = Office(profile, day(as_of), bank, block)
    came = draw_arrivals(office, find_matters(office))
    variants = draw_variants(office, came)
    course = draw_course(office, came, draw_kinds(office, came, variants))
    opened = with_children(office, came, course, variants)
    came, course, variants = opened.came, opened.course, opened.variants
    amount = draw_amounts(office, came)
    facts = gather_facts(office, came, amount, draw_days(office, came))
    chase(facts, opened.parent)
    told = tell_cases(office, came, course, variants, facts)
    work = Work(came, course, variants, facts, told.description)
    deeds = together([*tell_timelines(office, work), *tell_plain(office)])
    chats = draw_chats(office, work)
    whole = replace(
        block,
        cases=_cases(office, opened, amount, told),
        activities=to_activities(office, deeds),
        case_notes=tell_notes(office, work, chats),
    )
    if profile.engagement.conversations == "off":
        return whole
    return replace(
        whole,
        conversations=to_conversations(office, work, chats),
        sessions=to_sessions(office, work, chats),
        messages=tell_messages(office, work, chats),
    )


def _cases(office: Office, opened: Opened, amount: Money, told: Told) -> Cases:
    came, course = opened.came, opened.course
    person = came.person
    return Cases(
        household=office.block.people.household[person],
        person=person.astype(np.int32),
        parent=opened.parent.astype(np.int32),
        topic=came.topic.astype(np.int8),
        kind=course.kind.astype(np.int8),
        origin=came.origin.astype(np.int8),
        priority=course.priority.astype(np.int8),
        desk=DESKS[came.topic].astype(np.int8),
        seat=course.seat.astype(np.int8),
        state=course.state.astype(np.int8),
        about=came.about.astype(np.int8),
        which=came.which.astype(np.int32),
        amount=amount,
        title=told.title,
        description=told.description,
        opened=office.utc(came.opened, person),
        respond_by=office.utc(course.respond_by, person),
        responded=moments(office, course.responded, person),
        escalated=moments(office, course.escalated, person),
        resolve_by=office.utc(course.resolve_by, person),
        closed=moments(office, course.closed, person),
        resolution=told.resolution,
        minutes=course.minutes.astype(np.int32),
        satisfaction=course.satisfaction.astype(np.int8),
    )
