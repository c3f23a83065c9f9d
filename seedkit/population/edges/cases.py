"""The edge cases: who could become one, what is changed for that, and how many could."""

from __future__ import annotations

from typing import NamedTuple

from seedkit.population.blended import part_family, unmarried_parents
from seedkit.population.edges import lives, money, names
from seedkit.population.notable import EdgeCase
from seedkit.population.scenery import Edit, Find


class Case(NamedTuple):
    """One edge case.

    `usual` is the part of all customers who could become it, with the defaults of a profile: so
    many fewer are drawn among these. A `lonely` one takes the household for itself.
    """

    edge: EdgeCase
    find: Find
    edit: Edit
    usual: float
    lonely: bool = False


# The rarest first, as those before take people from those behind. The first one is made last: it
# leaves rows out, and the others' rows must still be where they were found.
CASES: tuple[Case, ...] = (
    Case(EdgeCase.BLENDED, unmarried_parents, part_family, 0.0016, lonely=True),
    Case(EdgeCase.TWINS, lives.siblings, lives.make_twins, 0.032, lonely=True),
    Case(EdgeCase.YOUNG_OWNER, lives.nearly_adults, lives.share_account, 0.0057, lonely=True),
    Case(EdgeCase.LARGE_GROUP, lives.group_leaders, lives.enlarge_group, 0.021, lonely=True),
    Case(EdgeCase.SAME_SEX, lives.couples, lives.pair_alike, 0.11, lonely=True),
    Case(
        EdgeCase.LEAP_DAY, lives.could_be_leap_day_children, lives.move_birthday, 0.08, lonely=True
    ),
    Case(EdgeCase.NOTHING_THERE, money.accounts, money.empty, 0.43, lonely=True),
    Case(EdgeCase.ONE_CENT, money.accounts, money.leave_a_cent, 0.43, lonely=True),
    Case(EdgeCase.LARGEST_AMOUNT, money.accounts, money.fill, 0.43, lonely=True),
    Case(EdgeCase.ALL_EXPIRED, money.card_holders, money.expire, 0.2, lonely=True),
    Case(EdgeCase.LONGEST_NAME, names.anybody, names.lengthen, 0.66),
    Case(EdgeCase.APOSTROPHE, names.anybody, names.quote, 0.66),
    Case(EdgeCase.HYPHEN, names.anybody, names.hyphenate, 0.66),
    Case(EdgeCase.UMLAUT, names.anybody, names.accent, 0.66),
    Case(EdgeCase.RIGHT_TO_LEFT, names.anybody, names.write_right_to_left, 0.66),
    Case(EdgeCase.CJK, names.anybody, names.write_cjk, 0.66),
    Case(EdgeCase.ONE_NAME, names.alone, names.shorten, 0.12),
    Case(EdgeCase.EMOJI, names.anybody, names.decorate, 0.66),
    Case(EdgeCase.FIELDS_MISSING, names.anybody, names.forget, 0.66),
)
