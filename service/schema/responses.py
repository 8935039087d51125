"""Each body's engagement in a consultation: its draft, its one formal response, and what became of its points."""

from datetime import datetime

import strawberry

from service.db import consultations as db
from service.resolvers.batch import batched
from service.resolvers.consultations import closing_moments, consultee_acts, consultee_states, draft_points
from service.rules.acts import Act
from service.schema.can import can
from service.schema.enums import ConsulteeStateKind, DecisionKind, LateDecisionKind, Office, Side, StanceKind
from service.schema.fields import Node, child, children, computed, identity, lazy, plain, reference


@strawberry.type(description="What became of one point: you said, we did.")
class Outcome(Node):
    id: strawberry.ID = identity("Outcome")
    decision: DecisionKind = plain("Accepted, partly, or rejected.")
    reason: str = plain("Why it was decided so.")
    changed_clause = reference("Clause", "changed_clause_id", "The clause of a later version that answers the point.")
    side: Side = plain("The side that recorded it.")
    office: Office = plain("The office that recorded it.")
    revision: int = plain("How often it was recorded.")
    created_at: datetime = plain("When it was first recorded.")


@strawberry.type(description="One thing that a body asks for.")
class ResponsePoint(Node):
    id: strawberry.ID = identity("ResponsePoint")
    position: int = plain("Its place in the response, from 1.")
    body: str = plain("What is asked for.")
    clause = reference("Clause", "clause_id", "The clause it is about; null for the draft as a whole.")
    outcome = child(db.OUTCOME_OF_POINTS, lazy("Outcome"), "What became of it; null while that is open.")
    response = reference("Response", "response_id", "The response it is in.")


@strawberry.type(description="A view in a body that its majority does not share.")
class MinorityView:
    position: int = plain("Its place in the response, from 1.")
    body: str = plain("The view.")


@strawberry.type(description="A body's one formal response.")
class Response(Node):
    id: strawberry.ID = identity("Response")
    stance: StanceKind = plain("What the body thinks of the draft as a whole.")
    summary: str = plain("The response in prose.")
    late: bool = plain("Whether it came after the body's time.")
    side: Side = plain("The side of the seat that submitted it.")
    office: Office = plain("The office that submitted it.")
    submitted_at: datetime = plain("When it was submitted.")
    forum = reference("Forum", "forum_id", "The body.")
    consultation = reference("Consultation", "consultation_id", "The consultation.")
    points = children(db.POINTS_OF_RESPONSES, lazy("ResponsePoint"), "Its points, in order.")
    minority_views = children(db.MINORITY_VIEWS, MinorityView, "Views of a minority, in order.")


@strawberry.type(description="A point in a draft response.")
class DraftPoint:
    body: str = plain("What is to be asked for.")
    clause = reference("Clause", "clause", "The clause; null for the draft as a whole.")


@strawberry.type(description="A response that a body's officers are preparing, in their own room.")
class ResponseDraft(Node):
    id: strawberry.ID = identity("ResponseDraft")
    stance: StanceKind = plain("What the body thinks of the draft as a whole.")
    summary: str = plain("The response in prose.")
    points = computed(draft_points, list[DraftPoint], "Its points, in order.")
    minority_views: list[str] = plain("Views of a minority, in order.")
    revision: int = plain("How often it was saved.")
    updated_at: datetime = plain("When it was last saved.")


CONSULTEE_ACTS = (
    Act.RESPONSE_DRAFT,
    Act.RESPONSE_SUBMIT,
    Act.RESPONSE_SHARE,
    Act.RESPONSE_CONSIDER,
    Act.CONSULTEE_EXTEND,
)


@strawberry.type(description="One body's engagement in a consultation, in a room of its own.")
class Consultee(Node):
    id: strawberry.ID = identity("Consultee")
    forum = reference("Forum", "forum_id", "The body.")
    consultation = reference("Consultation", "consultation_id", "The consultation.")
    state = computed(
        consultee_states,
        ConsulteeStateKind,
        "Where the body stands, by its own time.",
        reads=("responded_at", "late_decision", "closes_at", "extended_to"),
    )
    closes_at = computed(
        closing_moments, datetime | None, "When the body's time ends.", reads=("closes_at", "extended_to")
    )
    shared_with_both_sides = computed(
        lambda rows, info: [row["reach"] == "JOINT" for row in rows],
        bool,
        "Whether both sides of the owner read it. A union group's is the staff side's alone until the group shares it.",
        reads=("reach",),
    )
    shared_as: str | None = plain(
        "The body's name, where it shared its engagement with both sides; its entry stays closed."
    )
    added_by_side: Side = plain("The side that asked the body.")
    extended_to: datetime | None = plain("The later end of this body's time, where it was extended.")
    extension_reason: str | None = plain("Why it was extended.")
    responded_at: datetime | None = plain("When it responded.")
    late_decision: LateDecisionKind | None = plain("What was decided about a late response.")
    late_reason: str | None = plain("Why that was decided.")
    revision: int = plain("How often it changed.")
    created_at: datetime = plain("When it was asked.")
    response = child(db.RESPONSE_OF_CONSULTEES, lazy("Response"), "Its response; null until it responds.")
    response_draft = child(db.DRAFT_OF_CONSULTEES, lazy("ResponseDraft"), "The draft, for the body's officers.")
    viewer_can = strawberry.field(
        resolver=batched(consultee_acts, returns=can("Consultee", CONSULTEE_ACTS)),
        description="What you can do about it now, in the seat you act in.",
    )


@strawberry.input(description="A point in a draft response.")
class PointInput:
    body: str = strawberry.field(description="What is asked for.")
    clause_id: strawberry.ID | None = strawberry.field(
        default=None, description="A clause of the version consulted on."
    )


@strawberry.input(description="Save the body's draft response, in its officers' room.")
class ResponseDraftInput:
    consultee_id: strawberry.ID = strawberry.field(description="The body's engagement.")
    stance: StanceKind = strawberry.field(description="What the body thinks of the draft as a whole.")
    summary: str = strawberry.field(default="", description="The response in prose.")
    points: list[PointInput] = strawberry.field(default_factory=list, description="Its points.")
    minority_views: list[str] = strawberry.field(default_factory=list, description="Views of a minority.")
    draft_revision: int | None = strawberry.field(
        default=None, description="The draft's revision that you read; none for the first."
    )
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Submit the body's draft as its one formal response.")
class ResponseSubmitInput:
    consultee_id: strawberry.ID = strawberry.field(description="The body's engagement.")
    draft_revision: int = strawberry.field(description="The draft's revision that you read.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")


@strawberry.input(description="Open one's own body's response to another body.")
class ResponseShareInput:
    consultee_id: strawberry.ID = strawberry.field(description="The body's engagement.")
    forum_id: strawberry.ID = strawberry.field(description="The body to share with; the owner, for both its sides.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Decide whether a late response is considered.")
class ResponseConsiderInput:
    consultee_id: strawberry.ID = strawberry.field(description="The body's engagement.")
    decision: LateDecisionKind = strawberry.field(description="Considered or declined.")
    reason: str = strawberry.field(default="", description="Why; required to decline.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Record what became of one point.")
class OutcomeRecordInput:
    point_id: strawberry.ID = strawberry.field(description="The point.")
    decision: DecisionKind = strawberry.field(description="Accepted, partly, or rejected.")
    reason: str = strawberry.field(default="", description="Why; required unless accepted.")
    changed_clause_id: strawberry.ID | None = strawberry.field(
        default=None, description="The clause of a later version that answers it; required unless rejected."
    )
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
