"""Who and where we are: the environment's identity, the caller, its currencies."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from seedkit.dataverse.client import WebApi
from seedkit.errors import ConnectionFailedError, MissingInTargetError, ServiceError, SignInError

NOT_FOUND = 404
NO_MEMBER = "0x80072560"  # UserNotMemberOfOrg
LANGUAGES = "languagelocale"  # the table and, against the rule, its entity set


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment's identity, as recorded with each run."""

    name: str
    url: str
    id: str
    version: str
    user: str

    def to_json(self) -> dict[str, str]:
        """Return the plain values."""
        return asdict(self)


async def read_environment(api: WebApi) -> Environment:
    """Ask the environment who it is and who we are there."""
    me = await who_am_i(api)
    detail = await read_organization(api)
    return Environment(
        name=detail["FriendlyName"],
        url=api.url,
        id=detail.get("EnvironmentId") or detail["OrganizationId"],
        version=detail["OrganizationVersion"],
        user=me["UserId"],
    )


async def read_kind(api: WebApi) -> str:
    """Return the environment's type in the service's own word; empty when it does not tell."""
    return str((await read_organization(api)).get("OrganizationType") or "")


async def read_organization(api: WebApi) -> dict[str, str]:
    """Return what the environment tells of itself: names, ids, version, type, region."""
    answer = await api.get(
        "RetrieveCurrentOrganization(AccessType=@p1)",
        {"@p1": "Microsoft.Dynamics.CRM.EndpointAccessType'Default'"},
    )
    detail: dict[str, str] = answer["Detail"]
    return detail


async def who_am_i(api: WebApi) -> dict[str, str]:
    """Return the ids of user, business unit and organisation."""
    try:
        found: dict[str, str] = await api.get("WhoAmI")
        return found
    except ServiceError as error:
        if error.status == NOT_FOUND:
            raise ConnectionFailedError(
                f"{api.url} answers, but it is no Dataverse environment.",
                "Check the address; a local one is started with: seedkit emulator serve",
            ) from None
        if error.code == NO_MEMBER:
            raise SignInError(
                f"The sign-in to {api.url} is right, but its account is no user there.",
                "Add it in the admin centre (an application as application user, with roles), "
                "then:\nseedkit auth status --environment NAME",
            ) from None
        raise


async def read_currencies(api: WebApi) -> tuple[str, dict[str, str]]:
    """Return the base currency's ISO code and the ids of all active currencies by ISO code."""
    rows = await api.all(
        "transactioncurrencies",
        {"$select": "transactioncurrencyid,isocurrencycode", "$filter": "statecode eq 0"},
    )
    ids = {row["isocurrencycode"]: row["transactioncurrencyid"] for row in rows}
    base = (await api.get("organizations", {"$select": "_basecurrencyid_value"}))["value"]
    wanted = base[0]["_basecurrencyid_value"] if base else None
    for code, currency in ids.items():
        if currency == wanted:
            return code, ids
    raise MissingInTargetError(
        "The environment does not tell its base currency.",
        "Check that this account may read organizations and currencies.",
    )


async def read_languages(api: WebApi) -> dict[str, str]:
    """Return the ids of the languages that articles can be in, by locale id such as "1033"."""
    rows = await api.all(LANGUAGES, {"$select": "languagelocaleid,localeid"})
    return {str(row["localeid"]): row["languagelocaleid"] for row in rows}
