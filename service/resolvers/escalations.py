"""Carrying an issue from body to body: each hop with its own summary, by the raiser's consent to exactly that text.

A step's receiver is let in by the consent and by nothing else. Who is let in, and what a withdrawal takes away, the
database decides (`access.step_open`, `consent_give`, `consent_withdraw`); here are words, clocks and states.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from service.access.statement import Statement
from service.access.viewer import Row, Snapshot
from service.db import escalations as db
from service.db import issues as issue_db
from service.db.directory import room_of
from service.db.writing import add
from service.forums import BODY
from service.forums.routes import no_route_but
from service.resolvers.acting import Acting, Done, Outcome, Refused, Target, not_found, not_permitted, refuse_if
from service.resolvers.context import Context
from service.resolvers.ids import global_id, row_id
from service.resolvers.issues import diverted, own_by, state_problems
from service.resolvers.targets import node
from service.rules.bodies import ForumKind, Purpose, Relation, Side
from service.rules.calendar import england_day
from service.rules.escalations import (
    Carries,
    IdentityMode,
    IssueState,
    StepState,
    agenda_problems,
    consent_problems,
    content_hash,
    deadlines,
    issue_act_problems,
    message_problems,
    move_problems,
    note_problems,
    outcome_problems,
    reason_problems,
    summary_problems,
    withdrawal_problems,
)
from service.rules.problems import Code, Problem
from service.rules.text import normalised

if TYPE_CHECKING:
    from service.schema.escalations import (
        ConsentGiveInput,
        ConsentWithdrawInput,
        InterestDeclareInput,
        IssueEscalateInput,
        StepAcceptInput,
        StepAcknowledgeInput,
        StepAnswerInput,
        StepAskInput,
        StepNoteInput,
        StepPlaceInput,
        StepReferInput,
        StepResolveInput,
        StepReturnInput,
    )

SIDE_OF = {Purpose.STAFF_SIDE: Side.STAFF, Purpose.MANAGEMENT_SIDE: Side.MANAGEMENT}


def stands(seat: Any, forum: UUID, channel: str) -> bool:
    """Whether a seat speaks for this room of a body: any side in a room that all share, else the room's own."""
    return bool(seat["forum_id"] == forum) and SIDE_OF.get(Purpose(channel), seat["side"]) == seat["side"]


def relations_to_step(acting: Acting, step: Row) -> frozenset[Relation]:
    """RAISER in one's own part of it, else the ends at which the acting seat's body or side stands."""
    return frozenset({Relation.RAISER}) if acting.raising else ends_of(acting.seat, step)


def ends_of(seat: Any, step: Row) -> frozenset[Relation]:
    """SENDER and RECEIVER, where the seat's body or side is at that end of the step."""
    ends = {
        Relation.SENDER: stands(seat, step["from_forum_id"], step["from_channel"]),
        Relation.RECEIVER: stands(seat, step["to_forum_id"], step["to_channel"]),
    }
    return frozenset(relation for relation, there in ends.items() if there)


def raised_by_body(seat: Any, issue: Row) -> bool:
    """Whether the seat speaks for the body that raised this issue itself."""
    return issue["identity"] == IdentityMode.OFFICE and stands(seat, issue["forum_id"], issue["channel"])


own_of_step = own_by("step_id", "EscalationStep", issue_db.OWN_OF_STEP)


# Drafting a step ------------------------------------------------------------------------------------------------------


async def load_escalated(acting: Acting, said: IssueEscalateInput) -> Target:
    """What is carried on: an issue of the acting seat's own body, or a step that it received."""
    if (said.issue_id is None) == (said.step_id is None):
        message = "Say what is carried on: an issue, or a step that you received."
        raise Refused(Problem(Code.INVALID, message, ("issueId",)))
    if said.issue_id is not None:
        issue = await node(acting, said.issue_id, "Issue", "issueId")
        own = stands(acting.seat, issue["forum_id"], issue["channel"])
        return Target(issue, frozenset({Relation.OWNER} if own else ()), issue["revision"])
    step = await node(acting, said.step_id or "", "EscalationStep", "stepId")
    return Target(step, relations_to_step(acting, step) - {Relation.SENDER}, step["revision"])


