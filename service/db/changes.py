"""What changed, for whoever may see it: each row at least once after it changed, none before it was committed.

A position is a snapshot of PostgreSQL's own and the rooms that were told of in full by then. What a later one sees
and the position's did not is news; so a transaction that began early and committed late is not missed, and nobody
writes a number that another has to wait for. A room that opened since is told of whole, one that closed is to be
forgotten.

One *pass* goes from a position to the snapshot of its first page, whatever is committed while it is read page by page.
Triggers keep the lines (`migrations/feed`); every row told of is first read under the reader's own rights (THREATS,
conclusion 10, A11, E12).
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, Self
from uuid import UUID

import orjson

from service.access.viewer import NIL, Doorway, Row, Snapshot
from service.db.nodes import BY_ID, by_ids
from service.forums import BODY
from service.rules.bodies import ForumKind

_STANDING: Final = (
    "select pg_current_snapshot()::text as now, array(select distinct d.into_room from graph.door d) as rooms,"
    " concat_ws('.', (select c.system_identifier from pg_control_system() c),"
    " (select d.oid from pg_database d where d.datname = current_database())) as origin"
)
_OPENED: Final = "select room_id, node, id from access.feed_opened($1, $2, $3, $4, $5, $6, $7, $8)"
_CHANGED: Final = (
    "select room_id, node, id, taken, changed_in from access.feed_changed($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
)
_STIRRED: Final = "select room_id from access.feed_stirred($1, $2, $3)"
_NOW: Final = "select pg_current_snapshot()::text"
_REFERENCE: Final = frozenset({"Organisation", "Person", "ReportDefinition", "Metric"})
FOLLOWED: Final = BY_ID.keys() - _REFERENCE
"""The types whose things are told of. The others are reference data, and people, who are read with their seats."""
_TYPES: Final = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): name for name in FOLLOWED}


class ChangeKind(Enum):
    """What a change asks of whoever keeps a copy."""

    CHANGED = "CHANGED"
    GONE = "GONE"
    ROOM_CLOSED = "ROOM_CLOSED"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing changed in a room: its GraphQL type and row id; neither where the room itself closed."""

    kind: ChangeKind
    room: UUID
    type_name: str | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The last row considered of an unfinished pass; `changed_in` where the pass has come to rooms open before."""

    room: UUID
    node: str
    id: UUID
    changed_in: str | None = None


_BEGINNING: Final = Place(NIL, "", NIL, "0")
"""Of what changed in rooms that were open before: all of a pass is told of the rooms that opened."""


class StalePosition(Exception):
    """The position was told by another database, such as the one before a restore: begin again with none."""


@dataclass(frozen=True, slots=True)
class Position:
    """What a reader was told: all of `rooms` as it stood in `seen`; of a pass under way, how far towards `until`.

    It holds numbers of transactions, which tell how much happens elsewhere: it is sealed before it leaves the service.
    """

    origin: str
    seen: str
    rooms: frozenset[UUID]
    until: str | None = None
    opened: frozenset[UUID] = frozenset()
    after: Place | None = None

    def packed(self) -> bytes:
        """As bytes: a head of JSON, its length before it, then 16 bytes for each room."""
        place = self.after
        last = None if place is None else [str(place.room), place.node, str(place.id), place.changed_in]
        head = orjson.dumps([self.origin, self.seen, len(self.rooms), self.until, last])
        rooms = b"".join(room.bytes for group in (self.rooms, self.opened) for room in sorted(group))
        return len(head).to_bytes(4, "big") + head + rooms

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """From `packed`."""
        start = 4 + int.from_bytes(packed[:4], "big")
        origin, seen, known, until, last = orjson.loads(packed[4:start])
        rooms = [UUID(bytes=packed[at : at + 16]) for at in range(start, len(packed), 16)]
        place = None if last is None else Place(UUID(last[0]), last[1], UUID(last[2]), last[3])
        return cls(origin, seen, frozenset(rooms[:known]), until, frozenset(rooms[known:]), place)

    @classmethod
    async def now(cls, snapshot: Snapshot) -> Self:
        """The position from which only what comes later is told."""
        standing = await _standing(snapshot)
        return cls(standing["origin"], standing["now"], frozenset(standing["rooms"]))


@dataclass(frozen=True, slots=True)
class Page:
    """Changes in order within each room, the position after them, and whether the pass goes on."""

    changes: list[Change]
    position: Position
    more: bool


async def changes_since(snapshot: Snapshot, doorway: Doorway, position: Position | None, first: int) -> Page:
    """At most `first` changes of what the entered viewer may see, after a position; all that is there after None.

    Raises StalePosition.
    """
    standing = await _standing(snapshot)
    rooms = frozenset(standing["rooms"])
    if position is None:
        position = Position(standing["origin"], standing["now"], frozenset())
    if position.origin != standing["origin"]:
        raise StalePosition
    if position.until is None:
        position = replace(position, until=standing["now"], opened=rooms - position.rooms)
    changes, position = _closed(position, rooms, first)
    if position.after is None or position.after.changed_in is None:
        opened = _opened_in(snapshot, doorway, position)
        told, last, all_told = await _read(snapshot, first - len(changes), position.after, opened)
        changes, position = changes + told, replace(position, after=_BEGINNING if all_told else last)
        if not all_told:
            return Page(changes, position, more=True)
    changed = _changed_in(snapshot, doorway, position)
    told, last, all_told = await _read(snapshot, first - len(changes), position.after, changed)
    if not all_told:
        return Page(changes + told, replace(position, after=last), more=True)
    assert position.until is not None
    return Page(changes + told, Position(position.origin, position.until, position.rooms | position.opened), more=False)


async def stirred_since(snapshot_text: str | None, doorway: Doorway) -> tuple[str, frozenset[UUID]]:
    """The snapshot now, and the rooms in which something changed since another: for the service's own use alone."""
    async with doorway.pool.acquire() as connection:
        now: str = await connection.fetchval(_NOW)
        if snapshot_text is None:
            return now, frozenset()
        rows = await connection.fetch(_STIRRED, snapshot_text, *doorway.feed_proof(connection))
        return now, frozenset(row["room_id"] for row in rows)


