"""Themes: what a trust's joint body offers its region, without any record, and what the region answers.

The region sees a theme when enough trusts offered it; of fewer, or by name, only those whose two sides signed for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from service.db import escalations as route_db
from service.db import themes as db
from service.db.directory import room_of
from service.db.writing import add
from service.forums import FORUM_TYPES
from service.resolvers.acting import Acting, Done, Refused, Target, not_permitted, refuse_if
from service.resolvers.targets import node
from service.rules.bodies import Purpose, Relation
from service.rules.calendar import england_day
from service.rules.escalations import (
    ThemeState,
    offer_problems,
    period_of,
    theme_answer_problems,
    theme_signature_problems,
)
from service.rules.problems import Code, Problem
from service.rules.text import normalised

if TYPE_CHECKING:
    from service.schema.themes import ThemeAnswerInput, ThemeOfferInput, ThemeSignInput


async def load_offering(acting: Acting, said: ThemeOfferInput) -> Target:
    """The acting seat's own body, which offers."""
    forum = await node(acting, said.forum_id, "Forum", "forumId", ids=FORUM_TYPES)
    own = forum["id"] == acting.seat["forum_id"]
    return Target(forum, frozenset({Relation.OWNER} if own else ()))


async def offer(acting: Acting, target: Target, said: ThemeOfferInput) -> Done:
    """Offer a theme: a category and a quarter, and nothing else leaves the trust."""
    snapshot, forum = acting.snapshot, target.row
    today = england_day(acting.now)
    period = said.period or period_of(today)
    before = await snapshot.one(db.OFFERED, forum=forum["id"], category=said.category, period=period)
    refuse_if(offer_problems(period, today, already_offered=before is not None))
    routes = await route_db.routes_from(snapshot, forum["id"], Purpose.JOINT)
    route = next((each for each in routes if each["carries"] == "THEME"), None)
    if route is None:
        raise Refused(Problem(Code.NO_ROUTE, "This body has no region to offer themes to.", ("forumId",)))
    room = await room_of(snapshot, forum["id"], Purpose.JOINT)
    if room is None:
        raise not_permitted()
    identity = uuid4()
    await add(
        snapshot,
        "theme_offer",
        id=identity,
        room_id=room,
        forum_id=forum["id"],
        organisation_id=forum["organisation_id"],
        spf_id=route["forum_id"],
        category=said.category,
        period=period,
        offered_by_side=acting.side,
        offered_by_office=acting.office,
    )
    await snapshot.call(db.COUNT, identity, uuid4(), uuid4())
    return Done(identity, "theme.offered", room, revision=1)


async def load_offer(acting: Acting, said: ThemeSignInput) -> Target:
    """The offer, and whether it is the acting seat's own body's."""
    row = await node(acting, said.offer_id, "ThemeOffer", "offerId")
    own = row["forum_id"] == acting.seat["forum_id"]
    return Target(row, frozenset({Relation.OWNER} if own else ()))


async def sign(acting: Acting, target: Target, said: ThemeSignInput) -> Done:
    """Sign for one's side that the region may name the trust. With both sides' signatures it does."""
    row, snapshot = target.row, acting.snapshot
    signed = [each["side"] for each in await snapshot.fetch(db.SIGNED, id=row["id"])]
    refuse_if(theme_signature_problems(acting.side, signed))
    await add(
        snapshot,
        "theme_signature",
        id=uuid4(),
        room_id=row["room_id"],
        offer_id=row["id"],
        forum_id=row["forum_id"],
        side=acting.side,
        office=acting.office,
    )
    await snapshot.call(db.COUNT, row["id"], uuid4(), uuid4())
    return Done(row["id"], "theme.signed", row["room_id"], revision=1)


async def load_theme(acting: Acting, said: ThemeAnswerInput) -> Target:
    """The theme, locked, for the forum that hears it."""
    row = await node(acting, said.theme_id, "Theme", "themeId")
    own = row["forum_id"] == acting.seat["forum_id"]
    if not own:
        return Target(row, frozenset(), row["revision"])
    locked = await acting.snapshot.one(db.LOCKED, id=row["id"])
    if locked is None:
        raise not_permitted()
    return Target(locked, frozenset({Relation.OWNER}), locked["revision"])


async def answer(acting: Acting, target: Target, said: ThemeAnswerInput) -> Done:
    """Say where the region stands with it; the trusts that offered it read that."""
    row, snapshot = target.row, acting.snapshot
    state = ThemeState(said.state)
    refuse_if(theme_answer_problems(ThemeState(row["state"]), state, said.statement))
    last = await snapshot.one(db.LAST_ANSWER, id=row["id"])
    assert last is not None
    await add(
        snapshot,
        "theme_answer",
        id=uuid4(),
        room_id=row["room_id"],
        theme_id=row["id"],
        position=last["position"] + 1,
        state=state.value,
        statement=normalised(said.statement),
        side=acting.side,
        office=acting.office,
    )
    await snapshot.fetch(db.MOVE, id=row["id"], to_state=state.value)
    return Done(row["id"], "theme.answered", row["room_id"], revision=row["revision"] + 1)
