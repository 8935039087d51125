"""Organisations, forums, seats, people: the directory and what lies behind it."""

from typing import Final
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from service.access.statement import Statement
from service.access.viewer import Row, Snapshot
from service.db.children import IDS, by_time
from service.db.pages import Pages
from service.db.tables import (
    bar,
    forum,
    forum_organisation,
    invitation,
    membership_request,
    organisation,
    organisation_succession,
    person,
    room,
    seat,
    terms_of_reference,
)

_KIND: Final = bindparam("kind", type_=Text)

ORGANISATION_BY_ODS_CODE: Final = Statement(
    select(organisation).where(organisation.c.ods_code == bindparam("ods_code"))
)
ORGANISATIONS: Final = Pages(
    select(organisation).where(or_(_KIND.is_(None), organisation.c.kind == _KIND)),
    (organisation.c.name, organisation.c.id),
)
PREDECESSORS: Final = Statement(
    select(organisation_succession.c.successor_id.label("parent"), organisation_succession.c.happened_on, organisation)
    .join(organisation, organisation.c.id == organisation_succession.c.predecessor_id)
    .where(organisation_succession.c.successor_id == IDS.any_())
    .order_by(organisation_succession.c.happened_on, organisation.c.id)
)
SUCCESSORS: Final = Statement(
    select(
        organisation_succession.c.predecessor_id.label("parent"), organisation_succession.c.happened_on, organisation
    )
    .join(organisation, organisation.c.id == organisation_succession.c.successor_id)
    .where(organisation_succession.c.predecessor_id == IDS.any_())
    .order_by(organisation_succession.c.happened_on, organisation.c.id)
)
ORGANISATIONS_OF_FORUMS: Final = Statement(
    select(forum_organisation.c.forum_id.label("parent"), organisation)
    .join(organisation, organisation.c.id == forum_organisation.c.organisation_id)
    .where(forum_organisation.c.forum_id == IDS.any_())
    .order_by(organisation.c.name, organisation.c.id)
)

FORUMS_OF_ORGANISATIONS: Final = Pages(
    select(forum).where(or_(_KIND.is_(None), forum.c.kind == _KIND)),
    (forum.c.local_name, forum.c.id),
    parent=forum.c.organisation_id,
)
SUB_GROUPS: Final = Pages(select(forum), (forum.c.local_name, forum.c.id), parent=forum.c.parent_id)
ROOMS_OF_FORUMS: Final = Statement(
    select(room.c.forum_id.label("parent"), room.c.purpose)
    .where(room.c.forum_id == IDS.any_())
    .order_by(room.c.purpose)
)
# A body's chain of acts is kept in its innermost room: the first of these that is open.
AUDITED_ROOMS: Final = Statement(
    select(room.c.forum_id.label("parent"), room.c.id)
    .where(room.c.forum_id == IDS.any_())
    .ext(distinct_on(room.c.forum_id))
    .order_by(room.c.forum_id, room.c.purpose != "OFFICERS", room.c.purpose != "JOINT", room.c.purpose)
)
ROOM_OF_FORUM: Final = Statement(
    select(room).where(room.c.forum_id == bindparam("forum"), room.c.purpose == bindparam("purpose"))
)
OPEN_ROOMS: Final = Statement(
    select(forum.c.kind, room.c.purpose, room.c.id)
    .join(room, room.c.forum_id == forum.c.id)
    .where(forum.c.id == bindparam("forum", type_=Uuid))
)
TERMS_OF_FORUMS: Final = Pages(
    select(terms_of_reference),
    (terms_of_reference.c.starts_on, terms_of_reference.c.id),
    parent=terms_of_reference.c.forum_id,
)

SEATS_OF_FORUMS: Final = by_time(seat, "forum_id")
SEATS_OF_PEOPLE: Final = by_time(seat, "person_id")
SEAT_BY_ID: Final = Statement(select(seat).where(seat.c.id == bindparam("id", type_=Uuid)))
REQUESTS_OF_FORUMS: Final = by_time(membership_request, "forum_id")
OWN_SEAT_IN_FORUM: Final = Statement(
    select(seat)
    .where(
        seat.c.forum_id == bindparam("forum", type_=Uuid),
        seat.c.person_id == bindparam("person", type_=Uuid),
        seat.c.ends_at > bindparam("now"),
    )
    .order_by(seat.c.office != "MEMBER", seat.c.id)
)
# A bar without a reason was declared from a body that does not open this room: who did, and where, stays there.
RECUSALS: Final = Statement(
    select(bar.c.room_id.label("parent"), bar)
    .where(bar.c.room_id == IDS.any_(), bar.c.reason != "")
    .order_by(bar.c.created_at)
)
INVITATION_COLUMNS: Final = (
    invitation.c.id,
    invitation.c.room_id,
    invitation.c.forum_id,
    invitation.c.side,
    invitation.c.office,
    invitation.c.union_id,
    invitation.c.expires_at,
    invitation.c.accepted_at,
    invitation.c.created_at,
)
INVITATIONS_OF_FORUMS: Final = Pages(
    select(*INVITATION_COLUMNS), (invitation.c.created_at, invitation.c.id), parent=invitation.c.forum_id
)
PERSON: Final = Statement(select(person).where(person.c.id == bindparam("id", type_=Uuid)))

OWN_SEATS: Final = "select * from access.own_seats()"


async def own_seats(snapshot: Snapshot) -> list[Row]:
    """The viewer's seats now, with what is needed to choose between them."""
    return await snapshot.call(OWN_SEATS)


async def room_of(snapshot: Snapshot, forum_id: UUID, purpose: str) -> UUID | None:
    """A forum's room of one purpose, where the viewer has it open."""
    found = await snapshot.one(ROOM_OF_FORUM, forum=forum_id, purpose=purpose)
    return None if found is None else found["id"]


async def acting_seat(snapshot: Snapshot) -> Row | None:
    """The seat that the viewer acts in; None where they act in none, or in all merged."""
    seat = (await snapshot.entered()).seat
    return None if seat is None else await snapshot.one(SEAT_BY_ID, id=seat)
