"""What changed, for whoever may see it: each thing at least once after it changed, none before it was committed.

A position is a snapshot of PostgreSQL's own and the rooms that were told of in full by then. What a later one sees and
the position's did not is news; so a transaction that began early and committed late is not missed, and nobody writes a
number that another has to wait for. What is in a room that opened since is told of whole; of what was in one that
closed, the reader is told what they may still see, in another way, and what they must forget.

One *pass* goes from a position to the snapshot of its first page, whatever is committed while it is read page by page.
Triggers keep the lines (`migrations/feed`); every row told of is first read under the reader's own rights (THREATS,
conclusion 10, A11, E12).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, IntEnum
from itertools import pairwise
from typing import Any, Final, Self, assert_never
from uuid import UUID

import orjson

from service.access.viewer import NIL, Doorway, Row, Snapshot
from service.db.nodes import BY_ID, by_ids
from service.forums import BODY
from service.rules.bodies import ForumKind

_STANDING: Final = (
    "select pg_current_snapshot()::text as now, access.person() as person,"
    " array(select distinct d.into_room from graph.door d) as rooms,"
    " concat_ws('.', (select c.system_identifier from pg_control_system() c),"
    " (select d.oid from pg_database d where d.datname = current_database())) as origin"
)
_CLOSED: Final = (
    "select room_id, node, id, kind, taken, null as changed_in"
    " from access.feed_closed($1, $2, $3, $4, $5, $6, $7, $8, $9)"
)
_OPENED: Final = (
    "select room_id, node, id, null as kind, false as taken, null as changed_in"
    " from access.feed_opened($1, $2, $3, $4, $5, $6, $7, $8)"
)
_CHANGED: Final = (
    "select room_id, node, id, null as kind, taken, changed_in"
    " from access.feed_changed($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
)
_STIRRED: Final = "select room_id from access.feed_stirred($1, $2, $3)"
_BEGINNING: Final = ("0", NIL, "", NIL)
_NO_LONGER_HELD: Final = "select place from access.no_longer_held($1, $2, $3, $4)"
_NOW: Final = "select pg_current_snapshot()::text"
_REFERENCE: Final = frozenset({"Organisation", "Person", "ReportDefinition", "Metric"})
FOLLOWED: Final = BY_ID.keys() - _REFERENCE
"""The types whose things are told of. The others are reference data, and people, who are read with their seats."""
_TYPES: Final = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): name for name in FOLLOWED}


class ChangeKind(Enum):
    """What a change asks of whoever keeps a copy."""

    CHANGED = "CHANGED"
    GONE = "GONE"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing, by its GraphQL type and row id, and the room that told of it: a person where it is their own."""

    kind: ChangeKind
    type_name: str
    id: UUID
    room: UUID


class Stage(IntEnum):
    """How far a pass has come."""

    CLOSED = 0
    OPENED = 1
    CHANGED = 2


@dataclass(frozen=True, slots=True)
class Pass:
    """A pass under way: to which snapshot, which rooms closed and opened before it, and the last row considered.

    The reader could have seen what stood in the snapshot `known` in the rooms that they were `told` of. `after` is
    (room, node, id), and for what changed the transaction before them; None at the beginning of a stage.
    """

    until: str
    known: str
    told: frozenset[UUID]
    closed: frozenset[UUID]
    opened: frozenset[UUID]
    stage: Stage = Stage.CLOSED
    after: tuple[Any, ...] | None = None


class StalePosition(Exception):
    """The position was told by another database, such as the one before a restore: begin again with none."""


@dataclass(frozen=True, slots=True)
class Position:
    """What a reader was told: all of `rooms` as it stood in `seen`, and of a pass under way, how far.

    It holds numbers of transactions, which tell how much happens elsewhere: it is sealed before it leaves the service.
    """

    origin: str
    seen: str
    rooms: frozenset[UUID]
    under_way: Pass | None = None

    def packed(self) -> bytes:
        """As bytes: a head of JSON, its length before it, then 16 bytes for each room."""
        head: list[Any] = [self.origin, self.seen, len(self.rooms)]
        groups = [self.rooms]
        if self.under_way is not None:
            now = self.under_way
            groups += [now.told, now.closed, now.opened]
            after = None if now.after is None else [str(each) for each in now.after]
            head += [len(now.told), len(now.closed), now.until, now.known, now.stage.value, after]
        said = orjson.dumps(head)
        return len(said).to_bytes(4, "big") + said + b"".join(room.bytes for group in groups for room in sorted(group))

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """From `packed`."""
        body = 4 + int.from_bytes(packed[:4], "big")
        origin, seen, known, *rest = orjson.loads(packed[4:body])
        rooms = [UUID(bytes=packed[at : at + 16]) for at in range(body, len(packed), 16)]
        now = None
        if rest:
            told, closed, until, could_see, stage, after = rest
            ends = (known, known + told, known + told + closed, len(rooms))
            sets = (frozenset(rooms[start:end]) for start, end in pairwise(ends))
            place = None if after is None else (*after[:-3], UUID(after[-3]), after[-2], UUID(after[-1]))
            now = Pass(until, could_see, next(sets), next(sets), next(sets), Stage(stage), place)
        return cls(origin, seen, frozenset(rooms[:known]), now)

    @classmethod
    async def now(cls, snapshot: Snapshot) -> Self:
        """The position from which only what comes later is told."""
        standing = await _standing(snapshot)
        return cls(standing["origin"], standing["now"], _rooms(standing))


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
    rooms = _rooms(standing)
    if position is None:
        position = Position(standing["origin"], standing["now"], frozenset())
    if position.origin != standing["origin"]:
        raise StalePosition
    now = _begun(position, rooms, standing["now"])
    changes: dict[tuple[str, UUID], Change] = {}
    while True:
        rows = await _rows(snapshot, doorway, position, now, wanted := first - len(changes))
        for change in await _visible(snapshot, rows):
            changes.setdefault((change.type_name, change.id), change)
        if len(rows) == wanted:
            now = replace(now, after=_place(rows[-1]))
        elif now.stage is Stage.CHANGED:
            told = (position.rooms - now.closed) | now.opened
            return Page([*changes.values()], Position(position.origin, now.until, told), more=False)
        else:
            now = replace(now, stage=Stage(now.stage + 1), after=None)
        if len(changes) == first:
            return Page([*changes.values()], replace(position, under_way=now), more=True)


