"""Cards: who carries which, renewed every few years, a few of them lost, new or worn out."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from seedkit.population.accounts import MONTH_DAYS
from seedkit.population.amounts import CENTS, to_step
from seedkit.population.contracts import (
    BUSINESS_CARD,
    CHARGE_ACCOUNT,
    CREDIT_CARD,
    MAIN_ACCOUNT,
    REWARDS_CARD,
    SECOND_ACCOUNT,
    YOUTH_ACCOUNT,
    Contracts,
)
from seedkit.population.days import NEVER, add_days, add_months, add_years, known, whole_months
from seedkit.population.draw import Whole, amount_by, below, between, coin, pick_by, texts
from seedkit.population.holders import ADULT_AGE, TEEN_AGE, Holders
from seedkit.population.model import (
    Cards,
    CreditLines,
    Dates,
    Flags,
    HoldingRoles,
    Ints,
    Money,
    Texts,
)
from seedkit.population.scene import Scene
from seedkit.population.words import CardKind, CardStatus, HolderRole

SOON_DAYS = 60  # the last days of a card, in which a new one is on its way
UNNOTICED_DAYS = (10, 50)  # in here half of the cards still count as active
NAME_LENGTH = 26  # letters that fit on a card

_NEW_DAYS = 45
_NOT_YET_ACTIVATED = 0.4  # of the cards of the last 45 days
_UNNOTICED = 0.5
_MISSED_FOR = 4  # days at least since a lost or stolen card was last used
_NEARLY_OVER = 0.03  # of cards old enough, beside those that chance brings there
_OLD_ENOUGH = 30  # months
_KEPT = 0.02  # of renewed cards whose predecessor is still on file
_LIVES = np.array([36, 48, 60])  # months
_LIFE_WEIGHTS = ((20, 35, 45), (25, 40, 35), (30, 50, 20))  # by CardKind

STYLES = ("Everyday Debit", "Youth Debit", "Classic Credit", "Rewards Credit", "Charge")
_DEBIT, _YOUTH, _CLASSIC, _REWARDS, _CHARGE = range(5)
_KINDS = np.array(
    [CardKind.DEBIT, CardKind.DEBIT, CardKind.CREDIT, CardKind.CREDIT, CardKind.CHARGE]
)
_STYLE_OF = {
    MAIN_ACCOUNT: _DEBIT,
    SECOND_ACCOUNT: _DEBIT,
    YOUTH_ACCOUNT: _YOUTH,
    CREDIT_CARD: _CLASSIC,
    REWARDS_CARD: _REWARDS,
    CHARGE_ACCOUNT: _CHARGE,
    BUSINESS_CARD: _CLASSIC,
}

# Quantiles by style: a debit card's limits in whole units; transactions and withdrawals a month.
_PURCHASES = np.array([[1_000, 2_000, 3_000, 5_000, 7_500], [100, 150, 200, 250, 300]])
_WITHDRAWALS = np.array([[300, 400, 500, 800, 1_000], [40, 60, 80, 100, 120]])
_CASH_PART = 5  # a credit card gives this part of its limit as cash
_USES = np.array(
    [
        [1, 6, 12, 19, 27, 38, 70],
        [1, 2, 4, 6, 9, 13, 22],
        [1, 2, 5, 9, 15, 24, 48],
        [1, 4, 9, 15, 23, 34, 60],
        [1, 2, 4, 7, 11, 18, 40],
    ]
)
_CASH_USES = np.array(
    [
        [0, 0, 1, 2, 3, 4, 9],
        [0, 0, 0, 1, 1, 2, 4],
        [0, 0, 0, 0, 0, 0, 2],
        [0, 0, 0, 0, 0, 0, 1],
        [0, 0, 0, 0, 0, 0, 1],
    ]
)


@dataclass(frozen=True, slots=True)
class _Plastic:
    """Pieces of plastic: the present one of each carrier, and some of their predecessors."""

    holding: Whole
    person: Whole
    style: Whole
    network: Whole
    life: Whole  # months
    first: Dates  # day of issue of the carrier's first one
    issued: Dates
    old: Flags  # replaced long ago

    def take(self, rows: Flags) -> _Plastic:
        return replace(self, **{item.name: getattr(self, item.name)[rows] for item in fields(self)})

    @property
    def expires(self) -> Dates:
        """The last day of a month, `life` months after issue."""
        month = (self.issued.astype("datetime64[M]") + self.life + 1).astype("datetime64[D]")
        return add_days(month, -1)


def make_cards(
    scene: Scene,
    holders: Holders,
    contracts: Contracts,
    roles: HoldingRoles,
    lines: CreditLines,
    last_used: Dates,
) -> Cards:
    """Draw the cards on accounts and credit lines; `last_used` is that of the holdings."""
    rng = scene.stream("cards")
    held = _with_predecessors(scene, rng, _carried(scene, rng, holders, contracts, roles))
    n = held.issued.size
    activated, status = _states(scene, rng, held)
    kind = _KINDS[held.style]
    purchase, withdrawal = _limits(rng, held, lines)
    missing = np.isin(status, [CardStatus.LOST, CardStatus.STOLEN])
    rested = np.minimum(last_used[held.holding], add_days(scene.today, -_MISSED_FOR * missing))
    usage = _usage(scene, rng, held, activated, rested)
    return Cards(
        household=contracts.household[held.holding],
        holding=held.holding.astype(np.int32),
        person=held.person.astype(np.int32),
        kind=kind.astype(np.int8),
        network=texts(scene.locale.plastic.networks)[held.network],
        number=_masked(below(rng, 10_000, n)),
        status=status,
        issued=held.issued,
        activated=activated,
        expires=held.expires,
        embossed=_embossed(scene, held.person),
        product=scene.locale.say.each(STYLES)[held.style],
        purchase_limit=purchase,
        withdrawal_limit=withdrawal,
        transactions=usage.transactions,
        withdrawals=usage.withdrawals,
        last_used=usage.last_used,
        last_withdrawal=usage.last_withdrawal,
    )


def _carried(
    scene: Scene,
    rng: np.random.Generator,
    holders: Holders,
    contracts: Contracts,
    roles: HoldingRoles,
) -> _Plastic:
    """Draw who of those with a part in a holding carries a card on it, and since when."""
    style = _styles(contracts)[roles.holding]
    takes = _takes(scene, rng, contracts, roles, style)
    holding, person = roles.holding[takes].astype(np.int64), roles.person[takes].astype(np.int64)
    n, style = holding.size, style[takes]
    minor = scene.people.age[person] < ADULT_AGE
    teen = add_years(scene.people.birth[person], TEEN_AGE)
    own = np.where(minor, np.maximum(holders.earliest[person], teen), holders.earliest[person])
    begin = np.maximum(contracts.opened[holding], own)
    first = np.minimum(add_days(begin, between(rng, 0, 10, n)), scene.today)
    life = _LIVES[pick_by(rng, _LIFE_WEIGHTS, _KINDS[style])]
    months = whole_months(first, scene.today)
    age = months % life
    nearly_over = (age >= _OLD_ENOUGH) & coin(rng, _NEARLY_OVER, n)
    return _Plastic(
        holding=holding,
        person=person,
        style=style,
        network=pick_by(rng, scene.locale.plastic.weights, style),
        life=np.where(nearly_over, age + 1, life),
        first=first,
        issued=add_months(first, months // life * life),
        old=np.zeros(n, np.bool_),
    )


def _styles(contracts: Contracts) -> Whole:
    """Return the style of card that stands on each holding, -1 for none."""
    style = np.full(contracts.offer.size, -1, np.int64)
    for prefix, number in _STYLE_OF.items():
        style[contracts.are(prefix)] = number
    return style


def _takes(
    scene: Scene, rng: np.random.Generator, contracts: Contracts, roles: HoldingRoles, style: Whole
) -> Flags:
    """Draw which roles come with a card; authorised users always have one, on a line with cards."""
    settings, n = scene.profile.cards, roles.holding.size
    user = roles.role == HolderRole.CARDHOLDER
    owner = (roles.role == HolderRole.OWNER) | (roles.role == HolderRole.JOINT_OWNER)
    with_cards = coin(rng, settings.credit, contracts.offer.size)
    with_cards[roles.holding[user]] = True
    old_enough = scene.people.age[roles.person] >= TEEN_AGE
    debit = (style >= _DEBIT) & (style <= _YOUTH) & coin(rng, settings.debit, n)
    credit = (style > _YOUTH) & with_cards[roles.holding]
    return np.asarray(user | (owner & (credit | (debit & old_enough))))


def _with_predecessors(scene: Scene, rng: np.random.Generator, held: _Plastic) -> _Plastic:
    """Add expired predecessors of some renewed cards; sort by holding, carrier and issue."""
    before = replace(
        held,
        issued=add_months(held.first, whole_months(held.first, held.issued) - held.life),
        old=np.ones(held.old.size, np.bool_),
    )
    renewed = held.issued > held.first
    gone = renewed & (before.expires < scene.today) & coin(rng, _KEPT, held.old.size)
    kept = before.take(gone)
    both = {
        item.name: np.concatenate([getattr(held, item.name), getattr(kept, item.name)])
        for item in fields(held)
    }
    order = np.lexsort((both["issued"], both["person"], both["holding"]))
    return _Plastic(**{name: column[order] for name, column in both.items()})


def _states(scene: Scene, rng: np.random.Generator, held: _Plastic) -> tuple[Dates, Ints]:
    """Return days of activation and status; only cards once activated get lost."""
    n, today = held.issued.size, scene.today
    left = (held.expires - today).astype(np.int64)
    activated = add_days(held.issued, between(rng, 2, 14, n))
    fresh = (today - held.issued).astype(np.int64) <= _NEW_DAYS
    waiting = (activated > today) | (fresh & coin(rng, _NOT_YET_ACTIVATED, n))
    missing = coin(rng, scene.profile.cards.lost_or_stolen, n) & ~held.old & ~waiting
    stolen = np.cumsum(missing) % 2 == 0  # in turn, so that a small bank has both
    low, high = UNNOTICED_DAYS
    unnoticed = (left >= low) & (left <= high) & coin(rng, _UNNOTICED, n)
    status = np.select(
        [held.old, waiting, missing & stolen, missing, (left < SOON_DAYS) & ~unnoticed],
        [
            CardStatus.EXPIRED,
            CardStatus.NOT_ACTIVATED,
            CardStatus.STOLEN,
            CardStatus.LOST,
            CardStatus.EXPIRES_SOON,
        ],
        CardStatus.ACTIVE,
    )
    return np.where(waiting & ~held.old, NEVER, activated), status.astype(np.int8)


def _limits(rng: np.random.Generator, held: _Plastic, lines: CreditLines) -> tuple[Money, Money]:
    """Return limits of purchases and withdrawals: a debit card's own, or those of the line."""
    n = held.style.size
    row = np.minimum(held.style, _YOUTH)
    debit_buys = to_step(amount_by(rng, _PURCHASES, row), 50) * CENTS
    debit_cash = to_step(amount_by(rng, _WITHDRAWALS, row), 20) * CENTS
    line = np.zeros(n, np.int64)
    on_line = held.style > _YOUTH
    line[on_line] = lines.limit[np.searchsorted(lines.holding, held.holding[on_line])]
    credit_cash = line // _CASH_PART // (10 * CENTS) * (10 * CENTS)
    return np.where(on_line, line, debit_buys), np.where(on_line, credit_cash, debit_cash)


