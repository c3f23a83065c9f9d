"""How people are seen who were made for a purpose: showcase customers and edge cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from seedkit.manifest.sight import Hits, Sight
from seedkit.population.notable import EdgeCase, Showcase

ALERTS, CARDS, EVENTS, GROUPS = "Alerts", "Cards", "Life events", "Groups and relationships"
HOLDINGS, HOUSEHOLD, SNAPSHOT = "Financial holdings", "Main household", "Customer snapshot"


class Guide(NamedTuple):
    """What to show with a showcase customer: `has` completes «a showcase customer who ...».

    `look` is the part of the customer's form to look at, `see` what is to be seen there.
    """

    has: str
    look: str
    see: str


GUIDES: dict[Showcase, Guide] = {
    Showcase.MATURING_MORTGAGE: Guide(
        "owes a mortgage that ends within 60 days", ALERTS, "the loan matures in some weeks"
    ),
    Showcase.LOAN_REVIEW: Guide(
        "owes a loan whose rate is reviewed within 60 days", ALERTS, "the interest review is near"
    ),
    Showcase.LATE_LOAN: Guide(
        "is more than 30 days late with a loan", ALERTS, "payment risk, with the collection risk"
    ),
    Showcase.MATURING_SAVINGS: Guide(
        "has a deposit that matures within 30 days", ALERTS, "the savings mature in some weeks"
    ),
    Showcase.UNEVEN_ACCOUNT: Guide(
        "has an account far above its average", ALERTS, "the balance is higher than on average"
    ),
    Showcase.BLOCKED_AMOUNT: Guide(
        "has an account of which more is blocked than lies on it on average",
        ALERTS,
        "the blocked amount",
    ),
    Showcase.OVERDRAFT_LIMIT: Guide(
        "has an overdraft that is nearly used up", ALERTS, "the overdraft is near its limit"
    ),
    Showcase.FOREIGN_CURRENCY: Guide(
        "has an account in another currency",
        HOLDINGS,
        "the balance in both currencies, the base currency in the sums",
    ),
    Showcase.FAILED_DEBIT: Guide(
        "has a direct debit that failed", ALERTS, "the last payment failed, and why"
    ),
    Showcase.FAILED_ORDER: Guide(
        "has a standing order that failed", ALERTS, "the last payment failed, and why"
    ),
    Showcase.EXPIRING_CARD: Guide(
        "carries a card that ends within 50 days", CARDS, "expires soon, with a red dot"
    ),
    Showcase.STOLEN_CARD: Guide(
        "has a card that was reported stolen", CARDS, "the stolen card comes first, with a red dot"
    ),
    Showcase.INVESTOR: Guide(
        "has an investment with several positions", HOLDINGS, "the portfolio and its positions"
    ),
    Showcase.ALL_CATEGORIES: Guide(
        "owns something of all five categories", HOLDINGS, "five filled categories, debts below 0"
    ),
    Showcase.ANOTHERS_HOLDING: Guide(
        "signs for a holding of somebody else, or benefits from it",
        HOLDINGS,
        "it stands in the detailed tab and does not count in the summary",
    ),
    Showcase.OVERDUE_EVENT: Guide(
        "has a plan whose day passed without a word", EVENTS, "the event under action needed"
    ),
    Showcase.NEW_EVENT: Guide(
        "told of a plan yesterday", EVENTS, "the event with the badge New, for eight days"
    ),
    Showcase.BIRTHDAY: Guide("has a birthday within 14 days", EVENTS, "the birthday in focus"),
    Showcase.FAMILY: Guide(
        "is married, with two children or more", HOUSEHOLD, "members, income, holdings of all"
    ),
    Showcase.BLENDED_FAMILY: Guide(
        "has a child who is not the partner's", GROUPS, "one child of both, one of the father's"
    ),
    Showcase.WIDOWED: Guide(
        "has lost husband or wife", EVENTS, "the loss among past events; widowed in the snapshot"
    ),
    Showcase.STUDENT: Guide("is at college", SNAPSHOT, "a student by the job title"),
    Showcase.CUSTOM_GROUP: Guide(
        "belongs to a group beside the household", GROUPS, "two groups, with some holdings each"
    ),
}


EDGE_CASES: dict[EdgeCase, str] = {  # what completes «a customer who ...»
    EdgeCase.LONGEST_NAME: "has first and last names of 50 characters each",
    EdgeCase.APOSTROPHE: "has an apostrophe in the surname",
    EdgeCase.HYPHEN: "has a surname with a hyphen",
    EdgeCase.UMLAUT: "has umlauts or a sharp s in the surname",
    EdgeCase.RIGHT_TO_LEFT: "has a name in Arabic, Persian or Hebrew letters",
    EdgeCase.CJK: "has a Chinese, Japanese or Korean name",
    EdgeCase.ONE_NAME: "has a surname only",
    EdgeCase.EMOJI: "has emoji in the texts about them: events, goals, groups",
    EdgeCase.FIELDS_MISSING: "has no e-mail address, telephone, government id or job",
    EdgeCase.LEAP_DAY: "was born on 29 February",
    EdgeCase.TWINS: "was born on the day of the sibling",
    EdgeCase.YOUNG_OWNER: "is 17 and owns an account together with a parent",
    EdgeCase.SAME_SEX: "lives in a couple of one sex",
    EdgeCase.BLENDED: "has a child who is not the partner's",
    EdgeCase.LARGE_GROUP: "leads a group of 50 members",
    EdgeCase.NOTHING_THERE: "owns an account with nothing on it",
    EdgeCase.ONE_CENT: "owns an account with one cent on it",
    EdgeCase.LARGEST_AMOUNT: "owns an account with 100,000,000,000.00, the most that fits",
    EdgeCase.ALL_EXPIRED: "has cards and mandates that are all over",
}


def people_made_for(what: str) -> Callable[[Sight], Hits]:
    """Return the view that finds those who were made for something."""

    def see(sight: Sight) -> Hits:
        notables = sight.block.notables
        return Hits(notables.person[notables.what == what])

    return see
