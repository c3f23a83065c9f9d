"""Rules about what may occur only once in the whole population, however many blocks it has."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from seedkit.population.model import Block
from seedkit.realism.invariants.files import FileView
from seedkit.realism.invariants.model import Finding

Keys = Iterable[Hashable]


@dataclass(slots=True)
class Once:
    """What has occurred, as hashes, and how often something came again."""

    name: str
    says: str
    seen: set[int] = field(default_factory=set)
    count: int = 0
    checked: int = 0

    def look(self, keys: Keys) -> None:
        """Take note of some keys."""
        for key in keys:
            self.checked += 1
            mark = hash(key)
            self.count += mark in self.seen
            self.seen.add(mark)

    def finding(self) -> Finding:
        """Return what was found."""
        return Finding(self.name, self.says, self.checked, self.count)


def file_ids(v: FileView) -> Keys:
    """Return all ids of the files, with their tables."""
    for table in ("households", "people", "holdings", "cards"):
        yield from ((table, key) for key in v.extract.sheets()[table]["id"].tolist())


def contacts(block: Block) -> Keys:
    """Return names with birth dates."""
    people = block.people
    return zip(people.first_name, people.last_name, people.birth.tolist(), strict=True)


def e_mails(block: Block) -> Keys:
    """Return e-mail addresses."""
    return [address for address in block.people.email if address]


def contract_numbers(block: Block) -> Keys:
    """Return contracts' numbers."""
    return list(block.holdings.code)


FILE_KEYS: tuple[tuple[str, str, Callable[[FileView], Keys]], ...] = (
    ("files.ids", "Ids occur once in their file.", file_ids),
)
BLOCK_KEYS: tuple[tuple[str, str, Callable[[Block], Keys]], ...] = (
    ("bank.contacts_once", "No two people agree in both names and the birth date.", contacts),
    ("bank.e_mails_once", "E-mail addresses belong to one person.", e_mails),
    ("bank.contract_numbers_once", "Contracts have numbers of their own.", contract_numbers),
)
