"""The rules hold in every country, and a generator that breaks them there is noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from seedkit.population import bank, banking, contact, home_tables, homes, surveyed
from seedkit.population.locale import LOCALES, Locale, locale_of
from seedkit.population.places import load_places
from seedkit.profile import read_profile
from seedkit.profile.models import Profile
from seedkit.realism.measuring import measure_profile

AS_OF = date(2026, 6, 30)
ABROAD = [code for code in LOCALES if code != "en_US"]


def broken_rules(code: str, households: int) -> dict[str, int]:
    report, _ = measure_profile("test", Profile(locale=code, households=households), AS_OF)
    assert len(report.findings) > 80
    return {finding.name: finding.count for finding in report.findings if finding.count}


@pytest.mark.parametrize("code", ABROAD)
def test_no_rule_is_broken(code: str) -> None:
    assert broken_rules(code, 1_000) == {}


@pytest.mark.soak
@pytest.mark.parametrize("code", LOCALES)
def test_no_rule_is_broken_in_a_large_bank(code: str) -> None:
    assert broken_rules(code, 100_000) == {}


@pytest.mark.parametrize(("name", "country"), [("retail-uk", "uk."), ("retail-de", "de.")])
def test_a_bank_is_judged_by_the_figures_of_its_country_only(name: str, country: str) -> None:
    profile = read_profile(name).profile.model_copy(update={"households": 300})
    report, _ = measure_profile(name, profile, AS_OF)
    assert {verdict.target.id[:3] for verdict in report.verdicts} == {country}
    assert all(item.id.startswith(country) for item in report.unmeasured)


@pytest.mark.parametrize("name", ["retail-uk", "retail-de"])
def test_households_are_those_of_the_country(name: str) -> None:
    profile = read_profile(name).profile.model_copy(update={"households": 2_048})
    report, _ = measure_profile(name, profile, AS_OF)
    told = [v for v in report.verdicts if v.target.group in ("household", "housing", "wealth")]
    counted = [v.holds for v in told if v.target.gates and v.known]
    assert len(counted) >= 12
    assert sum(counted) >= 0.85 * len(counted)


def test_american_households_are_not_british(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = Profile(locale="en_GB", households=2_048)
    monkeypatch.setattr(surveyed, "locale_of", lambda _code: locale_of("en_US"))
    report, _ = measure_profile("test", profile, AS_OF)
    off = {v.target.id for v in report.verdicts if v.known and not v.holds and v.target.gates}
    assert off >= {"uk.debt", "uk.outright", "uk.savers.outright", "uk.taxpayers"}


def parts_of_germany() -> dict[str, bool]:
    profile = read_profile("retail-de").profile.model_copy(update={"households": 6_000})
    report, _ = measure_profile("test", profile, AS_OF)
    found = [v for v in report.verdicts if v.target.id == "de.net_worth_parts"]
    return {v.label: v.holds for v in found}


def test_the_east_of_germany_is_as_poor_as_it_is_and_not_poorer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert parts_of_germany() == {"east median": True, "west median": True}
    monkeypatch.setattr(home_tables, "MEANS_SCATTER", 150)  # dear homes in dear regions only
    assert not parts_of_germany()["east median"]


def real_mobiles(locale: Locale) -> Locale:
    blocks = ("07911 123", "0151 23456")
    return replace(locale, numbers=replace(locale.numbers, mobile_blocks=blocks))


def issued_ids(locale: Locale) -> Locale:
    return replace(locale, numbers=replace(locale.numbers, government_id="AB {:04d}".format))


def real_banks(locale: Locale) -> Locale:
    numbers = replace(locale.numbers, account_elsewhere="DE89 3704 0044 {:08d}".format)
    return replace(locale, numbers=numbers)


def a_real_bank(locale: Locale) -> Locale:
    return replace(locale, numbers=replace(locale.numbers, bank_code=lambda rng: "37040044"))


def other_cities(locale: Locale) -> Locale:
    places = load_places(locale)
    return replace(locale, places=lambda: replace(places, city=np.roll(places.city, 1)))


def other_areas(locale: Locale) -> Locale:
    places = load_places(locale)
    shifted = np.roll(places.area_code_table, 60, axis=0)
    return replace(locale, places=lambda: replace(places, area_code_table=shifted))


BREAKERS: dict[str, Callable[[Locale], Locale]] = {
    "bank.phones": real_mobiles,
    "bank.government_ids": issued_ids,
    "bank.accounts_elsewhere": real_banks,
    "bank.bank_code": a_real_bank,
    "bank.postcodes": other_cities,
    "bank.area_codes": other_areas,
}


@pytest.mark.parametrize("code", ABROAD)
@pytest.mark.parametrize("rule", BREAKERS)
def test_a_broken_generator_is_noticed(
    rule: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = BREAKERS[rule](locale_of(code))
    for module in (bank, banking, contact, homes):
        monkeypatch.setattr(module, "locale_of", lambda _code: spoilt)
    assert broken_rules(code, 256).get(rule, 0) > 0
