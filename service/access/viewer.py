"""A connection is a viewer: the only ways to data are a viewer's reading and a viewer's acting.

Each begins one transaction, enters it in one capacity, and is over when it ends. Nothing is visible before `enter`,
and nothing that Python does can open more than the seats open (DESIGN section 3).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from service.access.proofs import (
    calendar_proof,
    deadline_proof,
    enter_proof,
    feed_proof,
    freeze_proof,
    identity_proof,
    mail_proof,
    now_micros,
    people_proof,
    release_note_proof,
    release_proof,
    time_off_proof,
    webhook_proof,
)
from service.access.statement import Statement

NIL: Final = UUID(int=0)
_ENTER: Final = "select moment, person_id, seat_id from access.enter($1, $2, $3, $4, $5)"
# The same while it begins, in one round trip: no value of it comes back but whether there is a seat.
_BEGIN: Final = "{}; select from access.enter('{}', {}, {}, {}, '{}') where seat_id is not null"
_ENTERED: Final = "select now() as moment, access.person() as person_id, access.seat() as seat_id"
_IDENTIFY: Final = "select access.identify($1, $2, $3, $4)"
_READ: Final = "begin isolation level repeatable read read only"
_ACT: Final = "begin isolation level read committed"

Row = asyncpg.Record
Connection = PoolConnectionProxy


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, in which capacity.

    `account` is None for somebody with a good token and no account; they see what nobody is kept from, which is
    reference data. `seat` chooses one seat; without it the only seat is taken; `merge` joins all seats, for reading.
    """

    account: UUID | None
    seat: UUID | None = None
    merge: bool = False


class UnknownSeat(Exception):
    """The chosen seat is not one that the viewer holds now. Another's, an ended and an invented seat are the same."""


@dataclass(frozen=True, slots=True)
class Entered:
    """As whom a transaction was entered, and the `moment` when the database says that it began."""

    moment: datetime
    person: UUID | None
    seat: UUID | None


class Snapshot:
    """An entered transaction."""

    def __init__(self, connection: Connection, entered: Entered | None = None) -> None:
        self.connection = connection
        self.statements = 0
        self.over = False
        self._entered = entered
        self._turn = asyncio.Lock()

    async def entered(self) -> Entered:
        """As whom and when; asked of the database where whoever entered did not need to know."""
        if self._entered is None:
            (said,) = await self.call(_ENTERED)
            self._entered = Entered(*said)
        return self._entered

    @property
    def moment(self) -> datetime:
        """When it began, by the database, where it was entered to act."""
        assert self._entered is not None
        return self._entered.moment

    async def fetch(self, statement: Statement, /, **values: Any) -> list[Row]:
        """All rows. One statement runs at a time, in the one snapshot."""
        async with self._turn:
            self.statements += 1
            return await self.connection.fetch(statement.sql, *statement.arguments(values))

    async def one(self, statement: Statement, /, **values: Any) -> Row | None:
        """The first row, or None."""
        rows = await self.fetch(statement, **values)
        return rows[0] if rows else None

    async def call(self, function: str, *arguments: Any) -> list[Row]:
        """Call one of the definer functions by its fixed text, such as `select access.own_seats()`."""
        async with self._turn:
            self.statements += 1
            return await self.connection.fetch(function, *arguments)

    async def many(self, statement: Statement, rows: Sequence[dict[str, Any]]) -> None:
        """Run a statement once for each row of values, in one batch."""
        if rows:
            async with self._turn:
                self.statements += 1
                await self.connection.executemany(statement.sql, [statement.arguments(row) for row in rows])

    async def commit(self) -> None:
        """Commit, and clear the session in the same round trip. What was lost on the way may have been done."""
        await self.connection.execute(f"commit;{self.connection.get_reset_query()}")
        self.over = True


