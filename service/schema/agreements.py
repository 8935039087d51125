"""How a consultation ends: more time, joint signatures or both sides' statements, ratification, withdrawal."""

from datetime import date, datetime

import strawberry

from service.db import consultations as db
from service.schema.drafting import Signature
from service.schema.enums import Office, ProposalStateKind, Side
from service.schema.fields import Node, children, identity, plain, reference


@strawberry.type(description="A later closing for every body. It takes both sides' signatures.")
class Extension(Node):
    id: strawberry.ID = identity("Extension")
    closes_at: datetime = plain("The later closing.")
    reason: str = plain("Why more time is proposed.")
    content_hash: str = plain("What both sides sign.")
    state: ProposalStateKind = plain("Where it stands.")
    made_by_side: Side = plain("The side that proposed it.")
    made_by_office: Office = plain("The office that proposed it.")
    created_at: datetime = plain("When it was proposed.")
    signatures = children(db.EXTENSION_SIGNATURES, Signature, "Who signed.")


@strawberry.type(description="One side's statement that the sides failed to agree.")
class Disagreement(Node):
    id: strawberry.ID = identity("Disagreement")
    side: Side = plain("The side that states it.")
    office: Office = plain("The office that states it.")
    statement: str = plain("Its statement.")
    disputes_procedure: str = plain("The disputes procedure that now applies.")
    status_quo_clause: str | None = plain("The clause that keeps things as they are meanwhile, where there is one.")
    policy_version = reference("PolicyVersion", "policy_version_id", "The version that was not agreed.")
    created_at: datetime = plain("When it was stated.")


@strawberry.input(description="Give one body more time, as a reasonable adjustment. One signature is enough.")
class ConsulteeExtendInput:
    consultee_id: strawberry.ID = strawberry.field(description="The body's engagement.")
    closes_on: date = strawberry.field(description="The last day of its time.")
    reason: str = strawberry.field(description="Why. The body and the owner read it: name no person and no condition.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Propose, and sign for one's side, a later closing for every body.")
class ExtensionProposeInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    expected_revision: int = strawberry.field(description="The consultation's revision that you read.")
    closes_on: date = strawberry.field(description="The last day.")
    reason: str = strawberry.field(description="Why more time is needed. Both sides read it.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Sign a proposed later closing for one's side; the second signature moves it.")
class ExtensionSignInput:
    extension_id: strawberry.ID = strawberry.field(description="The extension.")
    content_hash: str = strawberry.field(description="Its hash, as you read it.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")


@strawberry.input(
    description="Sign the final text for one's side; the second signature concludes the consultation as agreed."
)
class ConsultationSignInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    policy_version_id: strawberry.ID = strawberry.field(description="The final version: the latest.")
    content_hash: str = strawberry.field(description="Its hash, as you read it.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")


@strawberry.input(
    description="State for one's side that the sides failed to agree; with both statements it is concluded so."
)
class DisagreementRecordInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    policy_version_id: strawberry.ID = strawberry.field(description="The version not agreed: the latest.")
    statement: str = strawberry.field(description="One's side's statement.")
    disputes_procedure: str = strawberry.field(description="The disputes procedure that now applies.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")
    status_quo_clause: str | None = strawberry.field(
        default=None, description="The clause that keeps things as they are."
    )


@strawberry.input(description="Record ratification, and the effective and review dates.")
class ConsultationRatifyInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    expected_revision: int = strawberry.field(description="The consultation's revision that you read.")
    ratified_on: date = strawberry.field(description="When it was ratified.")
    effective_on: date = strawberry.field(description="When it takes effect.")
    review_on: date = strawberry.field(description="When it will be reviewed.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Take the consultation back: the side that drafted it.")
class ConsultationWithdrawInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    expected_revision: int = strawberry.field(description="The consultation's revision that you read.")
    reason: str = strawberry.field(description="Why. Everybody who sees the consultation reads it.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
