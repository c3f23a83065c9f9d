from __future__ import annotations

from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedkit.emulator.query.fetch.operators import OPERATORS

from .conftest import Local
from .fetching import contacts, in_batch

NAMES = st.sampled_from(
    ["contact", "account", "lastname", "createdon", "gendercode", "parentcustomerid", "birthdate",
     "annualincome", "contactid", "accountid", "ownerid", "a", "b", "nothing", "", "1", "true",
     "and", "or", "inner", "outer", "any", "not all", "exists", "in", "count", "sum", "day",
     "2026-01-01", "00000000-0000-0000-0000-000000000000", "%[", "ownerid.x", "\u2603", "9" * 30,
     "lastnamename", "parentcustomeridname", "fiscal-period", "CountChildren"]
)  # fmt: skip
OPERATOR = st.sampled_from(sorted(OPERATORS))
ATTRIBUTES = [
    "name", "alias", "from", "to", "link-type", "attribute", "operator", "value", "valueof",
    "entityname", "aggregate", "groupby", "dategrouping", "distinct", "descending", "type",
    "rowaggregate", "top", "page", "count", "paging-cookie", "returntotalrecordcount",
]  # fmt: skip
TAGS = ["entity", "attribute", "all-attributes", "order", "filter", "condition", "value",
        "link-entity", "fetch"]  # fmt: skip


@st.composite
def elements(draw: Any, tag: str | None = None, depth: int = 0) -> str:
    tag = tag or draw(st.sampled_from(TAGS))
    names = draw(st.lists(st.sampled_from(ATTRIBUTES), unique=True, max_size=4))
    given_values = "".join(
        f" {name}={quoteattr(draw(OPERATOR if name == 'operator' else NAMES))}" for name in names
    )
    count = draw(st.integers(0, 3)) if depth < 3 else 0
    inner = "".join(draw(elements(depth=depth + 1)) for _ in range(count))
    return f"<{tag}{given_values}>{inner}</{tag}>"


@st.composite
def likely(draw: Any) -> str:
    """A query that is nearly right."""
    name, kind, attribute = draw(NAMES), draw(OPERATOR), draw(NAMES)
    condition = (
        f"<condition attribute={quoteattr(attribute)} operator={quoteattr(kind)} "
        f"value={quoteattr(name)}/>"
    )
    flags = draw(st.sampled_from(["", " aggregate='true'", " distinct='1'", " page='2'"]))
    inside = draw(elements(depth=2))
    return (
        f"<fetch{flags}><entity name='contact'><filter>{condition}</filter>"
        f"<link-entity name='account' from='accountid' to='parentcustomerid' "
        f"link-type={quoteattr(draw(st.sampled_from(['inner', 'outer', 'exists', 'in'])))}>"
        f"<filter>{condition}</filter></link-entity>{inside}</entity></fetch>"
    )


QUERIES = st.one_of(elements(tag="fetch"), likely(), st.text(max_size=40))


@settings(max_examples=250, deadline=None)
@given(xml=QUERIES)
def test_no_query_breaks_the_service(shared: Local, xml: str) -> None:
    answer = shared.send("GET", f"contacts?fetchXml={quote(xml)}")
    assert answer.status_code in (200, 400, 501), answer.text


@pytest.mark.parametrize(
    "xml",
    [
        "<a>" * 4000,
        "<fetch>" + "<a>" * 3000 + "</a>" * 3000 + "</fetch>",
        contacts("<filter>" + "<filter>" * 70 + "</filter>" * 70 + "</filter>"),
        contacts(
            "<filter><condition attribute='lastname' operator='in'>"
            + "<value>x</value>" * 1500
            + "</condition></filter>"
        ),
        contacts(
            "<filter><condition attribute='lastname' operator='like' "
            f"value='{'%a' * 500}b'/></filter>"
        ),
    ],
)
def test_great_queries_end(local: Local, xml: str) -> None:
    local.create("contacts", lastname="a" * 50)
    status, _body = in_batch(local, "contacts", xml)
    assert status in (200, 400)


def test_deep_filters_within_the_limit_are_answered(local: Local) -> None:
    local.create("contacts", lastname="Reed")
    one = "<condition attribute='lastname' operator='eq' value='Reed'/>"
    nested = f"<filter type='or'>{one}" * 25 + "</filter>" * 25
    status, body = in_batch(local, "contacts", contacts(nested))
    assert (status, len(body["value"])) == (200, 1)
