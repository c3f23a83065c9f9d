"""The clouds that Dataverse runs in: where their people sign in, how their addresses end.

Sources: Microsoft's pages on national clouds and on the discovery service.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit


class Cloud(StrEnum):
    """A cloud, by the name that the configuration gives it."""

    COMMERCIAL = "commercial"
    GCC = "gcc"
    GCC_HIGH = "gcc-high"
    DOD = "dod"
    CHINA = "china"


@dataclass(frozen=True, slots=True)
class CloudFacts:
    """A cloud's sign-in host, and the pattern and an example of its environments' hosts."""

    authority_host: str
    hosts: re.Pattern[str]
    example: str


_WORLD = "login.microsoftonline.com"
_GOVERNMENT = "login.microsoftonline.us"
_ORGANISATION = r"[a-z0-9-]+(\.api)?"
CLOUDS = {
    # GCC shares the commercial suffix and the sign-in host; only its region label is its own.
    Cloud.COMMERCIAL: CloudFacts(
        _WORLD,
        re.compile(rf"{_ORGANISATION}\.crm(?!9\.)\d*\.dynamics\.com"),
        "contoso.crm4.dynamics.com",
    ),
    Cloud.GCC: CloudFacts(
        _WORLD, re.compile(rf"{_ORGANISATION}\.crm9\.dynamics\.com"), "contoso.crm9.dynamics.com"
    ),
    Cloud.GCC_HIGH: CloudFacts(
        _GOVERNMENT,
        re.compile(rf"{_ORGANISATION}\.crm\.microsoftdynamics\.us"),
        "contoso.crm.microsoftdynamics.us",
    ),
    Cloud.DOD: CloudFacts(
        _GOVERNMENT,
        re.compile(rf"{_ORGANISATION}\.crm\.appsplatform\.us"),
        "contoso.crm.appsplatform.us",
    ),
    Cloud.CHINA: CloudFacts(
        "login.partner.microsoftonline.cn",
        re.compile(rf"{_ORGANISATION}\.crm\d*\.dynamics\.cn"),
        "contoso.crm.dynamics.cn",
    ),
}


def fits(cloud: Cloud, url: str) -> bool:
    """Tell whether an address belongs to a cloud."""
    return CLOUDS[cloud].hosts.fullmatch((urlsplit(url).hostname or "").lower()) is not None


def cloud_of(url: str) -> Cloud | None:
    """Return the cloud that an address belongs to, None for other addresses."""
    return next((cloud for cloud in CLOUDS if fits(cloud, url)), None)
