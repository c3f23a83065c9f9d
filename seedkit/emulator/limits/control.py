"""Admin routes for faults and for what service protection has counted."""

from __future__ import annotations

from typing import Any

from seedkit.emulator.admin import AdminCall, AdminError, AdminRoute


def _show(call: AdminCall) -> Any:
    faults = call.host.gate.faults
    return {"faults": []} if faults is None else faults.report()


def _put(call: AdminCall) -> Any:
    from seedkit.emulator.limits.rules import RulesError, parse_rules

    try:
        call.host.set_faults(parse_rules(call.body))
    except RulesError as error:
        raise AdminError(400, str(error)) from None
    return _show(call)


def _remove(call: AdminCall) -> None:
    call.host.set_faults(None)


def _limits(call: AdminCall) -> Any:
    return call.host.gate.protection.counts()


ADMIN_ROUTES = (
    AdminRoute("GET", "/faults", _show, "the fault rules, how often each matched and fired"),
    AdminRoute("PUT", "/faults", _put, "put fault rules in force: {seed, faults: [...]}"),
    AdminRoute("DELETE", "/faults", _remove, "end all faults"),
    AdminRoute("GET", "/limits", _limits, "what each user has used of the service limits"),
)
