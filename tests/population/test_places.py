"""The gazetteer: what stands together in it belongs together."""

from __future__ import annotations

from collections import Counter

import numpy as np

from seedkit.population.locale import locale_of
from seedkit.population.locale.places_us import PER_STATE
from seedkit.population.places import area_code, load_places

AMERICA = locale_of("en_US")


def test_hundreds_of_cities_in_all_states() -> None:
    places = load_places(AMERICA)
    assert len(set(zip(places.city, places.state, strict=True))) == len(places.city) >= 300
    assert len(set(places.state)) == 51
    assert sum(count < PER_STATE for count in Counter(places.state).values()) <= 1  # DC


def test_postcodes_belong_to_one_city_and_have_area_codes() -> None:
    places = load_places(AMERICA)
    assert places.weight.sum() == len(places.postcode) == len(set(places.postcode))
    assert (np.diff(places.first) == places.weight[:-1]).all()
    assert all(len(code) == 5 and code.isdigit() for code in places.postcode)
    for codes in places.area_codes:
        assert all(len(code) == 3 and code[0] in "23456789" for code in codes.split(","))


def test_known_cities_stand_where_they_are() -> None:
    places = load_places(AMERICA)
    found = {}
    for i, name in enumerate(zip(places.city, places.state, strict=True)):
        rows = slice(places.first[i], places.first[i] + places.weight[i])
        found[name] = (
            places.postcode[rows],
            {code for own in places.area_codes[rows] for code in own.split(",")},
            i,
        )
    postcodes, codes, i = found["Boise", "ID"]
    assert all(code.startswith("837") for code in postcodes)
    assert codes == {"208", "986"}
    assert abs(places.latitude[i] / 10_000 - 43.6) < 0.3
    assert abs(places.longitude[i] / 10_000 + 116.2) < 0.4
    assert found["Houston", "TX"][1] >= {"713", "281"}
    assert all(code.startswith(("606", "607", "608")) for code in found["Chicago", "IL"][0])


def test_an_area_code_serves_one_state_only() -> None:
    places = load_places(AMERICA)
    states: dict[str, set[str]] = {}
    state = np.repeat(places.state, places.weight)
    for codes, own in zip(places.area_codes, state, strict=True):
        for code in codes.split(","):
            states.setdefault(code, set()).add(own)
    assert [code for code, own in states.items() if len(own) > 1] == []


def test_area_code_takes_one_of_the_postcodes_own() -> None:
    places = load_places(AMERICA)
    rows = np.arange(0, len(places.postcode), 97)
    for draw in (0, 1, 5):
        found = area_code(places, rows, np.full(rows.size, draw))
        own = places.area_codes[rows]
        assert all(code in codes.split(",") for code, codes in zip(found, own, strict=True))


def test_heavier_cities_come_first() -> None:
    weight = load_places(AMERICA).weight
    assert (np.diff(weight) <= 0).all()
