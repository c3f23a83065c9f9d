"""The reasons of each topic: which holdings, cards, payments and events give rise to it.

Rates are cases a year and holder in relation to one another; the profile's number of cases
scales them. Hand-set, so that the mix of topics is that of a retail bank's contact centre.
"""

from __future__ import annotations

import numpy as np

from seedkit.population.amounts import CENTS
from seedkit.population.days import add_days, known
from seedkit.population.draw import Whole
from seedkit.population.event_tables import CHANCES
from seedkit.population.locale import locale_of
from seedkit.population.model import Ints
from seedkit.population.service.matters import Matters, matters, owners_of, together, within_reach
from seedkit.population.service.office import Office
from seedkit.population.service.words import About, Topic
from seedkit.population.words import (
    AccountKind,
    CardStatus,
    Category,
    Event,
    ItemStatus,
    LoanKind,
    Place,
)

REPORTED_WITHIN = 3  # days after the last use of a lost or stolen card
RENEWAL_DAYS = 60  # before a card expires
MATURITY_DAYS = 60  # before savings mature
WORTH_SENDING = 200 * CENTS  # that lies on an account in a foreign currency
CLOSE_LOSSES = ("mother", "father", "husband", "wife", "brother", "sister")
_IN_USE = (CardStatus.ACTIVE, CardStatus.EXPIRES_SOON)
_LATE_MONTH = 31
_MISSING = ((CardStatus.LOST, Topic.CARD_LOST), (CardStatus.STOLEN, Topic.CARD_STOLEN))


def find_matters(office: Office) -> Matters:
    """Return all that customers could ask about."""
    parts = [*_cards(office), *_payments(office), *_accounts(office), *_holdings(office)]
    return within_reach(office, together([*parts, *_lives(office), *_anyone(office)]))


def _missing_cards(office: Office) -> list[Matters]:
    cards = office.block.cards
    found = []
    for status, topic in _MISSING:
        row = np.flatnonzero(cards.status == status)
        gone = np.where(known(cards.last_used), cards.last_used, cards.activated)[row]
        found.append(
            matters(
                topic,
                cards.person[row],
                1.0,
                of=(About.CARD, row),
                first=gone,
                last=add_days(gone, REPORTED_WITHIN),
                happened=gone,
                bound=True,
            )
        )
    return found


def _cards(office: Office) -> list[Matters]:
    cards, today = office.block.cards, office.today
    found = _missing_cards(office)
    row = np.flatnonzero(np.isin(cards.status, _IN_USE) & (cards.transactions > 0))
    begin, used = add_days(cards.activated[row], 10), cards.last_used[row]
    for topic, rate in ((Topic.CARD_DISPUTE, 0.11), (Topic.CARD_DECLINED, 0.11)):
        found.append(
            matters(topic, cards.person[row], rate, of=(About.CARD, row), first=begin, last=used)
        )
    row = np.flatnonzero(np.isin(cards.status, _IN_USE) & (cards.expires > today))
    soon = add_days(cards.expires[row], -RENEWAL_DAYS)
    found.append(
        matters(
            Topic.CARD_RENEWAL,
            cards.person[row],
            0.35,
            of=(About.CARD, row),
            first=soon,
            bound=True,
        )
    )
    row = np.flatnonzero(cards.status == CardStatus.NOT_ACTIVATED)
    found.append(
        matters(
            Topic.CARD_RENEWAL,
            cards.person[row],
            0.2,
            of=(About.CARD, row),
            first=add_days(cards.issued[row], 3),
            bound=True,
        )
    )
    return found


def _payments(office: Office) -> list[Matters]:
    block = office.block
    debits, orders = block.direct_debits, block.standing_orders
    failed = np.flatnonzero(debits.last_status != ItemStatus.SUCCESSFUL)
    row = np.arange(orders.household.size)
    last = np.where(orders.last_status != ItemStatus.SUCCESSFUL, 0.5, 0.08)
    return [
        matters(
            Topic.PAYMENT_FAILED,
            owners_of(office, debits.holding[failed]),
            0.6,
            of=(About.DIRECT_DEBIT, failed),
            first=add_days(debits.last_date[failed], 1),
            last=add_days(debits.last_date[failed], 9),
            happened=debits.last_date[failed],
            bound=True,
        ),
        matters(
            Topic.STANDING_ORDER,
            owners_of(office, orders.holding),
            last,
            of=(About.STANDING_ORDER, row),
            first=add_days(orders.first_date, 5),
        ),
    ]


def _accounts(office: Office) -> list[Matters]:
    block, holdings = office.block, office.block.holdings
    accounts = holdings.category == Category.ACCOUNT
    own = holdings.currency == 0
    checking = np.flatnonzero(accounts & own & (holdings.kind == AccountKind.CHECKING))
    foreign = np.flatnonzero(~own & (holdings.balance >= WORTH_SENDING))
    spare = np.flatnonzero(accounts & own & (holdings.kind != AccountKind.CHECKING))
    new = np.flatnonzero(holdings.opened > add_days(office.start, -_LATE_MONTH))
    drafts = block.overdrafts
    return [
        _about_holdings(office, Topic.FEES, checking, 0.14),
        _about_holdings(office, Topic.FOREIGN_TRANSFER, foreign, 1.2),
        _about_holdings(office, Topic.ACCOUNT_CLOSING, spare, 0.06),
        matters(
            Topic.OVERDRAFT,
            owners_of(office, drafts.holding),
            np.where(drafts.used > 0, 0.5, 0.1),
            of=(About.HOLDING, drafts.holding),
            first=add_days(holdings.opened[drafts.holding], 20),
        ),
        matters(
            Topic.ACCOUNT_OPENING,
            owners_of(office, new),
            0.2,
            of=(About.HOLDING, new),
            first=add_days(holdings.opened[new], -10),
            last=add_days(holdings.opened[new], 6),
            happened=holdings.opened[new],
            bound=True,
        ),
    ]


