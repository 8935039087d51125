"""Who grants which seats: each side, union and network its own; the HR system employment and management-side seats."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from service.access.viewer import Row
from service.db.nodes import by_ids
from service.forums import BODY, FORUM_TYPES, ORGANISATION_OFFICES
from service.forums.body import OfficeRow
from service.resolvers.acting import Acting, Done, Refused, Target, not_found, not_permitted, refuse_if
from service.resolvers.ids import row_id
from service.resolvers.targets import node
from service.rules.bodies import ForumKind, Purpose, Relation
from service.rules.calendar import end_of_day, england_day, start_of_day
from service.rules.problems import Code, Problem
from service.rules.text import line_problems, normalised

if TYPE_CHECKING:
    from service.schema.seats import SeatEndInput, SeatGrantInput

FOREVER: Final = datetime.max.replace(tzinfo=UTC)
TITLE_MOST: Final = 100
ISSUER_MOST: Final = 500
GRANT: Final = "select access.seat_grant($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
END: Final = "select access.seat_end($1, $2)"


def office_row(kind: str | None, side: str, office: str) -> OfficeRow:
    """The row of an office in one kind of body, or in an organisation. Raises Refused(INVALID)."""
    rows = ORGANISATION_OFFICES if kind is None else BODY[ForumKind(kind)].offices
    for row in rows:
        if row.side == side and row.office == office:
            return row
    raise Refused(Problem(Code.INVALID, "This kind of body has no such office on that side.", ("office",)))


async def relations_to_body(acting: Acting, forum: Row | None, organisation: UUID) -> frozenset[Relation]:
    """OWNER of one's own body; EMPLOYER as the organisation's own seat, of its bodies."""
    own = acting.seat["forum_id"]
    if own is not None and forum is not None and own == forum["id"]:
        return frozenset({Relation.OWNER})
    if own is None and acting.seat["organisation_id"] == organisation:
        return frozenset({Relation.EMPLOYER})
    return frozenset()


async def load_body(acting: Acting, said: SeatGrantInput) -> Target:
    """The forum, or the organisation, in which the seat is."""
    if (said.forum_id is None) == (said.organisation_id is None):
        raise Refused(Problem(Code.REQUIRED, "Name either a forum or an organisation.", ("forumId",)))
    if said.forum_id is not None:
        forum = await node(acting, said.forum_id, "Forum", "forumId", ids=FORUM_TYPES)
        return Target(forum, await relations_to_body(acting, forum, forum["organisation_id"]))
    assert said.organisation_id is not None
    organisation = await node(acting, said.organisation_id, "Organisation", "organisationId")
    return Target(organisation, await relations_to_body(acting, None, organisation["id"]))


async def grant(acting: Acting, target: Target, said: SeatGrantInput) -> Done:
    """A seat for a person whom the granter can see, by whoever that office's row names."""
    forum = target.row if said.forum_id is not None else None
    row = office_row(None if forum is None else forum["kind"], said.side, said.office)
    refuse_if(_grant_problems(said, row, england_day(acting.now)))
    if Relation.EMPLOYER in target.relations and Purpose.WORKFORCE not in row.granted_by:
        raise not_permitted()
    if Relation.OWNER in target.relations and not set(row.granted_by) & own_purposes(acting, target.row):
        raise not_permitted()
    person = row_id(said.person_id, "Person")
    people = await by_ids(acting.snapshot, "Person", [person])
    if people[0] is None:
        raise not_found("personId")
    union = await _union(acting, said.union_id)
    identity = acting.new_id()
    await acting.snapshot.call(
        GRANT,
        identity,
        acting.new_id(),
        None if forum is None else forum["id"],
        target.row["id"] if forum is None else forum["organisation_id"],
        person,
        said.side,
        said.office,
        None if said.title is None else normalised(said.title),
        union,
        said.issuer,
        said.public,
        acting.now if said.starts_on is None else start_of_day(said.starts_on),
        FOREVER if said.ends_on is None else end_of_day(said.ends_on),
    )
    return Done(identity, "seat.granted", None)


def own_purposes(acting: Acting, forum: Row) -> frozenset[Purpose]:
    """The rooms of its own body that the acting seat's office opens."""
    for row in BODY[ForumKind(forum["kind"])].offices:
        if row.side == acting.side and row.office == acting.office:
            return frozenset(row.opens)
    return frozenset()


async def _union(acting: Acting, given: str | None) -> UUID | None:
    if given is None:
        return None
    union = await node(acting, given, "Organisation", "unionId")
    if union["kind"] != "TRADE_UNION":
        raise Refused(Problem(Code.INVALID, "This organisation is not a trade union.", ("unionId",)))
    found: UUID = union["id"]
    return found


def _grant_problems(said: SeatGrantInput, row: OfficeRow, today: date) -> list[Problem]:
    problems = []
    if said.title is not None:
        problems += line_problems(said.title, field=("title",), most=TITLE_MOST)
    if said.issuer is not None:
        problems += line_problems(said.issuer, field=("issuer",), most=ISSUER_MOST)
    if said.public and not row.may_be_public:
        problems.append(Problem(Code.INVALID, "Where this office is listed is not the granter's choice.", ("public",)))
    if said.ends_on is not None and said.ends_on < (said.starts_on or today):
        problems.append(Problem(Code.DATE_ORDER, "A seat ends after it starts.", ("endsOn",)))
    return problems


async def load_seat(acting: Acting, said: SeatEndInput) -> Target:
    """The seat to end."""
    seat = await node(acting, said.seat_id, "Seat", "seatId")
    forum = (await by_ids(acting.snapshot, "Forum", [seat["forum_id"]]))[0] if seat["forum_id"] is not None else None
    return Target(seat, await relations_to_body(acting, forum, seat["organisation_id"]), None, forum)


async def end(acting: Acting, target: Target, said: SeatEndInput) -> Done:
    """End a seat now, or on a later day; a seat is never lengthened."""
    seat, forum = target.row, target.parent
    row = office_row(None if forum is None else forum["kind"], seat["side"], seat["office"])
    opened = (
        own_purposes(acting, forum)
        if Relation.OWNER in target.relations and forum is not None
        else frozenset({Purpose.WORKFORCE})
    )
    if not set(row.granted_by) & opened:
        raise not_permitted()
    # a seat without an end comes back as a moment without a zone
    if seat["ends_at"].replace(tzinfo=UTC) <= acting.now:
        raise Refused(Problem(Code.WRONG_STATE, "This seat has ended.", ("seatId",)))
    ends_at = acting.now if said.ends_on is None else end_of_day(said.ends_on)
    if ends_at < acting.now:
        raise Refused(Problem(Code.IN_THE_PAST, "A seat ends now, or on a later day.", ("endsOn",)))
    await acting.snapshot.call(END, seat["id"], ends_at)
    return Done(seat["id"], "seat.ended", None)
