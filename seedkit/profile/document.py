"""One YAML text as keys with values and line numbers, and what is wrong with it as YAML."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from seedkit.errors import Fault
from seedkit.profile.keys import EXTENDS, known_keys, known_sections, suggest_key
from seedkit.profile.trees import OPEN, Tree, is_open, level_of, must_hold, read_tree

_TAG = "tag:yaml.org,2002:"
NAMES = "names"  # the type of keys that take several
# Plain numbers only: YAML also takes 010 for 8, 1:30 for 90 and 1e3 for a text.
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9_]*)")
_NUMBER = re.compile(r"[-+]?([0-9][0-9_]*)?(\.[0-9_]*)?([eE][-+]?[0-9]+)?")
_TRUE = ("true", "yes", "on")
_READ_AS = {"int": "a number", "float": "a number", "timestamp": "a date"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's value and where it stands.

    `written` is the value as the file has it; `read_as` says what YAML made of a plain word that
    is no text to it, such as NO. `tree` is there for keys whose values have parts.
    """

    value: object
    written: str
    file: str
    line: int | None
    read_as: str | None = None
    tree: Tree | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """The keys of one file by dotted name, and the faults of its form."""

    entries: dict[str, Entry]
    faults: list[Fault]


class NoValue:
    """What stands for a value that no key takes: a list, a section, a date, nothing at all."""


def read_document(path: Path, file: str) -> Document:
    """Read a profile file; `file` is its name in messages."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        fault = Fault(file, line, "", "is not UTF-8 text.", "Save the file as UTF-8.")
        return Document({}, [fault])
    except OSError as error:
        folder = path.is_dir()
        problem = (
            "is a folder, not a profile file." if folder else f"can't be read: {error.strerror}."
        )
        return Document({}, [Fault(file, None, "", problem)])
    return parse_document(text, file)


def parse_document(text: str, file: str) -> Document:
    """Read the text of a profile."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        return Document({}, [_broken(error, text, file)])
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        return Document({}, [Fault(file, line, "", "has a sign that YAML does not allow.")])
    except RecursionError:
        return Document({}, [Fault(file, None, "", "is nested too deeply.")])
    if root is None:
        return Document(
            {}, [Fault(file, None, "", "is empty.", f"Begin with `{EXTENDS}: retail`.")]
        )
    if not isinstance(root, yaml.MappingNode):
        shown = _shape(root)
        fault = Fault(
            file, _line(root), "", f"must hold keys such as `households: 250`, not {shown}."
        )
        return Document({}, [fault])
    document = Document({}, [])
    _read_section(root, "", file, document)
    return document


def parse_override(text: str) -> Document:
    """Read one `--set` of the command line: a dotted key, an equals sign, a YAML value."""
    file = "--set"
    key, equals, value = text.partition("=")
    key = key.strip()
    if not equals or not key:
        fault = Fault(file, None, text, "must look like KEY=VALUE, such as households=50.")
        return Document({}, [fault])
    if key == EXTENDS:
        return Document({}, [Fault(file, None, key, "can only stand in a file.")])
    try:
        node = yaml.compose(value, Loader=yaml.SafeLoader) or yaml.ScalarNode(f"{_TAG}null", "")
    except (yaml.YAMLError, RecursionError):
        return Document({}, [Fault(file, None, key, f"{value!r} is not valid YAML.")])
    document = Document({}, [])
    _read_value(node, key, None, file, document)
    entries = {key: replace(entry, line=None) for key, entry in document.entries.items()}
    return Document(entries, [replace(fault, line=None) for fault in document.faults])


def _read_section(section: yaml.MappingNode, prefix: str, file: str, document: Document) -> None:
    """Add the keys of a mapping to the document."""
    first_lines: dict[str, int] = {}
    for key_node, value_node in section.value:
        line = _line(key_node)
        if not isinstance(key_node, yaml.ScalarNode):
            document.faults.append(Fault(file, line, prefix, "has a key that is not a word."))
            continue
        key = prefix + key_node.value
        if key in first_lines:
            problem = f"stands twice, here and in line {first_lines[key]}."
            document.faults.append(Fault(file, line, key, problem))
            continue
        first_lines[key] = line
        _read_value(value_node, key, line, file, document)


def _read_value(node: yaml.Node, key: str, line: int | None, file: str, document: Document) -> None:
    """Add one key, or the keys of one section, to the document."""
    if is_open(key):
        _read_open(node, key, line, file, document)
    elif key in known_sections():
        if isinstance(node, yaml.MappingNode):
            _read_section(node, f"{key}.", file, document)
        elif node.tag != f"{_TAG}null":  # a section with nothing in it sets nothing
            problem = f"is a section with keys of its own, not {_shape(node)}."
            document.faults.append(Fault(file, line, key, problem, _example(key)))
    elif key in known_keys() or key == EXTENDS:
        document.entries[key] = (
            _names(node, file, line) if _takes_names(key) else _entry(node, file, line)
        )
    else:
        near = suggest_key(key)
        suggestion = None if near is None else f"Did you mean {near}?"
        document.faults.append(Fault(file, line, key, "is not a key of profiles.", suggestion))


