"""Raising an issue, in one's own name, confidentially, or for one's body; and what raiser and recipient do with it.

Who raised it lives in one row, which only its room's holders read. An issue about an identifiable individual's case is
turned away before anything of it is stored, on the routes where it does not belong (founding document S0, access to
trade unions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

from service.access.statement import Statement
from service.access.viewer import Row, Snapshot
from service.db import issues as db
from service.db.directory import acting_seat, room_of
from service.db.nodes import by_ids
from service.db.writing import add
from service.forums import BODY, FORUM_TYPES
from service.forums.routes import raising_problems, raising_route
from service.resolvers.acting import (
    Acting,
    Done,
    Outcome,
    Own,
    Refused,
    Target,
    as_raiser,
    not_found,
    not_permitted,
    refuse_if,
)
from service.resolvers.context import Context
from service.resolvers.ids import row_id
from service.resolvers.signposts import configured_signposts
from service.resolvers.targets import names_forum, node
from service.rules.bodies import ForumKind, Purpose, Relation, Side
from service.rules.calendar import england_day
from service.rules.escalations import (
    IdentityMode,
    IssueState,
    Manner,
    Raise,
    StepState,
    casework_problems,
    issue_act_problems,
    issue_state,
    message_problems,
    raise_problems,
    reason_problems,
    receipt_problems,
)
from service.rules.problems import Code, Problem
from service.rules.text import normalised

if TYPE_CHECKING:
    from service.schema.issues import (
        HandoverTakeInput,
        IssueCloseInput,
        IssueRaiseInput,
        MessageSendInput,
        RecipientChooseInput,
    )

NOBODY: Final = "Everybody who could take this up is named in it: choose another way."


def raised_in(kind: ForumKind, side: Side) -> Purpose:
    """The room of a body in which a seat of this side raises an issue: its side's own, or the officers'."""
    if BODY[kind].two_sided:
        return Purpose.STAFF_SIDE if side is Side.STAFF else Purpose.MANAGEMENT_SIDE
    return Purpose.OFFICERS


async def divert(context: Context, said: IssueRaiseInput) -> Outcome | None:
    """Turn one person's case away before anything of it is stored, where it does not belong; None where it does."""
    if not said.concerns_individual_case:
        return None
    snapshot = await context.reading()
    (forum,) = await by_ids(snapshot, "Forum", [row_id(said.forum_id, *FORUM_TYPES)])
    seat = await acting_seat(snapshot)
    if seat is None:
        return None  # says so without keeping anything
    if forum is None or not names_forum(said.forum_id, forum):
        return Outcome(problems=not_found("forumId").problems)
    kind = ForumKind(forum["kind"])
    route = raising_route(kind, raised_in(kind, Side(seat["side"])), england_day((await snapshot.entered()).moment))
    return await diverted(context, diverts=route is None or route.diverts_casework)


async def diverted(context: Context, *, diverts: bool) -> Outcome | None:
    """The refusal of one person's case, which says first what to do in an emergency; None where the route takes it."""
    configured = await configured_signposts(context)
    problems = casework_problems(diverts_casework=diverts, individual_case=True, configured=configured)
    return Outcome(problems=tuple(problems)) if problems else None


def confidential(said: IssueRaiseInput) -> bool:
    """Whether even a refusal must leave no trace of who tried."""
    return IdentityMode(said.identity) is IdentityMode.CONFIDENTIAL


async def load_body(acting: Acting, said: IssueRaiseInput) -> Target:
    """The body to raise it in: one's own, or the guardian."""
    forum = await node(acting, said.forum_id, "Forum", "forumId", ids=FORUM_TYPES)
    relations = {Relation.OWNER} if forum["id"] == acting.seat["forum_id"] else set()
    if forum["kind"] == ForumKind.FREEDOM_TO_SPEAK_UP:
        relations.add(Relation.ANYONE)
    return Target(forum, frozenset(relations))


async def raise_issue(acting: Acting, target: Target, said: IssueRaiseInput) -> Done:
    """The issue in a room of its own, and what the raiser and the chosen recipient need to find it again."""
    kind = ForumKind(target.row["kind"])
    mode = IdentityMode(said.identity)
    channel = raised_in(kind, acting.side)
    people, offices = await _implicated(acting, said)
    refuse_if(
        raise_problems(
            Raise(
                Manner(said.manner),
                mode,
                said.body,
                said.effect_sought,
                has_recipient=said.recipient_seat_id is not None,
                implicated=len(people) + len(offices),
                is_officer=await room_of(acting.snapshot, target.row["id"], channel) is not None,
            )
        )
    )
    refuse_if(raising_problems(kind, channel, england_day(acting.now), ("forumId",)))
    recipient = None
    if said.recipient_seat_id is not None:
        recipient = await node(acting, said.recipient_seat_id, "Seat", "recipientSeatId")
    issue, room, own, identity, raiser = (uuid4() for _ in range(5))
    (answer,) = await acting.snapshot.call(
        db.RAISE, issue, room, own, identity, raiser, target.row["id"], channel, said.category, said.manner, mode,
        normalised(said.body), normalised(said.effect_sought), mode is IdentityMode.OFFICE,
        None if recipient is None else recipient["id"], people,
        [forum for forum, _, _ in offices], [side for _, side, _ in offices], [office for _, _, office in offices],
    )  # fmt: skip
    if answer["problem"] is not None:
        raise Refused(Problem(Code.NO_RECEIVER, NOBODY, ("implicatedPersonIds",)))
    left_by = None
    if mode is IdentityMode.CONFIDENTIAL:
        found = await acting.snapshot.one(db.RAISER_OF, id=issue)
        assert found is not None
        left_by = as_raiser(found)
    return Done(
        issue, "issue.raised", None if mode is not IdentityMode.OFFICE else room, room, revision=1, left_by=left_by
    )


