"""Rules of a block about addresses and numbers: all fit together, and none reaches anybody.

What each country keeps free is said here once more, not read from what the generator uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from seedkit.population.contact import folded
from seedkit.population.locale import locale_of
from seedkit.population.notable import EdgeCase
from seedkit.population.places import load_places
from seedkit.realism.invariants.blocks import BlockView
from seedkit.realism.invariants.model import Flags, Rule

RESERVED_MAIL = r"[^@\s]+@([\w-]+\.)*(example\.(com|net|org)|[\w-]+\.(test|example|invalid))"
ABA_WEIGHTS = np.array([3, 7, 1] * 3)
IBAN = re.compile(r"[A-Z]{2}\d\d ")


@dataclass(frozen=True, slots=True)
class Free:
    """Patterns of numbers that a country keeps free, or never gives out."""

    landline: str
    mobile: str  # "" where it begins with an area code, too
    government_id: str
    bank_code: str
    account: str  # at other banks


FREE = {
    "en_US": Free(
        landline=r"\(\d{3}\) 555-01\d\d",
        mobile="",
        government_id=r"000-\*\*-\d{4}",
        bank_code=r"(1[3-9]|20|3[3-9]|[45]\d|60|7[3-9]|8[1-9]|9\d)\d{7}",
        account=r"EXT-\d{8}",
    ),
    "en_GB": Free(  # Ofcom's numbers for drama; national insurance numbers never begin with QQ
        landline=r"(011[3-8]|01[2-6]1) 496 0\d{3}|0191 498 0\d{3}|020 7946 0\d{3}"
        r"|028 9649 6\d{3}|029 2018 0\d{3}|01632 960\d{3}",
        mobile=r"07700 900\d{3}",
        government_id=r"QQ \*\* \*\* \d\d [A-D]",
        bank_code=r"00-\d\d-\d\d",
        account=r"00-\d\d-\d\d \d{8}",
    ),
    "de_DE": Free(  # numbers for media of the Bundesnetzagentur; no tax id begins with 0
        landline=r"030 23125\d{3}|069 90009\d{3}|040 66969\d{3}|0221 4710\d{3}|089 99998\d{3}",
        mobile=r"0171 39200\d\d|0176 040690\d\d",
        government_id=r"0\* \*\*\* \*\*\* \d{3}",
        bank_code=r"9\d{7}",  # clearing areas are 1 to 8
        account=r"DE\d\d 9\d{3}( \d{4}){3} \d\d",
    ),
}


def e_mails(v: BlockView) -> Flags:
    """E-mail addresses lie on domains that are reserved for examples; edge cases have none."""
    known = v.people.customer & v.ordinary(EdgeCase.FIELDS_MISSING)
    return _unlike(RESERVED_MAIL, v.people.email[known])


def e_mail_names(v: BlockView) -> Flags:
    """E-mail addresses hold the surname of their owner, or of a parent, if it has Latin letters."""
    people = v.people
    names = [_letters(folded(name)) for name in people.last_name]
    names.append("")  # of parents who are not there
    odd = (EdgeCase.FIELDS_MISSING, EdgeCase.RIGHT_TO_LEFT, EdgeCase.CJK)
    known = np.flatnonzero(people.customer & v.ordinary(*odd))
    return np.array(
        [
            not any(
                names[who] and names[who] in _letters(people.email[person].partition("@")[0])
                for who in (person, people.mother[person], people.father[person])
            )
            for person in known.tolist()
        ],
        np.bool_,
    )


def e_mail_letters(v: BlockView) -> Flags:
    """E-mail addresses are written in letters that every mail server takes."""
    return np.array([not text.isascii() for text in v.people.email[v.people.customer]], np.bool_)


def phones(v: BlockView) -> Flags:
    """Telephone numbers lie in a range that is reserved for fiction."""
    free = _free(v)
    pattern = free.landline + f"|{free.mobile}" * bool(free.mobile)
    numbers = [*v.people.mobile, *v.people.home_phone, v.bank.phone, *v.bank.branches.phone]
    return _unlike(pattern, [number for number in numbers if number])


def government_ids(v: BlockView) -> Flags:
    """Government ids have a beginning that was never issued; edge cases have none."""
    known = v.people.customer & v.ordinary(EdgeCase.FIELDS_MISSING)
    return _unlike(_free(v).government_id, v.people.government_id[known])


def postcodes(v: BlockView) -> Flags:
    """The postcode belongs to the home's city and state."""
    places, homes = load_places(locale_of(v.bank.locale)), v.block.households
    city = np.repeat(np.arange(len(places.city)), places.count)
    known = set(zip(places.postcode, places.city[city], places.state[city], strict=True))
    told = zip(homes.postcode, homes.city, homes.state, strict=True)
    return np.array([place not in known for place in told], np.bool_)


def area_codes(v: BlockView) -> Flags:
    """Telephone numbers begin with an area code that serves the home's postcode."""
    places, people = load_places(locale_of(v.bank.locale)), v.people
    codes = dict(zip(places.postcode, places.area_codes, strict=True))
    home = v.block.households.postcode[people.household]
    mobile = re.compile(_free(v).mobile or "(?!)")  # the latter is nothing at all
    return np.array(
        [
            not _serves(codes.get(code, ""), phone)
            for column in (people.mobile, people.home_phone)
            for phone, code in zip(column, home, strict=True)
            if phone and not mobile.fullmatch(phone)
        ],
        np.bool_,
    )


def bank_code(v: BlockView) -> Flags:
    """The bank's code is assigned to nobody; a routing number passes its check digit."""
    code = v.bank.code
    digits = np.array([int(digit) for digit in code if digit.isdigit()])
    routing = v.bank.locale == "en_US"
    wrong = routing and int((digits * ABA_WEIGHTS[: digits.size]).sum()) % 10 != 0
    return _unlike(_free(v).bank_code, [code]) | wrong


def accounts_elsewhere(v: BlockView) -> Flags:
    """Accounts at other banks lie at banks that don't exist; IBANs pass their check digits."""
    ours = set(v.block.holdings.code.tolist())
    told = [code for code in v.block.standing_orders.creditor_account if code not in ours]
    return _unlike(_free(v).account, told) | np.array([_misspelt(code) for code in told], np.bool_)


def _free(v: BlockView) -> Free:
    return FREE[v.bank.locale]


def _unlike(pattern: str, texts: Iterable[str]) -> Flags:
    fits = re.compile(pattern).fullmatch
    return np.array([not fits(text) for text in texts], np.bool_)


def _serves(areas: str, phone: str) -> bool:
    """Tell whether a number begins with one of the areas, which commas part."""
    return any(area and _digits(phone).startswith(_digits(area)) for area in areas.split(","))


def _misspelt(account: str) -> bool:
    """Tell whether an account is an IBAN with wrong check digits (ISO 13616)."""
    if not IBAN.match(account):
        return False
    plain = account.replace(" ", "")
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 != 1


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalpha())


REACH_RULES = tuple(
    Rule(f"bank.{check.__name__}", " ".join((check.__doc__ or "").split()), check)
    for check in (
        e_mails,
        e_mail_names,
        e_mail_letters,
        phones,
        government_ids,
        postcodes,
        area_codes,
        bank_code,
        accounts_elsewhere,
    )
)
