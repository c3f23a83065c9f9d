"""List customers with their jobs and holdings, read from a served environment.

seedkit emulator serve --port 8090
seedkit seed --profile quick --environment http://127.0.0.1:8090
python examples/web_api/list_customers.py http://127.0.0.1:8090
"""

import json
import sys
from collections import defaultdict
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

FORMATTED = "@OData.Community.Display.V1.FormattedValue"
HEADERS = {"Accept": "application/json", "Prefer": 'odata.include-annotations="*"'}


def read(root: str, path: str) -> list[dict[str, Any]]:
    """Return all rows of a query, page after page."""
    address, rows = f"{root}/api/data/v9.2/{quote(path, safe='/?$=&,_()')}", []
    while address:
        with urlopen(Request(address, headers=HEADERS), timeout=60) as answer:
            page = json.load(answer)
        rows += page["value"]
        address = page.get("@odata.nextLink")
    return rows


def main(root: str) -> None:
    customers = read(
        root,
        "contacts?$select=fullname,jobtitle&$orderby=fullname"
        "&$filter=msfsi_ismanagedbybanksystem eq true",
    )
    links = read(
        root,
        "msfsi_customerfinancialholdings?$select=_msfsi_customerid_value"
        "&$expand=msfsi_FinancialHoldingID($select=msfsi_financialholdingcategory)",
    )
    held = defaultdict(list)
    for link in links:
        holding = link["msfsi_FinancialHoldingID"]
        held[link["_msfsi_customerid_value"]].append(
            holding[f"msfsi_financialholdingcategory{FORMATTED}"]
        )
    for customer in customers:
        kinds = ", ".join(sorted(set(held[customer["contactid"]])))
        print(f"{customer['fullname']}, {customer['jobtitle']}: {kinds}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
