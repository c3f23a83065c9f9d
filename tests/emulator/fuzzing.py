"""Random requests: whole ones that are nearly right, and ways to break them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote, unquote

from .fuzz_rooms import ACTIONS, ROOMS, Room
from .fuzz_texts import condition, json_body, mutated, target, value
from .fuzz_words import ADMIN, HEADERS, IDS, PREFERENCES


@dataclass
class Ask:
    """One request as it goes over the wire; `target` is path and query, already escaped."""

    method: str
    target: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


@dataclass
class Reply:
    """One answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


def send(app: Any, ask: Ask) -> Reply:
    """Send a request straight into an application, as a web server would; raises what it raises."""
    path, _, query = ask.target.partition("?")
    scope = {
        "type": "http", "http_version": "1.1", "method": ask.method, "scheme": "https",
        "path": unquote(path), "raw_path": path.encode("ascii"), "root_path": "",
        "query_string": query.encode("ascii"), "server": ("bank.example", 443),
        "client": ("127.0.0.1", 1), "asgi": {"version": "3.0"}, "state": {},
        "headers": [(b"host", b"bank.example"), *(
            (name.lower().encode(), value.encode("latin-1")) for name, value in ask.headers)],
    }  # fmt: skip
    incoming = iter([{"type": "http.request", "body": ask.body, "more_body": False}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(incoming, {"type": "http.disconnect"})

    async def take(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, take))
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:]))


def batch_body(random: Random) -> tuple[str, bytes]:
    """Return content type and body of a batch, with change sets, sometimes broken."""
    pieces = [_batch_piece(random) for _ in range(random.randrange(5))]
    text = "".join(f"--b\r\n{piece}\r\n" for piece in pieces) + "--b--\r\n"
    kind = random.choice(['multipart/mixed;boundary="b"', "multipart/mixed; boundary=b"] * 4 + [
        "multipart/mixed", "application/json", "multipart/mixed; boundary=c"])  # fmt: skip
    return kind, mutated(random, text).encode("utf-8", "surrogatepass")


def _batch_piece(random: Random) -> str:
    if random.random() < 0.5:
        return _operation(random, "")
    inner = "".join(
        f"--c\r\n{_operation(random, f'Content-ID: {random.randrange(1, 4)}')}\r\n"
        for _ in range(random.randrange(4))
    )
    return f"Content-Type: multipart/mixed; boundary=c\r\n\r\n{inner}--c--\r\n"


def _operation(random: Random, extra: str) -> str:
    method = random.choice(["GET", "POST", "PATCH", "DELETE", "PUT", "post", ""])
    address = random.choice([target(random), target(random, "https://bank.example/api/data/v9.2/"),
                             target(random, ""), "$1", "$2/lastname", "$1/$ref"])  # fmt: skip
    content = "" if method == "GET" else json_body(random).decode("latin-1")
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    lines += [extra] if extra else []
    if random.random() < 0.7:
        wanted = meant(random)
        method, address, content = wanted.method, wanted.target, wanted.body.decode("latin-1")
    head = [f"{name}: {text}" for name, text in headers(random)]
    lines += ["", f"{method} {address} HTTP/1.1", "Content-Type: application/json", *head, ""]
    return "\r\n".join([*lines, content])


def headers(random: Random) -> list[tuple[str, str]]:
    found = []
    if random.random() < 0.4:
        chosen = random.sample(PREFERENCES, random.randrange(1, 4))
        found.append(("Prefer", random.choice([",", ";", ", "]).join(chosen)))
    while random.random() < 0.25:
        name, values = random.choice(HEADERS)
        found.append((name, random.choice(values)))
    return found


def _read(random: Random, room: Room) -> Ask:
    column = random.choice(room.columns)
    nav = random.choice(room.navigations)
    tail = random.choice([
        "", f"?$select={','.join(random.choices(room.columns, k=2))}", f"?$orderby={column} desc",
        f"?$filter={quote(condition(random))}", f"?$filter={column} ne null", "?$count=true&$top=2",
        f"?$expand={nav}", f"?$expand={nav}($select=createdon)", "/$count",
        f"?$apply=groupby(({column}),aggregate($count as n))", "?$top=1000000000",
        f"({random.choice(IDS)})", f"({random.choice(IDS)})?$expand={nav}",
        f"({random.choice(IDS)})/{nav}", f"({random.choice(IDS)})/{nav}/$ref",
        f"({random.choice(IDS)})/{column}", f"({random.choice(IDS)})/{column}/$value",
    ])  # fmt: skip
    return Ask("GET", f"/api/data/v9.2/{room.entity_set}{quote(tail, safe='/()$=?&,@%')}")


