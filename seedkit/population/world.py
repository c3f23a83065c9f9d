"""Blocks of the bank's world, put together from all their stages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from seedkit.population.banking import make_holdings
from seedkit.population.days import day
from seedkit.population.edges import with_edge_cases
from seedkit.population.events import make_events
from seedkit.population.goals import make_goals
from seedkit.population.groups import make_groups
from seedkit.population.model import Bank, Block
from seedkit.population.people import make_households_and_people
from seedkit.population.relationships import make_relationships
from seedkit.population.service.connections import make_connections
from seedkit.population.service.links import link_articles
from seedkit.population.service.making import with_service
from seedkit.population.standing import make_standing
from seedkit.profile.models import Profile


def make_block(profile: Profile, as_of: date, bank: Bank, number: int) -> Block:
    """Make one whole block of 256 households; `Block.front` gives a part of it.

    The same arguments give the same arrays on any machine and in any order of blocks. The bank is
    that of `make_bank` for the same profile and day.
    """
    households, people = make_households_and_people(profile, as_of, bank, number)
    events = make_events(profile, as_of, number, households, people)
    held = make_holdings(profile, as_of, bank, number, households, people, events)
    groups, members, group_holdings = make_groups(
        profile, number, households, people, held.holdings, held.holding_roles
    )
    block = Block(
        number=number,
        households=households,
        people=people,
        relationships=make_relationships(profile, number, households, people),
        events=events,
        goals=make_goals(profile, as_of, number, households, people, events),
        groups=groups,
        group_members=members,
        group_holdings=group_holdings,
        holdings=held.holdings,
        holding_roles=held.holding_roles,
        accounts=held.accounts,
        savings=held.savings,
        loans=held.loans,
        investments=held.investments,
        credit_lines=held.credit_lines,
        cards=held.cards,
        direct_debits=held.direct_debits,
        standing_orders=held.standing_orders,
        overdrafts=held.overdrafts,
        positions=held.positions,
        elsewhere=held.elsewhere,
        standing=make_standing(profile, day(as_of), number, households, people, held),
        firms=held.firms,
        firm_roles=held.firm_roles,
    )
    return served(profile, as_of, bank, with_edge_cases(profile, as_of, bank, block))


def served(profile: Profile, as_of: date, bank: Bank, block: Block) -> Block:
    """Add customer service to a block: cases, and who is connected to whom."""
    whole = with_service(profile, as_of, bank, block)
    return replace(
        whole,
        article_links=link_articles(profile, bank, whole),
        connections=make_connections(profile, as_of, whole),
    )
