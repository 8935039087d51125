"""The one pipeline of every act: capacity, key, target, powers, revision, the change, one trace, one commit.

Nothing else commits. A refusal rolls back to where the act began, and is itself recorded in the acting seat's own room.
A conflict of transactions is retried whole; when the reply to COMMIT is lost, the outcome kept under the key tells
whether it happened (DESIGN sections 6 and 9; THREATS, conclusion 9 and E1-E10).
"""

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import orjson
from uuid_utils.compat import uuid7

from service.access.powers import may
from service.access.viewer import Row, Snapshot, UnknownSeat
from service.db import traces
from service.db.directory import own_seats
from service.execution.errors import Unavailable
from service.resolvers.context import Context, unknown_seat
from service.rules.acts import KEYED, Act
from service.rules.bodies import Office, Relation, Side
from service.rules.calendar import england_day, start_of_day
from service.rules.problems import Code, Problem

TRIES: Final = 5
CONFLICTS: Final = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidCachedStatementError,
)
LOST: Final = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError,
    asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.CannotConnectNowError, OSError)  # fmt: skip
LONGEST_KEY: Final = 255


class Refused(Exception):
    """An act that is not done, and why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems


def not_found(*path: str) -> Refused:
    """The same answer for what is hidden and for what does not exist."""
    return Refused(Problem(Code.NOT_FOUND, "There is no such thing, or none that you may see.", path))


def not_permitted() -> Refused:
    """The answer to who may see something and not do this to it."""
    return Refused(Problem(Code.NOT_PERMITTED, "The seat you act in has no power to do this here."))


def refuse_if(problems: list[Problem]) -> None:
    """Refuse with these problems, if there are any."""
    if problems:
        raise Refused(*problems)


@dataclass(frozen=True, slots=True)
class Target:
    """What an act is about, loaded as the viewer sees it, and how the acting seat's body stands to it."""

    row: Row
    relations: frozenset[Relation]
    revision: int | None = None
    parent: Row | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: the object to answer with, where it is recorded, and the event that tells others.

    `audit_room` and `event_room` None: the acting seat's own room. `left_by`: who leaves the trace and keeps the
    outcome, where not the acting seat: nothing of the seat may tell that a confidential issue was raised in it.
    """

    id: UUID
    event: str
    audit_room: UUID | None
    event_room: UUID | None = None
    target: UUID | None = None
    revision: int | None = None
    left_by: Mapping[str, Any] | None = None


def as_raiser(raiser: Row) -> dict[str, Any]:
    """What stands in a seat's place where somebody acts on what they raised: no body, no side, a room of their own."""
    return {
        "id": raiser["id"],
        "person_id": raiser["person_id"],
        "personal_room": raiser["own_room"],
        "forum_id": None,
        "organisation_id": None,
        "side": Side.NONE.value,
        "office": Office.RAISER.value,
    }


@dataclass(frozen=True, slots=True)
class Acting:
    """One act under way. `seat` is the acting seat, or `as_raiser`."""

    context: Context
    snapshot: Snapshot
    seat: Row | Mapping[str, Any]
    act: Act

    @property
    def now(self) -> datetime:
        """The moment by which the act is judged: the database's."""
        return self.snapshot.moment

    @property
    def side(self) -> Side:
        """The acting seat's side."""
        return Side(self.seat["side"])

    @property
    def office(self) -> Office:
        """The acting seat's office."""
        return Office(self.seat["office"])

    @property
    def raising(self) -> bool:
        """Whether somebody acts on what they raised, and not in a seat."""
        return self.office is Office.RAISER

    def new_id(self) -> UUID:
        """An id whose time tells nothing that its row does not."""
        return uuid7()


Load = Callable[[Acting, Any], Awaitable[Target]]
Do = Callable[[Acting, Target, Any], Awaitable[Done]]


Own = Callable[[Snapshot, Any], Awaitable[Row | None]]


