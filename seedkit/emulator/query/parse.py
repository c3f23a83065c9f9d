# ruff: noqa: N802, D102 - the lexer finds its tokens by the names of the methods
"""`$filter` text to a syntax tree, with what Dataverse adds to OData's grammar.

Parameter aliases (`@p1`), value lists in brackets (`["a","b"]`), namespaced enum literals and
`not(...)` without a space are known here; keywords are matched as whole words only, so that a
column such as `allocation` is not read as `all`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import orjson
from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser
from sly.lex import LexError, Token

from seedkit.emulator.errors import ADDRESS, PlatformError

Rule = Callable[[Any, Token], Token]

_MAX_KEPT = 500
# The grammar wants a comma in a list of one; texts in quotes are matched first and left alone.
_LIST_OF_ONE = re.compile(
    r"(?P<in>\sin\s*\(\s*)(?P<value>'(?:[^']|'')*'|[^,'()\s]+)\s*\)|'(?:[^']|'')*'"
)


def _rule(pattern: str) -> Callable[[Rule], Rule]:
    """Give a token's function its pattern, where the lexer looks for it."""

    def decorate(function: Rule) -> Rule:
        function.pattern = f"({pattern})"  # type: ignore[attr-defined]
        return function

    return decorate


class FilterLexer(ODataLexer):
    """Cuts the text of a filter into tokens."""

    tokens = ODataLexer.tokens | {"ALIAS", "ARRAY"}
    aliases: Mapping[str, str]

    @_rule(r"(?:true|false)\b")
    def BOOLEAN(self, t: Token) -> Token:
        t.value = ast.Boolean(t.value)
        return t

    @_rule(r"null\b")
    def NULL(self, t: Token) -> Token:
        t.value = ast.Null()
        return t

    @_rule(r"not(?:\s+|(?=\())")
    def NOT(self, t: Token) -> Token:
        t.value = ast.Not()
        return t

    @_rule(r"any\b(?=\s*\()")
    def ANY(self, t: Token) -> Token:
        t.value = ast.Any()
        return t

    @_rule(r"all\b(?=\s*\()")
    def ALL(self, t: Token) -> Token:
        t.value = ast.All()
        return t

    @_rule(r"[_a-z](?:\.?\w){0,127}(?:'(?:[^']|'')*')?")
    def ODATA_IDENTIFIER(self, t: Token) -> Token:
        name, quote, literal = t.value.partition("'")
        if quote:
            t.type, t.value = "STRING", ast.String(literal[:-1])
            return t
        *namespace, last = name.split(".")
        t.value = ast.Identifier(last, tuple(namespace))
        return t

    @_rule(r"@\w+")
    def ALIAS(self, t: Token) -> Token:
        if t.value not in self.aliases:
            raise PlatformError(ADDRESS, f"The parameter alias '{t.value}' has no value.")
        t.type, t.value = "STRING", parse_literal(self.aliases[t.value])
        return t

    @_rule(r"""\[(?:[^\]"']|"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')*\]""")
    def ARRAY(self, t: Token) -> Token:
        t.type, t.value = "STRING", _array(t.value)
        return t


def parse_filter(text: str, options: Mapping[str, str]) -> Any:
    """Return the syntax tree of a filter; `options` holds the values of its aliases."""
    aliases = tuple(
        (name, value) for name, value in options.items() if name.startswith("@") and name in text
    )
    return _parse(text, aliases)


def parse_literal(text: str) -> Any:
    """Return the tree of one literal, such as the value of an alias."""
    return _parse(text.strip(), ())


@lru_cache(maxsize=_MAX_KEPT)
def _parse(text: str, aliases: tuple[tuple[str, str], ...]) -> Any:
    lexer = FilterLexer()
    lexer.aliases = dict(aliases)
    try:
        return ODataParser().parse(lexer.tokenize(_LIST_OF_ONE.sub(_with_comma, text)))
    except (ODataException, LexError) as error:
        raise PlatformError(ADDRESS, f"Syntax error in '{text}': {error}") from None


def _with_comma(match: re.Match[str]) -> str:
    return match[0] if match["in"] is None else f"{match['in']}{match['value']},)"


def _array(text: str) -> Any:
    if '"' in text or "'" not in text:
        values = [_literal_of(value) for value in _json_list(text)]
    else:
        inner = text[1:-1].strip()
        tree = parse_literal(f"({inner},)" if "," not in inner else f"({inner})")
        values = tree.val
    return ast.List(values)


def _json_list(text: str) -> list[Any]:
    try:
        values = orjson.loads(text)
    except orjson.JSONDecodeError:
        # Bare guids in a list are no JSON but are accepted.
        return [part.strip() for part in text[1:-1].split(",") if part.strip()]
    return list(values)


def _literal_of(value: Any) -> Any:
    return ast.String(value if isinstance(value, str) else orjson.dumps(value).decode())
