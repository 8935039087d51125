"""Consultations: their papers, plans, consultees, comments, responses and outcomes."""

from typing import Any, Final

from sqlalchemy import Date, DateTime, Select, Text, Uuid, and_, bindparam, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from service.access.statement import Statement
from service.db.children import IDS, by_time, children
from service.db.pages import Pages
from service.db.tables import (
    clause,
    comment,
    comment_author,
    consultation,
    consultation_plan,
    consultee,
    disagreement,
    extension,
    forum,
    impact_assessment,
    minority_view,
    missing_signature,
    outcome,
    plan_consultee,
    policy_version,
    response,
    response_draft,
    response_point,
    room,
    signature,
)

_ID: Final = bindparam("id", type_=Uuid)
latest: Final = policy_version.alias("latest")
_STATE: Final = bindparam("state", type_=Text)
_NOW: Final = bindparam("now", type_=DateTime(timezone=True))


def consultees() -> Select[Any]:
    """Consultee rows with what tells where the body stands: the consultation's own closing and state."""
    return select(
        consultee, consultation.c.closes_at, consultation.c.stored_state, consultation.c.forum_id.label("owner_id")
    ).join(consultation, consultation.c.id == consultee.c.consultation_id)


# The state filter says in SQL what rules.consultations.state_at says: a stored OPEN is CLOSED from its closing moment.
_IN_STATE: Final = or_(
    _STATE.is_(None),
    and_(_STATE == "OPEN", consultation.c.stored_state == "OPEN", consultation.c.closes_at > func.now()),
    and_(_STATE == "CLOSED", consultation.c.stored_state == "OPEN", consultation.c.closes_at <= func.now()),
    and_(_STATE != "OPEN", _STATE != "CLOSED", consultation.c.stored_state == _STATE),
)

OF_FORUMS: Final = Pages(
    select(consultation).where(_IN_STATE),
    (consultation.c.created_at, consultation.c.id),
    parent=consultation.c.forum_id,
)
VERSIONS: Final = by_time(policy_version, "consultation_id")
LATEST_VERSIONS: Final = Statement(
    select(policy_version.c.consultation_id.label("parent"), policy_version)
    .where(policy_version.c.consultation_id == IDS.any_())
    .ext(distinct_on(policy_version.c.consultation_id))
    .order_by(policy_version.c.consultation_id, policy_version.c.number.desc())
)
CLAUSES: Final = Pages(select(clause), (clause.c.position, clause.c.id), parent=clause.c.policy_version_id)
PLANS: Final = by_time(consultation_plan, "consultation_id")
CONSULTEES: Final = Pages(consultees(), (consultee.c.created_at, consultee.c.id), parent=consultee.c.consultation_id)
ENGAGEMENTS_OF_FORUMS: Final = Pages(
    consultees(), (consultee.c.created_at, consultee.c.id), parent=consultee.c.forum_id
)
EXTENSIONS: Final = by_time(extension, "consultation_id")
COMMENTS: Final = by_time(comment, "consultation_id")
RESPONSES: Final = by_time(response, "consultation_id")
POINTS: Final = by_time(response_point, "consultation_id")

IMPACT_ASSESSMENTS: Final = children(impact_assessment, "policy_version_id", "created_at", "id")
PLAN_SIGNATURES: Final = children(signature, "plan_id", "signed_at", "id")
EXTENSION_SIGNATURES: Final = children(signature, "extension_id", "signed_at", "id")
VERSION_SIGNATURES: Final = children(signature, "policy_version_id", "signed_at", "id")
MISSING_SIGNATURES: Final = children(missing_signature, "plan_id", "created_at", "id")
DISAGREEMENTS: Final = children(disagreement, "consultation_id", "created_at", "id")
PLAN_FORUMS: Final = Statement(
    select(plan_consultee.c.plan_id.label("parent"), forum)
    .join(forum, forum.c.id == plan_consultee.c.forum_id)
    .where(plan_consultee.c.plan_id == IDS.any_())
    .order_by(forum.c.local_name, forum.c.id)
)
RESPONSE_OF_CONSULTEES: Final = children(response, "consultee_id", "created_at", "id")
DRAFT_OF_CONSULTEES: Final = children(response_draft, "consultee_id", "created_at", "id")
POINTS_OF_RESPONSES: Final = children(response_point, "response_id", "position")
MINORITY_VIEWS: Final = children(minority_view, "response_id", "position")
OUTCOME_OF_POINTS: Final = children(outcome, "point_id", "created_at")
OWN_COMMENTS: Final = Statement(
    select(comment_author.c.comment_id.label("parent"), comment_author.c.comment_id.label("id")).where(
        comment_author.c.comment_id == IDS.any_()
    )
)