def _begun(position: Position, rooms: frozenset[UUID], moment: str) -> Pass:
    """The pass under way; a new one where there is none, and where a room of it closed while it was read.

    One that begins again tells once more of the rooms that opened, and of those that closed and opened again.
    """
    now = position.under_way
    if now is None:
        return Pass(moment, position.seen, position.rooms, position.rooms - rooms, rooms - position.rooms)
    told = now.told | now.opened
    if told - now.closed <= rooms:
        return now
    return Pass(moment, now.until, told, told - rooms, (rooms - position.rooms) | (now.closed & rooms))


async def stirred_since(snapshot_text: str | None, doorway: Doorway) -> tuple[str, frozenset[UUID]]:
    """The snapshot now, and the rooms in which something changed since another: for the service's own use alone."""
    async with doorway.pool.acquire() as connection:
        now: str = await connection.fetchval(_NOW)
        if snapshot_text is None:
            return now, frozenset()
        rows = await connection.fetch(_STIRRED, snapshot_text, *doorway.feed_proof(connection))
        return now, frozenset(row["room_id"] for row in rows)


async def no_longer_held(holders: Sequence[tuple[UUID, UUID | None]], doorway: Doorway) -> frozenset[int]:
    """The places of those, each an account and perhaps the seat it acts in, that no longer stand."""
    async with doorway.pool.acquire() as connection:
        accounts, seats = [account for account, _ in holders], [seat for _, seat in holders]
        rows = await connection.fetch(_NO_LONGER_HELD, accounts, seats, *doorway.feed_proof(connection))
        return frozenset(row["place"] - 1 for row in rows)


async def _standing(snapshot: Snapshot) -> Row:
    (standing,) = await snapshot.call(_STANDING)
    return standing


def _rooms(standing: Row) -> frozenset[UUID]:
    """The rooms that are open, and whoever reads: what is their own shows to them wherever it lies."""
    return frozenset(standing["rooms"]) | ({standing["person"]} - {None})


def _place(row: Row) -> tuple[Any, ...]:
    place = (row["room_id"], row["node"], row["id"])
    return place if row["changed_in"] is None else (row["changed_in"], *place)


async def _rows(snapshot: Snapshot, doorway: Doorway, position: Position, now: Pass, most: int) -> list[Row]:
    """The next rows of the stage that the pass is in."""
    proof = doorway.feed_proof(snapshot.connection)
    after = now.after or (None, None, None)
    match now.stage:
        case Stage.CLOSED:
            told = (sorted(now.closed), sorted(now.told), now.known, *after, most, *proof)
            return await snapshot.call(_CLOSED, *told) if now.closed else []
        case Stage.OPENED:
            told = (sorted(now.opened), now.until, *after, most, *proof)
            return await snapshot.call(_OPENED, *told) if now.opened else []
        case Stage.CHANGED:
            if position.seen == now.until:
                return []
            between = (sorted(position.rooms), position.seen, now.until)
            return await snapshot.call(_CHANGED, *between, *(now.after or _BEGINNING), most, *proof)
        case _:
            assert_never(now.stage)


async def _visible(snapshot: Snapshot, rows: Sequence[Row]) -> list[Change]:
    """What the reader may see of these; and of those that were taken from this very reader, what they may not."""
    types: dict[UUID, str] = {}
    for node in dict.fromkeys(row["node"] for row in rows):
        name = _TYPES[node]
        columns = frozenset({"kind"} if name == "Forum" else ())
        ids = list(dict.fromkeys(row["id"] for row in rows if row["node"] == node))
        for found in await by_ids(snapshot, name, ids, columns):
            if found is not None:
                types[found["id"]] = _type_of(name, found["kind"] if name == "Forum" else None)
    seen = [(row, types.get(row["id"])) for row in rows]
    return [
        Change(ChangeKind.CHANGED, name, row["id"], row["room_id"])
        if name is not None
        else Change(ChangeKind.GONE, _type_of(_TYPES[row["node"]], row["kind"]), row["id"], row["room_id"])
        for row, name in seen
        if name is not None or row["taken"]
    ]


def _type_of(name: str, kind: str | None) -> str:
    return BODY[ForumKind(kind)].type_name if kind is not None else name
