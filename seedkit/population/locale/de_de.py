"""Germany."""

from __future__ import annotations

import numpy as np

from seedkit.population.draw import below
from seedkit.population.locale.model import (
    Addresses,
    Locale,
    NameSource,
    Numbers,
    Places,
    Plastic,
    Prices,
    Scale,
    Wealth,
)
from seedkit.population.locale.names_de import MEN, WOMEN, surnames
from seedkit.population.locale.places_table import read_places
from seedkit.population.locale.wording import read_wording
from seedkit.population.survey.tilts import Tilt

_COUNTRY_DIGITS = "1314"  # D and E as the check of an IBAN counts them


def _bank_code(rng: np.random.Generator) -> str:
    """Return a bank code that begins with 9: clearing areas are 1 to 8."""
    return f"9{int(below(rng, 10**7, 1)[0]):07d}"


def _account(number: int) -> str:
    """Return an IBAN with right check digits at a bank that doesn't exist."""
    account = f"9{number % 10**7:07d}{number:010d}"
    check = 98 - int(f"{account}{_COUNTRY_DIGITS}00") % 97
    plain = f"DE{check:02d}{account}"
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _tax_id(serial: int) -> str:
    """Return a masked tax id that begins with 0, which none does that was given out."""
    return f"0* *** *** {serial % 1_000:03d}"


def _places() -> Places:
    return read_places("places_de.csv", lambda postcode: (postcode,))


