"""The peer Faker, as its documentation uses it: one instance, its own providers, a seed."""

from __future__ import annotations

from datetime import date

from faker import Faker

from tests.benchmarks.peers import CODES, OPTIONS, PHRASES, Library, constants

SEED = 1
BIRTH = (date(1940, 1, 1), date(2008, 1, 1))
BANKING = (date(2010, 1, 1), date(2026, 6, 30))


def make_library() -> Library:
    """Return Faker's makers. Choices are its Random's, faster than `random_element`."""
    fake = Faker("en_US")
    fake.seed_instance(SEED)
    choice, whole = fake.random.choice, fake.random_int
    makers = {
        **constants(),
        "first_name": fake.first_name,
        "last_name": fake.last_name,
        "full_name": fake.name,
        "family": lambda: f"{fake.last_name()} household",
        "birthday": lambda: fake.date_between(*BIRTH).isoformat(),
        "moment": lambda: f"{fake.date_between(*BANKING).isoformat()}T12:00:00Z",
        "email": fake.email,
        "phone": fake.phone_number,
        "government_id": fake.ssn,
        "job": fake.job,
        "street": fake.street_address,
        "city": fake.city,
        "state": fake.state_abbr,
        "postcode": fake.postcode,
        "country": fake.country,
        "company": fake.company,
        "payee": lambda: f"Payment to {fake.company()}",
        "card_number": fake.credit_card_number,
        "card_network": fake.credit_card_provider,
        "account_number": fake.bban,
        "digits": fake.aba,
        "ticker": lambda: fake.lexify("????"),
        "phrase": lambda: choice(PHRASES),
        "option": lambda: choice(OPTIONS),
        "code": lambda: choice(CODES),
        "flag": fake.boolean,
        "count": lambda: whole(0, 60),
        "rate": lambda: whole(0, 2_000) / 100,
        "money": lambda: whole(0, 10_000_000) / 100,
    }
    return Library(fake.random, fake.uuid4, makers)
