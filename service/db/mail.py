"""Who wants mail where and when, what they can be told of, and what is to be sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Date, DateTime, Text, Uuid, bindparam, cast, func, literal, or_, select, union_all

from service.access.statement import Statement
from service.access.viewer import Connection, Doorway, Row, Snapshot
from service.db import mail_tables  # noqa: F401 (known to the test that compares tables)
from service.db.issue_tables import escalation_step, issue
from service.db.tables import consultation, consultee, outcome, response, response_point, seat
from service.rules.mail import Cadence, MailState, NoticeKind, Slot

_NOW: Final = bindparam("now", type_=DateTime(timezone=True))
_SOON: Final = bindparam("soon", type_=DateTime(timezone=True))
_LATELY: Final = bindparam("lately", type_=Date)
_BODY: Final = select(seat.c.forum_id).where(seat.c.id == bindparam("seat", type_=Uuid)).scalar_subquery()
_CLOSES: Final = func.greatest(consultation.c.closes_at, consultee.c.extended_to)
"""As rules.consultations.closing_moment says it: PostgreSQL's greatest leaves nulls out."""


def _notice(kind: NoticeKind, identity: Any, what: Any) -> Any:
    return select(literal(kind.value, Text).label("kind"), identity.label("id"), cast(what, Text).label("what"))


_OPENED: Final = (
    _notice(NoticeKind.OPENED, consultation.c.id, literal(""))
    .join(consultee, consultee.c.consultation_id == consultation.c.id)
    .where(consultee.c.forum_id == _BODY, consultation.c.stored_state == "OPEN")
)
_CLOSING: Final = (
    _notice(NoticeKind.CLOSING, consultation.c.id, _CLOSES)
    .join(consultee, consultee.c.consultation_id == consultation.c.id)
    .where(consultee.c.forum_id == _BODY, consultation.c.stored_state == "OPEN", _CLOSES > _NOW, _CLOSES <= _SOON)
)
_ANSWERED: Final = (
    _notice(NoticeKind.OUTCOME, outcome.c.id, outcome.c.revision)
    .join(response_point, response_point.c.id == outcome.c.point_id)
    .join(response, response.c.id == response_point.c.response_id)
    .join(consultation, consultation.c.id == response.c.consultation_id)
    .where(
        response.c.forum_id == _BODY,
        or_(
            consultation.c.stored_state == "OPEN", consultation.c.concluded_at >= cast(_LATELY, DateTime(timezone=True))
        ),
    )
)
_ISSUES: Final = _notice(NoticeKind.ISSUE, issue.c.id, issue.c.state).where(
    or_(issue.c.ended_on.is_(None), issue.c.ended_on >= _LATELY)
)
_STEPS: Final = _notice(NoticeKind.STEP, escalation_step.c.id, escalation_step.c.state).where(
    or_(escalation_step.c.ended_on.is_(None), escalation_step.c.ended_on >= _LATELY)
)
NOTICES: Final = Statement(union_all(_OPENED, _CLOSING, _ANSWERED, _ISSUES, _STEPS))
"""What the entered seat can be told of, as far as it may see it; what ended long ago is left out."""

_OWN: Final = (
    "select id, state, cadence, address, address_mark, code_number, code_until from access.mail_own($1, $2, $3)"
)
_SET: Final = "select access.mail_set($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as became"
_OFF: Final = "select access.mail_off($1, $2, $3, $4)"
_CONFIRM: Final = "select access.mail_confirm($1, $2, $3, $4) as confirmed"
_UNSUBSCRIBE: Final = "select access.mail_unsubscribe($1, $2, $3, $4)"
_TURNS: Final = (
    "select preference_id, account_id, seats, state, cadence, address, address_mark, code_number, since, noted,"
    " revision from access.mail_turns($1, $2, $3, $4, $5)"
)
_GATHERED: Final = "select access.mail_gathered($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
_DUE: Final = "select id, kind, attempts, age, wait from access.mail_due($1, $2, $3, $4)"
_RECORDED: Final = "select access.mail_recorded($1, $2, $3, $4, $5, $6, $7)"
_LOST: Final = "select access.mail_lost($1, $2, $3, $4)"
_FREED: Final = "select access.mail_freed($1, $2, $3, $4, $5, $6)"
_PRUNED: Final = "select access.mail_pruned($1, $2)"