@dataclass(frozen=True, slots=True)
class _Usage:
    """What was done with cards: counts of the last month, days of the last times."""

    transactions: Whole
    withdrawals: Whole
    last_used: Dates
    last_withdrawal: Dates


def _usage(
    scene: Scene,
    rng: np.random.Generator,
    held: _Plastic,
    activated: Dates,
    holding_used: Dates,
) -> _Usage:
    """Draw usage between activation and the day the card expired or the holding rested."""
    n = held.issued.size
    until = np.minimum(np.minimum(held.expires, scene.today), holding_used)
    used = known(activated) & (activated <= until)
    latest = np.maximum(add_days(until, -below(rng, 9, n)), activated)
    last_used = np.where(used, latest, NEVER)
    recent = used & ((scene.today - latest).astype(np.int64) <= MONTH_DAYS)
    transactions = np.where(recent, amount_by(rng, _USES, held.style), 0)
    withdrawals = np.minimum(amount_by(rng, _CASH_USES, held.style), transactions)
    cash_day = np.maximum(add_days(latest, -below(rng, 12, n)), activated)
    return _Usage(
        transactions=transactions.astype(np.int32),
        withdrawals=withdrawals.astype(np.int32),
        last_used=last_used,
        last_withdrawal=np.where(withdrawals > 0, cash_day, NEVER),
    )


def _masked(last_four: Whole) -> Texts:
    return texts([f"**** **** **** {digits:04d}" for digits in last_four.tolist()])


def _embossed(scene: Scene, person: Whole) -> Texts:
    """Return names as they stand on cards: capitals, cut to what fits."""
    first, last = scene.people.first_name[person], scene.people.last_name[person]
    return texts(
        [f"{a} {b}".upper()[:NAME_LENGTH].rstrip() for a, b in zip(first, last, strict=True)]
    )
