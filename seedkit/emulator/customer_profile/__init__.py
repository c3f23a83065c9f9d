"""The actions that the Unified Customer Profile's own controls call.

Names tables, as the solution's plug-ins do. Their contracts are verified in the solution's
published source, unless a comment says otherwise.
"""

from __future__ import annotations

from seedkit.emulator.customer_profile.groups import OPERATIONS as GROUPS
from seedkit.emulator.customer_profile.holdings import OPERATIONS as HOLDINGS

OPERATIONS = (*HOLDINGS, *GROUPS)
