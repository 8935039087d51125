"""The directory of the demo as rows: organisations, forums with their rooms, people with their seats.

A seat is recorded in the room that its office has as home, so that who can see the seat is who could see it had an act
granted it; a union group's entry lives in its own joint room, into which only the staff side's room has a door.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Final
from uuid import UUID

from service.demo.days import moment
from service.demo.organisations import MERGED_ON, NHS_ENGLAND, NORTH_EAST, TRUSTS
from service.demo.rows import Row, door, room, room_id
from service.demo.shapes import Forum, Organisation, Person, Region, Seat, demo_id
from service.forums import BODY, ORGANISATION_OFFICES
from service.identity.demo import ISSUER
from service.rules.bodies import ForumKind, Purpose

ORGANISATION_ROOMS: Final = {
    **dict.fromkeys(TRUSTS, (Purpose.ORGANISATION, Purpose.WORKFORCE)),
    NORTH_EAST: (Purpose.REGION,),
    NHS_ENGLAND: (Purpose.ORGANISATION, Purpose.WORKFORCE),
}


def directory_rows(region: Region) -> Iterator[Row]:
    """Every row of the directory, each after those it refers to."""
    forums = {forum.key: forum for forum in region.forums}
    established_on = min(seat.starts_on for seat in region.seats)
    for organisation in region.organisations:
        yield from _organisation(organisation)
    for organisation in region.organisations:
        if organisation.successor is not None:
            yield _succession(organisation, organisation.successor)
    for forum in region.forums:
        yield from _forum(forum, forums, established_on)
    for person in region.people:
        yield from _person(person)
    for seat in region.seats:
        yield from _seat(seat, forums)


def entry_room(forum: Forum) -> UUID:
    """The room in which a forum's entry in the directory lives."""
    match forum.kind:
        case ForumKind.TRADE_UNION_GROUP:
            return room_id(forum.key, Purpose.JOINT)
        case ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM:
            return room_id(forum.serves[0], Purpose.REGION)
        case _:
            return room_id(forum.serves[0], Purpose.ORGANISATION)


def _organisation(organisation: Organisation) -> Iterator[Row]:
    id = demo_id("organisation", organisation.key)
    yield Row(
        "graph.organisation",
        {
            "id": id,
            "ods_code": organisation.ods_code,
            "kind": organisation.kind,
            "name": organisation.name,
            "trust_type": organisation.trust_type,
            "parent_id": organisation.parent and demo_id("organisation", organisation.parent),
            "opened_on": organisation.opened_on,
            "closed_on": organisation.closed_on,
        },
    )
    for purpose in ORGANISATION_ROOMS.get(organisation.key, ()):
        yield from room(room_id(organisation.key, purpose), purpose, organisation_id=id)


def _succession(former: Organisation, successor: str) -> Row:
    return Row(
        "graph.organisation_succession",
        {
            "id": demo_id("succession", f"{former.key}/{successor}"),
            "predecessor_id": demo_id("organisation", former.key),
            "successor_id": demo_id("organisation", successor),
            "happened_on": MERGED_ON,
        },
    )


def _forum(forum: Forum, forums: Mapping[str, Forum], established_on: date) -> Iterator[Row]:
    id, entry = demo_id("forum", forum.key), entry_room(forum)
    for purpose in BODY[forum.kind].rooms:
        yield from room(room_id(forum.key, purpose), purpose, forum_id=id)
    parent = forums[forum.parent] if forum.parent else None
    yield Row(
        "graph.forum",
        {
            "id": id,
            "room_id": entry,
            "organisation_id": demo_id("organisation", forum.serves[0]),
            "kind": forum.kind,
            "local_name": forum.name,
            "purpose_statement": forum.purpose,
            "parent_id": parent and demo_id("forum", parent.key),
            "parent_room": parent and entry_room(parent),
            "union_id": forum.union and demo_id("organisation", forum.union),
            "established_on": established_on,
        },
    )
    for served in forum.serves:
        organisation = demo_id("organisation", served)
        yield Row("graph.forum_organisation", {"forum_id": id, "room_id": entry, "organisation_id": organisation})
    for heard in forum.hears:
        member = demo_id("organisation", heard)
        yield Row("graph.region_member", {"region_id": demo_id("organisation", forum.serves[0]), "member_id": member})
    yield Row(
        "graph.terms_of_reference",
        {"id": demo_id("terms", forum.key), "room_id": entry, "forum_id": id, "starts_on": established_on}
        | asdict(forum.terms),
    )
    if forum.kind is ForumKind.TRADE_UNION_GROUP:
        staff_side = room_id(f"{forum.serves[0]}/jnc", Purpose.STAFF_SIDE)
        yield door(staff_side, entry, may_write=False)


def _person(person: Person) -> Iterator[Row]:
    id = demo_id("person", person.subject)
    yield Row("graph.person", {"id": id, "display_name": person.name, "is_service": person.is_service})
    account = demo_id("account", person.subject)
    yield Row("access.account", {"id": account, "issuer": ISSUER, "subject": person.subject, "person_id": id})


def _seat(seat: Seat, forums: Mapping[str, Forum]) -> Iterator[Row]:
    own = room_id(seat.key, Purpose.PERSONAL)
    yield from room(own, Purpose.PERSONAL)
    row = {
        "id": demo_id("seat", seat.key),
        "room_id": _home(seat, forums),
        "forum_id": seat.forum and demo_id("forum", seat.forum),
        "organisation_id": demo_id("organisation", seat.organisation),
        "person_id": demo_id("person", seat.holder),
        "office": seat.office,
        "side": seat.side,
        "title": seat.title,
        "union_id": seat.union and demo_id("organisation", seat.union),
        "starts_at": moment(seat.starts_on, 0),
        "personal_room": own,
    }
    yield Row("graph.seat", row | ({"ends_at": moment(seat.ends_on, 0)} if seat.ends_on else {}))


def _home(seat: Seat, forums: Mapping[str, Forum]) -> UUID:
    forum = forums[seat.forum] if seat.forum else None
    offices = BODY[forum.kind].offices if forum else ORGANISATION_OFFICES
    row = next(row for row in offices if (row.side, row.office) == (seat.side, seat.office))
    home = Purpose.ORGANISATION if seat.is_public and row.may_be_public else row.home
    is_own = forum is not None and home in BODY[forum.kind].rooms
    return room_id(forum.key if forum is not None and is_own else seat.organisation, home)
