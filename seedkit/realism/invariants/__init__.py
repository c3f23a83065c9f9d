"""What a population may never do: rules about its files, and about the bank's world behind them."""

from __future__ import annotations

from datetime import date

from seedkit.extract.model import About, Extract
from seedkit.population.model import Bank, Block
from seedkit.realism.invariants.block_money import MONEY_RULES
from seedkit.realism.invariants.block_people import PEOPLE_RULES as BLOCK_PEOPLE_RULES
from seedkit.realism.invariants.block_reach import REACH_RULES
from seedkit.realism.invariants.block_service import COURSE_RULES
from seedkit.realism.invariants.block_topics import TOPIC_RULES
from seedkit.realism.invariants.blocks import BlockView
from seedkit.realism.invariants.file_holdings import HOLDING_RULES
from seedkit.realism.invariants.file_people import PEOPLE_RULES
from seedkit.realism.invariants.files import view
from seedkit.realism.invariants.model import Finding, add_up, check
from seedkit.realism.invariants.unique import BLOCK_KEYS, FILE_KEYS, Once

__all__ = ["BLOCK_RULES", "FILE_RULES", "SERVICE_RULES", "Finding", "Inspector"]

FILE_RULES = (*PEOPLE_RULES, *HOLDING_RULES)
BLOCK_RULES = (*BLOCK_PEOPLE_RULES, *REACH_RULES, *MONEY_RULES)
SERVICE_RULES = (*COURSE_RULES, *TOPIC_RULES)  # of banks with cases


class Inspector:
    """Checks extracts and blocks one after the other and adds up what it finds."""

    def __init__(self) -> None:
        self._found: list[list[Finding]] = []
        self._in_files = [(Once(name, says), keys) for name, says, keys in FILE_KEYS]
        self._in_blocks = [(Once(name, says), keys) for name, says, keys in BLOCK_KEYS]

    def look_at_extract(self, extract: Extract, about: About) -> None:
        """Check the rows of the files."""
        seen = view(extract, about)
        self._found.append(check(FILE_RULES, seen))
        for once, keys in self._in_files:
            once.look(keys(seen))

    def look_at_block(self, block: Block, bank: Bank, as_of: date) -> None:
        """Check what the files don't tell."""
        seen = BlockView(block, bank, as_of)
        self._found.append(check(BLOCK_RULES, seen))
        if block.cases.household.size:
            self._found.append(check(SERVICE_RULES, seen))
        for once, keys in self._in_blocks:
            once.look(keys(block))

    def findings(self) -> tuple[Finding, ...]:
        """Return everything that was found; rules that had nothing to look at are left out."""
        once = [item.finding() for item, _ in (*self._in_files, *self._in_blocks)]
        found = add_up([*self._found, [one for one in once if one.checked]])
        return tuple(found)
