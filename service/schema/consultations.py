"""A policy consultation, from its draft to joint signatures or a recorded failure to agree."""

from datetime import date, datetime

import strawberry

from service.db import consultations as db
from service.db.directory import RECUSALS
from service.resolvers.batch import batched
from service.resolvers.consultations import consultation_acts, revisions, states
from service.resolvers.forums import audit_of_rooms
from service.rules.acts import Act
from service.schema.agreements import Disagreement
from service.schema.can import can
from service.schema.enums import ConclusionKind, ConsultationKind, ConsultationState, Office, Side
from service.schema.fields import (
    PAGE_ARGUMENTS,
    Node,
    child,
    children,
    computed,
    connection,
    connection_type,
    identity,
    lazy,
    plain,
    reference,
)
from service.schema.recusals import Recusal

CONSULTATION_ACTS = (
    Act.POLICY_VERSION_ADD,
    Act.IMPACT_ASSESSMENT_RECORD,
    Act.CONSULTATION_PLAN,
    Act.PLAN_SIGN,
    Act.PLAN_PROCEED,
    Act.CONSULTATION_OPEN,
    Act.CONSULTEE_ADD,
    Act.COMMENT_ADD,
    Act.EXTENSION_PROPOSE,
    Act.EXTENSION_SIGN,
    Act.OUTCOME_RECORD,
    Act.CONSULTATION_SIGN,
    Act.DISAGREEMENT_RECORD,
    Act.CONSULTATION_RATIFY,
    Act.CONSULTATION_WITHDRAW,
)


@strawberry.type(description="A consultation on a policy, owned by a forum with two sides.")
class Consultation(Node):
    id: strawberry.ID = identity("Consultation")
    kind: ConsultationKind = plain("What is consulted on.")
    title: str = plain("The policy's title.")
    summary: str = plain("What is proposed and why.")
    state = computed(
        states,
        ConsultationState,
        "Where it stands now; CLOSED follows from the closing moment.",
        reads=("stored_state", "closes_at"),
    )
    revision = strawberry.field(
        resolver=batched(revisions, returns=int | None, reads=("revision", "case_room")),
        description="How often it changed, for the owner's two sides, whose acts say which revision they read.",
    )
    drafted_by_side: Side = plain("The side that drafted it.")
    drafted_by_office: Office = plain("The office that drafted it.")
    created_at: datetime = plain("When it was drafted.")
    opened_at: datetime | None = plain("When it opened.")
    closes_at: datetime | None = plain("When it closes, or closed.")
    concluded_at: datetime | None = plain("When it was concluded.")
    conclusion: ConclusionKind | None = plain("How it ended.")
    ratified_on: date | None = plain("When it was ratified.")
    effective_on: date | None = plain("When it takes effect.")
    review_on: date | None = plain("When it will be reviewed.")
    withdrawn_at: datetime | None = plain("When it was withdrawn.")
    withdrawn_reason: str | None = plain("Why it was withdrawn.")
    forum = reference("Forum", "forum_id", "The forum that owns it.")
    final_version = reference("PolicyVersion", "final_version_id", "The version it ended with.")
    latest_version = child(db.LATEST_VERSIONS, lazy("PolicyVersion"), "The latest version of the text.")
    versions = connection(db.VERSIONS, "PolicyVersion", "The versions of the text, oldest first.")
    plans = connection(db.PLANS, "ConsultationPlan", "Its plans, oldest first: for the owner's two sides.")
    consultees = connection(db.CONSULTEES, "Consultee", "The engagements that you may see, oldest first.")
    extensions = connection(
        db.EXTENSIONS, "Extension", "Proposed and agreed later closings: for the owner's two sides."
    )
    comments = connection(db.COMMENTS, "Comment", "The comments in rooms of yours, oldest first.")
    responses = connection(db.RESPONSES, "Response", "The responses that you may see, oldest first.")
    points = connection(
        db.POINTS, "ResponsePoint", "You said, we did: the points that you may see, with their outcomes, oldest first."
    )
    disagreements = children(db.DISAGREEMENTS, Disagreement, "Both sides' statements: for the owner's two sides.")
    recusals = children(RECUSALS, Recusal, "Who has no part in it: for the owner's two sides.", key="case_room")
    viewer_can = strawberry.field(
        resolver=batched(consultation_acts, returns=can("Consultation", CONSULTATION_ACTS)),
        description="What you can do about it now, in the seat you act in.",
    )
    audit = strawberry.field(
        resolver=batched(audit_of_rooms, returns=connection_type("AuditEntry"), arguments=PAGE_ARGUMENTS),
        description="What was done to its papers, oldest first.",
    )