async def _standing(snapshot: Snapshot) -> Row:
    (standing,) = await snapshot.call(_STANDING)
    return standing


def _closed(position: Position, rooms: frozenset[UUID], first: int) -> tuple[list[Change], Position]:
    """The rooms that are closed now, forgotten: should one open again, it is told of whole."""
    closed = sorted((position.rooms | position.opened) - rooms)[:first]
    kept = replace(position, rooms=position.rooms - set(closed), opened=position.opened - set(closed))
    return [Change(ChangeKind.ROOM_CLOSED, room) for room in closed], kept


Fetch = Callable[[Place | None, int], Awaitable[list[Row]]]


def _opened_in(snapshot: Snapshot, doorway: Doorway, position: Position) -> Fetch:
    async def fetch(after: Place | None, most: int) -> list[Row]:
        if not position.opened:
            return []
        place = (None, None, None) if after is None else (after.room, after.node, after.id)
        proof = doorway.feed_proof(snapshot.connection)
        return await snapshot.call(_OPENED, sorted(position.opened), position.until, *place, most, *proof)

    return fetch


def _changed_in(snapshot: Snapshot, doorway: Doorway, position: Position) -> Fetch:
    async def fetch(after: Place | None, most: int) -> list[Row]:
        if not position.rooms or position.seen == position.until:
            return []
        assert after is not None
        proof = doorway.feed_proof(snapshot.connection)
        between = (sorted(position.rooms), position.seen, position.until)
        place = (after.changed_in, after.room, after.node, after.id)
        return await snapshot.call(_CHANGED, *between, *place, most, *proof)

    return fetch


async def _read(
    snapshot: Snapshot, most: int, after: Place | None, fetch: Fetch
) -> tuple[list[Change], Place | None, bool]:
    """At most so many changes, the last row considered, and whether there is none after it."""
    changes: list[Change] = []
    while wanted := most - len(changes):
        rows = await fetch(after, wanted)
        changes += await _visible(snapshot, rows)
        if len(rows) < wanted:
            return changes, after, True
        last = rows[-1]
        after = Place(last["room_id"], last["node"], last["id"], last.get("changed_in"))
    return changes, after, False


async def _visible(snapshot: Snapshot, rows: Sequence[Row]) -> list[Change]:
    """The rows that the reader may see; and of those taken from this very reader, the ones that they may not."""
    types: dict[UUID, str] = {}
    for node in dict.fromkeys(row["node"] for row in rows):
        name = _TYPES[node]
        columns = frozenset({"kind"} if name == "Forum" else ())
        ids = list(dict.fromkeys(row["id"] for row in rows if row["node"] == node))
        for found in await by_ids(snapshot, name, ids, columns):
            if found is not None:
                types[found["id"]] = BODY[ForumKind(found["kind"])].type_name if name == "Forum" else name
    told = [(row, types.get(row["id"]), row.get("taken", False)) for row in rows]
    return [
        Change(ChangeKind.GONE if taken else ChangeKind.CHANGED, row["room_id"], seen or _TYPES[row["node"]], row["id"])
        for row, seen, taken in told
        if (seen is None) == taken
    ]
