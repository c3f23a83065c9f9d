"""The service library as rows: readable articles, steps in order, names that no other run has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from seedkit.marks import Stamp, start_tick
from seedkit.population import make_bank, make_block
from seedkit.population.model import Bank
from seedkit.profile.models import Profile
from seedkit.records import RecordBatch, RecordContext, bank_records, block_records
from seedkit.records.batch import Bindings
from seedkit.records.markup import html_of
from seedkit.records.service_tables import LIBRARY_TABLES
from seedkit.schema import load_catalogue
from tests.records.conformity import problems
from tests.records.conftest import AS_OF, CURRENCIES

EVERYTHING = {"cases": 1.0, "knowledge": "on", "scripts": "on", "connections": "on"}
ENGLISH = "aaaaaaaa-0000-0000-0000-000000001033"
ALLOWED = {"h2", "p", "ul", "ol", "li", "strong", "em"}
PUBLISHED = (3, 7)


@pytest.fixture(scope="module")
def bank() -> Bank:
    return make_bank(Profile.model_validate({"engagement": EVERYTHING}), AS_OF)


@pytest.fixture(scope="module")
def known(context: RecordContext) -> RecordContext:
    stamp = Stamp(context.stamp.mark, start_tick(datetime.combine(AS_OF, time(9), UTC)))
    return replace(context, stamp=stamp, bindings=Bindings(CURRENCIES, {"1033": ENGLISH}))


@pytest.fixture(scope="module")
def made(bank: Bank, known: RecordContext) -> dict[str, RecordBatch]:
    return {batch.table: batch for batch in bank_records(bank, known)}


def elements(html: str) -> list[Element]:
    return list(fromstring(f"<article>{html}</article>").iter())[1:]


@pytest.mark.parametrize("table", LIBRARY_TABLES)
def test_rows_fit_the_schema(made: dict[str, RecordBatch], table: str) -> None:
    by_platform = {
        "articlepublicnumber", "islatestversion", "isrootarticle", "iscustomizable",
        "emailrouteraccessapproval", "incomingemaildeliverymethod",
        "incomingemailfilteringmethod", "outgoingemaildeliverymethod", "statuscode",
    }  # fmt: skip
    required = load_catalogue()[table].columns
    found = [text for text in problems(made[table]) if "required and missing" not in text]
    missing = {text.split()[1] for text in problems(made[table]) if text not in found}
    assert found == []
    assert {name for name in missing if required[name].creatable} <= by_platform


@pytest.mark.parametrize(("locale", "currency"), [("en_US", "USD"), ("de_DE", "EUR")])
def test_articles_are_well_formed_html_of_few_kinds(locale: str, currency: str) -> None:
    words = {"locale": locale, "currency": currency, "engagement": EVERYTHING}
    texts = make_bank(Profile.model_validate(words), AS_OF).library.articles.text
    for html in html_of(texts.tolist()):
        kinds = [element.tag for element in elements(html)]
        assert set(kinds) <= ALLOWED
        assert kinds.count("h2") >= 2
        assert kinds.count("li") >= 3


def test_no_sign_of_markdown_is_left_in_an_article(made: dict[str, RecordBatch]) -> None:
    for html in made["knowledgearticle"].columns["content"]:
        text = "".join(fromstring(f"<article>{html}</article>").itertext())
        assert "**" not in text
        assert "##" not in text
        assert not any(line.startswith(("- ", "| ", "1. ")) for line in text.splitlines())


def test_html_in_a_text_stays_text() -> None:
    (found,) = html_of(["a <script>b</script> & c"])
    assert found == "<p>a &lt;script&gt;b&lt;/script&gt; &amp; c</p>\n"


def test_articles_change_into_their_states_when_they_are_there(
    made: dict[str, RecordBatch],
) -> None:
    batch = made["knowledgearticle"]
    assert batch.states is not None
    later = list(zip(batch.states.states, batch.states.statuses, strict=True))
    assert later.count(PUBLISHED) >= 40
    assert {(4, 10), (5, 12), (None, None)} < set(later)
    assert "statecode" not in batch.columns
    drafts = [status for status in batch.columns["statuscode"] if status is not None]
    assert sorted(drafts, key=int) == [2, 4]  # type: ignore[call-overload]


def test_articles_bear_the_days_on_which_they_were_written(made: dict[str, RecordBatch]) -> None:
    columns = made["knowledgearticle"].columns
    for written, published in zip(
        columns["overriddencreatedon"], columns["publishon"], strict=True
    ):
        assert date.fromisoformat(str(written)[:10]) < AS_OF
        assert published is None or str(written) <= str(published)


def test_the_platform_makes_the_root_of_an_article(made: dict[str, RecordBatch]) -> None:
    """Whoever names a root, or makes one, gets no version."""
    batch = made["knowledgearticle"]
    written = {*batch.columns, *(lookup.column for lookup in batch.lookups)}
    assert not written & {"isrootarticle", "rootarticleid", "islatestversion"}


@pytest.mark.parametrize(("languages", "expected"), [({"1033": ENGLISH}, ENGLISH), ({}, None)])
def test_articles_are_in_their_language_where_the_environment_has_it(
    bank: Bank, known: RecordContext, languages: dict[str, str], expected: str | None
) -> None:
    context = replace(known, bindings=Bindings(CURRENCIES, languages))
    made = {batch.table: batch for batch in bank_records(bank, context)}
    (found,) = [one for one in made["knowledgearticle"].lookups if one.target == "languagelocale"]
    assert set(found.ids) == {expected}


def test_each_subject_hangs_on_one_of_an_earlier_row(made: dict[str, RecordBatch]) -> None:
    (parents,) = made["subject"].lookups
    ids = list(made["subject"].ids)
    assert parents.ids[0] is None
    assert all(ids.index(str(one)) < row for row, one in enumerate(parents.ids) if row)


def test_unique_names_differ_from_run_to_run_and_inside_one(
    bank: Bank, known: RecordContext
) -> None:
    names: list[object] = []
    for run in ("retail-7f3a", "retail-7f3b"):
        for batch in bank_records(bank, replace(known, run_id=run)):
            names += batch.columns.get("msdyn_uniquename", ())
    assert len(names) == len(set(names)) == 2 * (12 + 82)
    assert all(str(name).startswith("sk_retail_7f3") and len(str(name)) <= 128 for name in names)


def test_steps_are_numbered_from_one_in_each_script(
    made: dict[str, RecordBatch], rows: Callable[[str], list[dict[str, object]]]
) -> None:
    batch = made["msdyn_productivityagentscriptstep"]
    (scripts,) = batch.lookups
    orders: dict[str, list[object]] = {}
    for script, order in zip(scripts.ids, batch.columns["msdyn_order"], strict=True):
        orders.setdefault(str(script), []).append(order)
    assert set(orders) == set(made["msdyn_productivityagentscript"].ids)
    assert all(found == list(range(1, len(found) + 1)) for found in orders.values())


def test_a_bank_without_a_library_has_no_rows_of_it(known: RecordContext) -> None:
    made = bank_records(make_bank(Profile(), AS_OF), known)
    assert not {batch.table for batch in made} & set(LIBRARY_TABLES)


def test_a_connection_is_one_row_with_one_role(
    bank: Bank, known: RecordContext, made: dict[str, RecordBatch]
) -> None:
    """The platform makes the other direction, and two roles would have to be matching ones."""
    own_money = {"foreign_currency": 0.0}
    profile = Profile.model_validate({"engagement": EVERYTHING, "banking": own_money})
    block = make_block(profile, AS_OF, bank, 0)
    batches = {batch.table: batch for batch in block_records(block, bank, known, AS_OF)}
    batch, people = batches["connection"], set(batches["contact"].ids)
    ends = {lookup.column: list(lookup.ids) for lookup in batch.lookups}
    # which of the two rows is the master, and which the other one is, says the platform
    by_platform = {"ismaster", "relatedconnectionid"}
    assert {text.split()[1] for text in problems(batch)} == by_platform
    assert set(ends) == {"record1id", "record2id", "record2roleid"}
    assert {*ends["record1id"], *ends["record2id"]} <= people
    assert set(ends["record2roleid"]) == set(made["connectionrole"].ids)
    pairs = list(zip(*ends.values(), strict=True))
    assert len(set(pairs)) == len(pairs)
    assert not {(two, one) for one, two, _ in pairs} & {(one, two) for one, two, _ in pairs}
