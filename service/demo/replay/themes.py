"""What the demo's trusts offered to their region, what it answered, and whom each trust's people can turn to."""

from typing import Any, Final
from uuid import UUID

from service.demo.matters import Answer, Offer, Sign
from service.demo.replay.case import Done
from service.demo.replay.stage import Stage
from service.demo.rows import room_id
from service.demo.shapes import demo_id
from service.demo.spf import SPF
from service.rules.acts import Act
from service.rules.bodies import Purpose
from service.rules.calendar import england_day

OFFER: Final = """
    insert into graph.theme_offer (id, room_id, forum_id, organisation_id, spf_id, category, period, offered_by_side,
      offered_by_office, offered_on, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"""
SIGN: Final = """
    insert into graph.theme_signature (id, room_id, offer_id, forum_id, side, office, signed_on)
    values ($1, $2, $3, $4, $5, $6, $7)"""
SEEN: Final = "update graph.theme set created_at = $2 where id = $1 and created_at = now()"
ANSWER: Final = """
    insert into graph.theme_answer (id, room_id, theme_id, position, state, statement, side, office, said_on)
    select $1, t.room_id, t.id, (select count(*) + 1 from graph.theme_answer a where a.theme_id = t.id), $3, $4, $5, $6,
           $7 from graph.theme t where t.id = $2"""
MOVE: Final = "update graph.theme set state = $2, revision = revision + 1 where id = $1 returning room_id, revision"
SET: Final = """
    insert into graph.signpost (id, room_id, organisation_id, purpose, words, how_to_reach)
    values ($1, $2, $3, $4, $5, $6)"""


def _theme(category: str, period: str) -> tuple[UUID, UUID]:
    key = f"{SPF.key}/{category}/{period}"
    return demo_id("theme", key), demo_id("theme room", key)


async def offer(stage: Stage, given: Offer) -> None:
    """As THEME_OFFER, and as THEME_SIGN for each side that signed."""
    forum, organisation = stage.place.forums[given.forum], given.forum.partition("/")[0]
    seat, key = stage.place.seats[given.did.seat], f"{given.forum}/{given.category}/{given.period}"
    id, room = demo_id("theme offer", key), room_id(forum.key, Purpose.JOINT)
    await stage.stand(seat)
    await stage.connection.execute(
        OFFER, id, room, demo_id("forum", forum.key), demo_id("organisation", organisation), demo_id("forum", SPF.key),
        given.category, given.period, seat.side, seat.office, england_day(given.did.at), given.did.at,
    )  # fmt: skip
    await _count(stage, id, given, given.did)
    stage.leave_trace(f"{key}/offered", Act.THEME_OFFER, seat, given.did.at, Done(id, "theme.offered", room, 1))
    for did in given.signed:
        signer = stage.place.seats[did.seat]
        await stage.stand(signer)
        said = (demo_id("forum", forum.key), signer.side, signer.office, england_day(did.at))
        await stage.connection.execute(SIGN, demo_id("theme signature", f"{key}/{signer.side}"), room, id, *said)
        await _count(stage, id, given, did)
        stage.leave_trace(f"{key}/{signer.side}", Act.THEME_SIGN, signer, did.at, Done(id, "theme.signed", room, 1))


async def _count(stage: Stage, id: UUID, given: Offer, did: Any) -> None:
    theme, room = _theme(given.category, given.period)
    await stage.call("theme_count", id, theme, room)
    await stage.connection.execute(SEEN, theme, did.at)


async def answer(stage: Stage, given: Answer) -> None:
    """As THEME_ANSWER."""
    seat, (theme, _) = stage.place.seats[given.did.seat], _theme(given.category, given.period)
    key = f"{SPF.key}/{given.category}/{given.period}/{given.state}"
    said = (given.state, given.statement, seat.side, seat.office, england_day(given.did.at))
    await stage.connection.execute(ANSWER, demo_id("theme answer", key), theme, *said)
    moved = await stage.connection.fetchrow(MOVE, theme, given.state)
    if moved is None:
        raise RuntimeError(f"{key}: the region sees no such theme")
    done = Done(theme, "theme.answered", moved["room_id"], moved["revision"])
    stage.leave_trace(key, Act.THEME_ANSWER, seat, given.did.at, done)


async def sign(stage: Stage, given: Sign) -> None:
    """As SIGNPOST_SET."""
    seat, key = stage.place.seats[given.did.seat], f"{given.trust}/{given.purpose}"
    id, room = demo_id("signpost", key), room_id(given.trust, Purpose.ORGANISATION)
    said = (demo_id("organisation", given.trust), given.purpose, given.words, given.how_to_reach)
    await stage.connection.execute(SET, id, room, *said)
    stage.leave_trace(f"signpost/{key}", Act.SIGNPOST_SET, seat, given.did.at, Done(id, "signpost.set", room, 1))
