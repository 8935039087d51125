"""Release notes: a code that shows a line manager when somebody is released, and nothing of what for."""

from __future__ import annotations

import secrets
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import uuid4

import strawberry

from service.access.viewer import Doorway
from service.db import release_notes as db
from service.execution.errors import BadRequest
from service.resolvers.acting import Acting, Done, Refused, Target, not_permitted, refuse_if
from service.resolvers.ids import row_id
from service.resolvers.own_sign_ins import load_self
from service.resolvers.targets import node
from service.rules.bodies import Relation
from service.rules.calendar import england_day
from service.rules.problems import Code, Problem
from service.rules.release_notes import note_problems, quarter_of, total_shown, verifiable_until

if TYPE_CHECKING:
    from service.schema.release_notes import ReleaseNoteIssueInput, ReleaseNoteRevokeInput

CODE_BYTES: Final = 32
GROUP: Final = 4
HUNDREDTH: Final = Decimal("0.01")
load_seat = load_self


def new_code() -> str:
    """256 bits in groups of four letters and digits that can be read out."""
    letters = b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=")
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def digest_of(code: str) -> bytes:
    """What is kept of a code, however it is written."""
    return sha256("".join(code.upper().replace("-", "").split()).encode("utf-8", "replace")).digest()


async def issue(acting: Acting, target: Target, said: ReleaseNoteIssueInput) -> Done:
    """A note for one day, whose code is told once."""
    refuse_if(note_problems(said.on, said.hours, england_day(acting.now)))
    identity, code = uuid4(), new_code()
    until, hours = verifiable_until(said.on), said.hours.quantize(HUNDREDTH)  # however it was written
    if not await db.issue(acting.snapshot, identity, said.on, hours, until, digest_of(code)):
        raise not_permitted()
    acting.context.told_once = code
    return Done(identity, "releaseNote.issued", None, revision=1)


async def load_note(acting: Acting, said: Any) -> Target:
    """A note of the acting seat's own."""
    row = await node(acting, said.note_id, "ReleaseNote", "noteId")
    return Target(row, frozenset({Relation.ANYONE}), row["revision"])


async def revoke(acting: Acting, target: Target, said: ReleaseNoteRevokeInput) -> Done:
    """Let a note's code show nothing any more."""
    if not await db.revoke(acting.snapshot, target.row["id"]):
        raise Refused(Problem(Code.WRONG_STATE, "This note was revoked before."))
    return Done(target.row["id"], "releaseNote.revoked", None, revision=target.row["revision"] + 1)


@dataclass(frozen=True, slots=True)
class Note:
    """What a code shows."""

    on: date
    hours: Decimal
    trust: str


async def at_code(doorway: Doorway, code: str) -> Note | None:
    """What the code shows now; None for any that shows nothing."""
    row = await db.shown(doorway, digest_of(code))
    return None if row is None else Note(row["on_day"], row["hours"], row["trust"])


async def time_off_totals(
    roots: Sequence[Any],
    info: strawberry.Info,
    organisation_id: Annotated[strawberry.ID, strawberry.argument(description="The trust.")],
    quarter: Annotated[str, strawberry.argument(description='The quarter, such as "2026-Q4".')],
) -> list[dict[str, Any] | None]:
    """A trust's time off in one quarter, for its own HR service."""
    found, organisation = quarter_of(quarter), row_id(organisation_id, "Organisation")
    if found is None:
        raise BadRequest("A quarter is written such as 2026-Q4.", field=("quarter",), rule="a year and Q1 to Q4")
    if organisation is None:
        return [None for _ in roots]
    row = await db.counted(await info.context.reading(), info.context.doorway, organisation, found)
    if row is None:
        return [None for _ in roots]
    total = total_shown(row["people"], row["hours"], found.counted_on)
    return [
        {"quarter": found.name, "counted_on": found.counted_on, "people": total.people, "hours": total.hours}
        for _ in roots
    ]
