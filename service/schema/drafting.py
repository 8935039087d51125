"""The papers of a consultation: versions of the text, their clauses, what changed, and the impact on equality."""

from datetime import date, datetime

import strawberry

from service.db import consultations as db
from service.resolvers.batch import batched
from service.resolvers.consultations import differences, rendered_bodies
from service.schema.enums import ConsultationKind, DifferenceKind, Office, Side
from service.schema.fields import Node, children, connection, identity, lazy, plain, reference


@strawberry.type(description="A stretch of text in a comparison of two versions, by whole words.")
class Difference:
    kind: DifferenceKind = plain("Whether it is in both, only in the later, or only in the earlier version.")
    text: str = plain("The words, as they stand in the text.")


@strawberry.type(description="One side's signature over a content hash.")
class Signature:
    side: Side = plain("The side that signed.")
    office: Office = plain("The office in which it was signed.")
    content_hash: str = plain("The hash that was signed.")
    signed_at: datetime = plain("When it was signed.")


@strawberry.type(description="An addressable clause of one version of a policy.")
class Clause(Node):
    id: strawberry.ID = identity("Clause")
    address: str = plain(
        "Where it stands, such as 2.1.3; the same clause keeps its address while nothing before it moves."
    )
    heading: str = plain("The heading it stands under.")
    body: str = plain("Its text, in Markdown.")
    position: int = plain("Its place from the start.")


@strawberry.type(
    description="An equality impact assessment of one version (public sector equality duty, Equality Act 2010)."
)
class ImpactAssessment(Node):
    id: strawberry.ID = identity("ImpactAssessment")
    assessed_on: date = plain("When it was made.")
    groups: str = plain("Whom it considers.")
    findings: str = plain("What it found.")
    mitigations: str = plain("What is done about it.")
    made_by_side: Side = plain("The side that recorded it.")
    made_by_office: Office = plain("The office that recorded it.")
    created_at: datetime = plain("When it was recorded.")


@strawberry.type(description="One version of a policy's text. It never changes.")
class PolicyVersion(Node):
    id: strawberry.ID = identity("PolicyVersion")
    number: int = plain("Its number, from 1.")
    title: str = plain("The policy's title.")
    body: str = plain("The text, in Markdown.")
    html = strawberry.field(
        resolver=batched(rendered_bodies, returns=str), description="The text as safe HTML: no script, style or image."
    )
    content_hash: str = plain("SHA-256 over title and text: what both sides sign.")
    change_note: str = plain("What changed, in its author's words.")
    made_by_side: Side = plain("The side that made it.")
    made_by_office: Office = plain("The office that made it.")
    created_at: datetime = plain("When it was made.")
    consultation = reference("Consultation", "consultation_id", "The consultation it belongs to.")
    clauses = connection(db.CLAUSES, "Clause", "Its clauses, in order.")
    impact_assessments = children(db.IMPACT_ASSESSMENTS, lazy("ImpactAssessment"), "Assessments of it, oldest first.")
    signatures = children(db.VERSION_SIGNATURES, Signature, "The sides that signed it as the final text.")
    differences = strawberry.field(
        resolver=batched(differences, returns=list[Difference]),
        description="What changed, word by word, since an earlier version of the same policy.",
    )


@strawberry.input(description="Begin a consultation as a draft that only one's own side sees.")
class ConsultationDraftInput:
    forum_id: strawberry.ID = strawberry.field(description="The forum that will own it: one's own, with two sides.")
    title: str = strawberry.field(description="The policy's title.")
    body: str = strawberry.field(description="The policy's text, in Markdown.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")
    summary: str = strawberry.field(default="", description="What is proposed and why, in plain words.")
    kind: ConsultationKind = strawberry.field(default=ConsultationKind.POLICY, description="What is consulted on.")


@strawberry.input(description="Add the next version of the text, before opening or after closing.")
class PolicyVersionAddInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    expected_revision: int = strawberry.field(description="The consultation's revision that you read.")
    title: str = strawberry.field(description="The policy's title.")
    body: str = strawberry.field(description="The text, in Markdown.")
    change_note: str = strawberry.field(default="", description="What changed and why.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Record an equality impact assessment of the latest version.")
class ImpactAssessmentRecordInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    expected_revision: int = strawberry.field(description="The consultation's revision that you read.")
    policy_version_id: strawberry.ID = strawberry.field(description="The version assessed: the latest.")
    assessed_on: date = strawberry.field(description="When it was made.")
    groups: str = strawberry.field(description="Whom it considers.")
    findings: str = strawberry.field(description="What it found.")
    mitigations: str = strawberry.field(description="What is done about it.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