async def _implicated(acting: Acting, said: IssueRaiseInput) -> tuple[list[UUID], list[tuple[UUID, str, str]]]:
    people = [
        (await node(acting, each, "Person", "implicatedPersonIds", str(place)))["id"]
        for place, each in enumerate(said.implicated_person_ids)
    ]
    offices = []
    for place, each in enumerate(said.implicated_offices):
        forum = await node(acting, each.forum_id, "Forum", "implicatedOffices", str(place), "forumId", ids=FORUM_TYPES)
        offices.append((forum["id"], each.side, each.office))
    return people, offices


def own_by(name: str, type_name: str, statement: Statement) -> Own:
    """What finds the viewer's own part in what they raised, by the id that the input gives under this name."""

    async def own(snapshot: Snapshot, said: Any) -> Row | None:
        wanted = row_id(getattr(said, name), type_name)
        return None if wanted is None else await snapshot.one(statement, id=wanted)

    return own


own_of_issue = own_by("issue_id", "Issue", db.OWN_OF_ISSUE)


def relations_to_issue(acting: Acting, issue: Row) -> frozenset[Relation]:
    """RAISER in one's own part of it; OWNER where the acting seat's body holds it."""
    if acting.raising:
        return frozenset({Relation.RAISER})
    return frozenset({Relation.OWNER} if acting.seat["forum_id"] == issue["forum_id"] else ())


async def load_issue(acting: Acting, said: Any) -> Target:
    """The issue, as its raiser or the body that holds it sees it."""
    issue = await node(acting, said.issue_id, "Issue", "issueId")
    return Target(issue, relations_to_issue(acting, issue), issue["revision"])


async def load_issue_locked(acting: Acting, said: Any) -> Target:
    """The same, locked for change."""
    target = await load_issue(acting, said)
    row = await acting.snapshot.one(db.LOCKED, id=target.row["id"])
    if row is None:
        raise not_permitted()
    return Target(row, target.relations, row["revision"])


async def close(acting: Acting, target: Target, said: IssueCloseInput) -> Done:
    """Its raiser, or the body that holds it, closes it with a reason."""
    issue = target.row
    refuse_if([*await state_problems(acting, issue), *reason_problems(said.reason)])
    today = england_day(acting.now)
    await acting.snapshot.fetch(
        db.CLOSE, id=issue["id"], to_state=IssueState.CLOSED.value, why=normalised(said.reason), today=today
    )
    return Done(issue["id"], "issue.closed", issue["room_id"], revision=issue["revision"] + 1)


async def state_problems(acting: Acting, issue: Row) -> list[Problem]:
    """Why the act is not possible in the state that the issue's steps put it in."""
    steps = await acting.snapshot.fetch(db.STEPS, ids=[issue["id"]])
    state = issue_state(IssueState(issue["state"]), [StepState(step["state"]) for step in steps])
    return issue_act_problems(state, acting.act)


async def choose_recipient(acting: Acting, target: Target, said: RecipientChooseInput) -> Done:
    """Its raiser entrusts the identity to another; whoever had it before loses it."""
    refuse_if(await state_problems(acting, target.row))
    if target.row["identity"] != IdentityMode.CONFIDENTIAL:
        raise Refused(Problem(Code.WRONG_STATE, "Only a confidential identity is entrusted.", ("issueId",)))
    seat = await node(acting, said.recipient_seat_id, "Seat", "recipientSeatId")
    await acting.snapshot.call(db.CHOOSE_RECIPIENT, target.row["id"], seat["id"])
    return Done(target.row["id"], "issue.entrusted", None, revision=target.row["revision"])


async def send_message(acting: Acting, target: Target, said: MessageSendInput) -> Done:
    """Raiser and recipient talk, in the room of the identity where that is confidential, else in the issue's."""
    issue = target.row
    refuse_if([*await state_problems(acting, issue), *message_problems(said.body)])
    vault = await acting.snapshot.one(db.RAISER_OF, id=issue["id"])
    if vault is None:
        raise not_permitted()
    last = await acting.snapshot.one(db.LAST_MESSAGE, id=issue["id"])
    assert last is not None
    await add(
        acting.snapshot,
        "issue_message",
        id=uuid4(),
        room_id=vault["room_id"],
        issue_id=issue["id"],
        position=last["position"] + 1,
        from_raiser=acting.raising,
        body=normalised(said.body),
    )
    return Done(issue["id"], "issue.message", None, vault["room_id"], revision=issue["revision"])


async def take_handover(acting: Acting, target: Target, said: HandoverTakeInput) -> Done:
    """The guardian takes it into their own records: what was written goes, a receipt stays."""
    issue = target.row
    (forum,) = await by_ids(acting.snapshot, "Forum", [issue["forum_id"]])
    if forum is None or forum["kind"] != ForumKind.FREEDOM_TO_SPEAK_UP:
        raise not_permitted()
    refuse_if([*await state_problems(acting, issue), *receipt_problems(said.receipt)])
    await acting.snapshot.call(db.TAKE_HANDOVER, issue["id"], normalised(said.receipt))
    return Done(issue["id"], "issue.handedOver", issue["room_id"], revision=issue["revision"] + 1)
