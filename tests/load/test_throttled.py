"""An hour in which the service serves nobody: the run waits, or stops where it can go on."""

from __future__ import annotations

import httpx
import pytest

from seedkit.dataverse.client import RetryPolicy, WebApi
from seedkit.errors import ServiceError
from seedkit.load import load
from seedkit.progress import Unwatched
from tests.load.test_load import EXPECTED
from tests.virtual import run_virtual
from tests.worlds import FaultyTransport, TinySource, World, plan_for

HOUR = 3600.0
BEGINS = 60.0


class Throttled:
    """Refuses everything for an hour, as the service does that says when to come back."""

    def __init__(self, api: WebApi, retry_after: int) -> None:
        self._api = api
        self._retry_after = retry_after
        self._served = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response | None:
        self._served += 1
        if self._served < 8 or self._api.clock() > BEGINS + HOUR:
            return None
        body = {"error": {"code": "0x80072321", "message": "Combined execution time exceeded."}}
        return httpx.Response(429, json=body, headers={"Retry-After": str(self._retry_after)})


@pytest.mark.parametrize(("retry_after", "stops"), [(900, False), (60, True)])
def test_an_hour_of_throttling_loses_nothing(world: World, retry_after: int, stops: bool) -> None:
    async def step() -> None:
        async with world.api() as (quiet, transport):
            assert isinstance(transport, FaultyTransport)
            plan, ledger = await plan_for(quiet), world.ledger()
            ledger.add_run(plan)
            api = WebApi(transport, "http://localhost", RetryPolicy())
            transport.before.append(Throttled(api, retry_after))
            source = TinySource(plan)
            if stops:
                with pytest.raises(ServiceError, match="execution time"):
                    await load(plan, source, api, ledger, Unwatched())
                assert api.clock() < HOUR
                await api.sleep(HOUR + BEGINS)
            result = await load(plan, source, api, ledger, Unwatched())
            assert api.clock() > HOUR
            assert (result.rows, ledger.lost_rows(plan.run_id)) == (EXPECTED, [])

    run_virtual(step())