def _about_holdings(office: Office, topic: Topic, row: Ints, rate: float) -> Matters:
    opened = add_days(office.block.holdings.opened[row], 20)
    return matters(topic, owners_of(office, row), rate, of=(About.HOLDING, row), first=opened)


def _holdings(office: Office) -> list[Matters]:
    block, holdings = office.block, office.block.holdings
    loans, savings, lines = block.loans, block.savings, block.credit_lines
    mortgage = loans.holding[holdings.kind[loans.holding] == LoanKind.MORTGAGE]
    late = np.flatnonzero(known(loans.overdue_since))
    soon = np.flatnonzero(known(savings.matures) & (savings.matures >= office.today))
    used = lines.limit // 2 < holdings.balance[lines.holding]
    return [
        _about_holdings(office, Topic.INVESTMENT, block.investments.holding, 0.17),
        _about_holdings(office, Topic.MORTGAGE, mortgage, 0.4),
        matters(
            Topic.CREDIT_LIMIT,
            owners_of(office, lines.holding),
            np.where(used, 0.22, 0.08),
            of=(About.HOLDING, lines.holding),
            first=add_days(holdings.opened[lines.holding], 90),
        ),
        matters(
            Topic.LOAN_ARREARS,
            owners_of(office, loans.holding[late]),
            0.7,
            of=(About.HOLDING, loans.holding[late]),
            first=add_days(loans.overdue_since[late], 8),
            last=add_days(loans.overdue_since[late], 60),
            happened=loans.overdue_since[late],
            bound=True,
        ),
        matters(
            Topic.SAVINGS_MATURITY,
            owners_of(office, savings.holding[soon]),
            0.6,
            of=(About.HOLDING, savings.holding[soon]),
            first=add_days(savings.matures[soon], -MATURITY_DAYS),
            bound=True,
        ),
    ]


def _lives(office: Office) -> list[Matters]:
    people, households = office.block.people, office.block.households
    moved = households.home_since[people.household]
    at_home = np.flatnonzero(people.place != Place.CHILD)
    return [
        matters(
            Topic.ADDRESS_CHANGE,
            at_home,
            0.35,
            first=add_days(moved[at_home], 1),
            last=add_days(moved[at_home], 30),
            happened=moved[at_home],
            bound=True,
        ),
        _after_events(office, Topic.NAME_CHANGE, _new_names(office), 0.9, (5, 60)),
        _after_events(office, Topic.BEREAVEMENT, _events(office, Event.WIDOWHOOD), 1.0, (2, 25)),
        _after_events(office, Topic.BEREAVEMENT, _close_losses(office), 0.25, (4, 40)),
    ]


def _after_events(
    office: Office, topic: Topic, row: Whole, chance: float, days: tuple[int, int]
) -> Matters:
    events = office.block.events
    happened = events.date[row]
    return matters(
        topic,
        events.person[row],
        chance,
        of=(About.EVENT, row),
        first=add_days(happened, days[0]),
        last=add_days(happened, days[1]),
        happened=happened,
        bound=True,
    )


def _events(office: Office, kind: Event) -> Whole:
    """Return the events of a kind that the bank knows to have come true."""
    events = office.block.events
    true = (events.date < office.today) & (events.touched >= events.date) & ~events.planned
    return np.flatnonzero(true & (events.kind == kind))


def _close_losses(office: Office) -> Whole:
    row = _events(office, Event.LOSS_OF_LOVED_ONE)
    say = locale_of(office.bank.locale).say
    titles = [title for chance in CHANCES for title in chance.titles]
    near = say.each(title for title in titles if title.endswith(CLOSE_LOSSES))
    return row[np.isin(office.block.events.title[row].astype(str), near.astype(str))]


def _new_names(office: Office) -> Whole:
    """Return the weddings of partners who bear the name of their spouse."""
    people, events = office.block.people, office.block.events
    row = _events(office, Event.MARRIAGE)
    person = events.person[row]
    same = people.last_name[person] == people.last_name[people.spouse[person]]
    partner = (people.place[person] == Place.PARTNER) & (people.spouse[person] >= 0)
    return np.asarray(row[partner & same])


def _anyone(office: Office) -> list[Matters]:
    people = office.block.people
    person = np.arange(people.household.size)
    begin = add_days(people.customer_since, 3)
    older = np.where(people.age >= 60, 0.3, 0.16)
    return [
        matters(Topic.ONLINE_ACCESS, person, older, first=begin),
        matters(Topic.COMPLAINT, person, 0.06, first=add_days(begin, 60)),
    ]
