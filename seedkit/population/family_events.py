"""Marriages, divorces and deaths of spouses, births of children and grandchildren."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population import event_tables as tables
from seedkit.population import family_tables
from seedkit.population.days import add_days
from seedkit.population.draw import Whole, amount_within, below, coin, pick
from seedkit.population.families import siblings
from seedkit.population.model import BLOCK_HOUSEHOLDS, Dates, Flags, People
from seedkit.population.story import Rank, Story, Told, day_between, past
from seedkit.population.words import Event, Marital, Place, Sex

N = BLOCK_HOUSEHOLDS


@dataclass(frozen=True, slots=True)
class Offspring:
    """Children of the households' adults: those at home first, then those who left."""

    household: Whole
    birth: Dates
    row: Whole  # of people, -1 for those who left

    def first_birth(self, none: np.datetime64) -> Dates:
        """Return the first birth of each household, `none` where there is no child."""
        found = np.full(N, none)
        np.minimum.at(found, self.household, self.birth)
        return found

    def last_birth(self, none: np.datetime64) -> Dates:
        """Return the last birth of each household, `none` where there is no child."""
        found = np.full(N, none)
        np.maximum.at(found, self.household, self.birth)
        return found


def tell_families(story: Story) -> list[Told]:
    """Tell the family events of everyone in a block."""
    late = _wed_late(story)
    children = _offspring(story, late)
    return [
        *_tell_marriages(story, children, late),
        *_tell_ended_marriages(story, children),
        _tell_births(story, children),
        _tell_own_births(story),
        _tell_grandchildren(story, children),
    ]


def _younger(story: Story) -> Dates:
    """Return when the younger one of each couple was born, the head where there is none."""
    people, head = story.people, story.heads
    partner = people.spouse[head]
    return np.maximum(people.birth[head], people.birth[np.where(partner >= 0, partner, head)])


def _wed_late(story: Story) -> Flags:
    """Draw which couples without children at home married in their later years."""
    people, head = story.people, story.heads
    married = (people.marital[head] == Marital.MARRIED) & (people.spouse[head] >= 0)
    married[people.household[people.place == Place.CHILD]] = False
    age = (story.today - _younger(story)).astype(np.int64)
    old = age > tables.LATER_MARRIAGE_FROM + 2 * 365
    return np.asarray(married & old & coin(story.stream("late"), tables.LATER_MARRIAGE, N))


def _offspring(story: Story, late: Flags) -> Offspring:
    """Return children at home, and draw those who grew up and left.

    Couples who married late tell none: theirs are from before.
    """
    people, rng = story.people, story.stream("grown children")
    home = np.flatnonzero(people.place == Place.CHILD)
    head = story.heads
    partner = np.where(people.spouse[head] >= 0, people.spouse[head], head)
    younger = _younger(story)
    mothers = [
        np.where(people.sex[who] == Sex.FEMALE, people.birth[who], younger)
        for who in (head, partner)
    ]
    woman = np.minimum(*mothers)  # the older one of two; without a woman the younger man
    oldest_home = np.full(N, story.today)
    np.minimum.at(oldest_home, people.household[home], people.birth[home])
    first = add_days(younger, family_tables.FIRST_BIRTH)
    last = np.minimum(
        add_days(woman, family_tables.LAST_BIRTH),
        np.minimum(add_days(story.today, -tables.GROWN_FROM), add_days(oldest_home, -365)),
    )
    status = people.marital[head]
    chance = tables.HAVE_GROWN_CHILDREN[status]
    chance = np.where(oldest_home < story.today, chance * tables.WITH_OTHERS_AT_HOME, chance)
    # an unmarried couple's earlier marriages stay clear of common children
    chance = np.where((people.spouse[head] >= 0) & (status != Marital.MARRIED), 0.0, chance)
    chance = np.where(late, 0.0, chance)
    counts = np.where(
        coin(rng, chance, N) & (last > first), 1 + pick(rng, tables.GROWN_CHILDREN, N), 0
    )
    low, high = (first - woman).astype(np.int64), (last - woman).astype(np.int64)
    at_birth = amount_within(rng, family_tables.AGE_AT_LAST_BIRTH, low, high, N)
    youngest = (story.today - add_days(woman, at_birth)).astype(np.int64)
    family, days, _ = siblings(rng, youngest, counts)
    birth = add_days(story.today, -days)
    fits = birth >= first[family]
    return Offspring(
        household=np.concatenate([people.household[home], family[fits]]),
        birth=np.concatenate([people.birth[home], birth[fits]]),
        row=np.concatenate([home, np.full(int(fits.sum()), -1)]),
    )


