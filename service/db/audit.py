"""Verifies the audit chain: every room's entries in order, each hash over its content and the hash before it.

It needs nothing from the service but the entries, so that a copy of them can be verified elsewhere. The details of an
act are outside the chain, behind a salted commitment: where the salt was destroyed, the text is erased and the chain
still holds; where salt and text are there, they must be what was committed to.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from service.access.hosts import connect

Progress = Callable[[str], None]
Heads = dict[str, tuple[int, str]]
"""For each room, by its id, the sequence and the hash of its last entry."""
CHUNK: Final = 5_000
ENTRIES: Final = """
    select e.room_id, e.sequence, e.act, e.outcome, e.code, e.forum_id, e.side, e.office, e.target_id,
           (extract(epoch from e.happened_at) * 1000000)::bigint as micros, e.commitment, e.previous_hash, e.hash
      from graph.audit_entry e order by e.room_id, e.sequence"""
BROKEN_COMMITMENTS: Final = "select room_id, sequence from access.broken_commitments()"
HEADS: Final = "select room_id, audit_sequence, audit_hash from graph.room_head where audit_sequence > 0"


def entry_hash(entry: Mapping[str, Any], previous: str) -> str:
    """The chained hash of one entry, as `access.entry_hash` makes it."""
    words = (
        "1", previous, entry["room_id"], entry["sequence"], entry["act"], entry["outcome"], entry["code"] or "",
        entry["forum_id"] or "", entry["side"], entry["office"], entry["target_id"] or "", entry["micros"],
        entry["commitment"],
    )  # fmt: skip
    return sha256("|".join(str(word) for word in words).encode()).hexdigest()


def problem(entry: Mapping[str, Any], previous: tuple[int, str]) -> str | None:
    """What is wrong with an entry that follows `previous` (sequence, hash); None when it is whole."""
    at = f"room {entry['room_id']}, entry {entry['sequence']}"
    if entry["sequence"] != previous[0] + 1:
        return f"{at}: entry {previous[0] + 1} is missing"
    if entry["previous_hash"] != previous[1]:
        return f"{at}: does not follow the entry before it"
    if entry["hash"] != entry_hash(entry, previous[1]):
        return f"{at}: was changed"
    return None


async def heads(url: str) -> Heads:
    """How far every room's chain has come, to be kept elsewhere (`service.db.checkpoints`)."""
    connection = await connect(url)
    try:
        rows = await connection.fetch(HEADS)
    finally:
        await connection.close()
    return {str(row["room_id"]): (row["audit_sequence"], row["audit_hash"]) for row in rows}


async def verify(url: str, progress: Progress, kept: Heads | None = None) -> list[str]:
    """One line for the first break of each room's chain; none when all is whole.

    `kept` are heads from an earlier checkpoint: a chain rebuilt whole since then no longer runs through them.
    Raises `asyncpg.PostgresError` or `OSError`. The whole is read in one snapshot.
    """
    missing = dict(kept or {})
    connection = await connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            heads = {
                row["room_id"]: (row["audit_sequence"], row["audit_hash"]) for row in await connection.fetch(HEADS)
            }
            last: dict[Any, tuple[int, str]] = {}
            broken: dict[Any, str] = {}
            seen = 0
            async for entry in connection.cursor(ENTRIES, prefetch=CHUNK):
                room = entry["room_id"]
                wrong = problem(dict(entry), last.get(room, (0, "")))
                if missing.get(str(room)) == (entry["sequence"], entry["hash"]):
                    del missing[str(room)]
                if wrong is not None:
                    broken.setdefault(room, wrong)
                last[room] = (entry["sequence"], entry["hash"])
                seen += 1
                if seen % CHUNK == 0:
                    progress(f"{seen} entries")
            for row in await connection.fetch(BROKEN_COMMITMENTS):
                at = f"room {row['room_id']}, entry {row['sequence']}"
                broken.setdefault(row["room_id"], f"{at}: its detail is not what was committed to")
            progress(f"{seen} entries in {len(last)} rooms")
    finally:
        await connection.close()
    for room in heads.keys() | last.keys():
        if room not in broken and heads.get(room) != last.get(room):
            broken[room] = f"room {room}: its last entries are missing, or its head was changed"
    rebuilt = [
        f"room {room}: entry {sequence} is not the one of the checkpoint"
        for room, (sequence, _) in sorted(missing.items())
        if UUID(room) not in broken
    ]
    return [*(broken[room] for room in sorted(broken)), *rebuilt]
