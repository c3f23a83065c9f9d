"""Texts that the platform puts together from other columns when a row is written [expected]."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Composer = tuple[tuple[str, ...], Callable[..., str | None]]


def _full_name(first: str | None, last: str | None) -> str | None:
    return " ".join(part for part in (first, last) if part) or None


def _address(  # one argument per column that the composite is made of
    line1: str | None,
    line2: str | None,
    line3: str | None,
    city: str | None,
    state: str | None,
    postal_code: str | None,
    country: str | None,
) -> str | None:
    region = " ".join(part for part in (state, postal_code) if part)
    place = ", ".join(part for part in (city, region) if part)
    return "\r\n".join(part for part in (line1, line2, line3, place, country) if part) or None


_PARTS = ("line1", "line2", "line3", "city", "stateorprovince", "postalcode", "country")


_ADDRESSES: Mapping[str, Composer] = {
    f"address{number}_composite": (tuple(f"address{number}_{p}" for p in _PARTS), _address)
    for number in (1, 2, 3)
}
_PERSON: Mapping[str, Composer] = {"fullname": (("firstname", "lastname"), _full_name)}

COMPOSED: Mapping[str, Mapping[str, Composer]] = {
    "account": _ADDRESSES,
    "contact": {**_PERSON, **_ADDRESSES},
    "customeraddress": {"composite": (_PARTS, _address)},
    "systemuser": _PERSON,
}
