"""Where a person looks at a row."""

from __future__ import annotations

from seedkit.dataverse.client import API_PATH
from seedkit.settings import LOCAL_PORT, LOCAL_URL, is_loopback


def link_to(url: str, table: str, path: str, id: str, app: str | None = None) -> str:
    """Return the address of a row's form, or of the row itself where there are no forms.

    `path` is its address below the Web API's root, `app` the id of the app that shows it. The local
    environment's is where it answers once it is served.
    """
    if is_loopback(url):
        served = f"{LOCAL_URL}:{LOCAL_PORT}" if url == LOCAL_URL else url
        return f"{served}{API_PATH}{path}"
    chosen = f"appid={app}&" if app else ""
    return f"{url}/main.aspx?{chosen}pagetype=entityrecord&etn={table}&id={id}"
