"""Random filters over random rows against a plain evaluation of the same tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

TAG = -74
_TEXTS = ["", "Ada", "ADA", "ada%", "a_a", "Ö'x", "ö'X", "b[a]", "Novak"]
_NUMBERS = [-1, 0, 1, 2, 7]
_AMOUNTS = [-0.5, 0.0, 1.25, 70000.0]
_MOMENTS = ["2020-01-15T12:00:00Z", "2021-06-30T00:00:00Z", "2026-07-01T08:59:59Z"]
_DAYS = ["2020-01-15", "2021-06-30"]

Row = dict[str, Any]
Test = Callable[[Row], bool]


@dataclass(frozen=True)
class Tree:
    """A filter as its text and as what it means."""

    text: str
    holds: Test


def _columns(kind: str, prefix: str = "") -> list[str]:
    names = {
        "text": ["firstname", "lastname", "jobtitle"],
        "number": ["numberofchildren", "gendercode"],
        "amount": ["annualincome"],
        "flag": ["donotphone"],
        "moment": ["msfsi_joindate"],
        "day": ["birthdate"],
    }[kind]
    return [prefix + name for name in names]


_LITERALS: dict[str, list[tuple[str, Any]]] = {
    "text": [("'" + text.replace("'", "''") + "'", text) for text in _TEXTS],
    "number": [(str(number), number) for number in _NUMBERS] + [("1.5", 1.5)],
    "amount": [(str(amount), amount) for amount in _AMOUNTS] + [("1", 1)],
    "flag": [("true", True), ("false", False)],
    "moment": [(text, text) for text in _MOMENTS]
    + [("2021-06-30", _MOMENTS[1]), ("2021-06-30T02:00:00%2B02:00", _MOMENTS[1])],
    "day": [(text, text) for text in _DAYS],
}
_ORDERED = ("number", "amount", "moment", "day")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}


def _value(row: Row, path: str) -> Any:
    *steps, name = path.split("/")
    found: Any = row
    for step in steps:
        found = None if found is None else found[step]
    value = None if found is None else found[name]
    return value.lower() if isinstance(value, str) and not value[:1].isdigit() else value


@st.composite
def comparisons(draw: Any, prefix: str = "") -> Tree:
    kind = draw(st.sampled_from(sorted(_LITERALS)))
    path = draw(st.sampled_from(_columns(kind, prefix)))
    operators = list(_COMPARE) if kind in _ORDERED else ["eq", "ne"]
    name = draw(st.sampled_from(operators))
    text, value = draw(st.sampled_from(_LITERALS[kind]))
    wanted = value.lower() if isinstance(value, str) and not value[:1].isdigit() else value
    compare = _COMPARE[name]

    def holds(row: Row) -> bool:
        found = _value(row, path)
        return name == "ne" if found is None else bool(compare(found, wanted))

    if draw(st.booleans()) or name not in ("eq", "ne"):
        return Tree(f"{path} {name} {text}", holds)
    empty = name == "eq"
    return Tree(f"{path} {name} null", lambda row: (_value(row, path) is None) == empty)


@st.composite
def column_pairs(draw: Any, prefix: str = "") -> Tree:
    left, right = draw(st.permutations(_columns("text", prefix)))[:2]
    name = draw(st.sampled_from(["eq", "ne"]))

    def holds(row: Row) -> bool:
        values = _value(row, left), _value(row, right)
        return None not in values and bool(_COMPARE[name](*values))

    return Tree(f"{left} {name} {right}", holds)


_WILDCARDS = ["a", "A%", "_", "[a-c]", "[^a]", "Ö", "%25", "'", "[%]", "o_a", ""]


def _matcher(pattern: str) -> re.Pattern[str]:
    """Return the wildcards as a regular expression, written apart from the code under test."""
    parts = re.split(r"(\[\^?[^\]]+\]|%|_)", pattern)
    shown = "".join(
        {"%": ".*", "_": "."}.get(part, part if part[:1] == "[" else re.escape(part))
        for part in parts
    )
    return re.compile(shown, re.IGNORECASE | re.DOTALL)


@st.composite
def text_tests(draw: Any, prefix: str = "") -> Tree:
    path = draw(st.sampled_from(_columns("text", prefix)))
    name = draw(st.sampled_from(["contains", "startswith", "endswith"]))
    wildcard = draw(st.sampled_from(_WILDCARDS))
    plain = wildcard.replace("%25", "%")
    before, after = ("%" * (name != "startswith")), ("%" * (name != "endswith"))
    matcher = _matcher(before + plain + after)
    escaped = wildcard.replace("'", "''")

    def holds(row: Row) -> bool:
        found = _value(row, path)
        return found is not None and matcher.fullmatch(found) is not None

    return Tree(f"{name}({path},'{escaped}')", holds)


@st.composite
def functions(draw: Any, prefix: str = "") -> Tree:
    name = draw(st.sampled_from(["In", "NotIn", "Between", "NotBetween"]))
    column = draw(st.sampled_from(["numberofchildren", "gendercode"]))
    values = draw(st.lists(st.sampled_from(_NUMBERS), min_size=2, max_size=2))
    marks = draw(st.sampled_from(["'", '"']))
    listed = ",".join(f"{marks}{value}{marks}" for value in values)
    call = (
        f"Microsoft.Dynamics.CRM.{name}(PropertyName='{prefix}{column}',PropertyValues=[{listed}])"
    )

    def holds(row: Row) -> bool:
        found = _value(row, prefix + column)
        inside = found is not None and (
            found in values if "In" in name else values[0] <= found <= values[1]
        )
        return inside != name.startswith("Not")

    return Tree(call, holds)


def leaves(prefix: str = "") -> st.SearchStrategy[Tree]:
    return st.one_of(
        comparisons(prefix), column_pairs(prefix), text_tests(prefix), functions(prefix)
    )


def _both(left: Tree, right: Tree) -> Tree:
    return Tree(f"({left.text} and {right.text})", lambda r: left.holds(r) and right.holds(r))


def _either(left: Tree, right: Tree) -> Tree:
    return Tree(f"({left.text} or {right.text})", lambda r: left.holds(r) or right.holds(r))


def _not(inner: Tree) -> Tree:
    return Tree(f"not ({inner.text})", lambda row: not inner.holds(row))


def _any(inner: Tree) -> Tree:
    return Tree(
        f"contact_customer_contacts/any(c:{inner.text})",
        lambda row: any(inner.holds({"c": child}) for child in row["children"]),
    )


def _all(inner: Tree) -> Tree:
    return Tree(
        f"contact_customer_contacts/all(c:{inner.text})",
        lambda row: all(inner.holds({"c": child}) for child in row["children"]),
    )


def combined(base: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.recursive(
        base,
        lambda inner: st.one_of(
            st.builds(_both, inner, inner), st.builds(_either, inner, inner), st.builds(_not, inner)
        ),
        max_leaves=4,
    )


def trees() -> st.SearchStrategy[Tree]:
    parent = leaves("parentcustomerid_contact/")
    inside = combined(st.one_of(leaves("c/"), leaves("c/parentcustomerid_contact/")))
    empty = Tree("contact_customer_contacts/any()", lambda row: bool(row["children"]))
    return combined(
        st.one_of(
            leaves(), parent, st.builds(_any, inside), st.builds(_all, inside), st.just(empty)
        )
    )


@pytest.fixture(scope="module")
def family(shared: Any) -> tuple[Any, dict[str, Row]]:
    """A dozen contacts, some of them under others, as the service and as plain rows."""
    drawn = _draw_rows()
    rows: list[Row] = []
    for number, values in enumerate(drawn):
        parent = values.pop("parent")
        above = rows[parent] if parent is not None and parent < number else None
        bind = {}
        if above is not None:
            bind = {"parentcustomerid_contact__bind": f"/contacts({above['id']})"}
        row_id = shared.create("contacts", importsequencenumber=TAG, **values, **bind)
        row = {**values, "id": row_id, "parentcustomerid_contact": above, "children": []}
        if above is not None:
            above["children"].append(row)
        rows.append(row)
    return shared, {row["id"]: row for row in rows}


def _draw_rows() -> list[Row]:
    """Return rows that cover every value and every empty column, always the same ones."""
    rows = []
    for number in range(12):
        rows.append(
            {
                "firstname": ([None, *_TEXTS[1:]] * 2)[number],
                "lastname": ([*_TEXTS[2:], None, None] * 2)[number],
                "jobtitle": [None, "Ada", "Novak", "Ö'x"][number % 4],
                "numberofchildren": [None, 0, 1, 2, 7][number % 5],
                "gendercode": [None, 1, 2][number % 3],
                "annualincome": [None, 0.0, 1.25, 70000.0][(number // 2) % 4],
                "donotphone": number % 2 == 0,
                "msfsi_joindate": [None, *_MOMENTS][(number // 3) % 4],
                "birthdate": [None, *_DAYS][(number // 2) % 3],
                "parent": [None, 0, 0, None, 3, 3, 4][number % 7],
            }
        )
    return rows


@settings(max_examples=150, deadline=None)
@given(tree=trees())
def test_a_filter_finds_what_its_tree_means(family: tuple[Any, dict[str, Row]], tree: Tree) -> None:
    local, rows = family
    path = f"contacts?$select=contactid&$filter=importsequencenumber eq {TAG} and ({tree.text})"
    found = {row["contactid"] for row in local.rows(path)}
    assert found == {row_id for row_id, row in rows.items() if tree.holds(row)}, tree.text


_WORDS = st.sampled_from(
    [
        *"()',/:;=@[]{}*-+ %_$",
        " eq ", " and ", "not ", "null", "true", "any(", "all(c:", "contains(", "lastname",
        "contact_customer_contacts", "parentcustomerid_contact", "_ownerid_value", "c/", "5",
        "2020-01-01", "2020-01-01T00:00:00Z", "'x'", "@p1", "$select=", "$filter=", "$top=1",
        "$expand=", "groupby((", "aggregate(", "$count as n", "annualincome with sum as s",
        "filter(", " desc", "Microsoft.Dynamics.CRM.In(PropertyName='lastname',PropertyValues=",
        "Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=", "\x00", "ß",
        "5eed0000-0000-4000-8000-000000000001", "9" * 30, "1e999", "\ud7ff", "[\"a\"]",
    ]
)  # fmt: skip
_TEXT = st.lists(_WORDS | st.text(max_size=3), max_size=12).map("".join)


@settings(max_examples=300, deadline=2000)
@given(
    option=st.sampled_from(
        ["$filter", "$orderby", "$expand", "$apply", "$select", "$top", "$count", "$skiptoken"]
    ),
    text=_TEXT,
)
def test_no_text_breaks_the_service(shared: Any, option: str, text: str) -> None:
    path = f"contacts?{option}={quote(text.encode('utf-8', 'surrogatepass'))}&$$@p1='x'"
    answer = shared.send("GET", path.replace("&$$", "&"), Prefer='odata.include-annotations="*"')
    assert answer.status_code in (200, 400, 501), answer.text
    if answer.status_code != 200:
        assert answer.json()["error"]["code"].startswith("0x")


@pytest.mark.parametrize(
    "pattern", ["%a" * 60 + "b", "%" * 500 + "b", "[a-z]%" * 40 + "[0-9]", "%_" * 100 + "ö"]
)
def test_wildcards_can_not_make_a_query_hang(shared: Any, pattern: str) -> None:
    shared.create("contacts", description="a" * 2000, importsequencenumber=-75)
    filter_ = f"importsequencenumber eq -75 and contains(description,'{pattern}')"
    assert shared.rows(f"contacts?$filter={quote(filter_)}") == []
