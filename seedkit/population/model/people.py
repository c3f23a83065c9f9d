"""Households, people, their ties, lives, goals and groups."""

from __future__ import annotations

from dataclasses import dataclass

from seedkit.population.model.columns import Dates, Flags, Ints, Money, Texts


@dataclass(frozen=True, slots=True)
class Households:
    """Households; `household` is 0, 1, 2, ..."""

    household: Ints
    kind: Ints  # HouseholdKind
    street: Texts
    city: Texts
    state: Texts
    postcode: Texts
    branch: Ints  # the nearest one
    tenure: Ints  # Tenure
    home_value: Money  # owners only, else 0
    home_since: Dates  # moved in
    income: Money  # a year, before tax; the sum of its family's members


@dataclass(frozen=True, slots=True)
class People:
    """Members of households, head first, then partner, children by age, and the others."""

    household: Ints
    place: Ints  # Place
    family: Flags  # shares the income and belongings of the household's family
    sex: Ints
    birth: Dates
    age: Ints  # completed years on the as-of date
    first_name: Texts
    last_name: Texts
    marital: Ints
    education: Ints
    employment: Ints
    occupation: Texts
    employer: Texts
    job_since: Dates  # employees and self-employed, else NaT
    income: Money  # a year
    email: Texts
    mobile: Texts
    home_phone: Texts
    government_id: Texts  # never issued, masked
    channel: Ints  # Channel
    customer: Flags  # known to the bank; every adult is
    customer_since: Dates  # NaT when no customer
    spouse: Ints  # index of the partner (married or living together), -1
    mother: Ints  # at home, -1
    father: Ints


@dataclass(frozen=True, slots=True)
class Standing:
    """What lenders and the bank make of people; row i is person i."""

    household: Ints
    score: Ints  # 300 to 850, 0 when there is none
    main_channel: Ints  # Way, -1 for minors
    late: Flags  # the household was 60 days late with a payment within the past year
    churn_risk: Ints  # percent within a year, 0 when no adult customer


@dataclass(frozen=True, slots=True)
class Relationships:
    """`other` is `kind` to `person`. Both directions are rows.

    `household` is the later household of the two, so that a link never points behind it.
    """

    household: Ints
    person: Ints
    other: Ints
    kind: Ints  # Kinship


@dataclass(frozen=True, slots=True)
class LifeEvents:
    """Past and planned events of people."""

    household: Ints
    person: Ints
    kind: Ints  # Event
    date: Dates
    title: Texts  # at most 50 characters
    planned: Flags  # date on or after the as-of date
    touched: Dates  # when the bank last wrote about it; before `date` for an overdue one


@dataclass(frozen=True, slots=True)
class Goals:
    """Financial goals, each tied to a life event, at most one per event."""

    household: Ints
    person: Ints
    event: Ints
    name: Texts
    target: Money
    progress: Money  # at most target
    due: Dates
    completed: Flags


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of customers. The first row of each household with customers is its main one."""

    household: Ints
    kind: Ints  # GroupKind
    name: Texts
    primary: Ints  # person


@dataclass(frozen=True, slots=True)
class GroupMembers:
    """Who belongs to a group; (group, person) is unique."""

    household: Ints
    group: Ints
    person: Ints
    role: Ints  # GroupRole
    main: Flags  # the person's main household: exactly one row per customer


@dataclass(frozen=True, slots=True)
class GroupHoldings:
    """Which holdings a group sees; (group, holding) is unique, owners are members."""

    household: Ints
    group: Ints
    holding: Ints


@dataclass(frozen=True, slots=True)
class Notables:
    """People who were made for a purpose: to be shown, or to be hard to handle."""

    household: Ints
    person: Ints
    what: Texts  # a member of Showcase or of EdgeCase