def _read_open(node: yaml.Node, key: str, line: int | None, file: str, document: Document) -> None:
    """Add what lies at, or below, a key whose names are the customer's own."""
    root, level = level_of(key)
    if level > OPEN[root] or "" in key.split("."):
        fault = Fault(file, line, key, "is not a key of profiles.", f"Write `{root}` in a file.")
        document.faults.append(fault)
    elif level == OPEN[root]:
        entry = _entry(node, file, line)
        document.entries[key] = replace(entry, tree=read_tree(node, _part))
    elif isinstance(node, yaml.MappingNode) or node.tag == f"{_TAG}null":
        if root == "generators" and level:  # one without options is meant all the same
            document.entries[key] = Entry(None, _shape(node), file, line)
        if isinstance(node, yaml.MappingNode):
            _read_section(node, f"{key}.", file, document)
    else:
        holds, example = must_hold(key)
        problem = f"must hold {holds}, not {_shape(node)}."
        document.faults.append(Fault(file, line, key, problem, f"Write for example {example}."))


def _part(node: yaml.ScalarNode) -> tuple[object, str | None]:
    """Return a word inside a value, and as what YAML reads it; a day is a text here."""
    entry = _entry(node, "", None)
    if node.tag == f"{_TAG}timestamp":
        return str(node.value), None
    return (None if entry.written == "nothing" else entry.value), entry.read_as


def _names(node: yaml.Node, file: str, line: int | None) -> Entry:
    """Return names, in a list or with weights; anything else as a value that no key takes."""
    items = node.value if isinstance(node, yaml.CollectionNode) else []
    pairs = [item if isinstance(item, tuple) else (item, None) for item in items]
    if isinstance(node, yaml.ScalarNode) or any(_is_deep(one) for pair in pairs for one in pair):
        return Entry(NoValue(), _shape(node), file, line)
    entries = [(str(name.value), weight and _entry(weight, file, line)) for name, weight in pairs]
    if isinstance(node, yaml.SequenceNode):
        names = [name for name, _ in entries]
        return Entry(names, f"[{', '.join(names)}]", file, line)
    written = ", ".join(f"{name}: {weight.written}" for name, weight in entries)
    twice = len(dict(entries)) < len(entries)
    value = NoValue() if twice else {name: weight.value for name, weight in entries}
    return Entry(value, f"{{{written}}}", file, line)


def _takes_names(key: str) -> bool:
    return key in known_keys() and known_keys()[key].type == NAMES


def _is_deep(node: yaml.Node | None) -> bool:
    return isinstance(node, yaml.CollectionNode)


def _entry(node: yaml.Node, file: str, line: int | None) -> Entry:
    if not isinstance(node, yaml.ScalarNode):
        return Entry(NoValue(), _shape(node), file, line)
    kind, written = node.tag.removeprefix(_TAG), str(node.value)
    if kind == "null":
        return Entry(NoValue(), "nothing", file, line)
    if node.style is not None and kind == "str":
        return Entry(written, f'the text "{written}"', file, line)
    if kind == "bool" and node.style is None:
        truth = written.lower() in _TRUE
        return Entry(truth, written, file, line, str(truth).lower())
    if node.style is not None or kind not in {"str", *_READ_AS}:
        return Entry(NoValue(), f"{node.tag.replace(_TAG, '!!')} {written}", file, line)
    return Entry(_plain(written, kind), written, file, line, _READ_AS.get(kind))


def _plain(written: str, kind: str) -> object:
    """Return the value of a word without quotes."""
    if kind == "timestamp":
        return NoValue()
    if _WHOLE.fullmatch(written):
        return int(written.replace("_", ""))
    if any(sign.isdigit() for sign in written) and _NUMBER.fullmatch(written) and kind != "int":
        return float(written.replace("_", ""))
    return written if kind == "str" else NoValue()


def _broken(error: yaml.MarkedYAMLError, text: str, file: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    reason = error.problem or error.context or "can't be understood"
    if mark is None:
        return Fault(file, None, "", f"is not valid YAML: {reason}.")
    tabs = "\t" in text.splitlines()[mark.line] if mark.line < len(text.splitlines()) else False
    suggestion = "Indent with spaces, not with tabs." if tabs else None
    problem = f"is not valid YAML at column {mark.column + 1}: {reason}."
    return Fault(file, mark.line + 1, "", problem, suggestion)


def _shape(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a section"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return str(node.value) or "nothing"


def _example(section: str) -> str:
    first = next(info for key, info in known_keys().items() if key.startswith(f"{section}."))
    name = first.key.rpartition(".")[2]
    return f"Write for example `{name}: {first.default}`, indented, in the line below."


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
