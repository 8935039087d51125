"""Releases: the region's frozen pictures, their cells, and what they are made of.

What they are made of is read by definer functions that ask for the service's own proof; a member of the region's
forum reads cells and nothing else.
"""

from typing import Final

from sqlalchemy import Date, Text, Uuid, and_, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from service.access.statement import Statement
from service.db.children import IDS, by_time, children
from service.db.pages import Pages
from service.db.tables import (
    organisation,
    region_member,
    release,
    release_cell,
    release_contributor,
    release_schedule,
    report_definition,
    room,
)

SOURCE: Final = "select * from access.release_source($1, $2, $3, $4)"
HISTORY: Final = "select * from access.release_history($1, $2, $3, $4)"
FREEZE: Final = "select access.release_freeze($1, $2, $3, $4, $5, $6)"

SCHEDULES_OF_FORUMS: Final = Pages(
    select(release_schedule), (release_schedule.c.freeze_on, release_schedule.c.id), release_schedule.c.forum_id
)
PLANNED: Final = Statement(
    select(release_schedule.c.id).where(
        release_schedule.c.forum_id == bindparam("forum", type_=Uuid),
        release_schedule.c.definition_code == bindparam("code", type_=Text),
        release_schedule.c.freeze_on == bindparam("day", type_=Date),
        release_schedule.c.state == "PLANNED",
    )
)
MOVE: Final = Statement(
    update(release_schedule)
    .where(release_schedule.c.id == bindparam("schedule", type_=Uuid), release_schedule.c.state == "PLANNED")
    .values(
        state=bindparam("new_state", type_=Text),
        release_id=bindparam("release", type_=Uuid),
        revision=release_schedule.c.revision + 1,
    )
    .returning(release_schedule.c.revision)
)
JOINT_ROOM: Final = Statement(
    select(room.c.id).where(room.c.forum_id == bindparam("forum", type_=Uuid), room.c.purpose == "JOINT")
)
_DIMENSION: Final = bindparam("dimension", type_=Text)
OF_FORUMS: Final = by_time(release, "forum_id")
CONTRIBUTED: Final = Pages(
    select(release, release_contributor.c.release_id).join(
        release_contributor, release_contributor.c.release_id == release.c.id
    ),
    (release_contributor.c.release_id,),
    parent=release_contributor.c.organisation_id,
)
CELLS: Final = Pages(
    select(release_cell).where(or_(_DIMENSION.is_(None), release_cell.c.dimension == _DIMENSION)),
    (release_cell.c.position,),
    parent=release_cell.c.release_id,
)
ALL_CELLS: Final = children(release_cell, "release_id", "release_id", "position")
CELLS_OF_METRICS: Final = Statement(
    select(release_cell)
    .where(
        release_cell.c.metric_id == IDS.any_(),
        release_cell.c.release_id == bindparam("releases", type_=ARRAY(Uuid)).any_(),
    )
    .order_by(release_cell.c.release_id, release_cell.c.position)
)
CONTRIBUTORS: Final = Statement(
    select(release_contributor.c.release_id.label("parent"), organisation)
    .join(organisation, organisation.c.id == release_contributor.c.organisation_id)
    .where(release_contributor.c.release_id == IDS.any_())
    .order_by(organisation.c.name, organisation.c.id)
)
# Every release of one kind of report by a forum, oldest first.
OF_KIND: Final = Statement(
    select(release)
    .join(report_definition, report_definition.c.id == release.c.definition_id)
    .where(
        release.c.forum_id == bindparam("forum", type_=Uuid), report_definition.c.code == bindparam("code", type_=Text)
    )
    .order_by(release.c.number)
)
# The newest release of each kind of report that an organisation contributed to.
LATEST_OF_ORGANISATION: Final = Statement(
    select(release)
    .join(release_contributor, release_contributor.c.release_id == release.c.id)
    .where(
        release_contributor.c.organisation_id == bindparam("organisation", type_=Uuid),
        release.c.definition_id == IDS.any_(),
    )
    .ext(distinct_on(release.c.definition_id))
    .order_by(release.c.definition_id, release.c.created_at.desc(), release.c.id.desc())
)
_icb = organisation.alias("icb")
_day = bindparam("day", type_=Date)
MEMBERS: Final = Statement(
    select(organisation, _icb.c.ods_code.label("icb"))
    .join(region_member, region_member.c.member_id == organisation.c.id)
    .outerjoin(_icb, and_(_icb.c.id == organisation.c.parent_id, _icb.c.kind == "ICB"))
    .where(
        region_member.c.region_id == bindparam("region", type_=Uuid),
        region_member.c.starts_on <= _day,
        region_member.c.ends_on > _day,
    )
    .order_by(organisation.c.id)
)
