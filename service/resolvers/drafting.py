"""Acts on the papers of a consultation: draft it, add a version of the text, assess its impact on equality."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from service.db import consultations as db
from service.db.directory import room_of
from service.db.rooms import open_case
from service.db.writing import add, add_all
from service.forums import BODY, FORUM_TYPES
from service.resolvers.acting import Acting, Done, Refused, Target, not_found, refuse_if
from service.resolvers.targets import check_state, found, node
from service.rules.bodies import ForumKind, Purpose, Relation, Side
from service.rules.calendar import england_day
from service.rules.consultations import Kind, assessment_problems
from service.rules.policies import clauses, content_hash, policy_problems
from service.rules.problems import Code, Problem
from service.rules.text import normalised, text_problems

if TYPE_CHECKING:
    from service.schema.drafting import ConsultationDraftInput, ImpactAssessmentRecordInput, PolicyVersionAddInput

SIDE_ROOM = {Side.MANAGEMENT: Purpose.MANAGEMENT_SIDE, Side.STAFF: Purpose.STAFF_SIDE}
SUMMARY_MOST = 5_000
NOTE_MOST = 2_000


async def load_forum(acting: Acting, said: ConsultationDraftInput) -> Target:
    """The forum that will own the consultation: the acting seat's own."""
    forum = await node(acting, said.forum_id, "Forum", "forumId", ids=FORUM_TYPES)
    own = forum["id"] == acting.seat["forum_id"]
    return Target(forum, frozenset({Relation.OWNER} if own else ()))


async def draft(acting: Acting, target: Target, said: ConsultationDraftInput) -> Done:
    """A draft lives in rooms that only the drafter's side can open."""
    forum = target.row
    if not BODY[ForumKind(forum["kind"])].two_sided:
        raise Refused(Problem(Code.INVALID, "Only a forum with two sides owns a consultation.", ("forumId",)))
    title, body = normalised(said.title), normalised(said.body)
    refuse_if(
        [
            *policy_problems(title, body),
            *text_problems(said.summary, field=("summary",), most=SUMMARY_MOST, required=False),
        ]
    )
    side_room = await room_of(acting.snapshot, forum["id"], SIDE_ROOM[acting.side])
    if side_room is None:
        raise not_found("forumId")
    papers, case, consultation = acting.new_id(), acting.new_id(), acting.new_id()
    for room in (papers, case):
        await open_case(acting.snapshot, room, side_room)
    await add(
        acting.snapshot,
        "consultation",
        id=consultation,
        room_id=papers,
        case_room=case,
        forum_id=forum["id"],
        forum_room=forum["room_id"],
        kind=Kind(said.kind).value,
        title=title,
        summary=normalised(said.summary),
        drafted_by_side=acting.side,
        drafted_by_office=acting.office,
    )
    await _add_version(acting, consultation, papers, 1, title, body, "")
    return Done(consultation, "consultation.drafted", papers, revision=1)


async def _add_version(
    acting: Acting, consultation: UUID, room: UUID, number: int, title: str, body: str, note: str
) -> UUID:
    version = acting.new_id()
    await add(
        acting.snapshot,
        "policy_version",
        id=version,
        room_id=room,
        consultation_id=consultation,
        number=number,
        title=title,
        body=body,
        content_hash=content_hash(title, body),
        change_note=note,
        made_by_side=acting.side,
        made_by_office=acting.office,
    )
    await add_all(
        acting.snapshot,
        "clause",
        [
            {
                "id": acting.new_id(),
                "room_id": room,
                "policy_version_id": version,
                "address": clause.address,
                "heading": clause.heading,
                "body": clause.text,
                "position": clause.position,
            }
            for clause in clauses(body)
        ],
    )
    return version


async def add_version(acting: Acting, target: Target, said: PolicyVersionAddInput) -> Done:
    """The next version: the one before stays as it was."""
    consultation = target.row
    check_state(acting, acting.act, consultation)
    title, body, note = normalised(said.title), normalised(said.body), normalised(said.change_note)
    refuse_if(
        [*policy_problems(title, body), *text_problems(note, field=("changeNote",), most=NOTE_MOST, required=False)]
    )
    latest = await acting.snapshot.one(db.VERSION_LATEST, id=consultation["id"])
    assert latest is not None
    if latest["content_hash"] == content_hash(title, body):
        raise Refused(Problem(Code.INVALID, "This is the text of the latest version already.", ("body",)))
    version = await _add_version(
        acting, consultation["id"], consultation["room_id"], latest["number"] + 1, title, body, note
    )
    await acting.snapshot.fetch(db.TOUCH, id=consultation["id"])
    return Done(version, "policyVersion.added", consultation["room_id"], revision=consultation["revision"] + 1)


async def record_assessment(acting: Acting, target: Target, said: ImpactAssessmentRecordInput) -> Done:
    """An assessment of the latest version, dated."""
    consultation = target.row
    check_state(acting, acting.act, consultation)
    version = await found(acting, db.VERSION, said.policy_version_id, "PolicyVersion", "policyVersionId")
    latest = await acting.snapshot.one(db.VERSION_LATEST, id=consultation["id"])
    if latest is None or version["id"] != latest["id"]:
        message = "Only the latest version of this consultation's policy is assessed."
        raise Refused(Problem(Code.NOT_LATEST_VERSION, message, ("policyVersionId",)))
    words = {"groups": said.groups, "findings": said.findings, "mitigations": said.mitigations}
    refuse_if(
        [
            *assessment_problems(said.assessed_on, england_day(acting.now)),
            *(
                problem
                for name, text in words.items()
                for problem in text_problems(text, field=(name,), most=SUMMARY_MOST)
            ),
        ]
    )
    assessment = acting.new_id()
    await add(
        acting.snapshot,
        "impact_assessment",
        id=assessment,
        room_id=consultation["room_id"],
        policy_version_id=version["id"],
        assessed_on=said.assessed_on,
        groups=normalised(said.groups),
        findings=normalised(said.findings),
        mitigations=normalised(said.mitigations),
        made_by_side=acting.side,
        made_by_office=acting.office,
    )
    await acting.snapshot.fetch(db.TOUCH, id=consultation["id"])
    revision = consultation["revision"] + 1
    return Done(assessment, "impactAssessment.recorded", consultation["room_id"], revision=revision)
