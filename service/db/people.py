"""What HR told of who works in an organisation, the seats that it keeps for them, and the bodies that it sees."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Date, Integer, Select, Text, Uuid, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from service.access.statement import Statement
from service.access.viewer import Doorway, Row, Snapshot
from service.db import people_tables, tables
from service.db.pages import Pages
from service.db.people_tables import assignment
from service.rules.bodies import Office

_ROOM: Final = bindparam("room", type_=Uuid)
_ORGANISATION: Final = bindparam("organisation", type_=Uuid)
_employment: Final = tables.seat.alias("employment")
_kept: Final = tables.seat.alias("kept")

HELD: Final = Statement(select(assignment).where(assignment.c.room_id == _ROOM))
KEPT: Final = Statement(
    select(assignment.c.person_number, _kept.c.id, _kept.c.forum_id, _kept.c.side, _kept.c.office, _kept.c.ends_at)
    .distinct()
    .add_columns(tables.forum.c.kind)
    .join(_employment, _employment.c.id == assignment.c.employment_seat)
    .join(_kept, _kept.c.person_id == _employment.c.person_id)
    .outerjoin(tables.forum, tables.forum.c.id == _kept.c.forum_id)
    .where(
        assignment.c.room_id == _ROOM,
        or_(assignment.c.ends_on.is_(None), assignment.c.ends_on >= bindparam("today", type_=Date)),
        _kept.c.organisation_id == _ORGANISATION,
        _kept.c.ends_at > func.now(),
        _kept.c.office != Office.SERVICE,
    )
)
"""The seats that have not ended of those told of who work here still, as far as HR sees them."""
BODIES: Final = Statement(
    select(tables.forum.c.id, tables.forum.c.kind, tables.forum.c.local_name).where(
        tables.forum.c.organisation_id == _ORGANISATION, tables.forum.c.closed_on.is_(None)
    )
)
ASSIGNMENTS: Final = Pages(
    select(assignment),
    (assignment.c.person_number, assignment.c.assignment_number, assignment.c.id),
    assignment.c.organisation_id,
)
_TODAY: Final = bindparam("today", type_=Date)
_person: Final = assignment.alias("person")
_is_live: Final = or_(_person.c.ends_on.is_(None), _person.c.ends_on >= _TODAY)


def _persons(*narrowed: ColumnElement[bool]) -> Select[Any]:
    """One row for each person told of and not deleted: as their last assignment has it that goes on, or else the last.

    The id is that of their first assignment, which stays the same. `narrowed`: only those with such an assignment.
    """
    first = func.first_value(_person.c.id).over(
        partition_by=_person.c.person_number, order_by=(_person.c.created_at, _person.c.id)
    )
    active = func.bool_or(_is_live).over(partition_by=_person.c.person_number)
    of = _person.c.organisation_id == _ORGANISATION
    some = select(assignment.c.person_number).where(assignment.c.organisation_id == _ORGANISATION, *narrowed)
    return (
        select(
            _person.c.person_number,
            _person.c.display_name,
            _person.c.issuer,
            _person.c.subject,
            first.label("id"),
            active.label("active"),
        )
        .ext(distinct_on(_person.c.person_number))
        .where(of, _person.c.dropped.is_(False), *([_person.c.person_number.in_(some)] if narrowed else ()))
        .order_by(_person.c.person_number, _is_live.desc(), _person.c.created_at.desc(), _person.c.id.desc())
    )


def _page(*narrowed: ColumnElement[bool]) -> Statement:
    found = _persons(*narrowed).subquery()
    total = func.count().over().label("total")
    page = select(*found.c, total).order_by(found.c.person_number)
    return Statement(page.offset(bindparam("skip", type_=Integer)).limit(bindparam("most", type_=Integer)))


_SAID: Final = bindparam("said", type_=Text)
PERSONS: Final[Mapping[str, Statement]] = MappingProxyType(
    {
        "": _page(),
        "subject": _page(assignment.c.subject == _SAID),
        "person_number": _page(assignment.c.person_number == _SAID),
        "display_name": _page(assignment.c.display_name == _SAID),
        "id": _page(assignment.c.id == bindparam("id", type_=Uuid)),
    }
)
"""The people told of, page by page, all or those of whom one thing is said."""
HOLDERS: Final = Statement(
    select(assignment.c.forum_id, assignment.c.side, assignment.c.office, assignment.c.person_number)
    .distinct()
    .where(
        assignment.c.organisation_id == _ORGANISATION,
        assignment.c.forum_id.is_not(None),
        assignment.c.dropped.is_(False),
        or_(assignment.c.ends_on.is_(None), assignment.c.ends_on >= _TODAY),
    )
)
"""Who holds which post, as HR tells."""
people_import: Final = people_tables.people_import
_KEEP: Final = "select access.people_keep($1, $2, $3)"


async def keep(snapshot: Snapshot, doorway: Doorway, acting: Row, said: dict[str, object]) -> None:
    """Begin and end seats, and tell of assignments, as the acting seat of an organisation's HR."""
    text = orjson.dumps(said, default=str).decode()
    await snapshot.call(_KEEP, text, *doorway.people_proof(snapshot.connection, acting["id"], text))
