"""The hops of a demo issue: drafted, consented to, received and answered, as the acts would have left them."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from service.demo.matters import RAISER, Hop, OnStep
from service.demo.replay.case import Done
from service.demo.replay.issues import Carried
from service.demo.replay.stage import Told
from service.demo.rows import room_id
from service.demo.shapes import demo_id
from service.rules.acts import Act
from service.rules.bodies import Office, Purpose, Side
from service.rules.calendar import england_day, start_of_day
from service.rules.escalations import IdentityMode, StepState, deadlines

STEP: Final = "select * from graph.escalation_step where id = $1"
ROUTES: Final = """
    select * from access.routes_from($1, $2) r
     where r.forum_id = $3 and r.channel = $4 and r.kind = $5 and r.carries <> 'THEME'"""
# The state that an act moves a step to, the event, and the days that it sets where they are not set.
MOVES: Final[Mapping[Act, tuple[StepState, str, tuple[str, ...]]]] = {
    Act.STEP_ACKNOWLEDGE: (StepState.ACKNOWLEDGED, "step.acknowledged", ("acknowledged_on",)),
    Act.STEP_ACCEPT: (StepState.ACCEPTED, "step.accepted", ("accepted_on", "acknowledged_on")),
    Act.STEP_PLACE: (StepState.ON_AGENDA, "step.placed", ()),
}
END: Final = """
    update graph.escalation_step set state = $2, ended_on = $3, outcome = $4, reason = $5, ended_by_side = $6,
      ended_by_office = $7, revision = revision + 1 where id = $1"""


async def _row(issue: Carried, statement: str, *values: Any) -> Any:
    row = await issue.stage.connection.fetchrow(statement, *values)
    if row is None:
        raise RuntimeError(f"{issue.given.key}: there is no such row or route")
    return row


async def draft(issue: Carried, key: str, hop: Hop) -> None:
    """As ISSUE_ESCALATE or STEP_REFER. What the body itself raised goes at once."""
    stage, given = issue.stage, issue.given
    await issue.stand(hop.did)
    if hop.after is None:
        row = await _row(issue, "select * from graph.issue where id = $1", issue.issue)
        forum, channel = row["forum_id"], row["channel"]
    else:
        row = await _row(issue, STEP, issue.step(hop.after))
        forum, channel = row["to_forum_id"], row["to_channel"]
    to, kind = demo_id("forum", hop.to), "REFER" if hop.refers else "ESCALATE"
    route = await _row(issue, ROUTES, forum, channel, to, hop.channel, kind)
    issue.steps.append(hop.key)
    step, status, content = issue.step(hop.key), *(issue.id("room", f"{k} {hop.key}") for k in ("status", "content"))
    origin = (issue.issue, None) if hop.after is None else (None, issue.step(hop.after))
    trails = [issue.id("trail", f"{hop.key}/{n}") for n in (1, 2)]
    await stage.call(
        "step_open", step, status, content, *origin, trails, issue.id("summary", hop.key), route["code"], to,
        row["category"], hop.summary,
    )  # fmt: skip
    if given.identity is IdentityMode.OFFICE and hop.after is None:
        await _send(issue, hop.key, hop, route["acknowledge_days"], route["answer_days"])
    await issue.leave(key, hop.act, hop.did, Done(step, "step.drafted", row["room_id"], 1))


async def _send(issue: Carried, hop: str, deed: Hop | OnStep, acknowledge_days: int, answer_days: int) -> None:
    stage, at = issue.stage, deed.did.at
    day = england_day(at)
    digest = await stage.connection.fetchval(
        "select content_hash from graph.step_summary where step_id = $1", issue.step(hop)
    )
    last = deadlines(day, acknowledge_days, answer_days)
    made = (issue.id("notice", hop), issue.id("event sent", hop))
    await stage.call(
        "consent_give", issue.step(hop), issue.id("consent", hop), digest, last.acknowledge_by, last.answer_by, *made
    )
    _tell(issue, hop, "step.sent", 2, deed)


def _tell(issue: Carried, hop: str, event: str, revision: int, deed: Hop | OnStep) -> None:
    told = Told(
        f"issue/{issue.given.key}/{event}/{hop}",
        event,
        issue.id("room", f"status {hop}"),
        issue.step(hop),
        revision,
        start_of_day(england_day(deed.did.at)),
    )
    issue.stage.told.append(told)


async def do_on_step(issue: Carried, key: str, deed: OnStep) -> None:
    """As the acts on a step that was drafted."""
    await issue.stand(deed.did)
    step = await _row(issue, STEP, issue.step(deed.hop))
    done = await _done(issue, step, deed)
    await issue.leave(key, deed.act, deed.did, done)


async def _done(issue: Carried, step: Any, deed: OnStep) -> Done:
    stage, id, revision = issue.stage, step["id"], int(step["revision"])
    by_raiser = issue.own if deed.did.seat == RAISER else None
    match deed.act:
        case Act.CONSENT_GIVE:
            days = "select acknowledge_days, answer_days from access.route where code = $1"
            await _send(issue, deed.hop, deed, *await _row(issue, days, step["route"]))
            return Done(id, "consent.given", by_raiser, revision + 1)
        case Act.CONSENT_WITHDRAW:
            await stage.call("consent_withdraw", id, issue.id("event withdrawn", deed.hop))
            _tell(issue, deed.hop, "step.consentWithdrawn", revision + 1, deed)
            return Done(id, "consent.withdrawn", by_raiser, revision + 1)
        case Act.INTEREST_DECLARE:
            await stage.call("interest_declare", None, id)
            return Done(id, "interest.declared", None)
        case Act.STEP_ASK | Act.STEP_ANSWER:
            return await _say(issue, step, deed)
        case Act.STEP_NOTE:
            return await _note(issue, step, deed)
        case Act.STEP_RETURN | Act.STEP_RESOLVE:
            return await _end(issue, step, deed)
        case Act.STEP_PLACE:
            await _place(issue, step, deed)
            return await _move(issue, step, deed)
        case _:
            return await _move(issue, step, deed)


async def _move(issue: Carried, step: Any, deed: OnStep) -> Done:
    state, event, days = MOVES[deed.act]
    put = "".join(f", {day} = coalesce({day}, $3)" for day in days)
    said = f"update graph.escalation_step set state = $2, revision = revision + 1{put} where id = $1"  # noqa: S608
    await issue.stage.connection.execute(said, step["id"], state, *([england_day(deed.did.at)] if days else []))
    return Done(step["id"], event, step["room_id"], step["revision"] + 1)


async def _add(issue: Carried, table: str, **values: Any) -> None:
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    statement = f"insert into graph.{table} ({', '.join(values)}) values ({places})"  # noqa: S608 (our own names)
    await issue.stage.connection.execute(statement, *values.values())


def _about(issue: Carried, step: Any, deed: OnStep) -> dict[str, Any]:
    number = issue.messages[deed.hop] = issue.messages.get(deed.hop, 0) + 1
    about = {"id": issue.id("said", f"{deed.hop}/{number}"), "step_id": step["id"], "step_room": step["room_id"]}
    return about | {"body": deed.words} | _voice(issue, deed)


def _voice(issue: Carried, deed: OnStep) -> dict[str, Any]:
    if deed.did.seat == RAISER:
        return {"side": Side.NONE, "office": Office.RAISER}
    seat = issue.seat(deed.did)
    return {"side": seat.side, "office": seat.office}


async def _say(issue: Carried, step: Any, deed: OnStep) -> Done:
    count = "select count(*) + 1 from graph.step_message where step_id = $1"
    position = await issue.stage.connection.fetchval(count, step["id"])
    kind, event = ("QUESTION", "step.asked") if deed.act is Act.STEP_ASK else ("ANSWER", "step.answered")
    said = {"room_id": step["content_room"], "position": position, "kind": kind, "said_on": england_day(deed.did.at)}
    await _add(issue, "step_message", **_about(issue, step, deed), **said)
    return Done(step["id"], event, step["content_room"], step["revision"])


def _receiving_room(issue: Carried, step: Any) -> UUID:
    forums = issue.stage.place.forums
    forum = next(key for key in forums if demo_id("forum", key) == step["to_forum_id"])
    return room_id(forum, Purpose(step["to_channel"]))


async def _note(issue: Carried, step: Any, deed: OnStep) -> Done:
    room, at = _receiving_room(issue, step), deed.did.at
    about = _about(issue, step, deed)
    await _add(issue, "step_note", **about, room_id=room, noted_on=england_day(at), created_at=at)
    return Done(step["id"], "step.noted", None, step["revision"])


async def _place(issue: Carried, step: Any, deed: OnStep) -> None:
    voice = _voice(issue, deed)
    await _add(
        issue,
        "agenda_item",
        id=issue.id("agenda", deed.hop),
        room_id=_receiving_room(issue, step),
        forum_id=step["to_forum_id"],
        step_id=step["id"],
        step_room=step["room_id"],
        title=deed.words,
        meets_on=deed.meets_on,
        placed_by_side=voice["side"],
        placed_by_office=voice["office"],
        created_at=deed.did.at,
    )


async def _end(issue: Carried, step: Any, deed: OnStep) -> Done:
    resolved, voice = deed.act is Act.STEP_RESOLVE, _voice(issue, deed)
    state, event = (StepState.RESOLVED, "step.resolved") if resolved else (StepState.RETURNED, "step.returned")
    words = (deed.words, "") if resolved else ("", deed.words)
    said = (state, england_day(deed.did.at), *words, voice["side"], voice["office"])
    await issue.stage.connection.execute(END, step["id"], *said)
    await issue.stage.call("step_ended", step["id"])
    return Done(step["id"], event, step["room_id"], step["revision"] + 1)
