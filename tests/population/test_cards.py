import re

import numpy as np
from hypothesis import given

from seedkit.population.cards import NAME_LENGTH, SOON_DAYS, UNNOTICED_DAYS
from seedkit.population.days import add_months, add_years, known
from seedkit.population.locale import locale_of
from seedkit.population.words import CardKind, CardStatus, Category, CreditKind, HolderRole
from seedkit.profile.models import CardsSection, Profile

from .held import any_held, hold
from .made import FEW


@FEW
@given(any_held)
def test_cardholders_have_a_role_on_the_holding(held):
    roles, cards = held.holding_roles, held.cards
    role = {
        pair: role
        for *pair_, role in zip(
            roles.holding.tolist(), roles.person.tolist(), roles.role.tolist(), strict=True
        )
        for pair in [tuple(pair_)]
    }
    carried = [
        role[pair] for pair in zip(cards.holding.tolist(), cards.person.tolist(), strict=True)
    ]
    assert set(carried) <= {HolderRole.OWNER, HolderRole.JOINT_OWNER, HolderRole.CARDHOLDER}
    users = {pair for pair, kind in role.items() if kind == HolderRole.CARDHOLDER}
    assert users <= set(zip(cards.holding.tolist(), cards.person.tolist(), strict=True))


@FEW
@given(any_held)
def test_cards_stand_on_what_they_draw_from(held):
    cards = held.cards
    category, kind = held.of(cards, "category"), held.of(cards, "kind")
    debit = cards.kind == CardKind.DEBIT
    assert (category[debit] == Category.ACCOUNT).all()
    assert (category[~debit] == Category.CREDIT_LINE).all()
    assert (kind[cards.kind == CardKind.CREDIT] == CreditKind.REVOLVING).all()
    assert (kind[cards.kind == CardKind.CHARGE] == CreditKind.OTHER).all()
    assert (held.of(cards, "name") != "Home equity line").all()


@FEW
@given(any_held)
def test_cards_are_issued_to_those_old_enough_after_the_holding_began(held):
    cards, people = held.cards, held.people
    adult = people.age[cards.person] >= 18
    assert (cards.issued >= held.of(cards, "opened")).all()
    assert (cards.issued >= people.customer_since[cards.person]).all()
    assert (cards.issued <= held.today).all()
    birth = people.birth[cards.person]
    assert (cards.issued >= add_years(birth, np.where(adult, 18, 13))).all()


@FEW
@given(any_held)
def test_cards_live_two_to_six_years_and_end_with_a_month(held):
    cards = held.cards
    assert (cards.expires >= add_months(cards.issued, 24)).all()
    assert (cards.expires <= add_months(cards.issued, 72)).all()
    following = cards.expires + np.timedelta64(1, "D")
    assert (following == following.astype("datetime64[M]")).all()


@FEW
@given(any_held)
def test_the_status_follows_the_dates(held):
    cards = held.cards
    left = (cards.expires - held.today).astype(int)
    assert ((cards.status == CardStatus.EXPIRED) == (left < 0)).all()
    assert (left[cards.status == CardStatus.EXPIRES_SOON] < SOON_DAYS).all()
    near = (cards.status == CardStatus.ACTIVE) & (left < SOON_DAYS)
    assert ((left[near] >= UNNOTICED_DAYS[0]) & (left[near] <= UNNOTICED_DAYS[1])).all()
    never = ~known(cards.activated)
    assert (never == (cards.status == CardStatus.NOT_ACTIVATED)).all()


@FEW
@given(any_held)
def test_cards_are_used_between_activation_and_their_end(held):
    cards = held.cards
    used = known(cards.last_used)
    assert (cards.activated[used] <= cards.last_used[used]).all()
    assert (cards.last_used[used] <= np.minimum(cards.expires[used], held.today)).all()
    assert (cards.last_used[used] <= held.of(cards, "last_used")[used]).all()
    assert (cards.transactions[~used] == 0).all()
    missing = used & np.isin(cards.status, [CardStatus.LOST, CardStatus.STOLEN])
    assert ((held.today - cards.last_used[missing]).astype(int) > 3).all()
    cash = known(cards.last_withdrawal)
    assert (cash == (cards.withdrawals > 0)).all()
    assert (cards.last_withdrawal[cash] >= cards.activated[cash]).all()
    assert (cards.last_withdrawal[cash] <= cards.last_used[cash]).all()
    assert (cards.withdrawals <= cards.transactions).all()
    started = known(cards.activated)
    assert (cards.activated[started] >= cards.issued[started]).all()
    assert (cards.activated[started] <= held.today).all()


@FEW
@given(any_held)
def test_cards_show_a_mask_and_a_name(held):
    cards, people = held.cards, held.people
    assert all(re.fullmatch(r"\*{4} \*{4} \*{4} \d{4}", number) for number in cards.number)
    assert set(cards.network) <= set(locale_of("en_US").plastic.networks)
    for name, person in zip(cards.embossed, cards.person, strict=True):
        full = f"{people.first_name[person]} {people.last_name[person]}".upper()
        assert name
        assert len(name) <= NAME_LENGTH
        assert full.startswith(name)


@FEW
@given(any_held)
def test_a_credit_card_buys_up_to_the_limit_of_its_line(held):
    cards, lines = held.cards, held.credit_lines
    limit = np.zeros(held.holdings.code.size, np.int64)
    limit[lines.holding] = lines.limit
    on_line = cards.kind != CardKind.DEBIT
    assert (cards.purchase_limit[on_line] == limit[cards.holding[on_line]]).all()
    assert (cards.withdrawal_limit <= cards.purchase_limit).all()
    assert (cards.withdrawal_limit > 0).all()


def test_shares_of_cards_follow_the_profile():
    none = hold(Profile(cards=CardsSection(debit=0.0, credit=0.0))).cards
    assert none.holding.size == 0
    every = hold(Profile(cards=CardsSection(debit=1.0, credit=1.0)))
    current = every.cards.status != CardStatus.EXPIRED
    main = every.holdings.name == "Checking account"
    owns = every.holding_roles.role <= HolderRole.JOINT_OWNER
    carried = set(every.cards.person[current & main[every.cards.holding]].tolist())
    assert carried == set(
        every.holding_roles.person[owns & main[every.holding_roles.holding]].tolist()
    )


def test_an_authorised_user_is_never_the_only_one_with_a_card():
    held = hold(Profile(cards=CardsSection(credit=0.5)))
    roles, cards = held.holding_roles, held.cards
    users = np.unique(roles.holding[roles.role == HolderRole.CARDHOLDER])
    assert users.size > 5
    by_owner = cards.person == held.owner[cards.holding]
    assert np.isin(users, cards.holding[by_owner]).all()


def test_lost_and_stolen_cards_follow_the_profile():
    def missing(share: float) -> float:
        cards = hold(Profile(cards=CardsSection(lost_or_stolen=share))).cards
        return float(np.isin(cards.status, [CardStatus.LOST, CardStatus.STOLEN]).mean())

    assert missing(0.0) == 0.0
    assert 0.4 < missing(0.5) < 0.55


def test_cards_change_no_holding():
    plain, carded = (
        hold(Profile(cards=CardsSection(debit=share))).holdings for share in (0.0, 1.0)
    )
    assert plain.balance.tolist() == carded.balance.tolist()
    assert plain.code.tolist() == carded.code.tolist()
