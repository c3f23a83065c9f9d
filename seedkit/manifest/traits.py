"""The traits by which customers are found: what each is called, what it means, what gives more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from seedkit.errors import UnknownNameError
from seedkit.manifest import lives, plastic, wealth
from seedkit.manifest.made import EDGE_CASES, GUIDES, people_made_for
from seedkit.manifest.sight import Hits, Sight


@dataclass(frozen=True, slots=True)
class Trait:
    """Something that a customer may have.

    `meaning` completes «A customer who ...»; `more` is a profile's setting that gives more of it,
    empty where only more households do.
    """

    name: str
    meaning: str
    more: str
    see: Callable[[Sight], Hits]


_MANY = ""  # no setting of its own: more people are the only way
_BORROWED = "banking.loans=3"

_BY_CHANCE: tuple[Trait, ...] = (
    Trait("minor", "is under 18", "people.minor_customers=1.0", lives.minors),
    Trait("birthday soon", "has a birthday today or within 14 days", _MANY, lives.near_birthdays),
    Trait("widowed", "has lost husband or wife", _MANY, lives.widowed),
    Trait(
        "single parent",
        "heads a household of one parent with children",
        "family.one_parent=1.0",
        lives.single_parents,
    ),
    Trait("retired", "lives on a pension", _MANY, lives.retired),
    Trait("self-employed", "works on their own account", _MANY, lives.self_employed),
    Trait("unemployed", "looks for work", "people.unemployed=0.3", lives.unemployed),
    Trait("new customer", "became a customer less than a year ago", _MANY, lives.newcomers),
    Trait(
        "accountant or lawyer",
        "has an accountant or lawyer who is a customer too",
        "relationships.professional=0.8",
        lives.clients,
    ),
    Trait("power of attorney", "lets somebody else act for them by proxy", _MANY, lives.principals),
    Trait(
        "relatives elsewhere",
        "has relatives in another household of the bank",
        "relationships.extended_family=1.0",
        lives.relatives,
    ),
    Trait(
        "custom group",
        "belongs to a group other than a household",
        "groups.custom=1.0",
        lives.club_members,
    ),
    Trait(
        "planned life event",
        "has a life event today or later",
        "life_events.planned=1.0",
        lives.planners,
    ),
    Trait(
        "overdue life event",
        "has a planned life event that passed without a word",
        "life_events.overdue=0.5",
        lives.late_planners,
    ),
    Trait(
        "open goal",
        "saves for a financial goal",
        "goals.planned=1.0",
        lives.savers_for_something,
    ),
    Trait("reached goal", "has reached a financial goal", "goals.past=1.0", lives.achievers),
    Trait(
        "joint account",
        "owns an account together with somebody",
        "banking.joint=1.0",
        wealth.joint_owners,
    ),
    Trait(
        "youth account",
        "is under 18 and owns an account",
        "people.minor_customers=1.0",
        wealth.youths,
    ),
    Trait(
        "several accounts", "owns two or more accounts", _MANY, wealth.owners_of_several_accounts
    ),
    Trait(
        "signatory",
        "may sign for a holding of others",
        "people.minor_customers=1.0",
        wealth.signatories,
    ),
    Trait(
        "foreign-currency account",
        "owns an account in another currency than the bank's own",
        "banking.foreign_currency=0.5",
        wealth.foreign_account_owners,
    ),
    Trait(
        "overdraft used",
        "owns an account whose overdraft is in use",
        "instruments.overdrafts=1.0",
        wealth.overdrawn,
    ),
    Trait(
        "failed direct debit",
        "owns an account on which the last direct debit failed or was rejected",
        "instruments.failed=0.5",
        wealth.with_failed_debit,
    ),
    Trait(
        "failed standing order",
        "owns an account whose last standing order failed or was rejected",
        "instruments.failed=0.5",
        wealth.with_failed_order,
    ),
    Trait("mortgage", "owes a mortgage", _BORROWED, wealth.mortgagors),
    Trait(
        "mortgage maturing soon",
        "owes a mortgage that ends within five years",
        _MANY,
        wealth.nearly_free_mortgagors,
    ),
    Trait(
        "overdue loan",
        "owes a loan with overdue instalments",
        "banking.delinquent=0.5",
        wealth.overdue_borrowers,
    ),
    Trait(
        "credit line nearly used up",
        "has used at least 80% of a credit line",
        "banking.credit_lines=3",
        wealth.stretched_borrowers,
    ),
    Trait(
        "credit line in arrears",
        "has missed the minimum payment on a credit line",
        "banking.delinquent=0.5",
        wealth.late_borrowers,
    ),
    Trait("credit card", "carries a credit card", "banking.credit_lines=3", plastic.credit),
    Trait(
        "card about to expire",
        "carries a card in use that expires within 60 days",
        _MANY,
        plastic.ending,
    ),
    Trait("expired card", "has a card that has expired", _MANY, plastic.ended),
    Trait(
        "lost or stolen card",
        "has a card that was reported lost or stolen",
        "cards.lost_or_stolen=0.3",
        plastic.missing,
    ),
    Trait("card not activated", "has a new card that is not activated", _MANY, plastic.waiting),
    Trait("long-term savings", "owns long-term savings", "banking.savings=3", wealth.savers),
    Trait(
        "savings maturing soon",
        "owns long-term savings that mature within 90 days",
        _MANY,
        wealth.savers_at_the_end,
    ),
    Trait(
        "investor", "owns an investment with positions", "banking.investments=3", wealth.investors
    ),
    Trait(
        "investment at a loss",
        "owns an investment that is worth less than it cost",
        "banking.investments=3",
        wealth.losers,
    ),
    Trait(
        "retirement account",
        "owns a retirement account",
        "banking.investments=3",
        wealth.savers_for_retirement,
    ),
)

SHOWCASES = {showcase: f"showcase: {showcase}" for showcase in GUIDES}
TRAITS: tuple[Trait, ...] = (
    *_BY_CHANCE,
    *(
        Trait(
            SHOWCASES[what], f"{guide.has}, made to show it", "showcase=true", people_made_for(what)
        )
        for what, guide in GUIDES.items()
    ),
    *(
        Trait(f"edge case: {what}", meaning, "edge_cases=0.3", people_made_for(what))
        for what, meaning in EDGE_CASES.items()
    ),
)

TRAIT = {trait.name: trait for trait in TRAITS}


def trait_named(name: str) -> Trait:
    """Return a trait by its name; UnknownNameError with suggestions."""
    if name not in TRAIT:
        raise UnknownNameError("trait", name, TRAIT, f"There are: {', '.join(TRAIT)}.")
    return TRAIT[name]
