"""A body's one formal response: drafted among its officers, submitted as a copy, answered point by point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.access.viewer import Row
from service.db import consultations as db
from service.db.rooms import admit
from service.db.writing import add, add_all
from service.forums import BODY, FORUM_TYPES
from service.resolvers.acting import Acting, Done, Refused, Target, not_permitted, refuse_if
from service.resolvers.ids import row_id
from service.resolvers.targets import check_state, check_state_for, consultation_of, node, own_room, relations_to
from service.rules.bodies import ForumKind, Purpose, Relation
from service.rules.consultations import (
    Decision,
    LateDecision,
    Point,
    Response,
    Stance,
    closing_moment,
    late,
    late_decision_problems,
    outcome_problems,
    response_problems,
)
from service.rules.problems import Code, Problem
from service.rules.text import normalised

if TYPE_CHECKING:
    from service.schema.responses import (
        OutcomeRecordInput,
        ResponseConsiderInput,
        ResponseDraftInput,
        ResponseShareInput,
        ResponseSubmitInput,
    )


async def _clauses_consulted_on(acting: Acting, consultation: UUID) -> dict[UUID, Row]:
    version = await acting.snapshot.one(db.VERSION_CONSULTED_ON, id=consultation)
    if version is None:
        return {}
    return {row["id"]: row for row in await acting.snapshot.fetch(db.CLAUSES_OF_VERSION, id=version["id"])}


async def _draft_of(acting: Acting, engaged: Row) -> Row | None:
    return await acting.snapshot.one(db.DRAFT_OF, id=engaged["id"])


async def save_draft(acting: Acting, target: Target, said: ResponseDraftInput) -> Done:
    """Keep the officers' draft, in their own room; its points name clauses of the version consulted on."""
    engaged, consultation = target.row, target.parent
    assert consultation is not None
    check_state_for(acting, acting.act, consultation, engaged)
    clauses = await _clauses_consulted_on(acting, consultation["id"])
    ids = [
        None if point.clause_id is None else row_id(point.clause_id, "Clause") or UUID(int=0) for point in said.points
    ]
    draft = Response(
        Stance(said.stance),
        normalised(said.summary),
        tuple(
            Point(None if clause is None else str(clause), normalised(point.body))
            for clause, point in zip(ids, said.points, strict=True)
        ),
        tuple(normalised(view) for view in said.minority_views),
    )
    refuse_if(
        response_problems(draft, {str(each) for each in clauses}, already_submitted=engaged["responded_at"] is not None)
    )
    forum = await _own_room(acting)
    values: dict[str, Any] = {
        "stance": draft.stance,
        "summary": draft.summary,
        "points": [{"clause": point.address, "body": point.text} for point in draft.points],
        "minority_views": list(draft.minority_views),
    }
    before = await _draft_of(acting, engaged)
    if (before["revision"] if before is not None else None) != said.draft_revision:
        at = "there is none yet" if before is None else f"its revision is {before['revision']}"
        raise Refused(Problem(Code.STALE_REVISION, f"The draft is not the one you read: {at}.", ("draftRevision",)))
    if before is None:
        identity = acting.new_id()
        await add(
            acting.snapshot,
            "response_draft",
            id=identity,
            room_id=forum,
            consultee_id=engaged["id"],
            consultee_room=engaged["room_id"],
            **values,
        )
    else:
        identity = before["id"]
        changed = {f"new_{name}": value for name, value in values.items()}
        await acting.snapshot.fetch(db.SAVE_DRAFT, id=identity, **changed)
    revision = 1 if before is None else before["revision"] + 1
    return Done(identity, "responseDraft.saved", forum, revision=revision)


async def _own_room(acting: Acting) -> UUID:
    """The room where the acting seat's body drafts its answers."""
    _, room = await own_room(acting, lambda body: body.answers)
    return room


async def node_of_own_forum(acting: Acting) -> Row:
    """The acting seat's own body."""
    rows = await acting.snapshot.fetch(db.FORUM_ENTRIES, ids=[acting.seat["forum_id"]])
    if not rows:
        raise not_permitted()
    return rows[0]


