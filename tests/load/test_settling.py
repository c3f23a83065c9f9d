"""What became of rows: late commits, taken ids, crashes, odd answers, an edited header note."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import ServiceError
from seedkit.ledger import Ledger, Range, RequestState, RunState, Step
from seedkit.load import Limits, LoadResult, load
from seedkit.load.header import expected_rows, find_headers, note_id, write_header
from seedkit.load.lost import REFUSED
from seedkit.load.writer import TAKEN
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from tests.load.test_load import EXPECTED, in_world, load_tiny
from tests.worlds import FaultyTransport, TinySource, World

CRASH = {"error": {"code": "0x80040224", "message": "A plug-in crashed"}}
DUPLICATE_KEY = {"error": {"code": "0x80060892", "message": "A record with the key exists"}}


def by_batch(plan: Plan) -> Plan:
    tables = tuple(replace(t, create_by="$batch", update_by="$batch") for t in plan.tables)
    return replace(plan, tables=tables)


@pytest.mark.parametrize("table", ["msfsi_banks", "contacts"])
def test_a_request_that_ends_after_it_was_asked_about_loses_nothing(
    world: World, table: str
) -> None:
    late: list[httpx.Request] = []

    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> LoadResult:
        async def delay(request: httpx.Request) -> None:
            if f"/{table}/" in request.url.path and len(late) < 2:
                late.append(request)
                if len(late) == 1:
                    raise httpx.ReadTimeout("too long", request=request)
                first = httpx.Request("POST", late[0].url, content=late[0].content)
                first.headers.update(late[0].headers)
                await transport.inner.handle_async_request(first)

        transport.before.append(delay)
        limits = Limits(rows_per_request=1 if table == "contacts" else 250, requests=1, blocks=1)
        return await load(plan, source, api, ledger, Unwatched(), limits)

    result = in_world(world, step)
    assert len(late) == 2
    assert result.rows == EXPECTED
    assert not result.refused


def test_an_alternate_key_that_is_taken_by_the_row_itself_loses_nothing(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> LoadResult:
        struck = False

        async def claim(request: httpx.Request) -> httpx.Response | None:
            nonlocal struck
            if struck or "/contacts/" not in request.url.path:
                return None
            struck = True
            return httpx.Response(412, json=DUPLICATE_KEY)

        transport.after.append(claim)
        return await load_tiny(plan, source, api, ledger)

    assert in_world(world, step).rows == EXPECTED


def test_an_id_that_somebody_has_taken_is_told_as_such(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> LoadResult:
        taken = source.ids("contact", 1, 5)[3]
        await api.post("contacts", {"contactid": taken, "lastname": "Imported"})
        return await load_tiny(plan, source, api, ledger)

    result = in_world(world, step)
    assert result.refused == {"contact": 1}
    (lost,) = (row for row in world.ledger().lost_rows("tiny-0001") if row.state == REFUSED)
    assert (lost.row, lost.reason) == (3, TAKEN)


def test_a_row_that_always_crashes_is_refused_alone(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> LoadResult:
        async def crash(request: httpx.Request) -> httpx.Response | None:
            guilty = "/contacts/" in request.url.path and b"Customer 2-4" in request.content
            return httpx.Response(500, json=CRASH) if guilty else None

        transport.before.append(crash)
        return await load_tiny(plan, source, api, ledger)

    result = in_world(world, step)
    assert result.refused == {"contact": 1}
    assert result.rows["contact"] == 9


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"HTTP/1.1 204 No Content", b"HTTP/1.1 429 Too Many Requests"),
        (b"HTTP/1.1 204 No Content", b"HTTP/1.1 503 Service Unavailable"),
        (b"HTTP/1.1 204 No Content", b"garbled"),
    ],
)
def test_an_odd_answer_inside_a_batch_is_settled_by_reading(
    world: World, old: bytes, new: bytes
) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> LoadResult:
        inner = transport.inner.handle_async_request
        spoilt = 0

        async def spoil(request: httpx.Request) -> httpx.Response:
            nonlocal spoilt
            response = await inner(request)
            if not request.url.path.endswith("$batch") or spoilt == 4:
                return response
            spoilt += 1
            content = (await response.aread()).replace(old, new, 1)
            kind = response.headers["Content-Type"]
            return httpx.Response(200, content=content, headers={"Content-Type": kind})

        transport.inner.handle_async_request = spoil  # type: ignore[method-assign]
        result = await load_tiny(by_batch(plan), source, api, ledger)
        assert spoilt == 4
        return result

    result = in_world(world, step)
    assert result.rows == EXPECTED
    assert not result.refused


def test_a_refused_row_keeps_its_reason_when_the_load_goes_on(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> LoadResult:
        source.spoilt["contact", 1, 0] = {"lastname": "x" * 300}
        armed = False

        async def die(request: httpx.Request) -> httpx.Response | None:
            nonlocal armed
            armed = armed or bool(ledger.lost_rows(plan.run_id))
            if armed and "/contacts/" in request.url.path:
                body = {"error": {"code": "0x80040220", "message": "no longer"}}
                return httpx.Response(403, json=body)
            return None

        transport.before.append(die)
        with pytest.raises(ServiceError, match="no longer"):
            await load_tiny(plan, source, api, ledger)
        (before,) = ledger.lost_rows(plan.run_id)
        transport.before.clear()
        result = await load_tiny(plan, source, api, ledger)
        assert before in ledger.lost_rows(plan.run_id)
        return result

    result = in_world(world, step)
    assert result.refused == {"contact": 1}
    assert result.skipped == {"msfsi_group": 1, "msfsi_groupmember": 1, "msfsi_lifemoment": 1}


def test_refused_rows_come_when_they_are_tried_again(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> LoadResult:
        source.spoilt["contact", 1, 0] = {"lastname": "x" * 300}
        assert (await load_tiny(plan, source, api, ledger)).refused
        ledger.forget_lost(plan.run_id)
        return await load_tiny(plan, TinySource(plan), api, ledger)

    result = in_world(world, step)
    assert result.rows == EXPECTED
    assert world.ledger().lost_rows("tiny-0001") == []


def test_a_second_load_writes_no_row_again(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> None:
        await load_tiny(plan, source, api, ledger)
        transport.seen.clear()
        limits = Limits(rows_per_request=2)
        again = await load(plan, source, api, ledger, Unwatched(), limits)
        assert {request.method for request in transport.seen} == {"GET"}
        assert (again.idle, again.rows) == (True, EXPECTED)

    in_world(world, step)


def test_what_the_ledger_says_is_not_believed_when_the_header_note_is_gone(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> None:
        await load_tiny(plan, source, api, ledger)
        await api.send("DELETE", f"annotations({note_id(plan)})")
        await api.send("DELETE", f"contacts({source.ids('contact', 1, 1)[0]})")
        result = await load_tiny(plan, source, api, ledger)
        assert result.rows == EXPECTED
        assert len(world.dump()["contact"]) == EXPECTED["contact"]

    in_world(world, step)


def test_every_row_stands_in_the_ledger_before_it_is_sent(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> None:
        checked = 0

        async def look(request: httpx.Request) -> None:
            nonlocal checked
            if "CreateMultiple" not in request.url.path:
                return
            targets = orjson.loads(request.content)["Targets"]
            table = targets[0]["@odata.type"].removeprefix("Microsoft.Dynamics.CRM.")
            intended = {
                id
                for part, _ in ledger.requests(plan.run_id)
                if part.table == table and part.step is Step.CREATE
                for id in plan.stamp.ids(
                    plan.table(table).number, part.block, part.count, part.first
                )
            }
            assert {target[f"{table}id"] for target in targets} <= intended
            checked += len(targets)

        transport.before.append(look)
        await load_tiny(plan, source, api, ledger)
        assert checked == sum(EXPECTED.values()) - 1

    in_world(world, step)


def test_a_header_note_that_was_deleted_meanwhile_is_written_again(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> None:
        async def delete(request: httpx.Request) -> None:
            if request.method == "PATCH" and not transport.after:
                transport.after.append(keep)
                await api.send("DELETE", f"annotations({note_id(plan)})")

        async def keep(_: httpx.Request) -> None: ...

        transport.before.append(delete)
        assert (await load_tiny(plan, source, api, ledger)).rows == EXPECTED
        assert (await find_headers(api)).plans == (plan,)
        assert await expected_rows(api, plan) == EXPECTED

    in_world(world, step)
    assert world.ledger().find(None).state is RunState.SEEDED


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "call back on Monday",
        "[]",
        "{}",
        '{"plan": null}',
        '{"plan": "x", "rows": 5}',
        '{"plan": {"format": 99}}',
        '{"plan": {"format": 1, "tables": []}}',
        '{"rows": {"contact": "many"}}',
    ],
)
def test_a_note_that_a_person_wrote_or_changed_is_passed_over(
    world: World, text: str | None
) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> None:
        await write_header(api, plan)
        await api.post("annotations", {"subject": "seedkit run by me", "notetext": text})
        assert (await find_headers(api)).plans == (plan,)
        address = f"annotations({note_id(plan)})"
        await api.send("PATCH", address, orjson.dumps({"notetext": text}), repeatable=True)
        assert (await find_headers(api)).plans == ()
        assert await expected_rows(api, plan) == {}
        await api.send("DELETE", address)
        assert await expected_rows(api, plan) == {}

    in_world(world, step)


@pytest.mark.parametrize(
    "change",
    [{"mark": "x"}, {"started": None}, {"tables": []}, {"mark": 5}],
)
def test_a_plan_that_a_person_changed_is_passed_over(world: World, change: dict[str, Any]) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> None:
        text = orjson.dumps({"plan": plan.to_json() | change}).decode()
        await api.post("annotations", {"subject": "seedkit run x", "notetext": text})
        assert (await find_headers(api)).plans == ()

    in_world(world, step)


def test_rows_of_a_table_without_the_number_column_go_without_it(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> LoadResult:
        tables = tuple(replace(t, numbered=t.name != "msfsi_lifemoment") for t in plan.tables)
        part = Range(Step.CREATE, "msfsi_lifemoment", 1, 0, 3)
        ledger.settle(ledger.intend(plan.run_id, [part])[0], RequestState.UNKNOWN)
        return await load_tiny(replace(plan, tables=tables), source, api, ledger)

    assert in_world(world, step).rows == EXPECTED
    numbers = {row["importsequencenumber"] for row in world.dump()["msfsi_lifemoment"]}
    assert numbers == {None}