def _tell_marriages(story: Story, children: Offspring, late: Flags) -> list[Told]:
    """Tell the marriages that last, and for some the earlier ones of both spouses."""
    people, rng = story.people, story.stream("marriages")
    head = story.heads
    spouse = people.spouse[head]
    married = (people.marital[head] == Marital.MARRIED) & (spouse >= 0)
    younger = _younger(story)
    wedding = _wedding(rng, story, younger, children, ago=20)
    earliest = np.maximum(
        add_days(younger, tables.LATER_MARRIAGE_FROM), add_days(story.today, -tables.LATER_WITHIN)
    )
    then = day_between(rng, earliest, np.full(N, add_days(story.today, -30)))
    wedding = np.where(late, then, wedding)
    one, two = head[married], spouse[married]
    both = np.concatenate([one, two])
    titles = story.locale.say.around("Married {}", people.first_name[np.concatenate([two, one])])
    dates = np.concatenate([wedding[married], wedding[married]])
    told = past(story, both, Event.MARRIAGE, dates, titles)
    again = np.concatenate([late[married], late[married]])
    again &= coin(story.stream("married before"), tables.MARRIED_BEFORE, both.size)
    return [
        told,
        _tell_other_marriages(story),
        *_tell_divorces(story, "earlier", both[again], add_days(dates[again], -90)),
    ]


def _tell_other_marriages(story: Story) -> Told:
    """Tell the marriages of parents who live with a grown child, and of those who separated."""
    people, rng = story.people, story.stream("other marriages")
    row = np.arange(people.age.size)
    pairs = np.flatnonzero((people.place == Place.PARENT) & (people.spouse > row))
    other = people.spouse[pairs]
    apart = np.flatnonzero(people.marital == Marital.SEPARATED)
    younger = np.maximum(people.birth[pairs], people.birth[other])
    birth = np.concatenate([younger, people.birth[apart]])
    wed = _lone_wedding(rng, story, birth, add_days(story.today, -800))
    who = np.concatenate([pairs, apart, other])
    title = story.locale.say("Wedding")
    return past(story, who, Event.MARRIAGE, wed[np.r_[: wed.size, : pairs.size]], title)


def _wedding(
    rng: np.random.Generator, story: Story, younger: Dates, children: Offspring, ago: int
) -> Dates:
    """Draw weddings at least some days ago, of adults, mostly before the first child."""
    low = _of_age(story, younger)
    today = (story.today - younger).astype(np.int64) - ago
    born = (children.first_birth(story.today) - younger).astype(np.int64) - 60
    before = coin(rng, tables.WED_BEFORE_BIRTH, N) & (born > low)
    age = _marriage_age(rng, story, younger, low, np.where(before, born, today))
    return add_days(younger, np.minimum(age, today))


def _marriage_age(
    rng: np.random.Generator, story: Story, birth: Dates, low: Whole, high: Whole
) -> Whole:
    """Draw ages at weddings, in days, as usual among people who are as old today."""
    band = _generation(story, birth)
    drawn = [amount_within(rng, row, low, high, birth.size) for row in tables.MARRIAGE_AGE]
    return np.stack(drawn)[band, np.arange(birth.size)]


def _generation(story: Story, birth: Dates) -> Whole:
    """Return the band of age in which people married alike."""
    age = (story.today - birth).astype(np.int64)
    return np.searchsorted(tables.MARRIED_BANDS, age, side="right").astype(np.int64)


def _of_age(story: Story, birth: Dates) -> Whole:
    """Return the age, in days, from which people of a generation married."""
    return np.asarray(tables.WEDDING_FROM[_generation(story, birth)], np.int64)


def _tell_ended_marriages(story: Story, children: Offspring) -> list[Told]:
    """Tell the marriages of the divorced and the widowed, with their ends."""
    people = story.people
    couple = people.place <= Place.PARTNER
    ended = people.marital == Marital.DIVORCED
    divorced, others = np.flatnonzero(ended & couple), np.flatnonzero(ended & ~couple)
    widowed = np.flatnonzero(people.marital == Marital.WIDOWED)
    last = children.last_birth(np.datetime64("1800-01-01"))
    rng = story.stream("widowhood")
    wedding = _wedding(rng, story, people.birth[story.heads], children, ago=800)
    own = people.place[widowed] == Place.HEAD
    # a widowed partner in a new couple has no part in the household's children
    alone = _lone_wedding(rng, story, people.birth[widowed], add_days(story.today, -800))
    wed = np.where(own, wedding[people.household[widowed]], alone)
    born = np.where(own, last[people.household[widowed]], _last_born(people)[widowed])
    earliest = np.maximum(add_days(wed, 365), born)
    longest = np.maximum((story.today - earliest).astype(np.int64), tables.WIDOWED_FOR[0])
    since = amount_within(rng, tables.WIDOWED_FOR, tables.WIDOWED_FOR[0], longest, widowed.size)
    say = story.locale.say
    lost = say.each(("Death of husband", "Death of wife"))[people.sex[widowed]]
    ends = np.minimum(add_days(story.today, -20), np.maximum(add_days(story.today, -since), wed))
    return [
        past(story, widowed, Event.MARRIAGE, wed, say("Wedding")),
        past(story, widowed, Event.WIDOWHOOD, ends, lost),
        *_tell_divorces(
            story, "last", divorced, np.full(divorced.size, add_days(story.today, -20)), children
        ),
        *_tell_divorces(story, "others'", others, np.full(others.size, add_days(story.today, -20))),
    ]


