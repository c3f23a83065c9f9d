"""Locales: what belongs together in each of them, and that its numbers reach nobody."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest

from seedkit.errors import UnknownNameError
from seedkit.population import make_bank, make_block
from seedkit.population.contact import folded
from seedkit.population.draw import below
from seedkit.population.job_titles import job_of, job_titles
from seedkit.population.locale import LOCALES, locale_of
from seedkit.population.model import Bank, Block
from seedkit.population.names import COHORTS, name_pools
from seedkit.population.places import load_places
from seedkit.population.rates import FIRST_YEAR, mortgage_rate
from seedkit.population.streams import stream
from seedkit.population.words import Marital, Place, Sex
from seedkit.population.work_tables import JOBS
from seedkit.profile.models import Profile

AS_OF = date(2026, 6, 30)
ABROAD = [code for code in LOCALES if code != "en_US"]


def made(code: str) -> tuple[Bank, Block]:
    profile = Profile(locale=code)
    bank = make_bank(profile, AS_OF)
    return bank, make_block(profile, AS_OF, bank, 0)


@pytest.mark.parametrize("code", ABROAD)
def test_postcodes_belong_to_one_city_each_and_heavier_cities_come_first(code: str) -> None:
    places = load_places(locale_of(code))
    assert len(places.city) > 90
    assert len(set(places.postcode)) == len(places.postcode) == places.count.sum()
    assert (np.diff(places.first) == places.count[:-1]).all()
    assert (np.diff(places.weight) <= 0).all()


@pytest.mark.parametrize(
    ("code", "city", "state", "postcode", "area"),
    [
        ("en_GB", "Leeds", "West Yorkshire", r"LS\d+ \d[A-Z]{2}", "0113 496 0"),
        ("en_GB", "Edinburgh", "City of Edinburgh", r"EH\d+ \d[A-Z]{2}", "0131 496 0"),
        ("en_GB", "York", "North Yorkshire", r"YO\d+ \d[A-Z]{2}", "01632 960"),
        ("de_DE", "München", "Bayern", r"8[01]\d{3}", "089 99998"),
        ("de_DE", "Köln", "Nordrhein-Westfalen", r"5[01]\d{3}", "0221 4710"),
        ("de_DE", "Dresden", "Sachsen", r"01\d{3}", ""),
    ],
)
def test_known_cities_have_their_own_postcodes_and_area(
    code: str, city: str, state: str, postcode: str, area: str
) -> None:
    places = load_places(locale_of(code))
    row = places.city.tolist().index(city)
    own = slice(places.first[row], places.first[row] + places.count[row])
    assert places.state[row] == state
    assert all(re.fullmatch(postcode, text) for text in places.postcode[own])
    assert set(places.area_codes[own]) == {area}


@pytest.mark.parametrize("code", LOCALES)
def test_names_fit_the_generation(code: str) -> None:
    locale = locale_of(code)
    pools, cohorts = name_pools(locale), len(COHORTS) + 1
    for sex, rows in ((Sex.FEMALE, locale.names.women), (Sex.MALE, locale.names.men)):
        assert len(rows) == cohorts
        for number, row in enumerate(rows):
            weights = pools.first_weights[sex * cohorts + number]
            typical = np.isin(pools.first, row.split())
            assert weights[typical].sum() / weights.sum() > locale.names.typical - 0.001


@pytest.mark.parametrize("code", LOCALES)
def test_married_couples_share_a_surname_as_often_as_there(code: str) -> None:
    people = made(code)[1].people
    wed = np.flatnonzero((people.place == Place.PARTNER) & (people.marital == Marital.MARRIED))
    shared = np.mean(people.last_name[wed] == people.last_name[people.spouse[wed]])
    assert abs(shared - locale_of(code).names.married) < 0.1


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Jörg", "joerg"),
        ("Müßig", "muessig"),
        ("Ágnes", "agnes"),
        ("O'Neill", "oneill"),
        ("Ayşe", "ayse"),
        ("René", "rene"),
        ("Smith-Jones", "smith-jones"),
    ],
)
def test_names_are_folded_into_the_letters_of_e_mail_addresses(name: str, letters: str) -> None:
    assert folded(name) == letters


@pytest.mark.parametrize("code", LOCALES)
def test_the_bank_stands_in_its_country(code: str) -> None:
    bank, _ = made(code)
    locale = locale_of(code)
    assert bank.locale == code
    assert bank.country == locale.country
    assert set(bank.branches.city) <= set(load_places(locale).city)
    assert all(bank.branches.phone)


def test_german_ibans_have_right_check_digits_and_a_bank_that_can_not_be() -> None:
    for number in below(stream(1, 0, "test"), 10**8, 200).tolist():
        plain = locale_of("de_DE").numbers.account_elsewhere(number).replace(" ", "")
        assert re.fullmatch(r"DE\d\d9\d{7}\d{10}", plain)
        assert int(plain[4:] + "1314" + plain[2:4]) % 97 == 1


@pytest.mark.parametrize("code", LOCALES)
def test_rates_and_prices_are_known_for_the_same_years(code: str) -> None:
    prices = locale_of(code).prices
    assert prices.mortgage.size == prices.houses.size
    assert FIRST_YEAR + prices.mortgage.size > 2025
    assert (prices.mortgage > 50).all()
    assert (prices.mortgage < 2_000).all()
    year = np.array(["2021-05-01"], "datetime64[D]")
    dear, cheap = (mortgage_rate(locale_of(code), day)[0] for day in (year + 900, year))
    assert dear > cheap


def test_a_locale_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="fr_FR"):
        locale_of("fr_FR")


def american_texts() -> set[str]:
    """Return every text that blocks of several random seeds hold in American English."""
    found: set[str] = set()
    for seed in (1, 2):
        profile = Profile(random_seed=seed)
        block = make_block(profile, AS_OF, make_bank(profile, AS_OF), 0)
        found |= written(block)
    return found


def written(block: Block) -> set[str]:
    columns = (
        block.people.occupation,
        block.events.title,
        block.goals.name,
        block.groups.name,
        block.holdings.name,
        block.savings.source,
        block.savings.instructions,
        block.cards.product,
        block.investments.portfolio,
        block.direct_debits.creditor,
        block.standing_orders.creditor,
        block.direct_debits.last_reason,
    )
    return {text for column in columns for text in column if text}


def test_nothing_that_is_read_in_germany_is_american() -> None:
    told = {text for text in written(made("de_DE")[1]) if not text.endswith(("Software", "ETF"))}
    alike = {"Asthma", "Barista", "Journalist", "Student"}
    assert len(told) > 600
    assert told & american_texts() <= alike


@pytest.mark.parametrize(("code", "money"), [("en_US", "USD"), ("en_GB", "GBP"), ("de_DE", "EUR")])
def test_a_profile_has_the_money_of_its_country_unless_it_says_otherwise(
    code: str, money: str
) -> None:
    assert Profile(locale=code).currency == money
    assert Profile(locale=code, currency="CHF").currency == "CHF"
    bank, _ = made(code)
    assert bank.currencies[0] == money
    assert bank.currencies.count(money) == 1


def test_a_text_without_german_is_a_fault() -> None:
    with pytest.raises(KeyError, match="Brand new"):
        locale_of("de_DE").say("Brand new")
    assert locale_of("en_GB").say("Brand new") == "Brand new"


def test_german_occupations_fit_the_sex() -> None:
    people = made("de_DE")[1].people
    pairs = set(zip(people.sex.tolist(), people.occupation, strict=True))
    assert (Sex.FEMALE, "Pflegefachfrau") in pairs
    assert not {(Sex.MALE, "Pflegefachfrau"), (Sex.FEMALE, "Pflegefachmann")} & pairs


@pytest.mark.parametrize("code", LOCALES)
def test_an_occupation_names_its_job(code: str) -> None:
    locale = locale_of(code)
    titles = job_titles(locale)
    for column in (titles.working, titles.retired, titles.jobless):
        for sex in Sex:
            assert len(set(column[sex])) == len(JOBS)
            assert [job_of(locale, text) for text in column[sex]] == list(JOBS)


def test_german_event_titles_fit_in_their_column() -> None:
    assert max(map(len, made("de_DE")[1].events.title)) <= 50
