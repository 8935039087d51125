"""Signposts: whom people can turn to with one person's case, in their organisation's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from service.db import signposts as db
from service.db.directory import acting_seat, own_seats
from service.db.writing import add
from service.resolvers.acting import Acting, Done, Target, not_permitted, refuse_if
from service.resolvers.context import Context
from service.resolvers.targets import node
from service.rules.bodies import Purpose, Relation
from service.rules.escalations import Signpost, SignpostPurpose, signpost_problems, signposts
from service.rules.text import normalised

if TYPE_CHECKING:
    from service.schema.signposts import SignpostSetInput


async def configured_signposts(context: Context) -> dict[SignpostPurpose, Signpost]:
    """What the acting seat's organisation, or any of one's own, says of whom to turn to."""
    snapshot = await context.reading()
    seat = await acting_seat(snapshot)
    seats = await own_seats(snapshot) if seat is None else [seat]
    organisations = {each["organisation_id"] for each in seats}
    rows = await snapshot.fetch(db.OF_ORGANISATIONS, ids=list(organisations))
    posts = [Signpost(SignpostPurpose(row["purpose"]), row["words"], row["how_to_reach"]) for row in rows]
    return {post.purpose: post for post in posts}


async def signposts_for(context: Context) -> tuple[Signpost, ...]:
    """Whom to turn to, urgent harm first: in the organisation's own words, or in those that stand where it has none."""
    return signposts(await configured_signposts(context))


async def load_organisation(acting: Acting, said: SignpostSetInput) -> Target:
    """The organisation, and whether the acting seat is its own."""
    row = await node(acting, said.organisation_id, "Organisation", "organisationId")
    own = acting.seat["forum_id"] is None and row["id"] == acting.seat["organisation_id"]
    return Target(row, frozenset({Relation.EMPLOYER} if own else ()))


async def set_(acting: Acting, target: Target, said: SignpostSetInput) -> Done:
    """Say, or say anew, how one office can be reached."""
    snapshot = acting.snapshot
    refuse_if(signpost_problems(said.words, said.how_to_reach))
    room = await snapshot.one(db.ROOM, organisation=target.row["id"], purpose=Purpose.ORGANISATION)
    if room is None:
        raise not_permitted()
    values = {"new_words": normalised(said.words), "new_how": normalised(said.how_to_reach)}
    before = await snapshot.one(db.OF_PURPOSE, organisation=target.row["id"], purpose=said.purpose)
    if before is not None:
        await snapshot.fetch(db.CHANGE, id=before["id"], **values)
        return Done(before["id"], "signpost.set", room["id"], revision=before["revision"] + 1)
    identity = uuid4()
    await add(
        snapshot,
        "signpost",
        id=identity,
        room_id=room["id"],
        organisation_id=target.row["id"],
        purpose=said.purpose,
        words=values["new_words"],
        how_to_reach=values["new_how"],
    )
    return Done(identity, "signpost.set", room["id"], revision=1)
