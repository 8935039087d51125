"""Steps by which an issue is carried: what was written for whom, consented to, asked, and answered."""

from datetime import date, datetime

import strawberry

from service.db import escalations as db
from service.resolvers.batch import batched
from service.resolvers.carrying import late_clocks, routes_of_steps, step_acts
from service.resolvers.forums import audit_of_rooms
from service.rules.acts import Act
from service.schema.can import can
from service.schema.enums import (
    CarriesKind,
    ChannelKind,
    IssueCategory,
    LateClockKind,
    Office,
    Side,
    StepMessageKind,
    StepStateKind,
)
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
from service.schema.routes import Route

STEP_ACTS = (
    Act.ISSUE_ESCALATE,
    Act.CONSENT_GIVE,
    Act.CONSENT_WITHDRAW,
    Act.STEP_ACKNOWLEDGE,
    Act.STEP_ACCEPT,
    Act.STEP_ASK,
    Act.STEP_ANSWER,
    Act.STEP_NOTE,
    Act.STEP_PLACE,
    Act.STEP_RETURN,
    Act.STEP_REFER,
    Act.STEP_RESOLVE,
    Act.INTEREST_DECLARE,
)


@strawberry.type(description="What was written for a step's readers.")
class StepSummary:
    body: str = plain("The text; empty once consent was taken back in time, or it was handed over.")
    content_hash: str = plain("The text's SHA-256: what a consent is given to.")
    withdrawn_on: date | None = plain("The day consent was taken back.")


@strawberry.type(description="A consent to exactly one text.")
class Consent:
    content_hash: str = plain("The hash of the text consented to.")
    by_office: bool = plain("Whether the body gave it, having raised the issue itself.")
    given_on: date = plain("The day it was given.")
    withdrawn_on: date | None = plain("The day it was taken back.")


@strawberry.type(description="A question of the receiver, or an answer to one.")
class StepMessage:
    position: int = plain("Its place in the exchange, from 1.")
    kind: StepMessageKind = plain("A question, or an answer.")
    side: Side = plain("The side of who said it.")
    office: Office = plain("The office of who said it; RAISER where that was who raised the issue.")
    body: str = plain("What was said.")
    said_on: date = plain("The day it was said.")


@strawberry.type(description="A note of the receiver's deliberation, in the receiver's own room.")
class StepNote(Node):
    id: strawberry.ID = identity("StepNote")
    side: Side = plain("The side that noted it.")
    office: Office = plain("The office that noted it.")
    body: str = plain("The note.")
    noted_on: date = plain("The day it was noted.")
    step = reference("EscalationStep", "step_id", "The step that it is about.")


@strawberry.type(description="A step put on the agenda of the body that received it.")
class AgendaItem(Node):
    id: strawberry.ID = identity("AgendaItem")
    title: str = plain("What it is called on the agenda.")
    meets_on: date | None = plain("The meeting's day, where it is known.")
    placed_by_side: Side = plain("The side that placed it.")
    placed_by_office: Office = plain("The office that placed it.")
    created_at: datetime = plain("When it was placed.")
    step = reference("EscalationStep", "step_id", "The step.")


@strawberry.type(description="How many steps that a body received are late, on one route.")
class OverdueCount:
    route: str = plain("What the route is called in the table of routes.")
    channel: ChannelKind = plain("The room that received them.")
    side: Side = plain("The side that received them; NONE where the body did as a whole.")
    steps: int = plain("How many are late.")


@strawberry.type(description="One hop of an issue from one body to another.")
class EscalationStep(Node):
    id: strawberry.ID = identity("EscalationStep")
    route: str = plain("What the route is called in the table of routes.")
    carries: CarriesKind = plain("What goes that way.")
    category: IssueCategory = plain("What it is about.")
    from_name: str = plain("What the sending body is called.")
    from_channel: ChannelKind = plain("The room of the sending body that carries it.")
    from_forum = reference("Forum", "from_forum_id", "The sending body; null where its entry is not open to you.")
    to_name: str = plain("What the receiving body is called.")
    to_channel: ChannelKind = plain("The room of the receiving body that has it in hand.")
    to_forum = reference("Forum", "to_forum_id", "The receiving body; null where its entry is not open to you.")
    state: StepStateKind = plain("Where it stands.")
    dated_on: date = plain("The day it was sent; until then the day it was drafted.")
    sent_on: date | None = plain("The day it was consented to, and so sent.")
    acknowledge_by: date | None = plain("The last day to acknowledge it.")
    answer_by: date | None = plain("The last day to answer it.")
    acknowledged_on: date | None = plain("The day it was acknowledged.")
    accepted_on: date | None = plain("The day it was taken up.")
    ended_on: date | None = plain("The day it was answered, came back, or was taken back.")
    late = computed(late_clocks, LateClockKind | None, "Which clock is late; null where none is.")
    outcome: str = plain("What came of it.")
    reason: str = plain("Why it came back.")
    ended_by_side: Side | None = plain("The side that answered it or sent it back.")
    ended_by_office: Office | None = plain("The office that answered it or sent it back.")
    consent_withdrawn_on: date | None = plain(
        "The day consent was taken back; after acceptance the rest is the receiver's."
    )
    revision: int = plain("How often it changed.")
    summary = child(db.SUMMARIES, StepSummary, "What was written for the receiver: for it, the sender and the raiser.")
    consent = child(db.CONSENTS, Consent, "The consent by which it was sent: for the sender and the raiser.")
    messages = children(
        db.MESSAGES, StepMessage, "What the receiver asked and was answered: for the same as the summary."
    )
    notes = connection(db.NOTES, "StepNote", "The receiver's deliberation: for the receiver alone, oldest first.")
    agenda_items = children(db.AGENDA_OF_STEPS, lazy("AgendaItem"), "Where it stands on the receiver's agenda.")
    onward = children(db.ONWARD, lazy("EscalationStep"), "The steps that it was carried on by, in order.")
    issue = child(db.ISSUES_OF_STEPS, lazy("Issue"), "The issue: for who raised it and the body that it was raised in.")
    routes = strawberry.field(
        resolver=batched(routes_of_steps, returns=list[Route]),
        description="Where its receiver may carry it on.",
    )
    viewer_can = strawberry.field(
        resolver=batched(step_acts, returns=can("EscalationStep", STEP_ACTS)),
        description="What you can do about it now, in the seat you act in or as who raised the issue.",
    )
    audit = strawberry.field(
        resolver=batched(audit_of_rooms, returns=connection_type("AuditEntry"), arguments=PAGE_ARGUMENTS),
        description="What was done with it, oldest first.",
    )


