"""Facts: what phrases can name of a case, spelt out as people write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from seedkit.population.amounts import CENTS
from seedkit.population.days import add_days, known
from seedkit.population.draw import Whole, below, between, raw
from seedkit.population.locale import locale_of
from seedkit.population.model import Block, Dates, Ints, Money
from seedkit.population.service.arrivals import Arrivals
from seedkit.population.service.hours import day_of
from seedkit.population.service.office import Office
from seedkit.population.service.phrasing import Wording, pick, wording
from seedkit.population.service.topics import WAYS
from seedkit.population.service.words import About, Topic

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SIGNS = {"USD": "$", "GBP": "£", "EUR": "€"}
_PAYEES = {"Own savings": "the savings account", "Allowance": "the children's allowance"}
_POOLS = ("place", "scene", "merchant", "device", "since", "matter")
_RANKS = 40  # phrases that one stage can draw for a case
_STEPS = {Topic.CREDIT_LIMIT: 50_000, Topic.MORTGAGE: 10_000, Topic.INVESTMENT: 2_500}  # cents
_ROUND = 10 * CENTS
_SENT = (10, 60)  # percent of what lies on the account that a transfer left
_ENDINGS = np.array([0, 0, 0, 50, 95, 99], np.int64)

Facts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Teller:
    """Finds words for one case; each phrase is drawn with the next of its ranks."""

    facts: Facts
    ranks: Iterator[int]
    words: Wording

    def say(self, pool: Sequence[str]) -> str:
        """Return a phrase of a pool with the case's facts."""
        return pick(pool, next(self.ranks)).format_map(self.facts)

    def rank(self) -> int:
        """Return a rank for another choice."""
        return next(self.ranks)


def tellers(office: Office, facts: Sequence[Facts], stage: str) -> list[Teller]:
    """Return who finds words for each case in a stage."""
    ranks = raw(office.stream(f"{stage} words"), len(facts) * _RANKS).reshape(-1, _RANKS)
    words = wording(office.profile.locale)
    return [Teller(one, iter(row), words) for one, row in zip(facts, ranks.tolist(), strict=True)]


