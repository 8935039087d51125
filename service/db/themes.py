"""Themes: what trusts offer to their region, and what the region hears and answers."""

from typing import Final

from sqlalchemy import Text, Uuid, bindparam, select, update

from service.access.statement import Statement
from service.db.children import IDS, by_time, children, last_position
from service.db.issue_tables import theme, theme_answer, theme_offer, theme_signature, theme_trust
from service.db.tables import organisation

_ID: Final = bindparam("id", type_=Uuid)

OF_FORUMS: Final = by_time(theme, "forum_id")
OFFERS_OF_FORUMS: Final = by_time(theme_offer, "forum_id")
SIGNATURES: Final = children(theme_signature, "offer_id", "signed_on", "side")
NAMED_TRUSTS: Final = Statement(
    select(theme_trust.c.theme_id.label("parent"), organisation)
    .join(organisation, organisation.c.id == theme_trust.c.organisation_id)
    .where(theme_trust.c.theme_id == IDS.any_())
    .order_by(organisation.c.name, organisation.c.id)
)
ANSWERS: Final = children(theme_answer, "theme_id", "position")
OF_OFFERS: Final = Statement(
    select(theme_offer.c.id.label("parent"), theme)
    .join(
        theme,
        (theme.c.forum_id == theme_offer.c.spf_id)
        & (theme.c.category == theme_offer.c.category)
        & (theme.c.period == theme_offer.c.period),
    )
    .where(theme_offer.c.id == IDS.any_())
)

OFFERED: Final = Statement(
    select(theme_offer).where(
        theme_offer.c.forum_id == bindparam("forum", type_=Uuid),
        theme_offer.c.category == bindparam("category", type_=Text),
        theme_offer.c.period == bindparam("period", type_=Text),
    )
)
SIGNED: Final = Statement(select(theme_signature.c.side).where(theme_signature.c.offer_id == _ID))
LOCKED: Final = Statement(select(theme).where(theme.c.id == _ID).with_for_update())
LAST_ANSWER: Final = last_position(theme_answer, "theme_id")
MOVE: Final = Statement(
    update(theme).where(theme.c.id == _ID).values(state=bindparam("to_state"), revision=theme.c.revision + 1)
)
COUNT: Final = "select access.theme_count($1, $2, $3)"
