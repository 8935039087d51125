"""What acts leave behind: the audit chain, events, and the outcomes kept under idempotency keys."""

from typing import Any, Final

from sqlalchemy import DateTime, Integer, LargeBinary, Text, Uuid, bindparam, func, insert, select
from sqlalchemy.types import TypeEngine

from service.access.statement import Statement
from service.db.pages import Pages
from service.db.tables import audit_entry, idempotency, seat

AUDIT_OF_ROOMS: Final = Pages(
    select(audit_entry), (audit_entry.c.sequence, audit_entry.c.id), parent=audit_entry.c.room_id
)
_KEY: Final = bindparam("key", type_=LargeBinary)
KEPT: Final = Statement(
    select(idempotency.c.input_hash.label("kept_input"), idempotency.c.outcome.label("kept_outcome")).where(
        idempotency.c.key == _KEY
    )
)
# The acting seat, and beside it what is kept under the key.
SEAT_AND_KEPT: Final = Statement(
    select(seat, idempotency.c.input_hash.label("kept_input"), idempotency.c.outcome.label("kept_outcome"))
    .outerjoin(idempotency, idempotency.c.key == _KEY)
    .where(seat.c.id == bindparam("id", type_=Uuid))
)
ONE_AT_A_TIME: Final = "select pg_advisory_xact_lock($1)"
_TRACED: Final[dict[str, TypeEngine[Any]]] = {
    "entry": Uuid(), "event": Uuid(), "audit_room": Uuid(), "event_room": Uuid(), "act": Text(), "result": Text(),
    "code": Text(), "target": Uuid(), "revision": Integer(), "event_type": Text(), "salt": Text(), "detail": Text(),
}  # fmt: skip
_OUTCOME: Final = {each.name: bindparam(each.name, type_=each.type) for each in (
    idempotency.c.key, idempotency.c.room_id, idempotency.c.input_hash, idempotency.c.outcome
)}  # fmt: skip
_LEFT: Final = tuple(bindparam(name, type_=kind) for name, kind in _TRACED.items())
# All that an act leaves beside its change, in one statement: the trace, and the outcome under its key.
LEAVE: Final = Statement(select(func.access.trace(*_LEFT)).add_cte(insert(idempotency).values(_OUTCOME).cte("kept")))
# The same in a raiser's own room: on a day, and at no hour.
LEAVE_OWN: Final = Statement(
    select(func.access.trace_own(_OUTCOME["room_id"], *_LEFT)).add_cte(
        insert(idempotency)
        .values({**_OUTCOME, "created_at": bindparam("today", type_=DateTime(timezone=True))})
        .cte("kept")
    )
)
