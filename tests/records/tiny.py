"""A bank and a block made by hand: three households that between them need every table."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from seedkit.population import model
from seedkit.population.model.keeping import POINTS_AT
from seedkit.population.words import (
    Channel,
    Employment,
    Event,
    GroupKind,
    GroupRole,
    Kinship,
    Marital,
    Place,
    ProductKind,
    Sex,
    Way,
)
from tests.records import tiny_holdings
from tests.records.tiny_parts import (
    BABY,
    CHECKING,
    DAVID,
    EMILY,
    JACK,
    JOON,
    MARIA,
    MORTGAGE,
    NEVER,
    RUTH,
    RUTHS,
    part,
)


def tiny_bank() -> model.Bank:
    """Return a bank with dollars, euros and yen, two branches and two products."""
    branch = {"street": "1 Main Street", "city": "Springfield", "state": "IL", "postcode": "62701"}
    return model.Bank(
        name="Seedfield Bank",
        code="130000006",
        street="1 Seed Street",
        city="Springfield",
        state="IL",
        postcode="62701",
        phone="217-555-0100",
        country="United States",
        locale="en_US",
        currency="USD",
        currencies=("USD", "EUR", "JPY"),
        exchange_rates=(10_000, 10_853, 67),
        branches=part(
            model.Branches,
            [
                {**branch, "code": "001", "name": "Springfield Main Street", "phone": "1"},
                {**branch, "code": "002", "name": "Springfield North", "phone": "2"},
            ],
        ),
        products=part(
            model.Products,
            [
                {
                    "name": "Orchard Index Fund",
                    "kind": ProductKind.MUTUAL_FUND,
                    "ticker": "ORCHX",
                    "price": 10_050,
                    "performance_1y": -125,
                    "performance_3y": 1_840,
                    "performance_ytd": 310,
                },
                {
                    "name": "Harbor City 4.25% 2031",
                    "kind": ProductKind.BOND,
                    "ticker": "HARB31",
                    "price": 98_70,
                    "coupon": 425,
                    "matures": "2031-05-15",
                },
            ],
        ),
    )


def tiny_block(number: int = 0) -> model.Block:
    """Return the block; `number` changes nothing but its number."""
    return model.Block(
        number=number,
        households=_households(),
        people=_people(),
        relationships=_relationships(),
        events=_events(),
        goals=_goals(),
        groups=_groups(),
        group_members=_group_members(),
        group_holdings=_group_holdings(),
        holdings=tiny_holdings.holdings(),
        holding_roles=tiny_holdings.holding_roles(),
        accounts=tiny_holdings.accounts(),
        savings=tiny_holdings.savings(),
        loans=tiny_holdings.loans(),
        investments=tiny_holdings.investments(),
        credit_lines=tiny_holdings.credit_lines(),
        cards=tiny_holdings.cards(),
        direct_debits=tiny_holdings.direct_debits(),
        standing_orders=tiny_holdings.standing_orders(),
        overdrafts=tiny_holdings.overdrafts(),
        positions=tiny_holdings.positions(),
        elsewhere=tiny_holdings.elsewhere(),
        standing=_standing(),
    )


def _standing() -> model.Standing:
    people = _people().household
    row = {"score": 715, "main_channel": Way.MOBILE, "late": False, "churn_risk": 5}
    return part(model.Standing, [{"household": int(home), **row} for home in people])


def tiled_block(copies: int, number: int = 0) -> model.Block:
    """Return a block of `copies` times the tiny block's households, alike but for their numbers."""
    block = tiny_block(number)
    parts = {item.name: getattr(block, item.name) for item in fields(block)}
    number = parts.pop("number")
    sizes = {name: len(rows.household) for name, rows in parts.items()}
    tiled = {name: _tile(rows, copies, sizes) for name, rows in parts.items()}
    return model.Block(number=number, **tiled)


def _tile(rows: Any, copies: int, sizes: dict[str, int]) -> Any:
    columns = {}
    copy = np.repeat(np.arange(copies), len(rows.household))
    for item in fields(rows):
        values = np.tile(getattr(rows, item.name), copies)
        if item.name == "household":
            values = values + copy * 3
        elif item.name in POINTS_AT:
            values = np.where(values < 0, -1, values + copy * sizes[POINTS_AT[item.name]])
        columns[item.name] = values
    return type(rows)(**columns)


def _households() -> model.Households:
    home = {"street": "12 Oak Street", "city": "Springfield", "state": "IL", "postcode": "62704"}
    return part(
        model.Households,
        [
            {**home, "household": 0, "branch": 1},
            {**home, "household": 1, "street": "7 Elm Street"},
            {**home, "household": 2, "street": "9 Ash Street"},
        ],
    )