async def submit(acting: Acting, target: Target, said: ResponseSubmitInput) -> Done:
    """Submit the draft, once, as a copy into the engagement's own room; after its time it is kept as late."""
    engaged, consultation, snapshot = target.row, target.parent, acting.snapshot
    assert consultation is not None
    check_state_for(acting, acting.act, consultation, engaged)
    if engaged["responded_at"] is not None:
        message = "A body makes one formal response, and this body has made it."
        raise Refused(Problem(Code.ALREADY_RESPONDED, message))
    draft = await _draft_of(acting, engaged)
    if draft is None:
        raise Refused(Problem(Code.REQUIRED, "There is no draft to submit: save one first.", ("consulteeId",)))
    if draft["revision"] != said.draft_revision:
        message = f"The draft is not the one you read: its revision is {draft['revision']}."
        raise Refused(Problem(Code.STALE_REVISION, message, ("draftRevision",)))
    closing = closing_moment(consultation["closes_at"], engaged["extended_to"])
    identity = acting.new_id()
    await add(
        snapshot,
        "response",
        id=identity,
        room_id=engaged["room_id"],
        consultee_id=engaged["id"],
        consultation_id=consultation["id"],
        forum_id=engaged["forum_id"],
        stance=draft["stance"],
        summary=draft["summary"],
        late=late(closing, acting.now),
        side=acting.side,
        office=acting.office,
    )
    await add_all(
        snapshot,
        "response_point",
        [
            {
                "id": acting.new_id(),
                "room_id": engaged["room_id"],
                "response_id": identity,
                "consultation_id": consultation["id"],
                "position": place,
                "clause_id": None if point["clause"] is None else UUID(point["clause"]),
                "clause_room": None if point["clause"] is None else consultation["room_id"],
                "body": point["body"],
            }
            for place, point in enumerate(draft["points"], 1)
        ],
    )
    await add_all(
        snapshot,
        "minority_view",
        [
            {
                "id": acting.new_id(),
                "room_id": engaged["room_id"],
                "response_id": identity,
                "position": place,
                "body": view,
            }
            for place, view in enumerate(draft["minority_views"], 1)
        ],
    )
    await snapshot.fetch(db.RESPONDED, id=engaged["id"], now=acting.now)
    return Done(identity, "response.submitted", engaged["room_id"], revision=engaged["revision"] + 1)


async def share(acting: Acting, target: Target, said: ResponseShareInput) -> Done:
    """Open one's own body's engagement to another body. Shared with both sides of the owner, its points are theirs to
    answer, and the consultation cannot end before they are."""
    engaged, consultation, snapshot = target.row, target.parent, acting.snapshot
    assert consultation is not None
    check_state_for(acting, acting.act, consultation, engaged)
    if engaged["responded_at"] is None:
        raise Refused(Problem(Code.REQUIRED, "There is no response to share yet.", ("consulteeId",)))
    forum = await node(acting, said.forum_id, "Forum", "forumId", ids=FORUM_TYPES)
    if forum["id"] == consultation["forum_id"]:
        await admit(snapshot, engaged["room_id"], forum["id"], Purpose.JOINT, may_write=True)
        own = await node_of_own_forum(acting)
        await snapshot.fetch(db.SHARE, id=engaged["id"], name=own["local_name"])
    else:
        for purpose in BODY[ForumKind(forum["kind"])].informed:
            await admit(snapshot, engaged["room_id"], forum["id"], purpose, may_write=False)
    return Done(engaged["id"], "response.shared", engaged["room_id"], revision=engaged["revision"])