def _last_born(people: People) -> Dates:
    """Return the birth of everyone's youngest child at home, long ago where there is none."""
    found = np.full(people.age.size, np.datetime64("1800-01-01"))
    for parent in (people.mother, people.father):
        child = np.flatnonzero(parent >= 0)
        np.maximum.at(found, parent[child], people.birth[child])
    return found


def _lone_wedding(
    rng: np.random.Generator, story: Story, birth: Dates, latest: np.datetime64 | Dates
) -> Dates:
    """Draw weddings by one person's age alone."""
    most = (latest - birth).astype(np.int64)
    least = _of_age(story, birth)
    return add_days(birth, _marriage_age(rng, story, birth, least, most))


def _tell_divorces(
    story: Story, which: str, person: Whole, latest: Dates, children: Offspring | None = None
) -> list[Told]:
    """Tell marriages that ended in divorce by some day, around the births of their children."""
    people, rng = story.people, story.stream(which + " divorces")
    birth, home = people.birth[person], people.household[person]
    bound = add_days(latest, -400)
    if children is not None:
        first = children.first_birth(story.today)[home]
        fits = (first - birth).astype(np.int64) > _of_age(story, birth) + 100
        bound = np.where(fits, np.minimum(bound, add_days(first, -60)), bound)
    wed = _lone_wedding(rng, story, birth, bound)
    earliest = add_days(wed, int(tables.MARRIED_FOR[0]))
    if children is not None:
        born = children.last_birth(np.datetime64("1800-01-01"))[home]
        earliest = np.maximum(earliest, add_days(born, 100))
    low = (earliest - wed).astype(np.int64)
    high = (latest - wed).astype(np.int64)
    length = amount_within(rng, tables.MARRIED_FOR, np.minimum(low, high), high, person.size)
    ends = np.minimum(add_days(wed, length), latest)
    return [
        past(story, person, Event.MARRIAGE, wed, story.locale.say("Wedding")),
        past(story, person, Event.DIVORCE, ends, story.locale.say("Divorce")),
    ]


def _parents(story: Story, household: Whole) -> tuple[Whole, Whole]:
    """Return (child, adult) pairs of children by household and the adults of that household."""
    head = story.heads[household]
    partner = story.people.spouse[head]
    coupled = np.flatnonzero(partner >= 0)
    child = np.concatenate([np.arange(household.size), coupled])
    return child, np.concatenate([head, partner[coupled]])


def _tell_births(story: Story, children: Offspring) -> Told:
    """Tell births of children to both parents in the household."""
    named = story.people.first_name[children.row]
    girls = coin(story.stream("grown daughters"), 0.488, children.row.size)
    say = story.locale.say
    titles = say.each(("Birth of a son", "Birth of a daughter"))[girls.astype(np.int64)]
    titles = np.where(children.row >= 0, say.around("Birth of {}", named), titles)
    child, adult = _parents(story, children.household)
    rank = np.where(children.row[child] >= 0, Rank.KEPT, Rank.NOTABLE)
    return past(story, adult, Event.CHILD_BORN, children.birth[child], titles[child], rank)


def _tell_own_births(story: Story) -> Told:
    """Tell parents who live with a grown child of its birth."""
    people = story.people
    couple = people.place <= Place.PARTNER
    child = [np.flatnonzero(couple & (parent >= 0)) for parent in (people.mother, people.father)]
    old = np.concatenate([people.mother[child[0]], people.father[child[1]]])
    born = np.concatenate(child)
    titles = story.locale.say.around("Birth of {}", people.first_name[born])
    return past(story, old, Event.CHILD_BORN, people.birth[born], titles)


def _tell_grandchildren(story: Story, children: Offspring) -> Told:
    """Tell births of the children of those who left home."""
    rng = story.stream("grandchildren")
    n = children.row.size
    left = children.row < 0
    first = add_days(children.birth, tables.GRANDPARENTS_FROM)
    last = add_days(np.full(n, story.today), -10)
    births = day_between(rng, first, np.minimum(last, add_days(first, 15 * 365)))
    second = add_days(births, 500 + below(rng, 1_500, n))
    one = left & (last > first) & coin(rng, tables.GRANDCHILDREN[0], n)
    two = one & (second <= last) & coin(rng, tables.GRANDCHILDREN[1], n)
    household = np.concatenate([children.household[one], children.household[two]])
    born = np.concatenate([births[one], second[two]])
    girls = coin(rng, 0.488, born.size)
    say = story.locale.say
    births_of = say.each(("Birth of a grandson", "Birth of a granddaughter"))
    titles = births_of[girls.astype(np.int64)]
    child, adult = _parents(story, household)
    latest = _latest(household, born)[child]
    who, child = adult[latest], child[latest]
    return past(story, who, Event.GRANDCHILD_BORN, born[child], titles[child], Rank.NOTABLE)


def _latest(household: Whole, dates: Dates) -> Flags:
    """Return which dates are among a household's last few."""
    order = np.lexsort((-dates.astype(np.int64), household))
    home, found = household[order], np.empty(order.size, np.bool_)
    found[order] = np.arange(order.size) - np.searchsorted(home, home) < tables.LATEST_GRANDCHILDREN
    return found