async def own(snapshot: Snapshot, doorway: Doorway, account: UUID) -> Row | None:
    """The preference of the account that the snapshot was entered by; None where no mail is sent."""
    rows = await snapshot.call(_OWN, account, *doorway.mail_proof(snapshot.connection))
    return rows[0] if rows else None


async def set_(
    snapshot: Snapshot,
    doorway: Doorway,
    account: UUID,
    cadence: Cadence,
    address: tuple[bytes, bytes] | None,
    until: datetime,
    most: int,
) -> str:
    """Mail to an address, sealed and marked, or to the one that stands: KEPT, CODE, NONE or TOO_MANY."""
    held, mark = address or (None, None)
    said = (uuid4(), account, cadence.value, held, mark, until, most, uuid4())
    (row,) = await snapshot.call(_SET, *said, *doorway.mail_proof(snapshot.connection))
    became: str = row["became"]
    return became


async def off(snapshot: Snapshot, doorway: Doorway, account: UUID) -> None:
    """No mail any more."""
    await snapshot.call(_OFF, uuid4(), account, *doorway.mail_proof(snapshot.connection))


async def confirm(snapshot: Snapshot, doorway: Doorway, account: UUID, number: int) -> bool:
    """The code of this number was given; whether it still was the one that counts."""
    (row,) = await snapshot.call(_CONFIRM, account, number, *doorway.mail_proof(snapshot.connection))
    confirmed: bool = row["confirmed"]
    return confirmed


@dataclass(frozen=True, slots=True)
class Turn:
    """One preference in hand: whose, as which seats to enter for it, and where mail goes."""

    preference: UUID
    account: UUID
    seats: tuple[UUID, ...]
    state: MailState
    cadence: Cadence
    address: bytes
    mark: bytes
    code_number: int
    since: datetime
    noted: bool
    revision: int
    lease: UUID


async def _alone(doorway: Doorway, call: str, *said: Any) -> list[Row]:
    """A function of the worker's or of a link's, as nobody."""
    connection: Connection
    async with doorway.pool.acquire() as connection:
        return await connection.fetch(call, *said, *doorway.mail_proof(connection))


async def unsubscribe(doorway: Doorway, preference: UUID, mark: bytes) -> None:
    """No mail any more to this address, if it is still the one of this preference."""
    await _alone(doorway, _UNSUBSCRIBE, preference, mark)


async def turns(doorway: Doorway, most: int, seconds: float, lease: UUID) -> list[Turn]:
    """The next preferences to look at, in hand for so many seconds."""
    return [
        Turn(
            row["preference_id"],
            row["account_id"],
            tuple(row["seats"]),
            MailState(row["state"]),
            Cadence(row["cadence"]),
            row["address"],
            row["address_mark"],
            row["code_number"],
            row["since"],
            row["noted"],
            row["revision"],
            lease,
        )
        for row in await _alone(doorway, _TURNS, most, seconds, lease)
    ]


async def gathered(
    doorway: Doorway, turn: Turn, slot: Slot | None, now: Sequence[bytes] | None, by_the_day: Sequence[bytes] = ()
) -> None:
    """What can be told now, some of it `by_the_day` alone; with None a mail goes news or none.

    What is noted as told and the mail that tells it are kept together, or neither is.
    """
    name, tells_days = (None, False) if slot is None else (slot.name, slot.tells_days)
    said = (turn.preference, turn.lease, turn.revision, uuid4(), name, tells_days, now, by_the_day)
    await _alone(doorway, _GATHERED, *said)


async def due(doorway: Doorway, turn: Turn) -> list[Row]:
    """What waits to be sent, with its age, and until it is due, in seconds."""
    return await _alone(doorway, _DUE, turn.preference, turn.lease)


async def recorded(doorway: Doorway, turn: Turn, outgoing: UUID, state: str, seconds: float = 0) -> None:
    """What came of an attempt: SENT, PENDING for so many seconds, DROPPED, or REFUSED with its address."""
    await _alone(doorway, _RECORDED, turn.preference, turn.lease, outgoing, state, seconds)


async def lost(doorway: Doorway, turn: Turn) -> None:
    """The address cannot be read: no mail any more."""
    await _alone(doorway, _LOST, turn.preference, turn.lease)


async def freed(doorway: Doorway, turn: Turn, seconds: float) -> None:
    """Give a preference out of hand until the next look."""
    await _alone(doorway, _FREED, turn.preference, turn.lease, turn.revision, seconds)


async def pruned(doorway: Doorway) -> None:
    """Let go of what was sent, and of addresses that nobody confirmed."""
    await _alone(doorway, _PRUNED)
