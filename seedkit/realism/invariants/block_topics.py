"""Rules of a block that tie each topic of cases to a fact of the customer's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seedkit.population.days import add_days, known
from seedkit.population.model import Dates, Ints
from seedkit.population.service.facts import money
from seedkit.population.service.reasons import (
    MATURITY_DAYS,
    RENEWAL_DAYS,
    REPORTED_WITHIN,
)
from seedkit.population.service.words import About, Topic
from seedkit.population.words import (
    AccountKind,
    CardStatus,
    Category,
    Event,
    HolderRole,
    ItemStatus,
    LoanKind,
)
from seedkit.realism.invariants.blocks import BlockView
from seedkit.realism.invariants.model import Flags, Rule

_ADULT = 18
_ZONES = 1  # days by which the date in UTC may differ from that on the customer's clock
_MONTH = 31
_EVENT_DAYS = {Topic.NAME_CHANGE: 60, Topic.BEREAVEMENT: 40}

# Which rows of the cases' parts fit a topic: given the view, the rows and the days of the cases.
Fits = Callable[[BlockView, Ints, Dates], Flags]


def _missing(status: CardStatus) -> Fits:
    def fits(v: BlockView, card: Ints, day: Dates) -> Flags:
        cards = v.block.cards
        used = np.where(known(cards.last_used), cards.last_used, cards.activated)[card]
        late = add_days(used, REPORTED_WITHIN + _ZONES)
        return np.asarray((cards.status[card] == status) & (day >= used) & (day <= late))

    return fits


def _in_use(v: BlockView, card: Ints, day: Dates) -> Flags:
    cards = v.block.cards
    usable = np.isin(cards.status[card], (CardStatus.ACTIVE, CardStatus.EXPIRES_SOON))
    return usable & (day >= cards.activated[card])


def _renews(v: BlockView, card: Ints, day: Dates) -> Flags:
    cards = v.block.cards
    soon = day >= add_days(cards.expires[card], -RENEWAL_DAYS)
    new = cards.status[card] == CardStatus.NOT_ACTIVATED
    return np.asarray(new | (soon & (day <= cards.expires[card])))


def _failed(v: BlockView, debit: Ints, day: Dates) -> Flags:
    debits = v.block.direct_debits
    failed = debits.last_status[debit] != ItemStatus.SUCCESSFUL
    return np.asarray(failed & (day > debits.last_date[debit]))


def _runs(v: BlockView, order: Ints, day: Dates) -> Flags:
    return np.asarray(day >= v.block.standing_orders.first_date[order])


def _foreign(v: BlockView, holding: Ints, _: Dates) -> Flags:
    return np.asarray(v.block.holdings.currency[holding] > 0)


def _of(category: Category, *kinds: int) -> Fits:
    def fits(v: BlockView, holding: Ints, day: Dates) -> Flags:
        holdings = v.block.holdings
        right = holdings.category[holding] == category
        if kinds:
            right &= np.isin(holdings.kind[holding], kinds)
        return np.asarray(right & (day >= holdings.opened[holding]))

    return fits


def _overdrawn(v: BlockView, holding: Ints, _: Dates) -> Flags:
    return np.isin(holding, v.block.overdrafts.holding)


def _opens(v: BlockView, holding: Ints, day: Dates) -> Flags:
    distance = (day - v.block.holdings.opened[holding]).astype(np.int64)
    return (distance >= -10 - _ZONES) & (distance <= 6 + _ZONES)


def _matures(v: BlockView, holding: Ints, day: Dates) -> Flags:
    savings = v.block.savings
    when = np.full(v.block.holdings.household.size, np.datetime64("NaT", "D"))
    when[savings.holding] = savings.matures
    left = (when[holding] - day).astype(np.int64)
    return known(when[holding]) & (left >= 0) & (left <= MATURITY_DAYS)


def _overdue(v: BlockView, holding: Ints, day: Dates) -> Flags:
    loans = v.block.loans
    since = np.full(v.block.holdings.household.size, np.datetime64("NaT", "D"))
    since[loans.holding] = loans.overdue_since
    return known(since[holding]) & (day > since[holding])


def _happened(topic: Topic, *kinds: Event) -> Fits:
    def fits(v: BlockView, event: Ints, day: Dates) -> Flags:
        events = v.block.events
        distance = (day - events.date[event]).astype(np.int64)
        near = (distance >= 0) & (distance <= _EVENT_DAYS[topic] + _ZONES)
        return np.asarray(near & np.isin(events.kind[event], kinds))

    return fits


FITS: dict[Topic, tuple[About, Fits]] = {
    Topic.CARD_LOST: (About.CARD, _missing(CardStatus.LOST)),
    Topic.CARD_STOLEN: (About.CARD, _missing(CardStatus.STOLEN)),
    Topic.CARD_DISPUTE: (About.CARD, _in_use),
    Topic.CARD_DECLINED: (About.CARD, _in_use),
    Topic.CARD_RENEWAL: (About.CARD, _renews),
    Topic.CREDIT_LIMIT: (About.HOLDING, _of(Category.CREDIT_LINE)),
    Topic.PAYMENT_FAILED: (About.DIRECT_DEBIT, _failed),
    Topic.STANDING_ORDER: (About.STANDING_ORDER, _runs),
    Topic.FOREIGN_TRANSFER: (About.HOLDING, _foreign),
    Topic.OVERDRAFT: (About.HOLDING, _overdrawn),
    Topic.FEES: (About.HOLDING, _of(Category.ACCOUNT, AccountKind.CHECKING)),
    Topic.ACCOUNT_OPENING: (About.HOLDING, _opens),
    Topic.ACCOUNT_CLOSING: (
        About.HOLDING,
        _of(Category.ACCOUNT, AccountKind.SAVINGS, AccountKind.OTHER),
    ),
    Topic.SAVINGS_MATURITY: (About.HOLDING, _matures),
    Topic.INVESTMENT: (About.HOLDING, _of(Category.INVESTMENT)),
    Topic.MORTGAGE: (About.HOLDING, _of(Category.LOAN, LoanKind.MORTGAGE)),
    Topic.LOAN_ARREARS: (About.HOLDING, _overdue),
    Topic.NAME_CHANGE: (About.EVENT, _happened(Topic.NAME_CHANGE, Event.MARRIAGE)),
    Topic.BEREAVEMENT: (
        About.EVENT,
        _happened(Topic.BEREAVEMENT, Event.WIDOWHOOD, Event.LOSS_OF_LOVED_ONE),
    ),
}


def _owners(v: BlockView, about: About) -> Ints:
    """Return whose the rows of a part are; of holdings: their first owner."""
    block = v.block
    roles = block.holding_roles
    first = np.full(block.holdings.household.size, -1, np.int64)
    own = roles.role == HolderRole.OWNER
    first[roles.holding[own]] = roles.person[own]
    parts = {
        About.CARD: block.cards.person,
        About.EVENT: block.events.person,
        About.HOLDING: first,
        About.DIRECT_DEBIT: first[block.direct_debits.holding],
        About.STANDING_ORDER: first[block.standing_orders.holding],
    }
    return parts[about]


def topic_rule(topic: Topic) -> Rule[BlockView]:
    """Return the rule that ties a topic to what its customer has."""
    about, fits = FITS[topic]

    def broken(v: BlockView) -> Flags:
        cases = v.block.cases
        row = np.flatnonzero(cases.topic == topic)
        which, day = cases.which[row], cases.opened[row].astype("datetime64[D]")
        wrong = (cases.about[row] != about) | (which < 0)
        whose = _owners(v, about)[which] != cases.person[row]
        return np.asarray(wrong | whose | ~fits(v, which, day))

    name = topic.name.lower()
    return Rule(f"service.{name}", f"cases of {name} follow from what the customer has", broken)


def moved_before(v: BlockView) -> Flags:
    """A change of address follows a move."""
    cases = v.block.cases
    row = np.flatnonzero(cases.topic == Topic.ADDRESS_CHANGE)
    moved = v.block.households.home_since[cases.household[row]]
    since = (cases.opened[row].astype("datetime64[D]") - moved).astype(np.int64)
    return np.asarray((since < 0) | (since > _MONTH))


def reported(v: BlockView) -> Flags:
    """Every card that was lost or stolen within the history has its case."""
    cards, cases = v.block.cards, v.block.cases
    gone = np.isin(cards.status, (CardStatus.LOST, CardStatus.STOLEN))
    adult = v.people.age[cards.person] >= _ADULT
    recent = cards.last_used > cases.opened.min().astype("datetime64[D]") + _MONTH
    row = np.flatnonzero(gone & adult & recent)
    about = cases.which[np.isin(cases.topic, (Topic.CARD_LOST, Topic.CARD_STOLEN))]
    return ~np.isin(row, about)


def disputes_name(v: BlockView) -> Flags:
    """A dispute names the card's last four and the amount, a failed payment its creditor."""
    cases, block = v.block.cases, v.block
    found = []
    for row in np.flatnonzero(cases.topic == Topic.CARD_DISPUTE).tolist():
        told = f"{cases.title[row]} {cases.description[row]}"
        last, amount = block.cards.number[cases.which[row]][-4:], int(cases.amount[row])
        found.append(last not in told or money(amount, v.bank.currency) not in told)
    for row in np.flatnonzero(cases.topic == Topic.PAYMENT_FAILED).tolist():
        told = f"{cases.title[row]} {cases.description[row]}"
        found.append(block.direct_debits.creditor[cases.which[row]] not in told)
    return np.array(found, np.bool_)


def sent_what_was_there(v: BlockView) -> Flags:
    """A transfer is of some money, and of no more than lies on its account."""
    cases = v.block.cases
    row = np.flatnonzero(cases.topic == Topic.FOREIGN_TRANSFER)
    amount, lies = cases.amount[row], v.block.holdings.balance[cases.which[row]]
    return np.asarray((amount <= 0) | (amount > lies))


TOPIC_RULES = (
    *(topic_rule(topic) for topic in FITS),
    Rule("service.address_change", "a change of address follows a move", moved_before),
    Rule("service.reported", "lost and stolen cards have a case", reported),
    Rule("service.sent", "nobody sends more than lies on the account", sent_what_was_there),
    Rule("service.named", "cases name card and amount, or creditor", disputes_name),
)