async def consider(acting: Acting, target: Target, said: ResponseConsiderInput) -> Done:
    """Consider a late response, or decline it with a reason."""
    engaged, consultation = target.row, target.parent
    assert consultation is not None
    check_state(acting, acting.act, consultation)
    closing = closing_moment(consultation["closes_at"], engaged["extended_to"])
    undecided = (
        engaged["responded_at"] is not None
        and late(closing, engaged["responded_at"])
        and engaged["late_decision"] is None
    )
    decision = LateDecision(said.decision)
    refuse_if(late_decision_problems(decision, said.reason, undecided_late=undecided))
    await acting.snapshot.fetch(
        db.DECIDE_LATE, id=engaged["id"], decision=decision.value, reason=normalised(said.reason)
    )
    return Done(engaged["id"], "response.considered", engaged["room_id"], revision=engaged["revision"] + 1)


async def load_point(acting: Acting, said: OutcomeRecordInput) -> Target:
    """The point, with its consultation locked."""
    point = await node(acting, said.point_id, "ResponsePoint", "pointId")
    consultation = await consultation_of(acting, point, lock=False)
    relations = await relations_to(acting, consultation)
    if Relation.OWNER in relations:
        consultation = await consultation_of(acting, point, lock=True)
    row = await acting.snapshot.one(db.POINT, id=point["id"])
    assert row is not None
    return Target(row, relations, None, consultation)


async def record_outcome(acting: Acting, target: Target, said: OutcomeRecordInput) -> Done:
    """What became of a point; until a side has signed it may be put right, and the audit keeps that it was."""
    point, consultation, snapshot = target.row, target.parent, acting.snapshot
    assert consultation is not None
    check_state(acting, acting.act, consultation)
    changed = await _changed_clause(acting, consultation["id"], said.changed_clause_id)
    decision = Decision(said.decision)
    refuse_if(outcome_problems(decision, said.reason, clause_changed=changed is not None))
    latest = await snapshot.one(db.VERSION_LATEST, id=consultation["id"])
    assert latest is not None
    if await snapshot.fetch(db.SIGNED, id=latest["id"]):
        message = "A side has signed the final text: its outcomes stand until there is another version."
        raise Refused(Problem(Code.WRONG_STATE, message))
    before = await snapshot.one(db.OUTCOME_OF, id=point["id"])
    values: dict[str, Any] = {
        "decision": decision.value,
        "reason": normalised(said.reason),
        "side": acting.side,
        "office": acting.office,
    }
    clause = None if changed is None else changed["id"]
    clause_room = None if changed is None else changed["room_id"]
    if before is None:
        identity = acting.new_id()
        await add(
            snapshot,
            "outcome",
            id=identity,
            room_id=point["room_id"],
            point_id=point["id"],
            consultation_id=consultation["id"],
            changed_clause_id=clause,
            changed_clause_room=clause_room,
            **values,
        )
    else:
        identity = before["id"]
        renamed = {f"new_{name}": value for name, value in values.items()}
        await snapshot.fetch(db.UPDATE_OUTCOME, id=identity, new_clause=clause, new_clause_room=clause_room, **renamed)
    revision = 1 if before is None else before["revision"] + 1
    return Done(identity, "outcome.recorded", point["room_id"], revision=revision)


async def _changed_clause(acting: Acting, consultation: UUID, given: str | None) -> Row | None:
    """The clause that answers a point: one of a later version whose words are not those consulted on."""
    if given is None:
        return None
    wanted = row_id(given, "Clause")
    clause = None if wanted is None else await acting.snapshot.one(db.CLAUSE, id=wanted)
    consulted = await acting.snapshot.one(db.VERSION_CONSULTED_ON, id=consultation)
    if clause is None or consulted is None or clause["consultation_id"] != consultation:
        raise Refused(Problem(Code.UNKNOWN_CLAUSE, "The policy has no such clause.", ("changedClauseId",)))
    old = await acting.snapshot.fetch(db.CLAUSES_OF_VERSION, id=consulted["id"])
    unchanged = any(clause["address"] == row["address"] and clause["body"] == row["body"] for row in old)
    if clause["number"] <= consulted["number"] or unchanged:
        message = "This clause reads as it did when it was consulted on."
        raise Refused(Problem(Code.CHANGE_REQUIRED, message, ("changedClauseId",)))
    return clause
