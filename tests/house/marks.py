"""What the code itself says it is not sure of, and what it refuses as not built.

Comments and docstrings carry a word for how sure a fact is; the reference lists their sentences.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from seedkit import emulator

FOLDER = Path(emulator.__file__).parent
UNSURE = re.compile(r"\b(?:expected|inferred|observed)\b|\[[KI]\]")
_LEFT_OUT = frozenset({"errors.py"})  # each refusal has a line of its own in the list of them
_ABOUT_MARKS = re.compile(r"\bMarks:|`expected`")
_NAMED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-Z`])")
_SHORT = 75  # characters below which a sentence is told with the one before it


def unsure() -> Iterator[tuple[str, str]]:
    """Yield place and sentence of what rests on less than a document."""
    for file in sorted(FOLDER.rglob("*.py")):
        name = file.relative_to(FOLDER).as_posix()
        if name in _LEFT_OUT:
            continue
        text = file.read_text(encoding="utf-8")
        tree = ast.parse(text)
        for line, piece in sorted((*_docstrings(tree), *_comments(text))):
            for sentence in _sentences(piece):
                yield f"{name} {_around(tree, line)}".strip(), sentence


def _around(tree: ast.Module, line: int) -> str:
    """Return the name of the innermost function or class around a line; empty for none."""
    found = ""
    for node in ast.walk(tree):  # the outer ones come first
        if isinstance(node, _NAMED) and node.lineno <= line <= (node.end_lineno or 0):
            found = node.name
    return found


def _sentences(text: str) -> Iterator[str]:
    before = ""
    for sentence in _SENTENCE.split(text):
        if UNSURE.search(sentence) and not _ABOUT_MARKS.search(sentence):
            whole = f"{before} {sentence}" if len(sentence) < _SHORT else sentence
            yield whole.strip().removesuffix(".")
            sentence = ""  # told: it is no introduction to the next one
        before = sentence


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | _NAMED):
            found = ast.get_docstring(node)
            if found:
                yield node.body[0].lineno, " ".join(found.split())


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield comments; lines that follow each other are one, one behind code is told with it."""
    gathered, last = "", 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        words, line = token.string.lstrip("# "), token.start[0]
        code = token.line.partition("#")[0].strip()
        if code:
            yield line, f"`{code.rstrip(',:')}`: {words}"
        elif line == last + 1:
            gathered, last = f"{gathered} {words}", line
        else:
            yield last, gathered
            gathered, last = words, line
    yield last, gathered


def not_built() -> list[str]:
    """Return what the code refuses with 501, sorted; `...` stands for what a request names."""
    found = set()
    for file in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "unsupported":
                found.add(_words(node.args[0]))
    return sorted(found, key=lambda text: text.strip("'.` ").lower())


def _words(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        parts = (x.value if isinstance(x, ast.Constant) else "..." for x in node.values)
        return "".join(str(part) for part in parts)
    return str(ast.literal_eval(node))
