"""Command lines in texts: found, and checked against the commands that there are."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import typer.main

from seedkit.cli.app import app
from tests.house.reference import is_option

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`(seedkit [^`]+)`(?!`)")
_PARTS = re.compile(r"&&|\|\||[;|]|\s[12]?>+\s*\S+")
_INDENTED = re.compile(r"^    (seedkit .*)$", re.MULTILINE)
_VARIABLES = re.compile(r"^(?:[A-Z_]+=(?:\$\([^)]*\)|\S)*\s+)+")
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}")


def in_shell(text: str) -> Iterator[str]:
    """Return the `seedkit` commands of a shell text, one per line or part of a line."""
    for line in _EXPRESSION.sub("1", text).replace("\\\n", " ").splitlines():
        for part in _PARTS.split(line.strip().removeprefix("$ ").partition(" # ")[0]):
            command = _VARIABLES.sub("", part.strip().removesuffix("&").strip().removeprefix("do "))
            if command.startswith("seedkit "):
                yield command


def in_markdown(text: str) -> Iterator[str]:
    """Return the `seedkit` commands of a page: in blocks of shell, indented, and within lines."""
    for language, block in _FENCE.findall(text):
        if language in {"", "console", "sh", "bash"}:
            yield from in_shell(block)
    outside = _FENCE.sub("", text)
    yield from _INDENTED.findall(outside)
    yield from _INLINE.findall(outside)


def fault_of(line: str) -> str | None:
    """Return what is wrong with a `seedkit` command line, None when it could be run.

    Words such as RUN and [OPTION ...] stand for something; `a | b` offers a choice.
    """
    words = shlex.split(line.replace("[OPTION ...]", "").replace(" ...", " "))[1:]
    command: Any = typer.main.get_command(app)
    while words:
        if words[0].startswith("-"):
            fault, words = _option(command, words)
            if fault:
                return fault
        elif children := getattr(command, "commands", None):
            if words[0] == "COMMAND":
                return None
            if words[0] not in children:
                return f"there is no command {words[0]}"
            command, words = children[words[0]], words[1:]
        else:
            if not any(not is_option(p) for p in command.params):
                return f"{words[0]} is too much"
            words = words[1:]
    return None


def _option(command: Any, words: list[str]) -> tuple[str | None, list[str]]:
    name, equals, _ = words[0].partition("=")
    for parameter in command.params:
        if name in (*parameter.opts, *parameter.secondary_opts):
            return None, words[1 if parameter.is_flag or equals else 2 :]
    return (None if name == "--help" else f"there is no option {name}"), words[1:]