@strawberry.input(description="Draft a hop of an issue, or of a step that one's body received, for its readers.")
class IssueEscalateInput:
    to_forum_id: strawberry.ID = strawberry.field(description="The body that it is to go to: see `routes`.")
    channel: ChannelKind = strawberry.field(description="The room of that body that is to receive it: see `routes`.")
    summary: str = strawberry.field(description="What its readers there need to know, and no more.")
    concerns_individual_case: bool = strawberry.field(
        description="Whether it is about an identifiable individual's case. Where that has no place, nothing is kept."
    )
    idempotency_key: str = strawberry.field(description="Same key, same answer.")
    issue_id: strawberry.ID | None = strawberry.field(default=None, description="The issue that is carried.")
    step_id: strawberry.ID | None = strawberry.field(default=None, description="The received step that is carried on.")
    category: IssueCategory | None = strawberry.field(
        default=None, description="What it is about; as before where this is left out."
    )
    expected_revision: int | None = strawberry.field(default=None, description="The revision that you read.")


@strawberry.input(description="Draft a hop sideways, to another body of the same level.")
class StepReferInput:
    step_id: strawberry.ID = strawberry.field(description="The step.")
    to_forum_id: strawberry.ID = strawberry.field(description="The body that it is to go to: see `routes`.")
    channel: ChannelKind = strawberry.field(description="The room of that body that is to receive it: see `routes`.")
    summary: str = strawberry.field(description="What its readers there need to know, and no more.")
    concerns_individual_case: bool = strawberry.field(
        description="Whether it is about an identifiable individual's case. Where that has no place, nothing is kept."
    )
    idempotency_key: str = strawberry.field(description="Same key, same answer.")
    expected_revision: int | None = strawberry.field(default=None, description="The revision that you read.")


@strawberry.input(description="Consent to a step's text, exactly as it stands.")
class ConsentGiveInput:
    step_id: strawberry.ID = strawberry.field(description="The step.")
    content_hash: str = strawberry.field(description="The hash of the text that you read.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")


@strawberry.input(description="Take a consent back, or say no to a step that awaits it.")
class ConsentWithdrawInput:
    step_id: strawberry.ID = strawberry.field(description="The step.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Say that a step arrived.")
class StepAcknowledgeInput:
    step_id: strawberry.ID = strawberry.field(description="The step.")
    expected_revision: int | None = strawberry.field(default=None, description="The revision that you read.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Take a step up.")
class StepAcceptInput:
    step_id: strawberry.ID = strawberry.field(description="The step.")
    expected_revision: int | None = strawberry.field(default=None, description="The revision that you read.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Ask the sender about a step.")
class StepAskInput:
    step_id: strawberry.ID = strawberry.field(description="The step.")
    body: str = strawberry.field(description="What you need to know.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Answer what a step's receiver asked.")
class StepAnswerInput:
    step_id: strawberry.ID = strawberry.field(description="The step.")
    body: str = strawberry.field(description="The answer.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Note something of the receiver's deliberation.")
class StepNoteInput:
    step_id: strawberry.ID = strawberry.field(description="The step.")
    body: str = strawberry.field(description="The note.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Put a step on the agenda of the body that received it.")
class StepPlaceInput:
    step_id: strawberry.ID = strawberry.field(description="The step.")
    title: str = strawberry.field(description="What it is called on the agenda.")
    meets_on: date | None = strawberry.field(default=None, description="The meeting's day, where it is known.")
    expected_revision: int | None = strawberry.field(default=None, description="The revision that you read.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Send a step back one level.")
class StepReturnInput:
    step_id: strawberry.ID = strawberry.field(description="The step.")
    reason: str = strawberry.field(description="Why it comes back.")
    expected_revision: int | None = strawberry.field(default=None, description="The revision that you read.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Answer a step: what came of it.")
class StepResolveInput:
    step_id: strawberry.ID = strawberry.field(description="The step.")
    outcome: str = strawberry.field(description="What came of it, for the sender and the raiser.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")
    expected_revision: int | None = strawberry.field(default=None, description="The revision that you read.")


@strawberry.input(description="Step back from an issue or a step in which one has an interest.")
class InterestDeclareInput:
    issue_id: strawberry.ID | None = strawberry.field(default=None, description="The issue.")
    step_id: strawberry.ID | None = strawberry.field(default=None, description="The step.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")
