"""Reports: their drafts, versions, figures, receivers and answers.

Where a version stands is not a column: it is what lies beside it in its room (an answer, a publication), which only
those can write who may say so.
"""

from typing import Any, Final

from sqlalchemy import Select, Text, Uuid, bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, distinct_on

from service.access.statement import Statement
from service.db.children import IDS, by_time, children
from service.db.pages import Pages
from service.db.tables import (
    forum,
    organisation,
    report,
    report_answer,
    report_draft,
    report_figure,
    report_key,
    report_publication,
    report_receiver,
    report_sign_off,
    report_version,
    room,
)

_ID: Final = bindparam("id", type_=Uuid)
PUBLISH: Final = "select access.report_publish($1)"


def versions() -> Select[Any]:
    """Version rows with where they stand: what their receivers answered, and when they were published."""
    published = report_publication.c.published_at
    return (
        select(
            report_version,
            published,
            case(
                (published.is_not(None), "PUBLISHED"),
                (report_answer.c.kind.is_not(None), report_answer.c.kind),
                else_="SUBMITTED",
            ).label("state"),
        )
        .outerjoin(report_answer, report_answer.c.version_id == report_version.c.id)
        .outerjoin(report_publication, report_publication.c.version_id == report_version.c.id)
    )


OF_ORGANISATIONS: Final = by_time(report, "organisation_id")
OF_FORUMS: Final = by_time(report, "forum_id")
VERSIONS: Final = by_time(report_version, "report_id", versions())
RECEIVED_BY_FORUMS: Final = Pages(
    versions()
    .add_columns(report_receiver.c.version_id)
    .join(report_receiver, report_receiver.c.version_id == report_version.c.id),
    (report_receiver.c.version_id,),
    parent=report_receiver.c.forum_id,
)
LATEST_VERSIONS: Final = Statement(
    versions()
    .add_columns(report_version.c.report_id.label("parent"))
    .where(report_version.c.report_id == IDS.any_())
    .ext(distinct_on(report_version.c.report_id))
    .order_by(report_version.c.report_id, report_version.c.number.desc())
)
VERSION: Final = Statement(versions().where(report_version.c.id == _ID))
DRAFTS: Final = children(report_draft, "report_id")
KEYS: Final = children(report_key, "report_id")
KEYED: Final = Statement(
    select(report_key).where(
        report_key.c.room_id == bindparam("room", type_=Uuid), report_key.c.external_key == bindparam("key", type_=Text)
    )
)
ON_PERIOD: Final = Statement(
    select(report_key).where(
        report_key.c.room_id == bindparam("room", type_=Uuid), report_key.c.natural_key == bindparam("key", type_=Text)
    )
)
FIGURES: Final = children(report_figure, "version_id", "metric_id", "group_code", "band_code")
SIGN_OFFS: Final = children(report_sign_off, "draft_id", "signed_at")
ANSWERS: Final = children(report_answer, "version_id", "created_at")
RECEIVERS: Final = Statement(
    select(report_receiver.c.version_id.label("parent"), forum)
    .join(forum, forum.c.id == report_receiver.c.forum_id)
    .where(report_receiver.c.version_id == IDS.any_())
    .order_by(forum.c.local_name, forum.c.id)
)
RECEIVED: Final = Statement(
    select(report_receiver).where(
        report_receiver.c.version_id == _ID, report_receiver.c.forum_id == bindparam("forum", type_=Uuid)
    )
)
FORUMS_TO_RECEIVE: Final = Statement(
    select(forum)
    .where(
        forum.c.organisation_id == bindparam("organisation", type_=Uuid),
        forum.c.kind == bindparam("kinds", type_=ARRAY(Text)).any_(),
        forum.c.closed_on.is_(None),
    )
    .order_by(forum.c.local_name, forum.c.id)
)
ROOM_OF_ORGANISATION: Final = Statement(
    select(room).where(
        room.c.organisation_id == bindparam("organisation", type_=Uuid),
        room.c.purpose == bindparam("purpose", type_=Text),
        room.c.forum_id.is_(None),
    )
)
REVISED: Final = Statement(
    update(report_draft)
    .where(report_draft.c.id == _ID)
    .values(
        figures=bindparam("figures", type_=JSONB),
        content_hash=bindparam("content_hash", type_=Text),
        is_open=True,
        revision=report_draft.c.revision + 1,
        made_by_side=bindparam("side", type_=Text),
        made_by_office=bindparam("office", type_=Text),
        updated_at=func.now(),
    )
)
SUBMITTED: Final = Statement(
    update(report_draft)
    .where(report_draft.c.id == _ID)
    .values(is_open=False, revision=report_draft.c.revision + 1, updated_at=func.now())
)
DIRECTORY: Final = Statement(
    select(organisation).where(organisation.c.ods_code == bindparam("codes", type_=ARRAY(Text)).any_())
)
# What an organisation published of these metrics, report by report and version by version.
SERIES: Final = Statement(
    select(
        report.c.organisation_id,
        report.c.starts_on,
        report.c.ends_on,
        report.c.definition_id,
        report_version.c.id.label("version_id"),
        report_version.c.number,
        report_publication.c.published_at,
        report_figure,
    )
    .select_from(report_figure)
    .join(report_version, report_version.c.id == report_figure.c.version_id)
    .join(report, report.c.id == report_version.c.report_id)
    .join(report_publication, report_publication.c.version_id == report_version.c.id)
    .where(
        report.c.organisation_id == bindparam("organisation", type_=Uuid),
        report_figure.c.metric_id == IDS.any_(),
    )
    .order_by(report.c.starts_on, report.c.ends_on, report_publication.c.published_at, report_figure.c.group_code)
)
