"""Who acts in the demo's issues, and when: the migrator stands in a seat for as long as one act takes.

What crosses walls is done by the functions that the service's own acts call (migrations/escalations/2_access.sql), so
that there is no second account of rooms, doors, bars and trails. They know one day, today's: what they dated is put
back to the act's own day, and the events that they number are numbered again with all others (`service.demo.traces`).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from service.demo.replay.case import Done, Place, Trace
from service.demo.shapes import Seat, demo_id
from service.identity.demo import ISSUER
from service.rules.acts import Act
from service.rules.calendar import england_day, start_of_day

STANDING: Final = """
    select set_config('app.person', s.person_id::text, true), set_config('app.issuer', $2, true),
           set_config('app.seat', s.id::text, true)
      from graph.seat s where s.id = $1"""
SEALED: Final = "select access.seal(access.rooms_of(s) || $2::uuid[], '{}') from graph.seat s where s.id = $1"
LEFT: Final = """
    select set_config('app.' || name, '', true) from unnest('{person,issuer,seat,rooms,barred,seal}'::text[]) name"""
# What the functions date by themselves: the table, which of its rows are about an issue, and the days.
DATED: Final = (
    ("graph.issue", "id = $3", ("raised_on", "ended_on")),
    ("graph.escalation_step", "id = any ($4)", ("dated_on", "sent_on", "ended_on", "consent_withdrawn_on")),
    ("graph.step_summary", "step_id = any ($4)", ("withdrawn_on",)),
    ("graph.consent", "step_id = any ($4)", ("given_on", "withdrawn_on")),
    (
        "graph.issue_notice",
        "id in (select notice_id from graph.step_trail where step_id = any ($4))",
        ("sent_on", "ended_on"),
    ),
    ("graph.identity_disclosure", "issue_id = $3", ("notified_on", "consented_on", "disclosed_on")),
)  # fmt: skip


def _put_back(table: str, which: str, days: tuple[str, ...]) -> str:
    put = ", ".join(f"{day} = case when {day} = $1 then $2::date else {day} end" for day in days)
    said = f"update {table} set {put} where $1::date in ({', '.join(days)}) and {which}"  # noqa: S608 (our own names)
    return f"{said} and ($3::uuid is not null or $4::uuid[] is not null)"


PUT_BACK: Final = tuple(_put_back(*dated) for dated in DATED)


@dataclass(frozen=True, slots=True)
class Told:
    """An event that a function leaves beside its act's own."""

    key: str
    type: str
    room: UUID
    target: UUID
    revision: int | None
    at: datetime


@dataclass(slots=True)
class Stage:
    """The demo's seats, a connection as the migrator, and what the acts on it have left so far."""

    connection: "asyncpg.Connection[asyncpg.Record]"
    place: Place
    today: date
    traces: list[Trace] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    async def stand(self, seat: Seat, *own: UUID) -> None:
        """Stand in a seat, with what its holder raised."""
        id = demo_id("seat", seat.key)
        await self.connection.execute(STANDING, id, ISSUER)
        await self.connection.execute(SEALED, id, list(own))

    async def leave(self) -> None:
        """Stand nowhere."""
        await self.connection.execute(LEFT)

    async def call(self, name: str, *values: Any) -> Any:
        """What one of the database's functions answers; RuntimeError where it could not be done."""
        places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
        problem = await self.connection.fetchval(f"select access.{name}({places})", *values)
        if problem:
            raise RuntimeError(f"{name}: {problem}")
        return problem

    async def date(self, at: datetime, issue: UUID, steps: list[UUID]) -> None:
        """Put what was dated today back to the day of the act."""
        day = england_day(at)
        for statement in PUT_BACK:
            await self.connection.execute(statement, self.today, day, issue, steps)

    def leave_trace(self, key: str, act: Act, seat: Seat, at: datetime, done: Done, own: UUID | None = None) -> None:
        """The act's audit entry and event; by its raiser where the raiser's `own` room is given, and then on a day."""
        when = at if own is None else start_of_day(england_day(at))
        self.traces.append(Trace(key, act, seat, when, done, own))
