"""The page of the local environment says what the environment does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from seedkit.emulator.app import ADMIN_ROUTES
from seedkit.emulator.limits.faults import _REFUSALS
from seedkit.emulator.limits.rules import BREAKS
from seedkit.emulator.metadata.writes import _STEPS
from seedkit.emulator.service import OPERATIONS
from seedkit.emulator.settings import Settings, described
from tests.house.addresses import DEFINITIONS, ROWS, Form
from tests.house.differences import REFUSED, WITHOUT_EFFECT, Difference
from tests.house.marks import _sentences, not_built, unsure
from tests.house.probing import METHODS, Ask, Probe, probing
from tests.house.reference import render


@pytest.fixture(scope="module")
def probe() -> Iterator[Probe]:
    with probing() as found:
        yield found


@pytest.fixture(scope="module")
def page() -> str:
    return render("emulator.md")


@pytest.mark.parametrize("form", ROWS, ids=lambda form: form.shown)
@pytest.mark.parametrize("method", METHODS)
def test_an_address_takes_the_methods_that_are_told(probe: Probe, form: Form, method: str) -> None:
    answer = probe.ask(form.ask(method))
    assert (answer.status_code < 400) == (method in form.answered), answer.text
    assert answer.status_code != 500


@pytest.mark.parametrize("form", DEFINITIONS, ids=lambda form: form.shown)
def test_definitions_can_be_read(probe: Probe, form: Form) -> None:
    assert probe.ask(form.ask("GET")).status_code == 200


@pytest.mark.parametrize("difference", REFUSED, ids=lambda difference: difference.what)
def test_what_is_lacking_is_refused(probe: Probe, difference: Difference) -> None:
    answer = probe.ask(difference.ask)
    assert answer.status_code in (400, 404, 501), answer.text
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Prefer": "odata.track-changes"},
        {"Prefer": "respond-async"},
        {"Consistency": "Strong"},
        {"MSCRM.SolutionUniqueName": "none"},
        {"MSCRM.MergeLabels": "true"},
        {"MSCRM.SessionToken": "a"},
        {"Accept": "application/xml"},
        {"OData-Version": "3.0", "OData-MaxVersion": "3.0"},
    ],
    ids=lambda headers: " ".join(headers),
)
def test_headers_without_effect_change_no_answer(probe: Probe, headers: dict[str, str]) -> None:
    told = " ".join(name for name, _why, _sure in WITHOUT_EFFECT)
    assert all(name in told or value in told for name, value in headers.items())
    address = "transactioncurrencies"
    plain, sent = (probe.ask(Ask("GET", address, None, x)) for x in ({}, headers))
    assert (plain.status_code, plain.content) == (sent.status_code, sent.content)
    assert "Preference-Applied" not in sent.headers


def test_no_answer_pins_a_client_to_a_server(probe: Probe) -> None:
    answer = probe.ask(Ask("POST", "accounts", {"name": "Firm"}))
    assert answer.status_code == 204
    assert "Set-Cookie" not in answer.headers


def test_everything_that_has_a_name_is_told(page: str) -> None:
    named = [operation.name for operation in OPERATIONS]
    named += [*described(Settings()), *_REFUSALS, *BREAKS]
    assert [name for name in named if f"| `{name}` |" not in page] == []
    routes = [f"| {route.method} | `/emulator{route.path}` |" for route in ADMIN_ROUTES]
    assert [route for route in routes if route not in page] == []
    section = page.partition("Changed with:")[2].partition("## Functions")[0]
    assert section.count("\n| ") == len(_STEPS) + 2  # with the head


def test_the_mark_of_an_operation_stands_beside_it(page: str) -> None:
    lines = {line.split(" | ")[0]: line for line in page.splitlines() if line.startswith("| `")}
    assert all(f" | {item.sure} |" in lines[f"| `{item.name}`"] for item in OPERATIONS)


def test_refusals_of_the_code_and_its_doubts_are_found() -> None:
    assert "$expand of all navigation properties" in not_built()
    assert "the query option '...'" in not_built()
    doubts = list(unsure())
    assert any(place == "query/periods.py" and "Sunday" in text for place, text in doubts)
    assert any(place == "writing/values.py utf16_length" for place, _text in doubts)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Round half up [inferred].", ["Round half up [inferred]"]),
        ("What is sure. The code is inferred.", ["What is sure. The code is inferred"]),
        ("It is documented. Nothing else.", []),
        ("Marks: [I] inferred.", []),
        ("Mark the parties [expected].", ["Mark the parties [expected]"]),
    ],
)
def test_a_short_sentence_comes_with_the_one_before_it(text: str, told: list[str]) -> None:
    assert list(_sentences(text)) == told
