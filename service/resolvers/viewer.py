"""Who asks, what they may act as, and anything by its id."""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final

import strawberry

from service.db import directory as db
from service.db.nodes import BY_ID, by_ids
from service.execution.errors import BadRequest
from service.forums import BODY, FORUM_TYPES
from service.resolvers.ids import parts
from service.rules.bodies import ForumKind

ODS_CODE: Final = re.compile(r"[A-Z0-9]{3,12}")
NODES_MOST: Final = 100


async def viewer(roots: Sequence[Any], info: strawberry.Info) -> list[dict[str, Any]]:
    """Who asks."""
    context = info.context
    snapshot = await context.reading()
    entered = await snapshot.entered()
    person = (await by_ids(snapshot, "Person", [entered.person]))[0]
    seats = await db.own_seats(snapshot)
    own = None if entered.seat is None else await snapshot.one(db.SEAT_BY_ID, id=entered.seat)
    room = None if own is None else own["personal_room"]
    return [{"person": person, "id": entered.person, "seats": seats, "room_id": room} for _ in roots]


def _table(type_name: str) -> str:
    return "Forum" if type_name in FORUM_TYPES else type_name


async def named(info: strawberry.Info, given: Sequence[str]) -> list[Any]:
    """The rows of the global ids, each with its type's name; None for what is hidden, mistyped or not there."""
    snapshot = await info.context.reading()
    wanted = [parts(each) for each in given]
    tables = [_table(found[0]) if found is not None else None for found in wanted]
    rows: list[Any] = [None] * len(wanted)
    for table in dict.fromkeys(table for table in tables if table is not None and table in BY_ID):
        places = [place for place, each in enumerate(tables) if each == table]
        read = await by_ids(snapshot, table, [wanted[place][1] for place in places])  # type: ignore[index]
        for place, row in zip(places, read, strict=True):
            name = wanted[place][0]  # type: ignore[index]
            if row is not None and (table != "Forum" or BODY[ForumKind(row["kind"])].type_name == name):
                rows[place] = {**row, "__typename__": name}
    return rows


async def node(
    roots: Sequence[Any],
    info: strawberry.Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="Its global id.")],
) -> list[Any]:
    """One thing by its id."""
    found = await named(info, [id])
    return found * len(roots)


async def nodes(
    roots: Sequence[Any],
    info: strawberry.Info,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="Their global ids, at most 100.")],
) -> list[list[Any]]:
    """Several things by their ids, in their order."""
    if len(ids) > NODES_MOST:
        raise BadRequest(f"At most {NODES_MOST} ids.", field=("ids",), rule=f"at most {NODES_MOST}")
    found = await named(info, ids)
    return [found for _ in roots]


async def organisation(
    roots: Sequence[Any],
    info: strawberry.Info,
    ods_code: Annotated[str, strawberry.argument(description="The organisation's ODS code, such as RTD.")],
) -> list[Any]:
    """One organisation by its ODS code."""
    if not ODS_CODE.fullmatch(ods_code):
        return [None for _ in roots]
    snapshot = await info.context.reading()
    return [await snapshot.one(db.ORGANISATION_BY_ODS_CODE, ods_code=ods_code)] * len(roots)


async def forum(
    roots: Sequence[Any],
    info: strawberry.Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="The body's global id.")],
) -> list[Any]:
    """One body by its id."""
    rows = await named(info, [id])
    found = rows[0] if rows[0] is not None and rows[0]["__typename__"] in FORUM_TYPES else None
    return [found] * len(roots)
