"""Taking up a manner: acting for another user, and skipping the customer's own logic.

Both need a privilege. It is asked for before anything is written, and in our own name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import who_am_i
from seedkit.dataverse.manner import Manner
from seedkit.dataverse.people import find_user
from seedkit.dataverse.principals import User
from seedkit.dataverse.privileges import held
from seedkit.errors import MissingInTargetError, MissingPrivilegeError, ServiceError

NOBODY = "nobody"  # in place of a user: act in our own name, whatever the run did
ACT_FOR_OTHERS = "prvActOnBehalfOfAnotherUser"
BYPASS = "prvBypassCustomBusinessLogic"
BACKDATE = "prvOverrideCreatedOnCreatedBy"
DOES_NOT_TELL = frozenset({400, 403, 404, 501})  # an unknown name, or users that can't be read


@dataclass(frozen=True, slots=True)
class Acting:
    """What a command asks for; None: as the run did."""

    impersonate: str | None = None
    bypass_logic: bool | None = None

    async def begin(
        self, api: WebApi, me: str, recorded: Manner, wanted: Iterable[str] = ()
    ) -> frozenset[str]:
        """Make requests in this manner from now on; return which wanted privileges there are.

        `me` is our own systemuserid. A privilege counts when all who act have it.
        MissingPrivilegeError when the manner needs one that is missing, MissingInTargetError when
        the user is not there or disabled.
        """
        manner = await self._manner(api, recorded)
        user = manner.impersonated
        names = {*wanted, *_needed(manner)}
        rights = await _rights(api, me, names)
        if user is not None:
            if ACT_FOR_OTHERS not in rights:
                raise _may_not_act(user)
            rights &= await _rights(api, user.id, names)
        if manner.bypass_logic and BYPASS not in rights:
            raise _may_not_bypass(user)
        api.manner = manner
        await _check_name(api)
        return rights

    async def _manner(self, api: WebApi, recorded: Manner) -> Manner:
        bypass = recorded.bypass_logic if self.bypass_logic is None else self.bypass_logic
        if self.impersonate is None and recorded.impersonated is not None:
            return Manner(await _still_there(api, recorded.impersonated), bypass)
        if self.impersonate is None or self.impersonate == NOBODY:
            return Manner(None, bypass)
        return Manner(await find_user(api, self.impersonate), bypass)


async def _still_there(api: WebApi, user: User) -> User:
    """Return the user in whose name a run was made, as things stand now."""
    try:
        return await find_user(api, user.id)
    except MissingInTargetError:
        raise MissingInTargetError(
            f"The run was made in the name of {user.name}, who is gone or disabled by now.",
            f"Name somebody else, or act in your own name: --impersonate {NOBODY}",
        ) from None


def _needed(manner: Manner) -> Iterator[str]:
    if manner.impersonated is not None:
        yield ACT_FOR_OTHERS
    if manner.bypass_logic:
        yield BYPASS


async def _rights(api: WebApi, user: str, names: Collection[str]) -> frozenset[str]:
    """Return which privileges a user has; none where the environment does not tell."""
    if not names:
        return frozenset()
    try:
        return frozenset(await held(api, user, sorted(names)))
    except ServiceError as error:
        if error.status not in DOES_NOT_TELL:
            raise
        return frozenset()


async def _check_name(api: WebApi) -> None:
    """Stop when the service does not take us for the user in whose name we ask."""
    user = api.manner.impersonated
    if user is not None and (await who_am_i(api))["UserId"] != user.id:
        raise MissingPrivilegeError(
            f"{api.url} does not let us act in the name of {user.name}; nothing was changed.",
            "Check whether a proxy in between takes headers away, or leave out --impersonate.",
        )


def _may_not_act(user: User) -> MissingPrivilegeError:
    return MissingPrivilegeError(
        f"This account may not act in the name of {user.name}: it lacks the privilege "
        f"{ACT_FOR_OTHERS}; nothing was changed.",
        f"Give it the security role Delegate, or act in your own name: --impersonate {NOBODY}",
    )


def _may_not_bypass(user: User | None) -> MissingPrivilegeError:
    who = "This account" if user is None else f"This account, or {user.name},"
    return MissingPrivilegeError(
        f"{who} may not skip the customer's own logic: the privilege {BYPASS} is missing; "
        "nothing was changed.",
        "System administrators have it, and it can be added to a role. "
        "Or let that logic run: --no-bypass-logic",
    )