ENGAGED: Final = Statement(
    select(consultee.c.consultation_id, consultee.c.extended_to).where(
        consultee.c.consultation_id == IDS.any_(), consultee.c.forum_id == bindparam("forum", type_=Uuid)
    )
)

# Acts lock what they decide about, and decide under the lock.
LOCKED: Final = Statement(select(consultation).where(consultation.c.id == _ID).with_for_update())
SEEN: Final = Statement(select(consultation).where(consultation.c.id == _ID))
CONSULTEE_LOCKED: Final = Statement(select(consultee).where(consultee.c.id == _ID).with_for_update())
CONSULTEES_LOCKED: Final = Statement(
    select(consultee).where(consultee.c.consultation_id == _ID).order_by(consultee.c.id).with_for_update()
)
ROOMS_SEEN: Final = Statement(select(room.c.id).where(room.c.id == IDS.any_()))
CONSULTEE_OF_FORUM: Final = Statement(
    select(consultee).where(consultee.c.consultation_id == _ID, consultee.c.forum_id == bindparam("forum", type_=Uuid))
)
PLAN: Final = Statement(select(consultation_plan).where(consultation_plan.c.id == _ID))
PLAN_LATEST: Final = Statement(
    select(consultation_plan)
    .where(consultation_plan.c.consultation_id == _ID)
    .order_by(consultation_plan.c.number.desc())
    .limit(1)
)
EXTENSION: Final = Statement(select(extension).where(extension.c.id == _ID))
VERSION: Final = Statement(select(policy_version).where(policy_version.c.id == _ID))
VERSION_LATEST: Final = Statement(
    select(policy_version)
    .where(policy_version.c.consultation_id == _ID)
    .order_by(policy_version.c.number.desc())
    .limit(1)
)
CLAUSE: Final = Statement(
    select(clause, policy_version.c.number, policy_version.c.consultation_id)
    .join(policy_version, policy_version.c.id == clause.c.policy_version_id)
    .where(clause.c.id == _ID)
)
CLAUSES_OF_VERSION: Final = Statement(
    select(clause).where(clause.c.policy_version_id == _ID).order_by(clause.c.position)
)
VERSION_CONSULTED_ON: Final = Statement(
    select(policy_version)
    .join(consultation, consultation.c.id == policy_version.c.consultation_id)
    .where(policy_version.c.consultation_id == _ID, policy_version.c.created_at <= consultation.c.opened_at)
    .order_by(policy_version.c.number.desc())
    .limit(1)
)
ASSESSMENT_LATEST: Final = Statement(
    select(impact_assessment, policy_version.c.number)
    .join(policy_version, policy_version.c.id == impact_assessment.c.policy_version_id)
    .where(policy_version.c.consultation_id == _ID)
    .order_by(policy_version.c.number.desc(), impact_assessment.c.assessed_on.desc())
    .limit(1)
)
SIGNED: Final = Statement(
    select(signature.c.side).where(
        or_(signature.c.plan_id == _ID, signature.c.extension_id == _ID, signature.c.policy_version_id == _ID)
    )
)
FINAL_TEXT_SIGNED: Final = Statement(
    select(policy_version.c.consultation_id)
    .join(signature, signature.c.policy_version_id == policy_version.c.id)
    .where(
        policy_version.c.consultation_id == IDS.any_(),
        policy_version.c.number
        == select(func.max(latest.c.number))
        .where(latest.c.consultation_id == policy_version.c.consultation_id)
        .scalar_subquery(),
    )
)
STATED: Final = Statement(select(disagreement.c.side).where(disagreement.c.consultation_id == _ID))
POINT: Final = Statement(
    select(response_point, response.c.late, consultee.c.reach, consultee.c.late_decision)
    .join(response, response.c.id == response_point.c.response_id)
    .join(consultee, consultee.c.id == response.c.consultee_id)
    .where(response_point.c.id == _ID)
)
OUTCOME_OF: Final = Statement(select(outcome).where(outcome.c.point_id == _ID).with_for_update())
COMMENT_OWN: Final = Statement(select(comment_author).where(comment_author.c.comment_id == _ID))
DRAFT_OF: Final = Statement(select(response_draft).where(response_draft.c.consultee_id == _ID).with_for_update())

# The points that stand between a consultation and its end: those in responses that both sides can read, unless the
# response came late and was declined. What a union group told the staff side alone never blocks, and never shows.
OPEN_POINTS: Final = Statement(
    select(func.count().label("open"))
    .select_from(response_point)
    .join(response, response.c.id == response_point.c.response_id)
    .join(consultee, consultee.c.id == response.c.consultee_id)
    .outerjoin(outcome, outcome.c.point_id == response_point.c.id)
    .where(
        response_point.c.consultation_id == _ID,
        consultee.c.reach == "JOINT",
        outcome.c.id.is_(None),
        or_(consultee.c.late_decision.is_(None), consultee.c.late_decision != "DECLINED"),
    )
)