async def divert(context: Context, said: IssueEscalateInput | StepReferInput) -> Outcome | None:
    """Turn one person's case away before anything of it is stored, where the route does not take it."""
    if not said.concerns_individual_case:
        return None
    snapshot = await context.reading()
    route = next((each for each in await _routes(snapshot, said) if _is_to(each, said)), None)
    return await diverted(context, diverts=route is None or route["diverts_casework"])


async def _routes(snapshot: Snapshot, said: Any) -> list[Row]:
    """Where what is said to be carried on may go; nowhere where it is not to be seen."""
    for given, type_name, statement in (
        (getattr(said, "issue_id", None), "Issue", issue_db.SEEN),
        (getattr(said, "step_id", None), "EscalationStep", db.SEEN),
    ):
        wanted = None if given is None else row_id(given, type_name)
        row = None if wanted is None else await snapshot.one(statement, id=wanted)
        if row is not None:
            return await routes_of(snapshot, row)
    return []


async def routes_of(snapshot: Snapshot, row: Row) -> list[Row]:
    """Where an issue, or a step that was received, may go from here."""
    forum, channel = (
        (row["to_forum_id"], row["to_channel"]) if "to_forum_id" in row else (row["forum_id"], row["channel"])
    )
    return [each for each in await db.routes_from(snapshot, forum, channel) if each["carries"] != "THEME"]


async def routes_for(context: Context, said: Any) -> list[Row]:
    """The routes that there are, for whoever asked for one that there is not."""
    return await _routes(await context.reading(), said)


def _words(route: Row) -> str:
    side = {"STAFF_SIDE": "staff side of ", "MANAGEMENT_SIDE": "management side of "}.get(route["channel"], "")
    return f"{side}{route['forum_name']}"


def _is_to(route: Row, said: IssueEscalateInput | StepReferInput) -> bool:
    type_name = BODY[ForumKind(route["forum_kind"])].type_name
    return global_id(type_name, route["forum_id"]) == said.to_forum_id and route["channel"] == said.channel


async def escalate(acting: Acting, target: Target, said: IssueEscalateInput) -> Done:
    """Draft a hop for its readers. It goes when its raiser consents; at once where the body itself raised it."""
    return await _open(acting, target.row, said, "ESCALATE", said.category or target.row["category"])


async def refer(acting: Acting, target: Target, said: StepReferInput) -> Done:
    """Draft a hop sideways. The step at hand is referred when its raiser consents to that."""
    return await _open(acting, target.row, said, "REFER", target.row["category"])


async def _open(acting: Acting, row: Row, said: IssueEscalateInput | StepReferInput, kind: str, category: str) -> Done:
    snapshot, received = acting.snapshot, "to_forum_id" in row
    refuse_if(summary_problems(said.summary))
    if received:
        refuse_if(move_problems(StepState(row["state"]), acting.act))
    else:
        refuse_if(await state_problems(acting, row))
    routes = await routes_of(snapshot, row)
    route = next((each for each in routes if each["kind"] == kind and _is_to(each, said)), None)
    if route is None:
        raise Refused(no_route_but((_words(each) for each in routes if each["kind"] == kind), ("toForumId",)))
    step, room, content, summary = (uuid4() for _ in range(4))
    body = normalised(said.summary)
    await snapshot.call(
        db.OPEN, step, room, content, None if received else row["id"], row["id"] if received else None,
        [uuid4(), uuid4()], summary, route["code"], route["forum_id"], category, body,
    )  # fmt: skip
    if not received and row["identity"] == "OFFICE":
        await _send(acting, step, content_hash(body), route)
    return Done(step, "step.drafted", row["room_id"], revision=1)


async def _send(acting: Acting, step: UUID, digest: str, route: Row) -> None:
    last = deadlines(england_day(acting.now), route["acknowledge_days"], route["answer_days"])
    await acting.snapshot.call(
        db.GIVE_CONSENT,
        step,
        uuid4(),
        digest,
        last.acknowledge_by,
        last.answer_by,
        uuid4(),
        uuid4(),
    )


# What its raiser decides ----------------------------------------------------------------------------------------------


async def load_step(acting: Acting, said: Any) -> Target:
    """The step as the acting seat, or its raiser, sees it; OWNER for the body that raised the issue itself."""
    step = await node(acting, said.step_id, "EscalationStep", "stepId")
    relations = relations_to_step(acting, step)
    if not acting.raising and await _raised_by_own_body(acting, step):
        relations |= {Relation.OWNER}
    return Target(step, relations, step["revision"])


