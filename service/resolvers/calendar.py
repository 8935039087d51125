"""A seat's calendar: an address that only its holder knows, and what stands there.

A calendar program signs in nowhere, so whoever has the address reads it, as the seat sees it at that moment and never
longer than the seat lasts. Its 256 bits are told once, by the act that makes them; the database holds their hash.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from uuid import UUID

from service.access.viewer import Doorway, UnknownSeat
from service.db import calendar as db
from service.resolvers.acting import Acting, Done, Target
from service.resolvers.context import keyed_mark
from service.resolvers.ids import global_id
from service.resolvers.own_sign_ins import load_self
from service.rules.calendar_feed import Dates, calendar_of, closing_day, opening_day

if TYPE_CHECKING:
    from service.schema.calendar import CalendarAddressCreateInput, CalendarAddressRevokeInput

PATH: Final = "/calendar/{token}.ics"
TOKEN_BYTES: Final = 32
load_seat = load_self


def digest_of(token: str) -> bytes:
    """What is kept of an address."""
    return sha256(token.encode("utf-8", "replace")).digest()


async def create(acting: Acting, target: Target, said: CalendarAddressCreateInput) -> Done:
    """Make the seat's address; the one before it opens nothing any more."""
    context, account, token = acting.context, acting.context.viewer.account, secrets.token_urlsafe(TOKEN_BYTES)
    assert account is not None
    await db.create(acting.snapshot, context.doorway, account, digest_of(token))
    context.told_once = PATH.format(token=token)
    return Done(acting.seat["id"], "calendarAddress.created", None)


async def revoke(acting: Acting, target: Target, said: CalendarAddressRevokeInput) -> Done:
    """Let the seat's address open nothing any more; done too where there was none."""
    await db.revoke(acting.snapshot)
    return Done(acting.seat["id"], "calendarAddress.revoked", None)


async def at_address(doorway: Doorway, key: bytes, token: str) -> bytes | None:
    """The calendar that the seat of an address sees now; None for any other token."""
    viewer = await db.reader(doorway, digest_of(token))
    if viewer is None:
        return None
    seat = viewer.seat
    assert seat is not None
    try:
        async with doorway.reading(viewer) as snapshot:
            rows = await db.dates(snapshot, seat)
    except UnknownSeat:  # it ended in between
        return None
    seen = [
        Dates(
            global_id("Consultation", row["id"]),
            opening_day(row["opened_at"], row["opens_on"]),
            closing_day(row["closes_at"], row["closes_on"]),
            closing_day(row["extended_to"]),
        )
        for row in rows
    ]
    return calendar_of(seen, lambda reference, kind: _uid(key, seat, reference, kind))


def _uid(key: bytes, seat: UUID, reference: str, kind: str) -> str:
    return keyed_mark(key, "uid", seat, reference, kind).hex()