_ADDRESSES = Addresses(
    names=(
        "Haupt", "Schul", "Garten", "Bahnhof", "Dorf", "Berg", "Linden", "Birken", "Kirch",
        "Wald", "Ring", "Wiesen", "Amsel", "Jahn", "Feld", "Rosen", "Goethe", "Schiller",
        "Mozart", "Beethoven", "Lessing", "Ahorn", "Eichen", "Buchen", "Tannen", "Mühlen",
        "Brunnen", "Finken", "Lerchen", "Sonnen", "Ufer", "Markt", "Post", "Park", "Kastanien",
        "Ulmen", "Flieder", "Kiefern", "Hof", "Burg",
    ),
    kinds=("straße", "weg", "allee", "platz", "gasse"),
    weights=(66, 24, 5, 3, 2),
    numbers=(1, 160),
    flats=(1, 20),
    house="{name}{kind} {number}",
    flat="{name}{kind} {number}",  # flats have no numbers
    branch_streets=(
        "Marktplatz", "Hauptstraße", "Bahnhofstraße", "Königstraße", "Rathausplatz",
        "Kaiserstraße", "Breite Straße", "Lange Straße", "Schlossstraße", "Poststraße",
    ),
    branch="{street} {number}",
    branch_name="Filiale {city}",
)  # fmt: skip
_NUMBERS = Numbers(
    line="{}{:03d}",
    lines=(0, 999),
    mobile="{}{:02d}",
    mobile_lines=(0, 99),
    mobile_blocks=("0171 39200", "0176 040690"),
    government_id=_tax_id,
    bank_code=_bank_code,
    account_elsewhere=_account,
)
_PRICES = Prices(
    # consumer prices, yearly means (2020 = 100; Destatis); from memory
    consumer={2020: 10000, 2021: 10310, 2022: 11020, 2023: 11670, 2024: 11930, 2025: 12190},
    # Mean rate of new loans by year (mortgage loans, from 2003 the Bundesbank's effective rate);
    # from memory, good for the shape of the curve only. So are the prices.
    mortgage=np.array(
        [
            *(930, 860, 720, 670, 790),  # 1975
            *(930, 1100, 980, 820, 820, 770, 680, 670, 680, 750),  # 1980
            *(900, 940, 890, 750, 770, 760, 670, 620, 560, 520),  # 1990
            *(640, 590, 570, 490, 480, 430, 460, 500, 520, 440),  # 2000
            *(380, 390, 300, 280, 240, 190, 170, 180, 190, 150),  # 2010
            *(120, 130, 270, 400, 360, 360),  # 2020
        ],
        np.int64,
    ),
    houses=np.array(
        [
            *(72, 75, 80, 86, 93),  # 1975
            *(100, 106, 107, 107, 106, 104, 103, 102, 104, 107),  # 1980
            *(113, 121, 129, 134, 138, 139, 138, 136, 135, 135),  # 1990
            *(135, 135, 133, 132, 131, 131, 131, 129, 130, 131),  # 2000
            *(132, 135, 139, 143, 148, 155, 164, 175, 187, 197),  # 2010
            *(212, 236, 249, 228, 225, 232),  # 2020
        ],
        np.int64,
    ),
    regions={
        "Bayern": 140, "Hamburg": 150, "Baden-Württemberg": 125, "Berlin": 135, "Hessen": 115,
        "Rheinland-Pfalz": 92, "Nordrhein-Westfalen": 92, "Schleswig-Holstein": 98,
        "Niedersachsen": 85, "Bremen": 88, "Brandenburg": 88, "Mecklenburg-Vorpommern": 78,
        "Saarland": 72,
    },
    elsewhere=65,
    offers={
        "CHK": (0, 5), "PCK": (0, 5), "YTH": (50, 200), "SAV": (1, 100), "MMA": (50, 225),
        "CDA": (180, 290), "PRF": (50, 200), "BSP": (100, 240), "FCA": (0, 50),
        "CRD": (1_090, 1_990), "RWD": (1_290, 2_090), "PLC": (790, 1_290), "HEL": (450, 690),
    },
    overdraft=990,
    # estimates: studies have no fees; banks lend what living takes, more so since 2006
    studies={1975: (15_000, 10_000), 2006: (40_000, 30_000)},
)  # fmt: skip
# From memory: nearly every debit card is a girocard.
_PLASTIC = Plastic(
    networks=("girocard", "Visa", "Mastercard", "American Express"),
    weights=((92, 4, 4, 0), (100, 0, 0, 0), (0, 48, 50, 2), (0, 35, 40, 25), (0, 0, 0, 100)),
)
_FAMOUS = (
    "Müller Bosch Siemens Becker Braun Koch Otto Kaiser Fischer Richter Wagner Hoffmann Weber Wolf "
    "Schwarz Krause Hartmann Henkel Merck Bayer Opel Porsche Haas Keller Brandt Lange Schäfer "
    "Jung Roth Engel Horn Thomas Martin Simon Speer Hesse Beyer Werner Huber Zimmermann König "
    "Schreiber Faust Franke Pfeiffer Voigt Heinz Dussen Heydrich Winkler Kühn Peters"
)
# Hand-set until the targets of realism/data/de.toml are met: no survey of German households is
# fitted. Scales are euros for 1,000 dollars of 2022; the knees take the American top off.
_WEALTH = Wealth(
    scales={
        "": Scale(700, 60_000, 30),
        "income": Scale(620, 70_000, 60),
        "home": Scale(1_100, 265_000, 32),
        "mortgage": Scale(1_100, 265_000, 32),  # as homes, so that none exceeds its home
        "heloc": Scale(600),
        "retirement": Scale(600, 60_000, 25),
        "vehicle": Scale(350),
        "cd": Scale(800, 60_000, 40),
        "stock": Scale(500, 50_000, 20),
        "pooled_fund": Scale(600, 50_000, 20),
        "bond": Scale(300, 50_000, 30),
        "managed": Scale(400, 50_000, 20),
        "life_insurance": Scale(1_000),
        "other_financial": Scale(300, 50_000, 30),
        "business": Scale(250, 60_000, 20),
        "other_real_estate": Scale(600, 80_000, 25),
        "other_instalment": Scale(1_500),
    },
    odds=(
        Tilt("next to nothing", 6_500),
        Tilt("mortgage", -12_000),
        Tilt("heloc", -20_000),
        Tilt("vehicle", -4_000),
        Tilt("vehicle_loan", -16_000),
        Tilt("savings", 6_000),
        Tilt("cd", 3_000),
        Tilt("stock", -4_000),
        Tilt("pooled_fund", 13_000),
        Tilt("life_insurance", 12_000),
        Tilt("education_loan", -19_000),
        Tilt("credit_card", -24_000),
        Tilt("other_instalment", 5_000),
        Tilt("other_line", -12_000),
        Tilt("other_debt", -14_000),
    ),
    ages=((0, 50), (25, 100), (35, 96), (45, 90), (55, 112), (65, 104), (75, 130)),
)
_WORDING = read_wording("de_DE")
LOCALE = Locale(
    code="de_DE",
    country="Deutschland",
    places=_places,
    narrowing=(5, 8),  # as on 51 degrees north
    names=NameSource(
        pool="de_DE", women=WOMEN, men=MEN, typical=0.97, surnames=surnames, married=0.78
    ),
    addresses=_ADDRESSES,
    numbers=_NUMBERS,
    prices=_PRICES,
    wealth=_WEALTH,
    plastic=_PLASTIC,
    famous=frozenset(_FAMOUS.split()),
    jobs=_WORDING.jobs,
    say=_WORDING.say,
)
