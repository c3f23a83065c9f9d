"""Refusals of FetchXML and SQL queries.

Codes are the platform's published numbers for faults of its query builder; which fault gets which
of them is expected where no source shows the pair.
"""

from __future__ import annotations

from seedkit.emulator.errors import Kind, PlatformError

NO_ENTITY = Kind("0x80041102", 400, "expected")
NO_ATTRIBUTE = Kind("0x80041103", 400, "expected")
BAD_CONDITION = Kind("0x80041106", 400, "expected")
ATTRIBUTE_WITH_AGGREGATE = Kind("0x80041107", 400, "expected")
BAD_VALUE = Kind("0x80041108", 400, "expected")
BAD_ALIAS = Kind("0x80041109", 400, "expected")
UNKNOWN_ALIAS = Kind("0x8004110a", 400, "expected")
NO_ALIAS = Kind("0x8004110b", 400, "expected")
BAD_FLAG = Kind("0x80041115", 400, "inferred")
BAD_LINK_TYPE = Kind("0x80041117", 400, "expected")
LINK_ATTRIBUTES = Kind("0x80041118", 400, "expected")
BAD_AGGREGATE = Kind("0x8004111a", 400, "expected")
BAD_NODE = Kind("0x8004111c", 400, "expected")
MISSING_XML_ATTRIBUTE = Kind("0x8004111e", 400, "expected")
BAD_OPERATOR = Kind("0x80041120", 400, "expected")
BAD_FILTER_TYPE = Kind("0x80041122", 400, "expected")
NO_ELEMENT = Kind("0x80041123", 400, "expected")
EMPTY_XML = Kind("0x80041124", 400, "expected")
BAD_XML = Kind("0x80041125", 400, "expected")
NO_LINK_FOR_ORDER = Kind("0x80041126", 400, "expected")
BAD_TOP = Kind("0x80041127", 400, "expected")
OTHER_ENTITY = Kind("0x80041128", 400, "expected")
BAD_COOKIE = Kind("0x80040203", 400, "inferred")
BAD_PAGING = Kind("0x80040203", 400, "inferred")
TOO_FAR = Kind("0x8004430a", 400, "expected")
TOO_MANY_LINKS = Kind("0x8004430d", 400, "documented")
TOO_MANY_AGGREGATED = Kind("0x8004e023", 400, "documented")
BAD_SQL = Kind("0x80040203", 400, "inferred")


def no_attribute(table: str, name: str) -> PlatformError:
    """Return the refusal of a column that a query names and the table lacks."""
    return PlatformError(
        NO_ATTRIBUTE,
        f"'{table}' entity doesn't contain attribute with Name = '{name}' and NameMapping = "
        "'Logical'.",
    )


def too_many_links() -> PlatformError:
    """Return the refusal of a query that joins more tables than the platform lets it."""
    return PlatformError(TOO_MANY_LINKS, "Number of link entities in query exceeded maximum limit.")


def no_entity(name: str) -> PlatformError:
    """Return the refusal of a table that isn't there."""
    return PlatformError(
        NO_ENTITY,
        f"The entity with a name = '{name}' with namemapping = 'Logical' was not found in the "
        "MetadataCache.",
    )


def bad_operator(operator: str, name: str, kind: str) -> PlatformError:
    """Return the refusal of an operator that a column's type doesn't have."""
    return PlatformError(
        BAD_OPERATOR, f"The operator '{operator}' is not valid for '{name}' of the type '{kind}'."
    )
