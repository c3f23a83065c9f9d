"""Whatever is asked, the answer is one of Dataverse's, and the store stays whole."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedkit.emulator.storage import store

from .conftest import NOW, Local
from .fuzzing import Ask, Reply, ask, furnish, send
from .invariants import broken

EXPECTED = {200, 201, 204, 206, 304, 400, 401, 403, 404, 405, 406, 412, 413, 414, 415, 416, 501}
ROOT = "/api/data/v9.2/"
JSON = [("Content-Type", "application/json")]
LONG = "9" * 5000


def checked(app: Any, wanted: Ask) -> Reply:
    """Send a request and check the shape of its answer; whatever is raised fails the test."""
    reply = send(app, wanted)
    assert reply.status in EXPECTED, (wanted, reply)
    if reply.status == 204:
        assert reply.body == b"", (wanted, reply)
    if reply.status >= 400 and wanted.method != "HEAD" and wanted.target.startswith(ROOT):
        check_refusal(reply)
    return reply


def check_refusal(reply: Reply) -> None:
    assert reply.headers["odata-version"] == "4.0", reply
    if not reply.headers["content-type"].startswith("multipart/mixed"):
        error = json.loads(reply.body)["error"]
        assert error["code"].startswith("0x"), reply
        assert error["message"], reply


@pytest.fixture(scope="module")
def used(fresh_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    """An environment with some rows, which all examples go on using."""
    path = tmp_path_factory.mktemp("fuzz") / "fuzz.db"
    path.write_bytes(fresh_file.read_bytes())
    environment = Local(path)
    furnish(environment.app)
    yield environment
    environment.app.state.close()


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**64))
def test_any_request_gets_an_answer_of_dataverse(used: Local, seed: int) -> None:
    checked(used.app, ask(Random(seed)))


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300), kind=st.sampled_from(["multipart/mixed;boundary=b", "x"]))
def test_any_bytes_in_a_batch_get_an_answer(used: Local, data: bytes, kind: str) -> None:
    body = b"--b\r\n" + data + b"\r\n--b--\r\n"
    checked(used.app, Ask("POST", f"{ROOT}$batch", [("Content-Type", kind)], body))


@pytest.mark.parametrize("seed", range(2))
def test_the_store_is_whole_after_thousands_of_requests(local: Local, seed: int) -> None:
    random = Random(seed)
    for number in range(1500):
        if number % 300 == 0:
            furnish(local.app)
        local.now = NOW + timedelta(seconds=number)
        checked(local.app, ask(random))
    local.app.state.close()
    assert broken(local.database) == []


def test_memory_does_not_grow_with_the_number_of_requests(local: Local) -> None:
    def ask_again() -> int:
        furnish(local.app)
        random = Random(7)  # the same requests each time, so that what is kept is kept already
        for _ in range(250):
            checked(local.app, ask(random))
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    for _ in range(2):
        ask_again()
    tracemalloc.start()
    try:
        first, second = ask_again(), ask_again()
    finally:
        tracemalloc.stop()
    # The log of requests is not full yet: 250 of its entries are less than this.
    assert second - first < 300_000, (first, second)


def in_filter(text: str) -> Ask:
    return Ask("GET", f"{ROOT}contacts?$filter={quote(text, safe='')}")


def in_fetch(inside: str, head: str = "") -> Ask:
    text = f"<fetch {head}><entity name='contact'>{inside}</entity></fetch>"
    return Ask("GET", f"{ROOT}contacts?fetchXml={quote(text, safe='')}")


def in_sql(text: str) -> Ask:
    return Ask("GET", f"{ROOT}contacts?sql={quote(text, safe='')}")


def posted(path: str, body: bytes, kind: str = "application/json") -> Ask:
    return Ask("POST", ROOT + path, [("Content-Type", kind)], body)


JOINS = " ".join(f"JOIN contact a{i} ON c.contactid = a{i}.contactid" for i in range(80))
CONDITION = "<filter><condition attribute='numberofchildren' operator='eq' value='{}'/></filter>"
TOO_MUCH = {
    "brackets": in_filter("(" * 3000 + "lastname eq 'a'" + ")" * 3000),
    "open brackets": in_filter("(" * 9000),
    "negations": in_filter("not " * 5000 + "donotemail eq true"),
    "path of navigations": in_filter("parentcustomerid_contact/" * 300 + "lastname eq 'a'"),
    "lambdas": in_filter("".join(f"Contact_Tasks/any(a{i}:a{i}/" for i in range(300)) + ")" * 300),
    "number": in_filter(f"numberofchildren eq {LONG}"),
    "amount": in_filter(f"annualincome eq {LONG}"),
    "digits of another script": in_filter(
        "Microsoft.Dynamics.CRM.ContainValues(PropertyName='msfsi_x',PropertyValues=['\u00b2'])"
    ),
    "signs": in_filter(
        "Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue='+-5')"
    ),
    "days": in_filter(
        f"Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue={LONG})"
    ),
    "nested expansions": Ask(
        "GET", f"{ROOT}contacts?$expand=" + "parentcustomerid_contact($expand=" * 500 + "ownerid"
        + ")" * 500),
    "definitions filtered": Ask("GET", f"{ROOT}EntityDefinitions?$filter="
                                + quote("not contains(LogicalName='a') eq null")),
    "definitions negated": Ask("GET", f"{ROOT}EntityDefinitions?$filter=" + quote("not " * 3000)),
    "joins": in_sql(f"SELECT c.lastname FROM contact c {JOINS}"),
    "rows in sql": in_sql(f"SELECT TOP {LONG} lastname FROM contact"),
    "brackets in sql": in_sql(f"SELECT lastname FROM contact WHERE {'(' * 2000}"),
    "filters in fetch": in_fetch("<filter>" * 1500 + "</filter>" * 1500),
    "number in fetch": in_fetch(CONDITION.format(LONG)),
    "top in fetch": in_fetch("", f"top='{LONG}'"),
    "page in fetch": in_fetch("", f"count='5' page='{LONG}'"),
    "page size": Ask("GET", f"{ROOT}contacts", [("Prefer", f"odata.maxpagesize={LONG}")]),
    "top": Ask("GET", f"{ROOT}contacts?$top={LONG}"),
    "key": Ask("GET", f"{ROOT}contacts({','.join(f'a{i}=1' for i in range(4000))})"),
    "segments": Ask("GET", ROOT + "a/" * 10_000),
    "body": posted("contacts", b'{"lastname":' * 5000),
    "bind": posted("contacts", b'{"ownerid@odata.bind":"/teams(' + b"a=1," * 50_000 + b')"}'),
    "amount in a body": posted("contacts", b'{"annualincome":' + LONG.encode() + b"}"),
    "job that starts too late": posted(
        "BulkDelete", b'{"QuerySet":[{"EntityName":"contact"}],"JobName":"j",'
        b'"SendEmailNotification":false,"ToRecipients":[],"CCRecipients":[],'
        b'"RecurrencePattern":"","StartDateTime":"9999-12-31T23:59:59-12:00"}'),
    "parts": posted("$batch", b"--b\r\n" * 50_000, "multipart/mixed;boundary=b"),
    "boundaries": posted("$batch", b"--b", "multipart/mixed" + ";boundary" * 20_000),
}  # fmt: skip


@pytest.mark.parametrize("name", TOO_MUCH)
def test_too_much_of_anything_is_refused(used: Local, name: str) -> None:
    assert checked(used.app, TOO_MUCH[name]).status in EXPECTED - {200, 201, 204, 206, 304}


def test_patterns_with_many_wildcards_are_answered(used: Local) -> None:
    used.create("contacts", lastname="x", description="a" * 2000)
    for pattern in ("%a" * 100 + "%b", "_%" * 300 + "b", "[ab]%" * 200 + "c"):
        assert checked(used.app, in_filter(f"contains(description,'{pattern}')")).status == 200


def test_a_query_without_end_is_given_up(used: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "WORK_LIMIT", 0)
    for number in range(40):
        used.create("contacts", lastname="same", firstname=str(number))
    links = "".join(
        f"<link-entity name='contact' from='lastname' to='lastname' alias='a{i}'/>"
        for i in range(4)
    )
    reply = send(used.app, in_fetch(links))
    assert (reply.status, json.loads(reply.body)["error"]["code"]) == (500, "0x80044151")
    monkeypatch.undo()
    assert used.rows("contacts?$top=1")
