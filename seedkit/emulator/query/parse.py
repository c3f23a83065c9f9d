"""`$filter` text to a syntax tree: OData's grammar with what Dataverse adds to it.

The tree's nodes are those of the odata_query package; its own grammar knows neither functions
behind a path (`c/Microsoft.Dynamics.CRM.In(...)`) nor three named parameters, so the reading is
done here. Keywords and names are case-sensitive. The wording of errors follows Microsoft's OData
library, which the platform uses [observed].
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from odata_query import ast as syntax

from seedkit.emulator.errors import ADDRESS, TOO_MANY_CONDITIONS, PlatformError, unsupported

ast: Any = syntax  # the package's own types are incomplete

OWNER = "$owner"  # the parameter that holds the path before a function's name

_MAX_KEPT = 500
_MAX_DEPTH = 100  # nesting that the OData library allows [expected]

_GUID = r"[\dA-Fa-f]{8}-[\dA-Fa-f]{4}-[\dA-Fa-f]{4}-[\dA-Fa-f]{4}-[\dA-Fa-f]{12}(?![\w-])"
_DATE = r"[1-9]\d{3}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])"
_OFFSET = r"(?:[01]\d|2[0-3]):[0-5]\d"
_TIME = _OFFSET + r"(?::[0-5]\d(?:\.\d{1,12})?)?"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<guid>{_GUID})
    |(?P<datetime>{_DATE}T{_TIME}(?:Z|[+-]{_OFFSET})?(?!\w))
    |(?P<date>{_DATE}(?![\w-]))
    |(?P<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))
    |(?P<string>'(?:[^']|'')*')
    |(?P<alias>@\w+)
    |(?P<array>\[(?:[^\]"']|"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')*\])
    |(?P<name>[A-Za-z_][\w.]*(?:'(?:[^']|'')*')?)
    |(?P<mark>[(),/:=*-])
    """,
    re.VERBOSE,
)
_COMPARISONS = {
    "eq": ast.Eq,
    "ne": ast.NotEq,
    "lt": ast.Lt,
    "le": ast.LtE,
    "gt": ast.Gt,
    "ge": ast.GtE,
    "in": ast.In,
}
_REFUSED = frozenset({"add", "sub", "mul", "div", "divby", "mod", "has"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def operands(node: Any) -> list[Any]:
    """Return what a chain of one logical operator joins; walked in a loop, for chains are long."""
    kind = type(node.op)
    found = []
    while isinstance(node, ast.BoolOp) and type(node.op) is kind:
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


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
    parser = _Parser(text, dict(aliases))
    tree = parser.either()
    parser.end()
    return tree


def _tokens(text: str) -> list[_Token]:
    found = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            if text[at] == "'":
                raise _error(f"There is an unterminated string literal at position {at}", text)
            if text[at] == "[":
                raise _no_list()
            raise _error(
                f"Syntax error: character '{text[at]}' is not valid at position {at}", text
            )
        found.append(_Token(str(match.lastgroup), match[0], at))
        at = match.end()
    return [token for token in found if token.kind != "space"]


def _error(reason: str, text: str) -> PlatformError:
    return PlatformError(ADDRESS, f"{reason} in '{text}'.")


class _Parser:
    """Reads one text from left to right; each method takes what it names."""

    def __init__(self, text: str, aliases: Mapping[str, str]) -> None:
        self._text = text
        self._aliases = aliases
        self._tokens = _tokens(text)
        self._next = 0
        self._depth = 0

    def end(self) -> None:
        """Refuse what stands behind the expression."""
        if self._next < len(self._tokens):
            raise _error(f"Syntax error at position {self._tokens[self._next].at}", self._text)

    def either(self) -> Any:
        """Read operands of `or`."""
        tree = self._both()
        while self._take_word("or"):
            tree = ast.BoolOp(ast.Or(), tree, self._both())
        return tree

    def _both(self) -> Any:
        tree = self._comparison()
        while self._take_word("and"):
            tree = ast.BoolOp(ast.And(), tree, self._comparison())
        return tree

    def _comparison(self) -> Any:
        tree = self._operand()
        while (token := self._peek()) is not None and token.kind == "name":
            if token.text in _REFUSED:
                raise unsupported(f"the operator '{token.text}' in $filter")
            if token.text not in _COMPARISONS:
                break
            self._next += 1
            tree = ast.Compare(_COMPARISONS[token.text](), tree, self._compared(token.text))
        return tree

    def _compared(self, operator: str) -> Any:
        if operator != "in":
            return self._operand()
        token = self._peek()
        if token is not None and token.text == "(":
            self._next += 1
            return ast.List(self._list())
        return self._operand()

    def _operand(self) -> Any:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise PlatformError(TOO_MANY_CONDITIONS, "Recursion depth exceeded allowed limit.")
        token = self._peek()
        if token is None:
            raise _error(f"Expression expected at position {len(self._text)}", self._text)
        self._next += 1
        if token.kind == "name" and token.text == "not":
            tree = ast.UnaryOp(ast.Not(), self._operand())
        elif token.text == "(":
            tree = self.either()
            self._expect(")")
        elif token.text == "-":
            raise unsupported("negation in $filter")
        else:
            tree = self._primary(token)
        self._depth -= 1
        return tree

    def _primary(self, token: _Token) -> Any:
        if token.kind == "name":
            return self._named(token)
        if token.kind == "alias":
            # An alias without a value counts as null [documented].
            value = self._aliases.get(token.text)
            return ast.Null() if value is None else parse_literal(value)
        if token.kind == "mark":
            raise _error(f"Expression expected at position {token.at}", self._text)
        return _literal(token)

    def _named(self, token: _Token) -> Any:
        text = token.text
        if text in ("true", "false"):
            return ast.Boolean(text)
        if text == "null":
            return ast.Null()
        if text.endswith("'"):  # an enumeration member with its type
            return ast.String(text.partition("'")[2][:-1])
        tree: Any = _identifier(text)
        if self._take("("):
            return ast.Call(tree, self._arguments())
        while self._take("/"):
            tree = self._member(tree)
            if not isinstance(tree, ast.Attribute):
                break
        return tree

    def _member(self, owner: Any) -> Any:
        token = self._peek()
        if token is None or token.kind != "name":
            raise _error(f"Syntax error at position {self._position()}", self._text)
        self._next += 1
        if token.text in ("any", "all") and self._take("("):
            return self._lambda(owner, ast.Any() if token.text == "any" else ast.All())
        if "." in token.text and self._take("("):
            # A function of the platform about rows of the owner: its names start from there.
            call = ast.Call(_identifier(token.text), self._arguments())
            return ast.Call(
                call.func, [*call.args, ast.NamedParam(ast.Identifier("$owner"), owner)]
            )
        return ast.Attribute(owner, token.text)

    def _lambda(self, owner: Any, operator: Any) -> Any:
        if self._take(")"):
            if isinstance(operator, ast.All):
                raise _error(f"Expression expected at position {self._position()}", self._text)
            return ast.CollectionLambda(owner, operator, None)
        variable = self._peek()
        if variable is None or variable.kind != "name":
            raise _error(f"Expression expected at position {self._position()}", self._text)
        self._next += 1
        self._expect(":")
        inner = ast.Lambda(_identifier(variable.text), self.either())
        self._expect(")")
        return ast.CollectionLambda(owner, operator, inner)

    def _arguments(self) -> list[Any]:
        if self._take(")"):
            return []
        return self._list(named=True)

    def _list(self, named: bool = False) -> list[Any]:
        found = [self._argument(named)]
        while self._take(","):
            found.append(self._argument(named))
        self._expect(")")
        return found

    def _argument(self, named: bool) -> Any:
        value = self.either()
        if named and isinstance(value, ast.Identifier) and self._take("="):
            return ast.NamedParam(value, self.either())
        return value

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _position(self) -> int:
        token = self._peek()
        return len(self._text) if token is None else token.at

    def _take(self, mark: str) -> bool:
        token = self._peek()
        if token is None or token.kind != "mark" or token.text != mark:
            return False
        self._next += 1
        return True

    def _take_word(self, word: str) -> bool:
        token = self._peek()
        if token is None or token.kind != "name" or token.text != word:
            return False
        self._next += 1
        return True

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise _error(
                f"'{mark}' or operator expected at position {self._position()}", self._text
            )


def _identifier(text: str) -> Any:
    *namespace, last = text.split(".")
    return ast.Identifier(last, tuple(namespace))


def _literal(token: _Token) -> Any:
    text = token.text
    if token.kind == "string":
        return ast.String(text[1:-1].replace("''", "'"))
    if token.kind == "number":
        return ast.Integer(text) if text.lstrip("+-").isdigit() else ast.Float(text)
    if token.kind == "array":
        return ast.List(_array(text))
    return {"guid": ast.GUID, "datetime": ast.DateTime, "date": ast.Date}[token.kind](text)


def _array(text: str) -> list[Any]:
    """Return the values of a list in brackets: JSON, or texts in single quotes [documented]."""
    inner = text[1:-1].strip()
    if inner.startswith("'"):
        return _quoted_texts(inner)
    try:
        values = orjson.loads(text)
    except orjson.JSONDecodeError:
        # Bare guids in a list are no JSON but are accepted.
        values = [part.strip() for part in inner.split(",") if part.strip()]
    return [_literal_of(value) for value in values]


def _quoted_texts(text: str) -> list[Any]:
    # A quote inside such a text ends it for the platform's JSON reader [documented].
    parts = text.split("'")
    between = [part.strip() for part in parts[2:-1:2]]
    if len(parts) % 2 == 0 or parts[-1].strip() or any(part != "," for part in between):
        raise _no_list()
    return [ast.String(part) for part in parts[1::2]]


def _no_list() -> PlatformError:
    return PlatformError(
        ADDRESS,
        "Invalid JSON. A comma character ',' was expected in scope 'Array'. Every two elements "
        "in an array and properties of an object must be separated by commas.",
    )


def _literal_of(value: Any) -> Any:
    return ast.String(value if isinstance(value, str) else orjson.dumps(value).decode())
