"""Signposts: whom an organisation's people can turn to, in its own words."""

from typing import Final

from sqlalchemy import Text, Uuid, bindparam, select, update

from service.access.statement import Statement
from service.db.children import IDS
from service.db.issue_tables import signpost
from service.db.tables import room

OF_ORGANISATIONS: Final = Statement(
    select(signpost.c.organisation_id.label("parent"), signpost)
    .where(signpost.c.organisation_id == IDS.any_())
    .order_by(
        signpost.c.purpose != "URGENT_HARM",
        signpost.c.purpose != "UNION_REPRESENTATIVE",
        signpost.c.purpose != "GUARDIAN",
        signpost.c.id,
    )
)
OF_PURPOSE: Final = Statement(
    select(signpost)
    .where(
        signpost.c.organisation_id == bindparam("organisation", type_=Uuid),
        signpost.c.purpose == bindparam("purpose", type_=Text),
    )
    .with_for_update()
)
CHANGE: Final = Statement(
    update(signpost)
    .where(signpost.c.id == bindparam("id", type_=Uuid))
    .values(
        words=bindparam("new_words", type_=Text),
        how_to_reach=bindparam("new_how", type_=Text),
        revision=signpost.c.revision + 1,
    )
)
ROOM: Final = Statement(
    select(room).where(
        room.c.organisation_id == bindparam("organisation", type_=Uuid),
        room.c.forum_id.is_(None),
        room.c.purpose == bindparam("purpose", type_=Text),
    )
)