def draw_amounts(office: Office, came: Arrivals) -> Money:
    """Draw what each case is about in money, or take it from what the case follows from."""
    rng, n, block = office.stream("amounts"), came.person.size, office.block
    limits = np.array([WAYS[topic].amount for topic in Topic], np.int64)[came.topic]
    one, two = (between(rng, limits[:, 0], limits[:, 1], n) for _ in range(2))
    found = np.minimum(one, two) * CENTS + _ENDINGS[below(rng, _ENDINGS.size, n)]
    for topic, step in _STEPS.items():
        found = np.where(came.topic == topic, found // step * step + step, found)
    found = np.where(limits[:, 1] > 0, found, 0)
    loans, savings = block.loans, block.savings
    arrears = loans.arrears_capital + loans.arrears_interest + loans.arrears_fees
    for topic, amounts, rows in (
        (Topic.PAYMENT_FAILED, block.direct_debits.last_amount, came.which),
        (Topic.STANDING_ORDER, block.standing_orders.amount, came.which),
        (Topic.LOAN_ARREARS, arrears, _details(loans.holding, came.which)),
        (Topic.SAVINGS_MATURITY, savings.at_maturity, _details(savings.holding, came.which)),
    ):
        of = came.topic == topic
        found[of] = amounts[rows[of]]
    of = came.topic == Topic.FOREIGN_TRANSFER
    found[of] = _sent(office, came.which[of])
    return found


def _sent(office: Office, holding: Whole) -> Money:
    """Draw what was sent from accounts, in their own currency: a part of what lies on them."""
    part = between(office.stream("sent"), *_SENT, holding.size)
    return np.asarray(office.block.holdings.balance[holding] * part // 100 // _ROUND * _ROUND)


def draw_days(office: Office, came: Arrivals) -> Dates:
    """Return the day of what each case is about: some days before it where nothing says."""
    back = between(office.stream("days"), 1, 9, came.person.size)
    opened = day_of(came.opened)
    since = office.block.people.customer_since[came.person]
    some = np.maximum(add_days(opened, -back), since)
    return np.where(known(came.happened), came.happened, some)


def gather_facts(office: Office, came: Arrivals, amount: Money, day: Dates) -> list[Facts]:
    """Return the facts of each case."""
    words, n = wording(office.profile.locale), came.person.size
    ranks = raw(office.stream("facts"), n * len(_POOLS)).reshape(n, len(_POOLS)).tolist()
    errors = between(office.stream("errors"), 101, 499, n).tolist()
    opened = day_of(came.opened)
    found = []
    for row in range(n):
        facts = of_person(office, int(came.person[row]))
        facts |= _of_thing(office, int(came.about[row]), int(came.which[row]))
        facts |= {
            "date": written_day(day[row], opened[row], office.profile.locale),
            "amount": money(int(amount[row]), _currency(office, came, row)),
            "error": f"E-{errors[row]}",
            "desk": words.desk[WAYS[Topic(int(came.topic[row]))].desk],
        }
        for name, rank in zip(_POOLS, ranks[row], strict=True):
            facts[name] = pick(words.common["pool"][name], rank).format_map(facts)
        facts["about"] = words.about[Topic(int(came.topic[row]))].format_map(facts)
        found.append(facts)
    return found


def _currency(office: Office, came: Arrivals, row: int) -> str:
    """Return the currency of a case's amount: that of the account that it is about."""
    if came.about[row] != About.HOLDING:
        return office.bank.currency
    return str(office.bank.currencies[office.block.holdings.currency[came.which[row]]])


def chase(facts: list[Facts], parents: Whole) -> None:
    """Let each case below another one be about the time that its parent takes."""
    for row in np.flatnonzero(parents >= 0).tolist():
        above = facts[parents[row]]["about"]
        facts[row]["matter"] = facts[row]["about"] = f"how long it takes to settle {above}"


def of_person(office: Office, person: int) -> Facts:
    """Return what is known of a customer without a case."""
    people, homes = office.block.people, office.block.households
    home = int(people.household[person])
    return {
        "first": people.first_name[person],
        "last": people.last_name[person],
        "phone": people.mobile[person] or people.home_phone[person],
        "bank": office.bank.name,
        "branch": str(office.bank.branches.name[homes.branch[home]]).partition(",")[0],
        "street": homes.street[home],
        "city": homes.city[home],
        "postcode": homes.postcode[home],
    }


def _of_thing(office: Office, about: int, which: int) -> Mapping[str, str]:
    """Return the facts of the card, payment, holding or event that a case is about."""
    block = office.block
    if about == About.CARD:
        return of_card(block, which)
    if about == About.DIRECT_DEBIT:
        reason = str(block.direct_debits.last_reason[which])
        return {"creditor": block.direct_debits.creditor[which], "reason": reason.lower()}
    if about == About.STANDING_ORDER:
        payee = str(block.standing_orders.creditor[which])
        return {"payee": _PAYEES.get(payee, payee)}
    if about == About.EVENT:
        loss = str(block.events.title[which])
        return {"loss": loss, "loss_l": lower(loss, office.profile.locale)}
    return _of_holding(office, which) if about == About.HOLDING else {}


def of_card(block: Block, card: int) -> Facts:
    """Return the facts of a card."""
    month = block.cards.expires[card].astype("datetime64[M]").item()
    return {
        "card": block.cards.product[card],
        "last4": block.cards.number[card][-4:],
        "expires": f"{MONTHS[month.month - 1]} {month.year}",
    }


def _of_holding(office: Office, holding: int) -> Facts:
    holdings, block = office.block.holdings, office.block
    currency = office.bank.currencies[holdings.currency[holding]]
    name, rate = str(holdings.name[holding]), int(holdings.rate[holding])
    facts = {
        "holding": name,
        "holding_l": lower(name, office.profile.locale),
        "number": holdings.code[holding],
        "balance": money(int(holdings.balance[holding]) // CENTS * CENTS, currency),
        "currency": currency,
        "rate": f"{rate / 100:.2f}%",
    }
    for part in (block.credit_lines, block.overdrafts):
        for row in np.flatnonzero(part.holding == holding).tolist():
            facts["limit"] = money(int(part.limit[row]), currency)
    for row in np.flatnonzero(block.loans.holding == holding).tolist():
        facts["instalment"] = money(int(block.loans.instalment[row]), currency)
    for row in np.flatnonzero(block.savings.holding == holding).tolist():
        matures = block.savings.matures[row]
        facts["matures"] = written_day(matures, office.today, office.profile.locale)
        told = str(block.savings.instructions[row])
        facts["instructions_l"] = lower(told, office.profile.locale)
    return facts


def money(amount: int, currency: str) -> str:
    """Return whole cents as people write them: $1,250.00, or EUR 12.50 without a sign."""
    sign = _SIGNS.get(currency, f"{currency} ")
    return f"{'-' if amount < 0 else ''}{sign}{abs(amount) / CENTS:,.2f}"


def written_day(day: np.datetime64, near: np.datetime64, locale: str) -> str:
    """Return a day as people write it, with its year where that is not the one of `near`."""
    date, other = day.astype("datetime64[D]").item(), near.astype("datetime64[D]").item()
    month = MONTHS[date.month - 1]
    text = f"{month} {date.day}" if locale == "en_US" else f"{date.day} {month}"
    comma = "," if locale == "en_US" else ""
    return text if date.year == other.year else f"{text}{comma} {date.year}"


def lower(text: str, locale: str) -> str:
    """Return a text as it stands inside a sentence; abbreviations and German nouns stay."""
    if locale_of(locale).say.own_language:
        return text
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _details(holdings: Ints, which: Whole) -> Whole:
    """Return the rows of details (sorted by holding) that belong to holdings."""
    order = np.argsort(holdings, kind="stable")
    place = np.searchsorted(holdings[order], which)
    return np.append(order, -1)[np.minimum(place, order.size)]
