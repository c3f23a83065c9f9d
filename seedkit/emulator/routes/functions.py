"""Unbound functions: who calls, which version, which organisation."""

from __future__ import annotations

from seedkit.emulator.content import PLATFORM_VERSION, organization_detail
from seedkit.emulator.errors import ADDRESS, PlatformError
from seedkit.emulator.exchange import Answer, Request, json_answer
from seedkit.emulator.session import Session

PARALLELISM = 4  # what Microsoft's sample environment recommended


def response_context(request: Request, message: str) -> str:
    """Return the context address of a message's response."""
    return f"{request.root}$metadata#Microsoft.Dynamics.CRM.{message}Response"


def who_am_i(request: Request, session: Session, argument: str | None) -> Answer:
    """Answer WhoAmI, with the recommended degree of parallelism in a header."""
    _refuse_argument("WhoAmI", argument)
    store = session.store
    body = {
        "@odata.context": response_context(request, "WhoAmI"),
        "BusinessUnitId": store.fact("business unit"),
        "UserId": session.caller,
        "OrganizationId": store.fact("organization"),
    }
    return json_answer(body, x_ms_dop_hint=str(PARALLELISM))


def retrieve_version(request: Request, _session: Session, argument: str | None) -> Answer:
    """Answer RetrieveVersion."""
    _refuse_argument("RetrieveVersion", argument)
    context = response_context(request, "RetrieveVersion")
    return json_answer({"@odata.context": context, "Version": PLATFORM_VERSION})


def retrieve_current_organization(
    request: Request, session: Session, argument: str | None
) -> Answer:
    """Answer RetrieveCurrentOrganization; the access type makes no difference here."""
    if argument is None or not argument.startswith("AccessType="):
        raise PlatformError(ADDRESS, "RetrieveCurrentOrganization needs the parameter AccessType.")
    detail = organization_detail(
        session.store.connection, request.root, session.store.fact("environment")
    )
    context = response_context(request, "RetrieveCurrentOrganization")
    return json_answer({"@odata.context": context, "Detail": detail})


def _refuse_argument(name: str, argument: str | None) -> None:
    if argument:
        raise PlatformError(ADDRESS, f"{name} takes no parameters.")
