"""Who and where we are: the environment's identity, the caller, its currencies."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from seedkit.dataverse.client import WebApi
from seedkit.errors import ConnectionFailedError, MissingInTargetError, ServiceError

NOT_FOUND = 404


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
    me = await _who_am_i(api)
    organization = await api.get(
        "RetrieveCurrentOrganization(AccessType=@p1)",
        {"@p1": "Microsoft.Dynamics.CRM.EndpointAccessType'Default'"},
    )
    detail = organization["Detail"]
    return Environment(
        name=detail["FriendlyName"],
        url=api.url,
        id=detail.get("EnvironmentId") or detail["OrganizationId"],
        version=detail["OrganizationVersion"],
        user=me["UserId"],
    )


async def _who_am_i(api: WebApi) -> dict[str, str]:
    try:
        found: dict[str, str] = await api.get("WhoAmI")
        return found
    except ServiceError as error:
        if error.status == NOT_FOUND:
            raise ConnectionFailedError(
                f"{api.url} answers, but it is no Dataverse environment.",
                "Check the address; a local one is started with: seedkit emulator serve",
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