async def _raised_by_own_body(acting: Acting, step: Row) -> bool:
    issue = await acting.snapshot.one(db.ISSUE_OF, id=step["id"])
    return issue is not None and raised_by_body(acting.seat, issue)


async def give_consent(acting: Acting, target: Target, said: ConsentGiveInput) -> Done:
    """Consent to exactly the text that was read: with that the step is sent, and its clocks run."""
    step, snapshot = target.row, acting.snapshot
    summary = await snapshot.one(db.SUMMARY, id=step["id"])
    if summary is None:
        raise not_found("stepId")
    issue = await snapshot.one(db.ISSUE_OF, id=step["id"])
    if issue is None:
        raise not_permitted()
    refuse_if(issue_act_problems(IssueState(issue["state"]), acting.act))
    refuse_if(consent_problems(StepState(step["state"]), said.content_hash, summary["content_hash"]))
    route = await snapshot.one(db.ROUTE, code=step["route"])
    assert route is not None
    await _send(acting, step["id"], said.content_hash, route)
    return Done(step["id"], "consent.given", None, revision=step["revision"] + 1)


async def withdraw_consent(acting: Acting, target: Target, said: ConsentWithdrawInput) -> Done:
    """Take a consent back: before acceptance the text goes, afterwards the receiver is told."""
    step = target.row
    refuse_if(withdrawal_problems(StepState(step["state"]), step["consent_withdrawn_on"]))
    await acting.snapshot.call(db.WITHDRAW_CONSENT, step["id"], uuid4())
    return Done(step["id"], "consent.withdrawn", None, revision=step["revision"] + 1)


async def answer(acting: Acting, target: Target, said: StepAnswerInput) -> Done:
    """Answer what the receiver asked: the raiser in their own words, or the body that raised it itself.

    Of a side's own item the side answers: a raiser's answer would tell that it is not only the side's.
    """
    step = target.row
    own_item = step["carries"] == Carries.OWN_ITEM
    if own_item if acting.raising else not (own_item or Relation.OWNER in target.relations):
        raise not_permitted()
    return await _say(acting, step, "ANSWER", said.body, "step.answered")


async def ask(acting: Acting, target: Target, said: StepAskInput) -> Done:
    """Ask the sender, who reads it with the raiser."""
    return await _say(acting, target.row, "QUESTION", said.body, "step.asked")


async def _say(acting: Acting, step: Row, kind: str, body: str, event: str) -> Done:
    refuse_if([*move_problems(StepState(step["state"]), acting.act), *message_problems(body)])
    last = await acting.snapshot.one(db.LAST_MESSAGE, id=step["id"])
    assert last is not None
    await add(
        acting.snapshot,
        "step_message",
        id=uuid4(),
        room_id=step["content_room"],
        step_id=step["id"],
        step_room=step["room_id"],
        position=last["position"] + 1,
        kind=kind,
        side=acting.side,
        office=acting.office,
        body=normalised(body),
    )
    return Done(step["id"], event, step["content_room"], revision=step["revision"])


# What its receiver does -----------------------------------------------------------------------------------------------


async def load_received(acting: Acting, said: Any) -> Target:
    """The step, locked, for those who received it. Who sent it sees it and may not move it."""
    target = await load_step(acting, said)
    if Relation.RECEIVER not in target.relations:
        return target
    row = await acting.snapshot.one(db.LOCKED, id=target.row["id"])
    if row is None:
        raise not_permitted()
    return Target(row, target.relations, row["revision"])


async def acknowledge(acting: Acting, target: Target, said: StepAcknowledgeInput) -> Done:
    """Say that it arrived."""
    today = england_day(acting.now)
    return await _move(acting, target.row, db.ACKNOWLEDGE, StepState.ACKNOWLEDGED, "step.acknowledged", today=today)


async def accept(acting: Acting, target: Target, said: StepAcceptInput) -> Done:
    """Take it up."""
    today = england_day(acting.now)
    return await _move(acting, target.row, db.ACCEPT, StepState.ACCEPTED, "step.accepted", today=today)