def _people() -> model.People:
    def person(household: int, first: str, last: str, birth: str, **more: Any) -> dict[str, Any]:
        known = {
            "household": household,
            "first_name": first,
            "last_name": last,
            "birth": birth,
            "spouse": -1,
            "mother": -1,
            "father": -1,
            "customer": True,
            "customer_since": "2015-03-02",
            "email": f"{first}.{last}@example.com".lower(),
            "mobile": "217-555-0123",
            "government_id": "***-**-0000",
            "employment": Employment.EMPLOYEE,
            "occupation": "Nurse",
            "income": 6_150_000,
        }
        return known | more

    parents = {"mother": EMILY, "father": DAVID}
    return part(
        model.People,
        [
            person(0, "Emily", "Carter", "1984-05-02", marital=Marital.MARRIED, spouse=DAVID),
            person(
                0, "David", "Carter", "1982-11-19", marital=Marital.MARRIED, spouse=EMILY,
                sex=Sex.MALE, place=Place.PARTNER, channel=Channel.PHONE,
            ),
            person(
                0, "Jack", "Carter", "2012-01-08", sex=Sex.MALE, place=Place.CHILD, income=0,
                occupation="", employment=Employment.PUPIL, email="", channel=Channel.MAIL,
                **parents,
            ),
            person(
                0, "Mia", "Carter", "2024-06-30", place=Place.CHILD, customer=False,
                customer_since=NEVER, **parents,
            ),
            person(
                1, "Ruth", "Stone", "1941-02-11", marital=Marital.WIDOWED, occupation="",
                employment=Employment.RETIRED, channel=Channel.ANY,
            ),
            person(2, "Maria", "Lopez", "1990-09-09", spouse=JOON, marital=Marital.DIVORCED),
            person(2, "Joon", "Kim", "1991-12-24", spouse=MARIA, sex=Sex.MALE),
        ],
    )  # fmt: skip


def _relationships() -> model.Relationships:
    links = [
        (0, EMILY, DAVID, Kinship.SPOUSE),
        (0, DAVID, EMILY, Kinship.SPOUSE),
        (0, EMILY, JACK, Kinship.CHILD),
        (0, JACK, EMILY, Kinship.PARENT),
        (0, EMILY, BABY, Kinship.CHILD),
        (1, RUTH, JACK, Kinship.GRANDCHILD),
        (1, JACK, RUTH, Kinship.GRANDPARENT),
        (2, MARIA, RUTH, Kinship.ACCOUNTING_CLIENT),
        (2, RUTH, MARIA, Kinship.ACCOUNTANT),
    ]
    names = ("household", "person", "other", "kind")
    return part(model.Relationships, [dict(zip(names, link, strict=True)) for link in links])


def _events() -> model.LifeEvents:
    names = ("household", "person", "kind", "date", "title", "planned", "touched")
    events = [
        (0, EMILY, Event.CHILD_BORN, "2012-01-08", "Jack was born", False, "2012-01-20"),
        (0, EMILY, Event.HOME_PURCHASE, "2027-03-01", "A bigger home", True, "2026-05-01"),
        (0, BABY, Event.BIRTHDAY, "2025-06-30", "First birthday", False, "2025-07-01"),
        (0, DAVID, Event.VEHICLE_PURCHASE, "2026-02-01", "New car", True, "2025-11-01"),
        (1, RUTH, Event.WIDOWHOOD, "2019-08-17", "Lost her husband", False, "2019-09-01"),
        (2, JOON, Event.MASTER_DEGREE, "2016-06-01", "Master's degree", False, "2016-06-09"),
    ]
    return part(model.LifeEvents, [dict(zip(names, event, strict=True)) for event in events])


def _goals() -> model.Goals:
    goal = {"target": 5_000_000, "progress": 1_234_567, "due": "2027-01-01"}
    return part(
        model.Goals,
        [
            {**goal, "person": EMILY, "event": 1, "name": "Down payment"},
            {**goal, "person": DAVID, "event": 3, "name": "Save for a car", "completed": True},
        ],
    )


def _groups() -> model.Groups:
    return part(
        model.Groups,
        [
            {"household": 0, "name": "Carter household", "primary": EMILY},
            {"household": 0, "name": "Holiday", "primary": DAVID, "kind": GroupKind.CUSTOM},
            {"household": 1, "name": "Stone household", "primary": RUTH},
        ],
    )


def _group_members() -> model.GroupMembers:
    names = ("household", "group", "person", "role", "main")
    members = [
        (0, 0, EMILY, GroupRole.PRIMARY, True),
        (0, 0, DAVID, GroupRole.SPOUSE, True),
        (0, 0, JACK, GroupRole.CHILD, True),
        (0, 1, EMILY, GroupRole.MEMBER, False),
        (0, 1, DAVID, GroupRole.PRIMARY, False),
        (1, 2, RUTH, GroupRole.PRIMARY, True),
    ]
    return part(model.GroupMembers, [dict(zip(names, item, strict=True)) for item in members])


def _group_holdings() -> model.GroupHoldings:
    return part(
        model.GroupHoldings,
        [
            {"household": 0, "group": 0, "holding": CHECKING},
            {"household": 0, "group": 0, "holding": MORTGAGE},
            {"household": 1, "group": 2, "holding": RUTHS},
        ],
    )
