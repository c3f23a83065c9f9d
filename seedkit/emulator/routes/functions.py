"""Unbound functions: who calls, which version, which organisation."""

from __future__ import annotations

from seedkit.emulator.content import PLATFORM_VERSION, organization_detail
from seedkit.emulator.exchange import Answer, Request, json_answer
from seedkit.emulator.operations import Call, Kind, Operation


def response_context(request: Request, message: str) -> str:
    """Return the context address of a message's response."""
    return f"{request.root}$metadata#Microsoft.Dynamics.CRM.{message}Response"


def who_am_i(call: Call) -> Answer:
    """Answer WhoAmI, with the recommended degree of parallelism in a header."""
    store = call.session.store
    body = {
        "@odata.context": response_context(call.request, "WhoAmI"),
        "BusinessUnitId": store.fact("business unit"),
        "UserId": call.session.caller,
        "OrganizationId": store.fact("organization"),
    }
    hint = call.session.environment.settings.parallelism
    return json_answer(body) if hint is None else json_answer(body, x_ms_dop_hint=str(hint))


def retrieve_version(call: Call) -> Answer:
    """Answer RetrieveVersion."""
    context = response_context(call.request, "RetrieveVersion")
    return json_answer({"@odata.context": context, "Version": PLATFORM_VERSION})


def retrieve_current_organization(call: Call) -> Answer:
    """Answer RetrieveCurrentOrganization; the access type makes no difference here."""
    store = call.session.store
    detail = organization_detail(store.connection, call.request.root, store.fact("environment"))
    detail["OrganizationType"] = call.session.environment.settings.environment_type
    context = response_context(call.request, "RetrieveCurrentOrganization")
    return json_answer({"@odata.context": context, "Detail": detail})


OPERATIONS = (
    Operation("WhoAmI", Kind.FUNCTION, who_am_i, "documented"),
    Operation("RetrieveVersion", Kind.FUNCTION, retrieve_version, "expected"),
    Operation(
        "RetrieveCurrentOrganization",
        Kind.FUNCTION,
        retrieve_current_organization,
        "documented",
        takes=frozenset({"AccessType"}),
        needs=frozenset({"AccessType"}),
        note="The access type makes no difference here.",
    ),
)
