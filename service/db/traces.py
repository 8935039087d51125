"""What acts leave behind: the audit chain, events, and the outcomes kept under idempotency keys."""

from typing import Final

from sqlalchemy import LargeBinary, bindparam, select

from service.access.statement import Statement
from service.db.pages import Pages
from service.db.tables import audit_entry, idempotency

AUDIT_OF_ROOMS: Final = Pages(
    select(audit_entry), (audit_entry.c.sequence, audit_entry.c.id), parent=audit_entry.c.room_id
)
KEPT: Final = Statement(select(idempotency).where(idempotency.c.key == bindparam("key", type_=LargeBinary)))
ONE_AT_A_TIME: Final = "select pg_advisory_xact_lock($1)"
TRACE: Final = "select access.trace($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
TRACE_OWN: Final = "select access.trace_own($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
