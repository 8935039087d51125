"""The audit chain and the events of the demo's acts, as `access.trace` would have left them.

Each room has a chain of its own, in the order of the acts' moments; an entry's hash is the database's own
`access.entry_hash`. Who acted, and a digest of what was said, lie in the acting seat's own room behind a fresh salt.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from service.demo.replay.case import Trace
from service.demo.rows import Row, room_id
from service.demo.shapes import demo_id
from service.rules.bodies import Purpose

ENTRY_HASH = "select access.entry_hash($1, $2, $3, $4, 'DONE', null, $5, $6, $7, $8, $9, $10)"


@dataclass(slots=True)
class Head:
    """How far a room's chain and its events have come."""

    audit_sequence: int = 0
    audit_hash: str = ""
    event_sequence: int = 0


async def chained(connection: "asyncpg.Connection[asyncpg.Record]", traces: Iterable[Trace]) -> list[Row]:
    """The rows of all traces, and the heads of the rooms that they touched."""
    heads: dict[UUID, Head] = {}
    rows: list[Row] = []
    for trace in sorted(traces, key=lambda trace: trace.at):
        own = room_id(trace.seat.key, Purpose.PERSONAL)
        audit_room = trace.done.audit_room or own
        event_room = trace.done.event_room or audit_room
        rows += await _entry(connection, trace, audit_room, own, heads.setdefault(audit_room, Head()))
        rows.append(_event(trace, event_room, heads.setdefault(event_room, Head())))
    return [*(_head(room, head) for room, head in heads.items()), *rows]


async def _entry(
    connection: "asyncpg.Connection[asyncpg.Record]", trace: Trace, room: UUID, own: UUID, head: Head
) -> list[Row]:
    seat, id, salt, detail = trace.seat, demo_id("audit", trace.key), secrets.token_hex(16), _detail(trace)
    commitment = sha256((salt + detail).encode()).hexdigest()
    forum = seat.forum and demo_id("forum", seat.forum)
    previous, sequence = head.audit_hash, head.audit_sequence + 1
    said = (previous, room, sequence, trace.act, forum, seat.side, seat.office, trace.done.target, trace.at, commitment)
    head.audit_hash = await connection.fetchval(ENTRY_HASH, *said)
    head.audit_sequence = sequence
    entry: dict[str, Any] = {
        "id": id,
        "room_id": room,
        "sequence": sequence,
        "act": trace.act,
        "outcome": "DONE",
        "forum_id": forum,
        "side": seat.side,
        "office": seat.office,
        "target_id": trace.done.target,
        "happened_at": trace.at,
        "commitment": commitment,
        "previous_hash": previous,
        "hash": head.audit_hash,
    }
    return [
        Row("graph.audit_entry", entry),
        Row("graph.audit_detail", {"entry_id": id, "room_id": own, "salt": salt, "detail": detail}),
    ]


def _detail(trace: Trace) -> str:
    said = {
        "person": str(demo_id("person", trace.seat.holder)),
        "seat": str(demo_id("seat", trace.seat.key)),
        "input": sha256(trace.key.encode()).hexdigest(),
    }
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def _event(trace: Trace, room: UUID, head: Head) -> Row:
    head.event_sequence += 1
    return Row(
        "graph.event",
        {
            "id": demo_id("event", trace.key),
            "room_id": room,
            "sequence": head.event_sequence,
            "type": trace.done.event,
            "target_id": trace.done.target,
            "revision": trace.done.revision,
            "happened_at": trace.at,
        },
    )


def _head(room: UUID, head: Head) -> Row:
    return Row(
        "graph.room_head",
        {
            "room_id": room,
            "audit_sequence": head.audit_sequence,
            "audit_hash": head.audit_hash,
            "event_sequence": head.event_sequence,
        },
    )
