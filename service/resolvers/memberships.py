"""Joining and leaving a network. Nothing is declared, and only the network's officers learn who asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from service.access.viewer import Row
from service.db.directory import OWN_SEAT_IN_FORUM
from service.forums import BODY, FORUM_TYPES
from service.resolvers.acting import Acting, Done, Refused, Target
from service.resolvers.seats import END
from service.resolvers.targets import node
from service.rules.bodies import ForumKind, Relation
from service.rules.calendar import end_of_day
from service.rules.problems import Code, Problem

if TYPE_CHECKING:
    from service.schema.memberships import (
        MembershipAcceptInput,
        MembershipDeclineInput,
        MembershipJoinInput,
        MembershipLeaveInput,
    )

FOREVER: Final = datetime.max.replace(tzinfo=UTC)
JOIN: Final = "select access.membership_join($1, $2) as id"
DECIDE: Final = "select access.membership_decide($1, $2, $3, $4, $5)"


async def load_network(acting: Acting, said: MembershipJoinInput | MembershipLeaveInput) -> Target:
    """The network to join or to leave."""
    forum = await node(acting, said.forum_id, "Forum", "forumId", ids=FORUM_TYPES)
    return Target(forum, frozenset({Relation.ANYONE}))


async def join(acting: Acting, target: Target, said: MembershipJoinInput) -> Done:
    """Ask to join. Asking again leaves what stands."""
    if not BODY[ForumKind(target.row["kind"])].joinable or target.row["closed_on"] is not None:
        raise Refused(Problem(Code.INVALID, "One asks to join a staff network.", ("forumId",)))
    if await _own_seat(acting, target) is not None:
        raise Refused(Problem(Code.INVALID, "You hold a seat there already.", ("forumId",)))
    asked = await acting.snapshot.call(JOIN, acting.new_id(), target.row["id"])
    return Done(asked[0]["id"], "membership.requested", None)


async def _own_seat(acting: Acting, target: Target) -> Row | None:
    return await acting.snapshot.one(
        OWN_SEAT_IN_FORUM, forum=target.row["id"], person=acting.seat["person_id"], now=acting.now
    )


async def leave(acting: Acting, target: Target, said: MembershipLeaveInput) -> Done:
    """Give up one's own seat in a body, at once."""
    seat = await _own_seat(acting, target)
    if seat is None:
        raise Refused(Problem(Code.NOT_FOUND, "You hold no seat there.", ("forumId",)))
    await acting.snapshot.call(END, seat["id"], acting.now)
    return Done(seat["id"], "membership.ended", None)


async def load_request(acting: Acting, said: MembershipAcceptInput | MembershipDeclineInput) -> Target:
    """The request, and whether it is to the acting seat's own network."""
    request = await node(acting, said.request_id, "MembershipRequest", "requestId")
    own = request["forum_id"] == acting.seat["forum_id"]
    return Target(request, frozenset({Relation.OWNER} if own else ()))


async def accept(acting: Acting, target: Target, said: MembershipAcceptInput) -> Done:
    """Give the joiner a member's seat, until the day the network's terms name."""
    return await _decide(
        acting, target, accepted=True, ends_at=FOREVER if said.ends_on is None else end_of_day(said.ends_on)
    )


async def decline(acting: Acting, target: Target, said: MembershipDeclineInput) -> Done:
    """Say no."""
    return await _decide(acting, target, accepted=False, ends_at=FOREVER)


async def _decide(acting: Acting, target: Target, *, accepted: bool, ends_at: datetime) -> Done:
    request = target.row
    if request["state"] != "PENDING":
        raise Refused(Problem(Code.WRONG_STATE, "This request was answered already.", ("requestId",)))
    if ends_at <= acting.now:
        raise Refused(Problem(Code.IN_THE_PAST, "A membership ends in the future.", ("endsOn",)))
    await acting.snapshot.call(DECIDE, request["id"], accepted, acting.new_id(), acting.new_id(), ends_at)
    return Done(request["id"], "membership.decided", request["room_id"])
