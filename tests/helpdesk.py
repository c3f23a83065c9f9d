"""A tiny help desk for tests of load and purge: cases, activities, articles, connections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seedkit.dataverse.client import WebApi
from seedkit.plan import Plan
from seedkit.records.batch import Lookup, Party, RecordBatch, Resolutions, States
from tests.worlds import small_plan

TABLES = (
    ("annotation", 1),
    ("subject", 2),
    ("queue", 3),
    ("contact", 4),
    ("incident", 5),
    ("phonecall", 6),
    ("task", 7),
    ("queueitem", 8),
    ("knowledgearticle", 9),
    ("knowledgearticleincident", 10),
    ("connection", 11),
)
LINKS = (
    ("subject", "parentsubject", "subject"),
    ("knowledgearticle", "subjectid", "subject"),
    ("incident", "customerid", "contact"),
    ("incident", "subjectid", "subject"),
    ("incident", "parentcaseid", "incident"),
    ("phonecall", "regardingobjectid", "incident"),
    ("task", "regardingobjectid", "incident"),
    ("task", "regardingobjectid", "contact"),
    ("annotation", "objectid", "incident"),
    ("queueitem", "objectid", "incident"),
    ("queueitem", "queueid", "queue"),
    ("knowledgearticleincident", "knowledgearticleid", "knowledgearticle"),
    ("knowledgearticleincident", "incidentid", "incident"),
    ("connection", "record1id", "contact"),
    ("connection", "record2id", "contact"),
)
PARTIES = (("phonecall", "contact"), ("phonecall", "systemuser"))
RESOLUTION = 12  # the number of the rows that tell how a case was resolved, in their ids
OPEN, RESOLVED, CANCELLED = (None, None), (1, 5), (2, 6)  # a case's state with its status
CASES = (RESOLVED, RESOLVED, CANCELLED, OPEN)  # in each block; the second hangs on the first
CUSTOMERS = len(CASES)
ROWS_OF_BLOCK = {
    "contact": CUSTOMERS,
    "incident": CUSTOMERS,
    "phonecall": CUSTOMERS,
    "task": CUSTOMERS,
    "annotation": 1,
    "queueitem": CUSTOMERS,
    "knowledgearticleincident": 1,
    "connection": 1,
}
ROWS_OF_BANK = {"subject": 2, "queue": 1, "knowledgearticle": 2}


async def desk_plan(api: WebApi, run_id: str = "desk-0001") -> Plan:
    """Return a plan for the help desk."""
    return await small_plan(api, run_id, tables=TABLES, links=LINKS, parties=PARTIES)


class DeskSource:
    """Two subjects, a queue and two articles; in each block customers with a case each."""

    def __init__(self, plan: Plan, blocks: int = 2) -> None:
        self._plan = plan
        self.blocks = range(blocks + 1)
        self.spoilt: dict[tuple[str, int, int], dict[str, object]] = {}
        self.wrong_status: tuple[str, int] | None = None  # whose first row gets none that there is

    def ids(self, table: str, block: int, count: int) -> list[str]:
        return self._plan.stamp.ids(dict(TABLES)[table], block, count)

    def batches(self, block: int) -> list[RecordBatch]:
        if block == 0:
            return self._bank()
        return [*self._cases(block), *self._activities(block), *self._others(block)]

    def _bank(self) -> list[RecordBatch]:
        subjects, articles = self.ids("subject", 0, 2), {"title": ["Lost card", "Draft"]}
        return [
            self._batch(
                "subject",
                0,
                {"title": ["Cards", "Lost cards"]},
                [Lookup("parentsubject", "subject", [None, subjects[0]])],
            ),
            self._batch("queue", 0, {"name": ["Cards"]}),
            self._batch(
                "knowledgearticle",
                0,
                {**articles, "content": ["<p>Block it.</p>", "<p>Later.</p>"]},
                [Lookup("subjectid", "subject", [subjects[1]] * 2)],
                states=States([3, None], [7, None]),
            ),
        ]

    def _cases(self, block: int) -> list[RecordBatch]:
        contacts, cases = self._pair(block)
        names = [f"Case {block}-{row}" for row in range(CUSTOMERS)]
        resolved = [state == RESOLVED for state in CASES]
        ids = self._plan.stamp.ids(RESOLUTION, block, CUSTOMERS)
        how = Resolutions(
            [id if yes else None for id, yes in zip(ids, resolved, strict=True)],
            {"subject": ["Solved"] * CUSTOMERS, "timespent": [30] * CUSTOMERS},
        )
        return [
            self._batch("contact", block, {"firstname": ["Ann"] * CUSTOMERS, "lastname": names}),
            self._batch(
                "incident",
                block,
                {"title": names},
                [
                    Lookup("customerid", "contact", contacts),
                    Lookup("subjectid", "subject", self.ids("subject", 0, 2)[1:] * CUSTOMERS),
                    Lookup("parentcaseid", "incident", [None, cases[0], None, None]),
                ],
                states=States([s for s, _ in CASES], [s for _, s in CASES], how),
            ),
        ]

    def _activities(self, block: int) -> list[RecordBatch]:
        contacts, cases = self._pair(block)
        ours = [self._plan.environment.user] * CUSTOMERS
        texts = [f"About case {row}" for row in range(CUSTOMERS)]
        closed = [state != OPEN for state in CASES]
        return [
            self._batch(
                "phonecall",
                block,
                {"subject": texts, "directioncode": [False] * CUSTOMERS},
                [Lookup("regardingobjectid", "incident", cases)],
                parties=[Party(1, "contact", contacts), Party(2, "systemuser", ours)],
                states=_where(closed, 1, 4),
            ),
            self._batch(
                "task",
                block,
                {"subject": texts},
                [
                    Lookup("regardingobjectid", "incident", [*cases[:2], None, None]),
                    Lookup("regardingobjectid", "contact", [None, None, *contacts[2:]]),
                ],
                states=_where(closed, 1, 5),
            ),
        ]

    def _others(self, block: int) -> list[RecordBatch]:
        contacts, cases = self._pair(block)
        article = self.ids("knowledgearticle", 0, 1)
        return [
            self._batch(
                "annotation",
                block,
                {"subject": ["Summary"], "notetext": ["All well."]},
                [Lookup("objectid", "incident", cases[:1])],
            ),
            self._batch(
                "queueitem",
                block,
                {"title": [f"Item {row}" for row in range(CUSTOMERS)]},
                [
                    Lookup("objectid", "incident", cases),
                    Lookup("queueid", "queue", self.ids("queue", 0, 1) * CUSTOMERS),
                ],
                states=_where([state != OPEN for state in CASES], 1, 2),
            ),
            self._batch(
                "knowledgearticleincident",
                block,
                {"knowledgeusage": [1]},
                [
                    Lookup("knowledgearticleid", "knowledgearticle", article),
                    Lookup("incidentid", "incident", cases[:1]),
                ],
            ),
            self._batch(
                "connection",
                block,
                {"description": ["Accountant"]},
                [
                    Lookup("record1id", "contact", contacts[:1]),
                    Lookup("record2id", "contact", contacts[1:2]),
                ],
            ),
        ]

    def _pair(self, block: int) -> tuple[list[str], list[str]]:
        return self.ids("contact", block, CUSTOMERS), self.ids("incident", block, CUSTOMERS)

    def _batch(
        self,
        table: str,
        block: int,
        columns: Mapping[str, Sequence[object]],
        lookups: Sequence[Lookup] = (),
        *,
        parties: Sequence[Party] = (),
        states: States | None = None,
    ) -> RecordBatch:
        count = len(next(iter(columns.values())))
        ids = self.ids(table, block, count)
        written: dict[str, list[object]] = {
            self._plan.table(table).primary_id: list(ids),
            "importsequencenumber": [self._plan.mark] * count,
            **{name: list(values) for name, values in columns.items()},
        }
        for (name, number, row), values in self.spoilt.items():
            if (name, number) == (table, block):
                for column, value in values.items():
                    written.setdefault(column, [None] * count)[row] = value
        if states is not None and self.wrong_status == (table, block):
            states = States(states.states, [77, *states.statuses[1:]])
        return RecordBatch(table, block, ids, dict(written), lookups, parties, states)


def _where(closed: Sequence[bool], state: int, status: int) -> States:
    return States([state if yes else None for yes in closed], [status] * len(closed))
