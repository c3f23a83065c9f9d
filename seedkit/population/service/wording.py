"""The bank's own texts in the language of a locale, spelled as it spells, with its own figures.

Texts stand in `texts/LANGUAGE`. What differs between countries of a language stands in one file
per locale: `[spelling]` turns beginnings of words, `[facts]` and `[amounts]` fill what stands in
braces; amounts are in the bank's own currency.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

_FOLDER = files(__package__) / "texts"
_BLANK = re.compile(r"\{(\w+)\}")
_FENCE = "+++\n"


@dataclass(frozen=True, slots=True)
class Wording:
    """How a bank words its texts."""

    locale: str
    folder: Traversable
    spelling: Mapping[str, str]
    filling: Mapping[str, str]

    def say(self, text: str) -> str:
        """Return a text as this bank writes it; KeyError when it asks for an unknown fact."""
        text = spell(text, self.spelling)
        return _BLANK.sub(lambda blank: self.filling[blank[1]], text)

    def table(self, name: str) -> Any:
        """Return a TOML file of the language, its texts as this bank writes them."""
        return self._said(tomllib.loads(_read(self.folder / name)))

    def article(self, key: str) -> tuple[Mapping[str, str], str]:
        """Return what stands at the head of an article, and its text."""
        head, text = _read(self.folder / "articles" / f"{key}.md").split(_FENCE)[1:]
        return self._said(tomllib.loads(head)), self.say(text.strip())

    def _said(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.say(value)
        if isinstance(value, dict):
            return {key: self._said(item) for key, item in value.items()}
        return [self._said(item) for item in value] if isinstance(value, list) else value


def spell(text: str, spelling: Mapping[str, str]) -> str:
    """Return a text with other beginnings of words; capitals, blanks and e-mails stay."""
    if not spelling:
        return text

    def ours(found: re.Match[str]) -> str:
        word = spelling[found[0].lower()]
        return word[0].upper() + word[1:] if found[0][0].isupper() else word

    return _pattern(spelling).sub(ours, text)


def spelling_of(locale: str) -> Mapping[str, str]:
    """Return how a locale spells what is written in its language; nothing in another language."""
    language = locale.partition("_")[0]
    own: Mapping[str, str] = tomllib.loads(_read(_FOLDER / language / f"{locale}.toml")).get(
        "spelling", {}
    )
    return own


def read_wording(locale: str, currency: str, facts: Mapping[str, str]) -> Wording:
    """Return the wording of a bank; `facts` are its name and whatever else it gives itself."""
    folder = _FOLDER / locale.partition("_")[0]
    own = tomllib.loads(_read(folder / f"{locale}.toml"))
    form = own["money"]["form"] if own["money"]["currency"] == currency else f"{{}} {currency}"
    amounts = {
        name: form.format(_grouped(amount, own["money"]["group"]))
        for name, amount in own["amounts"].items()
    }
    return Wording(locale, folder, own.get("spelling", {}), {**own["facts"], **amounts, **facts})


def shared_table(name: str) -> Any:
    """Return a TOML file that all languages share."""
    return tomllib.loads(_read(_FOLDER / name))


def _read(file: Traversable) -> str:
    return file.read_text(encoding="utf-8")


def _grouped(amount: int, sign: str) -> str:
    return f"{amount:,}".replace(",", sign)


def _pattern(spelling: Mapping[str, str]) -> re.Pattern[str]:
    longest_first = sorted(spelling, key=len, reverse=True)
    return re.compile(rf"(?<![{{-])\b({'|'.join(map(re.escape, longest_first))})", re.IGNORECASE)
