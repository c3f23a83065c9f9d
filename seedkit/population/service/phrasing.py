"""The words of customer service: phrases by topic, read once from the files beside this one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeVar

from seedkit.population.service.wording import spell, spelling_of
from seedkit.population.service.words import Desk, Topic

_TOPICS = ("topics.en.toml", "more.en.toml")
_COMMON = "common.en.toml"
_CONDITIONS = ("of", "kind")  # of variants: what cases must be like, no phrases
_BITS = 32

Pool = tuple[str, ...]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Wording:
    """Phrases with facts in braces: by topic, variant and use, and those that all topics share."""

    topics: Mapping[Topic, tuple[Mapping[str, Pool], ...]]
    common: Mapping[str, Mapping[str, Pool]]
    about: Mapping[Topic, str]
    desk: Mapping[Desk, str]


@lru_cache(maxsize=3)
def wording(locale: str = "en_US") -> Wording:
    """Return the phrases: English in every locale, spelled as the locale does if it has a way."""
    spelling = spelling_of(locale)
    topics = {name: pools for file in _TOPICS for name, pools in _read(file, spelling).items()}
    common = _read(_COMMON, spelling)
    about, desk = common.pop("about"), common.pop("desk")
    return Wording(
        topics={topic: _variants(topics[topic.name]) for topic in Topic},
        common={name: _pools(pools) for name, pools in common.items()},
        about={topic: about[topic.name] for topic in Topic},
        desk={one: desk[one.name] for one in Desk},
    )


def pick(pool: Sequence[Item], rank: int) -> Item:
    """Return the item of a pool at a rank (0 to 2**32 - 1)."""
    return pool[rank * len(pool) >> _BITS]


def sentence(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def _variants(topic: Mapping[str, Any]) -> tuple[Mapping[str, Pool], ...]:
    """Return a topic's variants, each with what they share; one that stands alone is its own."""
    shared = {use: pool for use, pool in topic.items() if use != "variants"}
    return tuple(_pools(shared | own) for own in topic.get("variants", [{}]))


def _pools(pools: Mapping[str, str | list[str]]) -> dict[str, Pool]:
    return {use: (pool,) if isinstance(pool, str) else tuple(pool) for use, pool in pools.items()}


def _read(name: str, spelling: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    folder = files("seedkit.population.service") / "phrases"
    told = tomllib.loads((folder / name).read_text(encoding="utf-8"))
    return {key: _spelled(pools, spelling) for key, pools in told.items()}


def _spelled(told: Any, spelling: Mapping[str, str]) -> Any:
    """Return a file's content with every phrase in it spelled."""
    if isinstance(told, str):
        return spell(told, spelling)
    if isinstance(told, dict):
        return {
            key: item if key in _CONDITIONS else _spelled(item, spelling)
            for key, item in told.items()
        }
    return [_spelled(item, spelling) for item in told]
