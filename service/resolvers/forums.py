"""What a body shows of itself: the rooms that are open, and what was done in them."""

from collections.abc import Sequence
from typing import Any

import strawberry

from service.access.viewer import Row
from service.db import directory as db
from service.db.traces import AUDIT_OF_ROOMS
from service.resolvers.paging import field_of, pages_of

PAGE = {"first": None, "after": None, "last": None, "before": None}


async def rooms_of_forums(forums: Sequence[Row], info: strawberry.Info) -> list[list[str]]:
    """The purposes of each body's rooms that the viewer has open."""
    snapshot = await info.context.reading()
    found: dict[Any, list[str]] = {forum["id"]: [] for forum in forums}
    for room in await snapshot.fetch(db.ROOMS_OF_FORUMS, ids=list(found)):
        found[room["parent"]].append(room["purpose"])
    return [found[forum["id"]] for forum in forums]


async def audit_of_forums(forums: Sequence[Row], info: strawberry.Info, **place: Any) -> list[Any]:
    """The audit of the room in which each body's officers, or else its members, meet."""
    snapshot = await info.context.reading()
    rooms = {
        row["parent"]: row["id"] for row in await snapshot.fetch(db.AUDITED_ROOMS, ids=[each["id"] for each in forums])
    }
    parents = [{"room": rooms.get(forum["id"])} for forum in forums]
    field = field_of(info)
    return await pages_of(info.context, field, AUDIT_OF_ROOMS, parents, {**PAGE, **place}, key="room")  # type: ignore[arg-type]


async def audit_of_rooms(rows: Sequence[Row], info: strawberry.Info, **place: Any) -> list[Any]:
    """The audit of the room in which each of these rows is."""
    field = field_of(info)
    return await pages_of(info.context, field, AUDIT_OF_ROOMS, rows, {**PAGE, **place}, key="room_id")
