"""The showcases: who could show what, and what has to be set for it."""

from __future__ import annotations

from typing import NamedTuple

from seedkit.population.blended import part_family, unmarried_parents
from seedkit.population.notable import Showcase
from seedkit.population.scenery import Edit, Find, as_it_is
from seedkit.population.showcase import borrowing, lives, money


class Part(NamedTuple):
    """One part in the cast: who could play it, and what is changed for that."""

    showcase: Showcase
    find: Find
    edit: Edit


# The last one leaves rows out: the others' rows must still be where they were found.
CAST: tuple[Part, ...] = (
    Part(Showcase.MATURING_MORTGAGE, borrowing.mortgages, borrowing.end_mortgage),
    Part(Showcase.LOAN_REVIEW, borrowing.reviewed, borrowing.review),
    Part(Showcase.LATE_LOAN, borrowing.running, borrowing.fall_behind),
    Part(Showcase.MATURING_SAVINGS, money.deposits, money.end_deposit),
    Part(Showcase.UNEVEN_ACCOUNT, money.plain_accounts, money.leave_average),
    Part(Showcase.BLOCKED_AMOUNT, money.plain_accounts, money.block_much),
    Part(Showcase.OVERDRAFT_LIMIT, money.overdrafts, money.use_overdraft),
    Part(Showcase.FOREIGN_CURRENCY, money.foreign_accounts, as_it_is),
    Part(Showcase.FAILED_DEBIT, money.debits, money.fail_debit),
    Part(Showcase.FAILED_ORDER, money.orders, money.fail_order),
    Part(Showcase.EXPIRING_CARD, lives.old_cards, lives.end_card),
    Part(Showcase.STOLEN_CARD, lives.known_cards, lives.steal_card),
    Part(Showcase.INVESTOR, money.investors, as_it_is),
    Part(Showcase.ALL_CATEGORIES, money.owners_of_all, as_it_is),
    Part(Showcase.ANOTHERS_HOLDING, money.guests, as_it_is),
    Part(Showcase.OVERDUE_EVENT, lives.last_plans, lives.pass_plan),
    Part(Showcase.NEW_EVENT, lives.plans, lives.tell_plan),
    Part(Showcase.BIRTHDAY, lives.birthdays, as_it_is),
    Part(Showcase.FAMILY, lives.families, as_it_is),
    Part(Showcase.WIDOWED, lives.widowed, as_it_is),
    Part(Showcase.STUDENT, lives.students, as_it_is),
    Part(Showcase.CUSTOM_GROUP, lives.custom_groups, as_it_is),
    Part(Showcase.BLENDED_FAMILY, unmarried_parents, part_family),
)
