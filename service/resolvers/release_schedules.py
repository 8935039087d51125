"""Freezing on a day that was set beforehand: as the seat that set it, with its powers on that day, and once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from service.access.viewer import Doorway, UnknownSeat
from service.db import deadlines as turns
from service.db import releases as db
from service.db.writing import add
from service.resolvers import releases
from service.resolvers.acting import Acting, Deed, Done, Refused, Target, perform, refuse_if
from service.resolvers.context import Context, Keys, SignedIn
from service.resolvers.ids import global_id
from service.resolvers.targets import node
from service.rules.acts import Act
from service.rules.bodies import Relation
from service.rules.calendar import england_day
from service.rules.problems import Code, Problem
from service.rules.reports.schedules import ScheduleState, schedule_problems, state_on

if TYPE_CHECKING:
    from service.schema.releases import ReleaseScheduleInput, ReleaseUnscheduleInput


async def schedule(acting: Acting, target: Target, said: ReleaseScheduleInput) -> Done:
    """Set a day, for all of the region's forum to see."""
    forum, context = target.row, acting.context
    definition = releases.of_region(forum, said.definition_code)
    refuse_if(schedule_problems(said.freeze_on, england_day(acting.now)))
    day = {"forum": forum["id"], "code": definition.code, "day": said.freeze_on}
    if await acting.snapshot.fetch(db.PLANNED, **day):
        raise Refused(Problem(Code.INVALID, "This picture is to be frozen on that day already.", ("freezeOn",)))
    identity, account = acting.new_id(), context.viewer.account
    assert account is not None
    room = await acting.snapshot.one(db.JOINT_ROOM, forum=forum["id"])
    assert room is not None
    await add(
        acting.snapshot,
        "release_schedule",
        id=identity,
        room_id=room["id"],
        forum_id=forum["id"],
        forum_room=forum["room_id"],
        definition_code=definition.code,
        freeze_on=said.freeze_on,
    )
    await turns.scheduled(acting.snapshot, context.doorway, identity, account)
    return Done(identity, "release.scheduled", room["id"], revision=1)


async def load_schedule(acting: Acting, said: ReleaseUnscheduleInput) -> Target:
    """A schedule of the acting seat's own forum."""
    row = await node(acting, said.schedule_id, "ReleaseSchedule", "scheduleId")
    own = row["forum_id"] == acting.seat["forum_id"]
    return Target(row, frozenset({Relation.OWNER} if own else ()), row["revision"])


async def unschedule(acting: Acting, target: Target, said: ReleaseUnscheduleInput) -> Done:
    """Take a day back, whoever of the forum's leads set it."""
    row = target.row
    moved = await acting.snapshot.one(db.MOVE, schedule=row["id"], new_state=ScheduleState.WITHDRAWN, release=None)
    if moved is None:
        raise Refused(Problem(Code.WRONG_STATE, "This day has been carried out or taken back.", ("scheduleId",)))
    return Done(row["id"], "release.unscheduled", row["room_id"], revision=moved["revision"])


async def states(rows: list[Any], info: Any) -> list[ScheduleState]:
    """What became of each by now."""
    snapshot = await info.context.reading()
    today = england_day((await snapshot.entered()).moment)
    return [state_on(ScheduleState(row["state"]), row["freeze_on"], today) for row in rows]


@dataclass(frozen=True, slots=True)
class _Said:
    """The act's input."""

    forum_id: str
    definition_code: str


async def carry_out(doorway: Doorway, keys: Keys, due: turns.DueRelease) -> bool:
    """Freeze what is due, and note it in the same transaction; or note that nothing could be frozen. Whether it was."""

    async def do(acting: Acting, target: Target, said: Any) -> Done:
        done = await releases.freeze(acting, target, said)
        moved = await acting.snapshot.one(
            db.MOVE, schedule=due.schedule, new_state=ScheduleState.FROZEN, release=done.id
        )
        if moved is None:
            raise Refused(Problem(Code.WRONG_STATE, "This day was taken back meanwhile."))
        return done

    said = _Said(global_id("RegionalSocialPartnershipForum", due.forum), due.code)
    context = Context(doorway, keys, SignedIn("", "", None, due.viewer.account), due.viewer)
    deed = Deed(Act.RELEASE_FREEZE, releases.load_region, do, "Release")
    try:
        plain = {"idempotency_key": f"schedule {due.schedule}", "schedule": str(due.schedule)}
        outcome = await perform(context, deed, said, plain)
        if outcome.id is None:
            await _refused(doorway, due)
        return outcome.id is not None
    finally:
        await context.close()


async def _refused(doorway: Doorway, due: turns.DueRelease) -> None:
    try:
        async with doorway.acting(due.viewer) as snapshot:
            await snapshot.fetch(db.MOVE, schedule=due.schedule, new_state=ScheduleState.REFUSED, release=None)
            await snapshot.commit()
    except UnknownSeat:
        pass
