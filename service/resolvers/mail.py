"""One's own mail: where and when it says that there may be something new. Of each sign-in for itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

from service.access.viewer import Row
from service.db import mail as db
from service.resolvers.acting import Acting, Done, Refused, Target, refuse_if
from service.resolvers.mail_marks import address_mark, code_of, opened_address, same_code, sealed_address
from service.resolvers.own_sign_ins import load_self
from service.rules.mail import CODE_LASTS, MOST_CODES, Cadence, address_of, preference_problems
from service.rules.problems import Code, Problem

if TYPE_CHECKING:
    from service.schema.mail import MailAddressConfirmInput, MailPreferenceSetInput

__all__ = ["confirm_address", "load_self", "preferences", "set_preference"]


async def preferences(roots: Sequence[Row], info: strawberry.Info) -> list[dict[str, Any] | None]:
    """The preference of the account that asks; what the service's secret no longer opens is none."""
    context = info.context
    account: UUID | None = context.viewer.account
    row = None if account is None else await db.own(await context.reading(), context.doorway, account)
    found = None
    if row is not None and account is not None:
        address = opened_address(context.keys.mail, account, row["address"])
        waits = row["state"] == "UNCONFIRMED"
        if address is not None:
            found = {**row, "address": address, "confirm_by": row["code_until"] if waits else None}
    return [found for _ in roots]


async def set_preference(acting: Acting, target: Target, said: MailPreferenceSetInput) -> Done:
    """Off, or on from now; a new address waits for its code."""
    context, account = acting.context, acting.context.viewer.account
    assert account is not None
    done = Done(target.row["id"], "mailPreference.set", None)
    cadence = Cadence(said.cadence)
    refuse_if(preference_problems(said.address, cadence, said.understood))
    if cadence is Cadence.OFF:
        await db.off(acting.snapshot, context.doorway, account)
        return done
    if not context.sends_mail:
        raise Refused(Problem(Code.WRONG_STATE, "This service sends no mail."))
    given = None
    if said.address is not None:
        address = address_of(said.address)
        assert address is not None
        given = (sealed_address(context.keys.mail, account, address), address_mark(context.keys.mail, address))
    until = acting.now + CODE_LASTS
    match await db.set_(acting.snapshot, context.doorway, account, cadence, given, until, MOST_CODES):
        case "NONE":
            raise Refused(Problem(Code.REQUIRED, "Give the address: none of yours is confirmed.", ("address",)))
        case "TOO_MANY":
            message = f"At most {MOST_CODES} codes are mailed for one sign-in in a day."
            raise Refused(Problem(Code.TOO_MANY, message, ("address",)))
        case _:
            return done


async def confirm_address(acting: Acting, target: Target, said: MailAddressConfirmInput) -> Done:
    """The address is whose the code is; a wrong code, an old one, and none to give are the same."""
    context, account = acting.context, acting.context.viewer.account
    assert account is not None
    row = await db.own(acting.snapshot, context.doorway, account)
    if (
        row is None
        or not same_code(code_of(context.keys.mail, row["id"], row["address_mark"], row["code_number"]), said.code)
        or not await db.confirm(acting.snapshot, context.doorway, account, row["code_number"])
    ):
        raise Refused(Problem(Code.NOT_FOUND, "This code opens nothing.", ("code",)))
    return Done(target.row["id"], "mailPreference.confirmed", None)