@dataclass(frozen=True, slots=True)
class Deed:
    """Everything that decides about one act: its powers by name, how its target is loaded, and what does it.

    `own` finds the viewer's own part in what they raised: where there is one, it is done as its raiser. `unseen` says
    whether even a refusal must leave no trace.
    """

    act: Act
    load: Load
    do: Do
    result: str
    own: Own | None = None
    unseen: Callable[[Any], bool] = lambda said: False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an act ended: the answer's object, or the problems. Kept under the key, and re-read under current rights."""

    id: UUID | None = None
    problems: tuple[Problem, ...] = field(default=())

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "id": None if self.id is None else str(self.id),
            "problems": [[problem.code, problem.message, list(problem.field)] for problem in self.problems],
        }


def from_kept(kept: dict[str, Any]) -> Outcome:
    """An outcome as it was stored."""
    problems = tuple(Problem(Code(code), message, tuple(path)) for code, message, path in kept["problems"])
    return Outcome(None if kept["id"] is None else UUID(kept["id"]), problems)


class LostAtCommit(Exception):
    """The connection went while COMMIT was under way: the act may have happened."""


def key_problems(act: Act, given: str | None) -> list[Problem]:
    """Why a key cannot be taken; one that is left out is made up, unless the act must not be done twice."""
    if given is None and act not in KEYED:
        return []
    if given is not None and 0 < len(given) <= LONGEST_KEY:
        return []
    message = f"An idempotency key of 1 to {LONGEST_KEY} characters is required."
    return [Problem(Code.IDEMPOTENCY_KEY_REQUIRED, message, ("idempotencyKey",))]


async def perform(context: Context, deed: Deed, said: Any, plain: dict[str, Any]) -> Outcome:
    """Do the act in the viewer's capacity. `said` is the input, `plain` the same as plain values, for its hash."""
    given: str | None = plain.get("idempotency_key")
    if problems := key_problems(deed.act, given):
        return Outcome(problems=tuple(problems))
    key = given or secrets.token_hex(16)
    digest = sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS, default=str)).digest()
    outcome = await persistently(lambda: _once(context, deed, said, key, digest))
    await context.renew()
    return outcome


