"""The peer Mimesis, as its documentation uses it: one `Generic`, its own providers, a seed."""

from __future__ import annotations

from mimesis import Generic, Locale

from tests.benchmarks.peers import CODES, OPTIONS, PHRASES, Library, constants

SEED = 1


def make_library() -> Library:
    """Return Mimesis' makers. Choices are its Random's, faster than its `Choice` provider."""
    generic = Generic(Locale.EN, seed=SEED)
    person, address, finance = generic.person, generic.address, generic.finance
    choice, whole, day = (
        generic.random.choice,
        generic.numeric.integer_number,
        generic.datetime.date,
    )
    makers = {
        **constants(),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "full_name": person.full_name,
        "family": lambda: f"{person.last_name()} household",
        "birthday": lambda: day(start=1940, end=2007).isoformat(),
        "moment": lambda: f"{day(start=2010, end=2025).isoformat()}T12:00:00Z",
        "email": person.email,
        "phone": person.phone_number,
        "government_id": lambda: person.identifier("###-##-####"),
        "job": person.occupation,
        "street": address.address,
        "city": address.city,
        "state": lambda: address.state(abbr=True),
        "postcode": address.postal_code,
        "country": address.country,
        "company": finance.company,
        "payee": lambda: f"Payment to {finance.company()}",
        "card_number": generic.payment.credit_card_number,
        "card_network": generic.payment.credit_card_network,
        "account_number": lambda: generic.code.pin("##########"),
        "digits": lambda: generic.code.pin("#########"),
        "ticker": finance.stock_ticker,
        "phrase": lambda: choice(PHRASES),
        "option": lambda: choice(OPTIONS),
        "code": lambda: choice(CODES),
        "flag": generic.development.boolean,
        "count": lambda: whole(0, 60),
        "rate": lambda: whole(0, 2_000) / 100,
        "money": lambda: whole(0, 10_000_000) / 100,
    }
    return Library(generic.random, generic.cryptographic.uuid, makers)
