"""The plan of a consultation, agreed by both sides before it opens, and the opening."""

from datetime import date, datetime
from typing import Any

import strawberry

from service.db import consultations as db
from service.resolvers.plans import facts_of
from service.schema.drafting import Signature
from service.schema.enums import Office, ProposalStateKind, Side
from service.schema.fields import Node, children, computed, identity, lazy, plain, reference


@strawberry.type(description="One way forward on which views are sought.")
class PlanOption:
    title: str = plain("The option.")
    detail: str = plain("What it would mean.")


@strawberry.type(description="Why one side's signature is missing from a plan that went ahead.")
class MissingSignature:
    side: Side = plain("The side that did not sign.")
    reason: str = plain("Why, as the other side recorded it.")
    recorded_by_side: Side = plain("The side that recorded it.")
    recorded_by_office: Office = plain("The office that recorded it.")
    created_at: datetime = plain("When that was recorded.")


@strawberry.type(description="The facts of the statute on collective redundancies (TULRCA 1992 s188).")
class RedundancyFacts:
    employees: int = plain("How many employees may be dismissed.")
    establishment: str = plain("At which establishment.")
    within_90_days: bool = plain("Whether within 90 days.")
    consultation_with_representatives_began_on: date | None = plain(
        "When consultation with appropriate representatives began; what networks say never counts as this."
    )
    first_dismissal_on: date = plain("When the first dismissal takes effect.")
    hr1_submitted_on: date | None = plain("When form HR1 was sent.")


def _facts(rows: list[Any], info: strawberry.Info) -> list[Any]:
    return [None if row["redundancy"] is None else facts_of(row["redundancy"]) for row in rows]


@strawberry.type(description="What both sides agree before a consultation opens.")
class ConsultationPlan(Node):
    id: strawberry.ID = identity("ConsultationPlan")
    number: int = plain("Its number, from 1: a new plan takes the place of the one before.")
    options: list[PlanOption] = plain("The options on which views are sought.")
    channels: list[str] = plain("How views are gathered, such as engagement sessions.")
    redundancy = computed(_facts, RedundancyFacts | None, "The statutory facts, for collective redundancies.")
    opens_on: date = plain("The first day.")
    closes_on: date = plain("The last day; it is open until that day ends in England.")
    content_hash: str = plain("What both sides sign.")
    state: ProposalStateKind = plain("Where it stands.")
    made_by_side: Side = plain("The side that proposed it.")
    made_by_office: Office = plain("The office that proposed it.")
    created_at: datetime = plain("When it was proposed.")
    consultees = children(db.PLAN_FORUMS, lazy("Forum"), "The bodies to be consulted.")
    signatures = children(db.PLAN_SIGNATURES, Signature, "Who signed.")
    missing_signatures = children(db.MISSING_SIGNATURES, MissingSignature, "Whose signature is missing, and why.")
    consultation = reference("Consultation", "consultation_id", "The consultation.")


@strawberry.input(description="One way forward on which views are sought.")
class PlanOptionInput:
    title: str = strawberry.field(description="The option.")
    detail: str = strawberry.field(default="", description="What it would mean.")


@strawberry.input(description="The facts of the statute on collective redundancies (TULRCA 1992 s188).")
class RedundancyFactsInput:
    employees: int = strawberry.field(description="How many employees may be dismissed.")
    establishment: str = strawberry.field(description="At which establishment.")
    within_90_days: bool = strawberry.field(description="Whether within 90 days.")
    first_dismissal_on: date = strawberry.field(description="When the first dismissal takes effect.")
    consultation_with_representatives_began_on: date | None = strawberry.field(
        default=None, description="When consultation with appropriate representatives began."
    )
    hr1_submitted_on: date | None = strawberry.field(default=None, description="When form HR1 was sent.")


@strawberry.input(description="Propose the plan. A new plan takes the place of the one before, with its signatures.")
class ConsultationPlanInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    expected_revision: int = strawberry.field(description="The consultation's revision that you read.")
    options: list[PlanOptionInput] = strawberry.field(
        description="The options on which views are sought; at least one."
    )
    channels: list[str] = strawberry.field(description="How views are gathered; at least one.")
    consultee_forum_ids: list[strawberry.ID] = strawberry.field(description="The bodies to be consulted.")
    opens_on: date = strawberry.field(description="The first day.")
    closes_on: date = strawberry.field(description="The last day.")
    redundancy: RedundancyFactsInput | None = strawberry.field(
        default=None, description="The statutory facts; required for collective redundancies."
    )
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Sign the plan for one's side.")
class PlanSignInput:
    plan_id: strawberry.ID = strawberry.field(description="The plan.")
    content_hash: str = strawberry.field(description="Its hash, as you read it.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")


@strawberry.input(description="Go ahead with a plan that the other side has not signed, with the reason on record.")
class PlanProceedInput:
    plan_id: strawberry.ID = strawberry.field(description="The plan, signed by one's own side.")
    reason: str = strawberry.field(description="Why the other side's signature is missing.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Open the consultation and its papers to the bodies in the agreed plan.")
class ConsultationOpenInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    expected_revision: int = strawberry.field(description="The consultation's revision that you read.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")


@strawberry.input(
    description="Ask one more body while the consultation is open. The staff side asks union groups, unseen."
)
class ConsulteeAddInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    forum_id: strawberry.ID = strawberry.field(description="The body.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
