"""Every point of the checklist with its rules, each broken in one way."""

from __future__ import annotations

from collections.abc import Mapping

from tests.emulator.mutations import (
    answers,
    beyond,
    columns,
    derived,
    keys,
    limits,
    messages,
    rights,
    schema,
)
from tests.emulator.mutations.model import Mutation, Point

CHECKLIST = range(1, 18)  # the points that the environment's faithfulness was first defined by

POINTS: Mapping[int, Point] = {
    1: Point("content types, versions, confirmed preferences, empty answers", answers.HEADERS),
    2: Point("addresses of written rows", answers.ADDRESSES),
    3: Point("contexts", answers.CONTEXTS),
    4: Point("versions and conditions", answers.VERSIONS),
    5: Point("names of columns and navigation properties", answers.NAMES),
    6: Point("rules of columns", columns.COLUMNS),
    7: Point("back-dating and the import number", columns.BACKDATING),
    8: Point("keys", keys.KEYS),
    9: Point("deletes", keys.DELETES),
    10: Point("bulk messages", messages.BULK),
    11: Point("batches and change sets", messages.BATCH),
    12: Point("pages and counts", messages.PAGES),
    13: Point("service protection", limits.THROTTLING),
    14: Point("bulk delete jobs", schema.JOBS),
    15: Point("metadata", schema.METADATA),
    16: Point("privileges", rights.PRIVILEGES),
    17: Point("faults", limits.FAULTS),
    18: Point("reading", beyond.READING),
    19: Point("FetchXML", beyond.FETCH),
    20: Point("files", beyond.FILES),
    21: Point("this machine only", beyond.MACHINE),
    22: Point("what the platform works out", derived.FILLED),
    23: Point("related rows", derived.RELATED),
    24: Point("recycle bin, duplicates, merges", derived.BIN),
    25: Point("changes of the schema", derived.SCHEMA),
}

MUTATIONS: tuple[tuple[int, Mutation], ...] = tuple(
    (number, mutation) for number, point in POINTS.items() for mutation in point.mutations
)