# What acts write.
SET_STATE: Final = Statement(
    update(consultation)
    .where(consultation.c.id == _ID)
    .values(stored_state=bindparam("to_state"), revision=consultation.c.revision + 1)
)
OPEN: Final = Statement(
    update(consultation)
    .where(consultation.c.id == _ID)
    .values(
        stored_state="OPEN",
        opened_at=bindparam("opened", type_=DateTime(timezone=True)),
        closes_at=bindparam("closes", type_=DateTime(timezone=True)),
        revision=consultation.c.revision + 1,
    )
)
EXTEND: Final = Statement(
    update(consultation)
    .where(consultation.c.id == _ID)
    .values(closes_at=bindparam("closes", type_=DateTime(timezone=True)), revision=consultation.c.revision + 1)
)
CONCLUDE: Final = Statement(
    update(consultation)
    .where(consultation.c.id == _ID)
    .values(
        stored_state="CONCLUDED",
        concluded_at=_NOW,
        conclusion=bindparam("how"),
        final_version_id=bindparam("version", type_=Uuid),
        revision=consultation.c.revision + 1,
    )
)
RATIFY: Final = Statement(
    update(consultation)
    .where(consultation.c.id == _ID)
    .values(
        ratified_on=bindparam("ratified", type_=Date),
        effective_on=bindparam("effective", type_=Date),
        review_on=bindparam("review", type_=Date),
        revision=consultation.c.revision + 1,
    )
)
WITHDRAW: Final = Statement(
    update(consultation)
    .where(consultation.c.id == _ID)
    .values(
        stored_state="WITHDRAWN",
        withdrawn_at=_NOW,
        withdrawn_reason=bindparam("reason"),
        revision=consultation.c.revision + 1,
    )
)
TOUCH: Final = Statement(
    update(consultation).where(consultation.c.id == _ID).values(revision=consultation.c.revision + 1)
)
SUPERSEDE_PLANS: Final = Statement(
    update(consultation_plan)
    .where(consultation_plan.c.consultation_id == _ID, consultation_plan.c.state != "SUPERSEDED")
    .values(state="SUPERSEDED")
)
AGREE_PLAN: Final = Statement(update(consultation_plan).where(consultation_plan.c.id == _ID).values(state="AGREED"))
SUPERSEDE_EXTENSIONS: Final = Statement(
    update(extension)
    .where(extension.c.consultation_id == _ID, extension.c.state == "PROPOSED")
    .values(state="SUPERSEDED")
)
AGREE_EXTENSION: Final = Statement(update(extension).where(extension.c.id == _ID).values(state="AGREED"))
EXTEND_CONSULTEE: Final = Statement(
    update(consultee)
    .where(consultee.c.id == _ID)
    .values(
        extended_to=bindparam("until", type_=DateTime(timezone=True)),
        extension_reason=bindparam("reason"),
        revision=consultee.c.revision + 1,
    )
)
RESPONDED: Final = Statement(
    update(consultee).where(consultee.c.id == _ID).values(responded_at=_NOW, revision=consultee.c.revision + 1)
)
DECIDE_LATE: Final = Statement(
    update(consultee)
    .where(consultee.c.id == _ID)
    .values(late_decision=bindparam("decision"), late_reason=bindparam("reason"), revision=consultee.c.revision + 1)
)
SHARE: Final = Statement(
    update(consultee)
    .where(consultee.c.id == _ID)
    .values(reach="JOINT", shared_as=bindparam("name"), revision=consultee.c.revision + 1)
)
WITHDRAW_COMMENT: Final = Statement(
    update(comment).where(comment.c.id == _ID).values(withdrawn=True, body="", author_name=null(), office=null())
)
FORUM_ENTRIES: Final = Statement(select(forum).where(forum.c.id == bindparam("ids", type_=ARRAY(Uuid)).any_()))
SAVE_DRAFT: Final = Statement(
    update(response_draft)
    .where(response_draft.c.id == _ID)
    .values(
        stance=bindparam("new_stance"),
        summary=bindparam("new_summary"),
        points=bindparam("new_points", type_=response_draft.c.points.type),
        minority_views=bindparam("new_minority_views", type_=response_draft.c.minority_views.type),
        revision=response_draft.c.revision + 1,
        updated_at=func.now(),
    )
)
UPDATE_OUTCOME: Final = Statement(
    update(outcome)
    .where(outcome.c.id == _ID)
    .values(
        decision=bindparam("new_decision"),
        reason=bindparam("new_reason"),
        changed_clause_id=bindparam("new_clause", type_=Uuid),
        changed_clause_room=bindparam("new_clause_room", type_=Uuid),
        side=bindparam("new_side"),
        office=bindparam("new_office"),
        revision=outcome.c.revision + 1,
    )
)