async def persistently(once: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Do an act again, whole, where a conflict or a lost connection took it away; its key lets it happen once.

    Raises Unavailable after the last turn: whoever asked can ask again with the same key.
    """
    for turn in range(TRIES):
        try:
            return await once()
        except CONFLICTS:
            if turn == TRIES - 1:
                raise Unavailable("Too many others are changing this; try again.") from None
        except (LostAtCommit, *LOST) as lost:
            # asyncpg calls a value that it cannot encode an InterfaceError too: that is ours, and no outage.
            if isinstance(lost, ValueError):
                raise
            # Whether or not COMMIT was under way: the next turn looks the key up first, so nothing is done twice.
            if turn == TRIES - 1:
                raise Unavailable("The database cannot be reached; try again with the same key.") from None
        await asyncio.sleep(random.uniform(0.01, 0.2) * (turn + 1))  # noqa: S311 (jitter, not a secret)
    raise AssertionError("the last turn returns or raises")


async def _once(context: Context, deed: Deed, said: Any, key: str, digest: bytes) -> Outcome:
    try:
        async with context.doorway.acting(context.viewer) as snapshot:
            raiser = None if deed.own is None else await deed.own(snapshot, said)
            if raiser is None and (await snapshot.entered()).seat is None:
                return Outcome(problems=(await _no_capacity(snapshot),))
            return await settle(context, snapshot, deed, said, key, digest, raiser)
    except UnknownSeat:
        raise unknown_seat() from None


def key_mark(context: Context, person: UUID, seat: UUID, act: Act, key: str) -> bytes:
    """What an outcome is kept under: it tells neither the key nor whose it is."""
    return context.mark(context.keys.idempotency, person, seat, act, key)


async def settle(
    context: Context, snapshot: Snapshot, deed: Deed, said: Any, key: str, digest: bytes, raiser: Row | None = None
) -> Outcome:
    """Within the entered transaction: the kept outcome of this key, or the act, what it leaves, and the commit."""
    entered = await snapshot.entered()
    who = entered.seat if raiser is None else raiser["id"]
    assert entered.person is not None
    assert who is not None
    mark = key_mark(context, entered.person, who, deed.act, key)
    await snapshot.call(traces.ONE_AT_A_TIME, int.from_bytes(mark[:8], "big", signed=True))
    if raiser is None:
        kept = await snapshot.one(traces.SEAT_AND_KEPT, id=who, key=mark)
    else:
        kept = await snapshot.one(traces.KEPT, key=mark)
    if kept is not None and kept["kept_outcome"] is not None:
        if kept["kept_input"] != digest:
            message = "This key was used with another input."
            return Outcome(problems=(Problem(Code.IDEMPOTENCY_KEY_REUSED, message, ("idempotencyKey",)),))
        return from_kept(kept["kept_outcome"])
    seat = kept if raiser is None else as_raiser(raiser)
    assert seat is not None
    acting = Acting(context, snapshot, seat, deed.act)
    done = await _attempt(acting, deed, said)
    if not isinstance(done, Done) and deed.unseen(said):
        return Outcome(problems=done)
    outcome = Outcome(done.id) if isinstance(done, Done) else Outcome(problems=done)
    left_by = acting if not isinstance(done, Done) or done.left_by is None else replace(acting, seat=done.left_by)
    await _leave(left_by, mark, digest, done, outcome)
    try:
        await snapshot.commit()
    except LOST as lost:
        raise LostAtCommit from lost
    return outcome


async def _attempt(acting: Acting, deed: Deed, said: Any) -> Done | tuple[Problem, ...]:
    connection = acting.snapshot.connection
    await connection.execute("savepoint act")
    try:
        target = await deed.load(acting, said)
        _check(acting, target, said)
        return await deed.do(acting, target, said)
    except Refused as refusal:
        problems = refusal.problems
    except asyncpg.InvalidAuthorizationSpecificationError:
        problems = not_found().problems
    await connection.execute("rollback to savepoint act")
    return problems


def _check(acting: Acting, target: Target, said: Any) -> None:
    if not may(acting.act, acting.side, acting.office, target.relations):
        raise not_permitted()
    expected: int | None = getattr(said, "expected_revision", None)
    if expected is not None and target.revision is not None and expected != target.revision:
        message = f"It changed since you read it: its revision is {target.revision}."
        raise Refused(Problem(Code.STALE_REVISION, message, ("expectedRevision",)))


async def _no_capacity(snapshot: Snapshot) -> Problem:
    if not await own_seats(snapshot):
        return Problem(Code.NOT_PERMITTED, "You hold no seat now.")
    return Problem(Code.CAPACITY_REQUIRED, "Choose the one seat in which you act, with the header Acting-As.")


async def _leave(
    acting: Acting, mark: bytes, digest: bytes, done: Done | tuple[Problem, ...], outcome: Outcome
) -> None:
    """The trace of what was done or refused, and the outcome under its key, in one statement."""
    # a raiser's own room is whose it is: their detail names nobody
    actor = {} if acting.raising else {"person": str(acting.seat["person_id"]), "seat": str(acting.seat["id"])}
    detail = orjson.dumps({**actor, "input": digest.hex()}, option=orjson.OPT_SORT_KEYS).decode()
    on_a_day = {"today": start_of_day(england_day(acting.now))} if acting.raising else {}
    did, refused = (done, None) if isinstance(done, Done) else (None, done[0])
    await acting.snapshot.fetch(
        traces.LEAVE_OWN if acting.raising else traces.LEAVE,
        entry=uuid4(),
        event=None if did is None else uuid4(),
        audit_room=None if did is None else did.audit_room,
        event_room=None if did is None else did.event_room,
        act=acting.act.value,
        result="REFUSED" if did is None else "DONE",
        code=None if refused is None else refused.code.value,
        target=None if did is None else (did.target or did.id),
        revision=None if did is None else did.revision,
        event_type=None if did is None else did.event,
        salt=secrets.token_hex(16),
        detail=detail,
        key=mark,
        room_id=acting.seat["personal_room"],
        input_hash=digest,
        outcome=outcome.kept(),
        **on_a_day,
    )