def _write(random: Random, room: Room) -> Ask:
    data = room.make(random)
    row, method = f"({random.choice(IDS)})", random.choice(["POST", "POST", "PATCH", "DELETE"])
    if random.random() < 0.3:
        data |= {"statecode": random.randrange(3), "statuscode": random.randrange(1, 7)}
    if random.random() < 0.15:
        data["ownerid@odata.bind"] = f"/teams({random.choice(IDS)})"
    if method == "POST":
        data, row = data | {room.row_key: random.choice(IDS)}, ""
    if random.random() < 0.2:
        names = random.choice(["CreateMultiple", "UpdateMultiple", "UpsertMultiple"])
        kind = {"@odata.type": f"Microsoft.Dynamics.CRM.{room.table}"}
        data = {"Targets": [kind | data | {room.row_key: random.choice(IDS)} for _ in range(3)]}
        method, row = "POST", f"/Microsoft.Dynamics.CRM.{names}"
    return Ask(method, f"/api/data/v9.2/{room.entity_set}{row}", [], _spoilt(random, data))


def _link(random: Random, room: Room) -> Ask:
    nav, other = random.choice(room.navigations), random.choice(ROOMS)
    data = {"@odata.id": f"{other.entity_set}({random.choice(IDS)})"}
    address = f"/api/data/v9.2/{room.entity_set}({random.choice(IDS)})/{nav}"
    if random.random() < 0.3:
        return Ask("DELETE", f"{address}({random.choice(IDS)})/$ref")
    return Ask(random.choice(["POST", "PUT"]), f"{address}/$ref", [], json.dumps(data).encode())


def _action(random: Random, _room: Room) -> Ask:
    name, data = random.choice(ACTIONS)(random)
    return Ask("POST", f"/api/data/v9.2/{name}", [], _spoilt(random, data))


def _spoilt(random: Random, data: Any) -> bytes:
    """Return a body, sometimes with another value somewhere inside."""
    if random.random() < 0.25:
        place = data
        while True:
            name = random.choice(list(place) if isinstance(place, dict) else range(len(place)))
            inner = place[name]
            if isinstance(inner, dict | list) and inner and random.random() < 0.8:
                place = inner
                continue
            place[name] = value(random)
            break
    return json.dumps(data).encode()


def meant(random: Random) -> Ask:
    """Return a request that is right more often than not."""
    make = random.choice([_read, _read, _write, _write, _write, _link, _action])
    found = make(random, random.choice(ROOMS))
    if found.body:
        found.headers.append(("Content-Type", "application/json"))
    if random.random() < 0.3:
        found.headers += headers(random)
    return found


METHODS = ["GET"] * 6 + ["POST"] * 4 + ["PATCH"] * 4 + ["DELETE", "PUT", "OPTIONS", "HEAD"]


def ask(random: Random) -> Ask:
    """Return one whole random request."""
    if random.random() < 0.6:
        return meant(random)
    method = random.choice(METHODS)
    found = headers(random)
    if random.random() < 0.12:
        kind, content = batch_body(random)
        return Ask("POST", "/api/data/v9.2/$batch", [("Content-Type", kind), *found], content)
    if random.random() < 0.02:
        return Ask(random.choice(["GET", "OPTIONS", "HEAD"]), random.choice(ADMIN), found)
    if method == "GET":
        return Ask(method, target(random), found)
    kinds = ["application/json"] * 12 + [
        "application/octet-stream",
        "text/plain",
        "",
        "multipart/mixed",
    ]
    kind = random.choice(kinds)
    return Ask(method, target(random), [("Content-Type", kind), *found], json_body(random))


def furnish(app: Any) -> None:
    """Create rows under the ids that the random requests name."""
    random = Random(1)
    for room in ROOMS:
        for row_id in IDS[1:]:
            data = json.dumps(room.make(random) | {room.row_key: row_id}).encode()
            kind = [("Content-Type", "application/json")]
            send(app, Ask("PATCH", f"/api/data/v9.2/{room.entity_set}({row_id})", kind, data))
