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
from service.demo.replay.stage import Told
from service.demo.rows import Row, room_id
from service.demo.shapes import demo_id
from service.rules.bodies import Office, Purpose, Side

ENTRY_HASH = "select access.entry_hash($1, $2, $3, $4, 'DONE', null, $5, $6, $7, $8, $9, $10)"


@dataclass(slots=True)
class Head:
    """How far a room's chain and its events have come."""

    audit_sequence: int = 0
    audit_hash: str = ""
    event_sequence: int = 0


async def chained(
    connection: "asyncpg.Connection[asyncpg.Record]", traces: Iterable[Trace], told: Iterable[Told] = ()
) -> list[Row]:
    """The rows of all traces and events, and the heads of the rooms that they touched."""
    heads: dict[UUID, Head] = {}
    rows: list[Row] = []
    left: list[Trace | Told] = [*told, *traces]
    for trace in sorted(left, key=lambda trace: trace.at):
        if isinstance(trace, Told):
            rows.append(_told(trace, heads.setdefault(trace.room, Head())))
            continue
        own = trace.own or room_id(trace.seat.key, Purpose.PERSONAL)
        audit_room = trace.done.audit_room or own
        event_room = trace.done.event_room or audit_room
        rows += await _entry(connection, trace, audit_room, own, heads.setdefault(audit_room, Head()))
        rows.append(_event(trace, event_room, heads.setdefault(event_room, Head())))
    return [*(_head(room, head) for room, head in heads.items()), *rows]


async def _entry(
    connection: "asyncpg.Connection[asyncpg.Record]", trace: Trace, room: UUID, own: UUID, head: Head
) -> list[Row]:
    id, salt, detail = demo_id("audit", trace.key), secrets.token_hex(16), _detail(trace)
    commitment = sha256((salt + detail).encode()).hexdigest()
    forum, side, office = _by(trace)
    previous, sequence = head.audit_hash, head.audit_sequence + 1
    said = (previous, room, sequence, trace.act, forum, side, office, trace.done.target, trace.at, commitment)
    head.audit_hash = await connection.fetchval(ENTRY_HASH, *said)
    head.audit_sequence = sequence
    entry: dict[str, Any] = {
        "id": id,
        "room_id": room,
        "sequence": sequence,
        "act": trace.act,
        "outcome": "DONE",
        "forum_id": forum,
        "side": side,
        "office": office,
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


def _by(trace: Trace) -> tuple[UUID | None, Side, Office]:
    if trace.own is not None:
        return None, Side.NONE, Office.RAISER
    seat = trace.seat
    return (demo_id("forum", seat.forum) if seat.forum else None), seat.side, seat.office


def _detail(trace: Trace) -> str:
    said = {"input": sha256(trace.key.encode()).hexdigest()}
    if trace.own is None:
        said |= {"person": str(demo_id("person", trace.seat.holder)), "seat": str(demo_id("seat", trace.seat.key))}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def _event(trace: Trace, room: UUID, head: Head) -> Row:
    done = trace.done
    return _told(Told(trace.key, done.event, room, done.target, done.revision, trace.at), head)


def _told(told: Told, head: Head) -> Row:
    head.event_sequence += 1
    return Row(
        "graph.event",
        {
            "id": demo_id("event", told.key),
            "room_id": told.room,
            "sequence": head.event_sequence,
            "type": told.type,
            "target_id": told.target,
            "revision": told.revision,
            "happened_at": told.at,
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