class Doorway:
    """The pool, and the key that proves to the database that it is this service that names a viewer."""

    def __init__(self, pool: asyncpg.Pool, key: bytes) -> None:
        self.pool = pool
        self._key = key
        self.on_commit: Callable[[], None] | None = None
        """Told after each commit, by whoever wakes those that wait for news."""

    async def identify(self, issuer: str, subject: str) -> UUID | None:
        """The account of (issuer, subject), or None."""
        async with self.pool.acquire() as connection:
            made = now_micros()
            proof = identity_proof(self._key, "identify", issuer, subject, connection.get_server_pid(), made)
            account: UUID | None = await connection.fetchval(_IDENTIFY, issuer, subject, made, proof)
            return account

    def enrolment_proof(self, connection: Connection, issuer: str, subject: str) -> tuple[int, str]:
        """When, and the proof, for accepting an invitation as (issuer, subject) on this connection."""
        made = now_micros()
        return made, identity_proof(self._key, "accept", issuer, subject, connection.get_server_pid(), made)

    def release_proof(self, connection: Connection, forum: UUID, code: str) -> tuple[int, str]:
        """When, and the proof, for reading what a release of one kind of report is made of."""
        made = now_micros()
        return made, release_proof(self._key, forum, code, connection.get_server_pid(), made)

    def freeze_proof(
        self, connection: Connection, release: UUID, room: UUID, forum: UUID, content: str
    ) -> tuple[int, str]:
        """When, and the proof, for freezing exactly this content."""
        made = now_micros()
        return made, freeze_proof(self._key, release, room, forum, content, connection.get_server_pid(), made)

    def feed_proof(self, connection: Connection) -> tuple[int, str]:
        """When, and the proof, for reading what changed."""
        made = now_micros()
        return made, feed_proof(self._key, connection.get_server_pid(), made)

    def webhook_proof(self, connection: Connection) -> tuple[int, str]:
        """When, and the proof, for finding whose turn it is to be told by a webhook."""
        made = now_micros()
        return made, webhook_proof(self._key, connection.get_server_pid(), made)

    def deadline_proof(self, connection: Connection) -> tuple[int, str]:
        """When, and the proof, for telling of moments that have come."""
        made = now_micros()
        return made, deadline_proof(self._key, connection.get_server_pid(), made)

    def people_proof(self, connection: Connection, seat: UUID, said: str) -> tuple[int, str]:
        """When, and the proof, for keeping exactly these people as one seat of HR."""
        made = now_micros()
        return made, people_proof(self._key, seat, said, connection.get_server_pid(), made)

    def mail_proof(self, connection: Connection) -> tuple[int, str]:
        """When, and the proof, for what is known of mail to people."""
        made = now_micros()
        return made, mail_proof(self._key, connection.get_server_pid(), made)

    def calendar_proof(self, connection: Connection, digest: bytes) -> tuple[int, str]:
        """When, and the proof, for making the address of this hash or asking as whom it is read."""
        made = now_micros()
        return made, calendar_proof(self._key, digest, connection.get_server_pid(), made)

    def release_note_proof(self, connection: Connection, code: bytes) -> tuple[int, str]:
        """When, and the proof, for asking what the code of this hash shows."""
        made = now_micros()
        return made, release_note_proof(self._key, code, connection.get_server_pid(), made)

    def time_off_proof(self, connection: Connection, organisation: UUID, first: date, last: date) -> tuple[int, str]:
        """When, and the proof, for counting a trust's release notes of these days."""
        made = now_micros()
        return made, time_off_proof(self._key, organisation, first, last, connection.get_server_pid(), made)

    async def enter(self, connection: Connection, viewer: Viewer) -> Snapshot:
        """Enter the open transaction as a viewer, and know as whom. Raises UnknownSeat."""
        account, made = viewer.account or NIL, now_micros()
        proof = enter_proof(self._key, account, viewer.seat, viewer.merge, connection.get_server_pid(), made)
        entered = await connection.fetchrow(_ENTER, account, viewer.seat, viewer.merge, made, proof)
        assert entered is not None
        if viewer.seat is not None and entered["seat_id"] is None:
            raise UnknownSeat
        return Snapshot(connection, Entered(*entered))

    async def _begin(self, connection: Connection, viewer: Viewer) -> Snapshot:
        """Begin to read as a viewer. Raises UnknownSeat."""
        account, made = viewer.account or NIL, now_micros()
        proof = enter_proof(self._key, account, viewer.seat, viewer.merge, connection.get_server_pid(), made)
        # what is put into the text is a UUID's own digits, or made here
        seat = "null" if viewer.seat is None else f"'{viewer.seat.hex}'"
        done = await connection.execute(_BEGIN.format(_READ, account.hex, seat, bool(viewer.merge), made, proof))
        if viewer.seat is not None and done != "SELECT 1":
            raise UnknownSeat
        return Snapshot(connection)

    @asynccontextmanager
    async def reading(self, viewer: Viewer) -> AsyncIterator[Snapshot]:
        """One read-only snapshot as the viewer."""
        async with self.pool.acquire() as connection:
            try:
                yield await self._begin(connection, viewer)
            finally:
                await _over(connection)

    @asynccontextmanager
    async def acting(self, viewer: Viewer) -> AsyncIterator[Snapshot]:
        """One transaction that writes. It is rolled back unless its user commits it."""
        async with self.pool.acquire() as connection:
            await connection.execute(_ACT)
            snapshot = None
            try:
                snapshot = await self.enter(connection, viewer)
                yield snapshot
            finally:
                if snapshot is None or not snapshot.over:
                    await _over(connection)
                elif self.on_commit is not None:
                    self.on_commit()


async def _over(connection: Connection) -> None:
    """End the transaction and clear the session, in one round trip, as the pool clears nothing (`pool`).

    A connection that cannot is thrown away, and why it could not is never the answer.
    """
    ended = False
    try:
        if not connection.is_closed():
            await connection.execute(_end(connection))
            if connection.is_in_transaction():  # cut off as it began, which is known only now
                await connection.execute(_end(connection))
        ended = True
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
        pass
    finally:
        if not ended:
            with suppress(asyncpg.InterfaceError):  # the pool has taken back one that was lost
                connection.terminate()


def _end(connection: Connection) -> str:
    rollback = "rollback;" if connection.is_in_transaction() else ""
    return f"{rollback}{connection.get_reset_query()}"
