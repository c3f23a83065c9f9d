"""The parts of a profile whose names are the customer's own: columns, generators, lists.

Their values may be lists and mappings; each remembers the line on which it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

# How many levels of names of one's own lie below these keys, before a value begins.
OPEN: dict[str, int] = {"columns": 2, "skip": 0, "generators": 2}
# What a level is called, and how it is written.
_LEVELS = {
    ("columns", 0): ("tables with columns", "`contact: {jobtitle: Clerk}`"),
    ("columns", 1): ("columns with what they hold", "`jobtitle: Clerk`"),
    ("generators", 0): ("generators with their options", "`loyalty: {share: 0.4}`"),
    ("generators", 1): ("options with values", "`share: 0.4`"),
}

Place = tuple[str | int, ...]
Scalar = Callable[[yaml.ScalarNode], tuple[Any, str | None]]


@dataclass(frozen=True, slots=True)
class Tree:
    """A value as plain lists, mappings and scalars, and the lines of its parts."""

    value: Any
    lines: dict[Place, int] = field(default_factory=dict)
    # Words without quotes that YAML takes for something else than text, such as NO.
    read_as: dict[Place, str] = field(default_factory=dict)
    # Keys that stand twice, by where they stand again.
    twice: dict[Place, int] = field(default_factory=dict)


def level_of(key: str) -> tuple[str, int]:
    """Return the key's root, and how many names of one's own it has behind that."""
    root, *rest = key.split(".")
    return root, len(rest)


def is_open(key: str) -> bool:
    """Tell whether a key lies in a part whose names are the customer's own."""
    return level_of(key)[0] in OPEN


def must_hold(key: str) -> tuple[str, str]:
    """Return what a section of one's own holds, and an example."""
    return _LEVELS[level_of(key)]


def read_tree(node: yaml.Node, scalar: Scalar) -> Tree:
    """Return a node's value; `scalar` gives a word's value and as what YAML reads it."""
    tree = Tree(None)
    return replace(tree, value=_value(node, (), tree, scalar))


def _value(node: yaml.Node, place: Place, tree: Tree, scalar: Scalar) -> Any:
    tree.lines[place] = int(node.start_mark.line) + 1
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(item, (*place, number), tree, scalar) for number, item in enumerate(node.value)
        ]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, tree, scalar)
    assert isinstance(node, yaml.ScalarNode)
    value, read_as = scalar(node)
    if read_as is not None:
        tree.read_as[place] = read_as
    return value


def _mapping(node: yaml.MappingNode, place: Place, tree: Tree, scalar: Scalar) -> dict[str, Any]:
    """Return a mapping; a key is a name or a label, whatever YAML makes of it."""
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in found:
            tree.twice[*place, name] = int(key.start_mark.line) + 1
        found[name] = _value(value, (*place, name), tree, scalar)
    return found