async def _move(acting: Acting, step: Row, statement: Statement, to: StepState, event: str, **values: date) -> Done:
    refuse_if(move_problems(StepState(step["state"]), acting.act))
    await acting.snapshot.fetch(statement, id=step["id"], to_state=to.value, **values)
    return Done(step["id"], event, step["room_id"], revision=step["revision"] + 1)


async def note(acting: Acting, target: Target, said: StepNoteInput) -> Done:
    """The receiver's deliberation, in the receiver's own room: neither sender nor raiser reads it.

    Its trace stays with whoever wrote it: in the body's room it would tell those who are barred that there is a step.
    """
    step = target.row
    refuse_if([*move_problems(StepState(step["state"]), acting.act), *note_problems(said.body)])
    room = await _receiving_room(acting, step)
    identity = uuid4()
    await add(
        acting.snapshot,
        "step_note",
        id=identity,
        room_id=room,
        step_id=step["id"],
        step_room=step["room_id"],
        side=acting.side,
        office=acting.office,
        body=normalised(said.body),
    )
    return Done(step["id"], "step.noted", None, revision=step["revision"])


async def place(acting: Acting, target: Target, said: StepPlaceInput) -> Done:
    """Put it on the agenda of the body that received it."""
    step = target.row
    today = england_day(acting.now)
    refuse_if(
        [*move_problems(StepState(step["state"]), acting.act), *agenda_problems(said.title, said.meets_on, today)]
    )
    room = await _receiving_room(acting, step)
    await add(
        acting.snapshot,
        "agenda_item",
        id=uuid4(),
        room_id=room,
        forum_id=acting.seat["forum_id"],
        step_id=step["id"],
        step_room=step["room_id"],
        title=normalised(said.title),
        meets_on=said.meets_on,
        placed_by_side=acting.side,
        placed_by_office=acting.office,
    )
    return await _move(acting, step, db.PLACE, StepState.ON_AGENDA, "step.placed")


async def _receiving_room(acting: Acting, step: Row) -> UUID:
    room = await room_of(acting.snapshot, step["to_forum_id"], step["to_channel"])
    if room is None:
        raise not_permitted()
    return room


async def return_(acting: Acting, target: Target, said: StepReturnInput) -> Done:
    """Send it back one level, with a reason."""
    return await _end(acting, target.row, StepState.RETURNED, "step.returned", reason=said.reason)


async def resolve(acting: Acting, target: Target, said: StepResolveInput) -> Done:
    """Answer it: what came of it, for the sender and the raiser."""
    return await _end(acting, target.row, StepState.RESOLVED, "step.resolved", outcome=said.outcome)


async def _end(acting: Acting, step: Row, to: StepState, event: str, *, outcome: str = "", reason: str = "") -> Done:
    words = outcome_problems(outcome) if to is StepState.RESOLVED else reason_problems(reason)
    refuse_if([*move_problems(StepState(step["state"]), acting.act), *words])
    await acting.snapshot.fetch(
        db.END,
        id=step["id"],
        to_state=to.value,
        today=england_day(acting.now),
        what=normalised(outcome),
        why=normalised(reason),
        by_side=acting.side,
        by_office=acting.office,
    )
    await acting.snapshot.call(db.ENDED, step["id"])
    return Done(step["id"], event, step["room_id"], revision=step["revision"] + 1)


# Stepping back --------------------------------------------------------------------------------------------------------


async def load_interest(acting: Acting, said: InterestDeclareInput) -> Target:
    """The issue or the step that somebody steps back from."""
    if (said.issue_id is None) == (said.step_id is None):
        message = "Say what you step back from: an issue, or a step."
        raise Refused(Problem(Code.INVALID, message, ("stepId",)))
    if said.step_id is not None:
        return await load_step(acting, said)
    issue = await node(acting, said.issue_id or "", "Issue", "issueId")
    own = stands(acting.seat, issue["forum_id"], issue["channel"])
    return Target(issue, frozenset({Relation.OWNER} if own else ()))


async def declare_interest(acting: Acting, target: Target, said: InterestDeclareInput) -> Done:
    """Close it to the acting person; where nobody on their side is left to take it, it goes back to its raiser."""
    row = target.row
    step = said.step_id is not None
    await acting.snapshot.call(issue_db.DECLARE_INTEREST, None if step else row["id"], row["id"] if step else None)
    return Done(row["id"], "interest.declared", None)
