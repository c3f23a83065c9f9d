"""The page of what the local environment answers: its own tables, and answers it was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import get_args

from seedkit.emulator import access
from seedkit.emulator.admin import PREFIX
from seedkit.emulator.app import ADMIN_ROUTES
from seedkit.emulator.content.messages import _SINGLE_MESSAGES, BULK_MESSAGES, _messages_of
from seedkit.emulator.limits import faults, rules
from seedkit.emulator.metadata import writes
from seedkit.emulator.operations import Bound, Operation
from seedkit.emulator.query import (
    annotations,
    apply,
    filter,
    functions,
    listing,
    options,
    parse,
    sql_tree,
)
from seedkit.emulator.query.fetch import answer, operators
from seedkit.emulator.query.fetch import parse as fetch
from seedkit.emulator.service import OPERATIONS
from seedkit.emulator.settings import Settings, described
from seedkit.schema import Table, load_catalogue
from tests.house.addresses import DEFINITIONS, ROWS, Form
from tests.house.differences import OTHERWISE, REFUSED, WITHOUT_EFFECT
from tests.house.markdown import WRITTEN, table
from tests.house.marks import not_built, unsure
from tests.house.probing import METHODS, Probe, probing, said

INTRODUCTION = """\
What the [local environment](../local-environment.md) answers, and what the Web API of Dataverse
knows and it does not. Requests on this page were sent to a fresh environment, the answers are what
it said; lists are the program's own tables. «documented»: by Microsoft; «observed»: by third
parties; «expected»: general knowledge of the platform; «inferred»: our own conclusion. A line
without one of these words is documented; settings, fault rules and admin routes are our own.
Refusals have a [page of their own](refusals.md).
"""


SECTIONS = """
[Addresses](#addresses), [functions and actions](#functions-and-actions), [queries](#queries),
[headers](#headers), [tables](#tables),
[what the platform has and this lacks](#what-the-platform-has-and-this-lacks),
[what rests on less than a document](#what-rests-on-less-than-a-document), [settings](#settings),
[fault rules](#fault-rules), [admin routes](#admin-routes).
"""


def page() -> list[str]:
    """Return the whole page."""
    with probing() as probe:
        return [
            *(
                "# What the local environment answers",
                "",
                WRITTEN,
                "",
                *INTRODUCTION.splitlines(),
                *SECTIONS.splitlines(),
                "",
            ),
            *_addresses(probe),
            *_operations(),
            *_queries(),
            *_headers(),
            *_tables(),
            *_differences(probe),
            *_unsure(),
            *_controls(),
        ]


def _prose(text: str) -> list[str]:
    lines = wrap(" ".join(text.split()), 100, break_long_words=False, break_on_hyphens=False)
    return [*lines, ""]


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _addresses(probe: Probe) -> Iterator[str]:
    yield from ("## Addresses", "")
    yield from _prose(
        "Below `/api/data/v9.0/`, `v9.1/` and `v9.2/`. Bold: answered; the other statuses are "
        "refusals. `...` before a name stands for `Microsoft.Dynamics.CRM.`."
    )
    rows = []
    for form in ROWS:
        found = (_status(probe, method, form) for method in METHODS)
        rows.append((form.shown, *found, _with_mark(form.sure, form.note)))
    yield from (*table(["address", *METHODS, "note"], rows), "")
    yield from ("### Definitions", "", "Read with GET:", "")
    for form in DEFINITIONS:
        yield f"- {form.shown}{'' if form.sure == 'documented' else f' [{form.sure}]'}"
    changes = [
        (method, f"`{'(...)/'.join(names)}{'(...)' if keyed else ''}`")
        for method, names, keyed in writes._STEPS
    ]
    yield from ("", "Changed with:", "", *table(["method", "address"], changes), "")


def _status(probe: Probe, method: str, form: Form) -> str:
    status = probe.ask(form.ask(method)).status_code
    return f"**{status}**" if method in form.answered else str(status)


def _with_mark(sure: str, note: str) -> str:
    return note if sure == "documented" else f"{note} [{sure}]".strip()


def _operations() -> Iterator[str]:
    yield from ("## Functions and actions", "")
    yield from (
        *table(["name", "kind", "called on", "parameters", "how sure", "note"], _calls()),
        "",
    )


def _calls() -> Iterator[tuple[str, ...]]:
    for item in sorted(OPERATIONS, key=lambda operation: operation.name.lower()):
        takes = (f"{name}{'*' * (name in item.needs)}" for name in sorted(item.takes))
        yield (
            f"`{item.name}`",
            item.kind.value,
            _called_on(item),
            ", ".join(takes).replace("*", "\\*"),
            item.sure,
            item.note,
        )


def _called_on(item: Operation) -> str:
    if item.bound is Bound.NOTHING:
        return ""
    return f"{item.bound.value} of {', '.join(sorted(item.tables or ('any table',)))}"


def _queries() -> Iterator[str]:
    yield from ("An asterisk marks a parameter that is needed.", "", "## Queries", "")
    yield from _prose(
        f"**Options:** {_list(sorted({*options._KNOWN, *answer._LANGUAGES}))}. Inside `$expand`: "
        f"{_list(sorted(options._INSIDE_EXPAND))}, and `/$ref`; at most "
        f"{options._EXPANSION_LIMIT} expansions. Parameter aliases (`@p1`) everywhere else."
    )
    compared = [name for name in parse._COMPARISONS if name != "in"]
    yield from _prose(
        f"**`$filter`:** {_list([*compared, 'and', 'or', 'not'])}; {_list(filter._PATTERNS)}; "
        "`any` and `all` over related rows; columns of rows behind lookups; at most "
        f"{filter.CONDITION_LIMIT} conditions. The query functions of the platform, with "
        "`Microsoft.Dynamics.CRM.` before the name: "
        f"{_list(sorted(set(functions.FUNCTIONS) - {'Contains'}))}."
    )
    yield from _prose(
        "**`$apply`:** `filter(...)`, then `groupby((a,b))`, `groupby((a,b),aggregate(...))` or "
        f"`aggregate(...)`, with {_list(apply._SQL)} and `$count`; at most "
        f"{apply.ROW_LIMIT:,} rows."
    )
    yield from (*_fetch(), *_sql())


def _fetch() -> Iterator[str]:
    yield from ("### FetchXML", "")
    elements = (
        ("fetch", fetch._FETCH),
        ("attribute", fetch._ATTRIBUTE),
        ("link-entity", fetch._LINK),
        ("filter", fetch._FILTER),
        ("condition", fetch._CONDITION),
    )
    rows = [(f"`{name}`", ", ".join(sorted(known))) for name, known in elements]
    yield from (*table(["element", "attributes"], rows), "")
    yield from _prose(
        "Also `entity`, `all-attributes`, `no-attrs`, `order`, `value`. Links: "
        f"{_list(sorted(fetch.JOINED | fetch.TESTED))}; inside a filter "
        f"{_list(sorted(fetch.FILTERING))}. Aggregates: {_list(sorted(fetch.FUNCTIONS))}, grouped "
        f"by {_list(sorted(fetch.DATE_PARTS))} of a date. At most {fetch.MAX_LINKS} links and "
        f"{fetch.MAX_CONDITIONS} conditions; `top` up to {fetch.MAX_TOP:,}. Operators: "
        f"{_list(sorted(operators.OPERATORS))}."
    )


def _sql() -> Iterator[str]:
    yield from ("### SQL", "")
    called = [kind.__name__.upper() for kind in sql_tree._FUNCTIONS]
    yield from _prose(
        f"`?sql=` takes one SELECT of columns and of {_list(called)}, with `DISTINCT`, `TOP`, "
        "`INNER JOIN` and `LEFT JOIN` on one pair of equal columns, `WHERE` of columns against "
        "constants, `GROUP BY` and `ORDER BY` of columns. Everything else is refused with 400."
    )


def _headers() -> Iterator[str]:
    yield from ("## Headers", "")
    honoured = [
        ("`If-Match`, `If-None-Match`", "versions of rows; `*`; the word `null` means nothing"),
        ("`Prefer: return=representation`", "a write answers with the row"),
        (f"`Prefer: {listing._PAGE_SIZE}=n`", "rows of a page, at most 5,000"),
        (f'`Prefer: {listing.ANNOTATIONS}="..."`', _list(_annotations()) + "; `*`"),
        ("`Prefer: odata.continue-on-error`", "in `$batch`"),
        ("`MSCRMCallerID`, `CallerObjectId`", "on behalf of another user"),
        ("`MSCRM.SuppressDuplicateDetection: false`", "applies rules for duplicates (a setting)"),
        ("`Authorization`", "a token of `POST /emulator/tokens`, where sign-in is required"),
        ("`x-ms-transfer-mode`, `x-ms-file-name`, `Content-Range`, `Range`", "files in parts"),
        *(
            (f"`{name}`", f"needs `{right}`; skips nothing")
            for name, right in access.BYPASS.items()
        ),
    ]
    yield from (*table(["honoured", "what it does"], honoured), "")
    head = ["taken, without effect", "why", "that it exists"]
    yield from (*table(head, WITHOUT_EFFECT), "")
    yield from _prose(
        "Unknown headers and preferences are passed over. `Preference-Applied` names the "
        "preferences that were honoured."
    )


def _annotations() -> list[str]:
    return [
        f"{'...' * ('CRM' in name)}{name.rpartition('.')[2]}" for name in sorted(annotations._ALL)
    ]


def _tables() -> Iterator[str]:
    from seedkit.emulator.storage.layout import FILE_TYPES

    yield from ("## Tables", "")
    yield from _prose(
        "«all»: create, read, update, upsert, delete; «bulk»: CreateMultiple, UpdateMultiple and "
        "UpsertMultiple as well; «pairs»: rows of a many-to-many relationship, made with `$ref`. "
        "Bulk messages of `account` and `environmentvariabledefinition` are expected, else "
        "documented; what can be done to jobs is expected. A new table of one's own takes all and "
        "bulk."
    )
    rows = []
    for item in load_catalogue().values():
        files = [name for name, column in item.columns.items() if column.type in FILE_TYPES]
        rows.append((f"`{item.name}`", f"`{item.entity_set}`", _takes(item), ", ".join(files)))
    yield from (*table(["table", "set", "messages", "files and images"], rows), "")


def _takes(item: Table) -> str:
    taken = _messages_of(item)
    if item.many_to_many is not None:
        return "pairs"
    if set(_SINGLE_MESSAGES) <= set(taken):
        return "all, bulk" if set(BULK_MESSAGES) <= set(taken) else "all"
    return ", ".join(["read", *(name.lower() for name in taken if "Retrieve" not in name)])


def _differences(probe: Probe) -> Iterator[str]:
    yield from ("## What the platform has and this lacks", "")
    rows = [(item.what, said(probe.ask(item.ask)), item.instead) for item in REFUSED]
    yield from (*table(["request", "answer", "instead"], rows), "")
    yield "Answered, but otherwise than by the platform:"
    head = ["what", "here", "the platform's way"]
    yield from ("", *table(head, OTHERWISE), "")
    yield "Refused with 501, in the words of the message (`...` is what the request named):"
    yield from ("", *(f"- {text}" for text in not_built()), "")


def _unsure() -> Iterator[str]:
    yield from ("## What rests on less than a document", "")
    yield "The sentences of the code that carry such a word, with the place where they stand."
    yield from ("", *table(["in", "what"], ((f"`{a}`", b) for a, b in unsure())), "")


def _controls() -> Iterator[str]:
    yield from ("## Settings", "", f"Turned with `PATCH {PREFIX}/settings` or `settings=`.", "")
    switches = described(Settings()).items()
    rows = [(f"`{name}`", f"`{_json(x['default'])}`", x["meaning"]) for name, x in switches]
    yield from (*table(["setting", "default", "what it means"], rows), "")
    yield from ("## Fault rules", "")
    yield from _prose(
        "Rules are tried in order; the first that fits and fires is taken. What a rule leaves out "
        f"fits every request. It fires {_list(get_args(rules.Fire))}."
    )
    yield from (*table(["key", "default", "what it says"], _rule_keys()), "")
    yield from (*table(["fault", "what happens", "how sure"], _faults()), "")
    yield from ("## Admin routes", "")
    routes = [(item.method, f"`{PREFIX}{item.path}`", item.meaning) for item in ADMIN_ROUTES]
    yield from (*table(["method", "address", "what it does"], routes), "")


def _faults() -> Iterator[tuple[str, str, str]]:
    yield "`missing`", "404, as if the table or the message weren't there", "observed"
    yield "`job-failure`", "a background job fails; `path` is looked for in its name", "documented"
    for name, (kind, text) in faults._REFUSALS.items():
        code = f" `{kind.code}`" if kind.code else ", no JSON"
        yield f"`{name}`", f"{kind.status}{code}: {text}", kind.sure
    for name, meaning in rules.BREAKS.items():
        yield f"`{name}`", meaning, ""


def _rule_keys() -> Iterator[tuple[str, str, str]]:
    for name, field in rules.Rule.model_fields.items():
        default = "required" if field.is_required() else f"`{_json(field.default)}`"
        yield f"`{name}`", default, field.description or ""


def _json(value: object) -> str:
    import orjson

    return orjson.dumps(value).decode()
