"""Issues: raised in a body, carried to others by consent, and answered at every hop."""

from datetime import date

import strawberry

from service.db import issues as db
from service.resolvers.batch import batched
from service.resolvers.carrying import issue_acts, issue_states, own_issues, raisers, routes_of_issues
from service.resolvers.forums import audit_of_rooms
from service.rules import escalations as rules
from service.rules.acts import Act
from service.schema.can import can
from service.schema.enums import (
    ChannelKind,
    ForumKind,
    IdentityModeKind,
    IssueCategory,
    IssueStateKind,
    Manner,
    NoticeStateKind,
    Office,
    Side,
)
from service.schema.fields import (
    PAGE_ARGUMENTS,
    Node,
    child,
    children,
    connection_type,
    identity,
    lazy,
    plain,
    reference,
)
from service.schema.routes import Route

ISSUE_ACTS = (
    Act.ISSUE_ESCALATE,
    Act.ISSUE_CLOSE,
    Act.RECIPIENT_CHOOSE,
    Act.MESSAGE_SEND,
    Act.HANDOVER_TAKE,
    Act.INTEREST_DECLARE,
    Act.DISCLOSURE_NOTIFY,
)


@strawberry.type(description="Something said between who raised an issue and who has it in hand.")
class IssueMessage:
    position: int = plain("Its place in the exchange, from 1.")
    from_raiser: bool = plain("Whether who raised the issue said it.")
    body: str = plain("What was said; empty once it was handed over.")
    said_on: date = plain("The day it was said.")


@strawberry.type(
    description="An issue: for who raised it, and for the officers or the side of the body that it was raised in."
)
class Issue(Node):
    id: strawberry.ID = identity("Issue")
    forum = reference("Forum", "forum_id", "The body that it was raised in.")
    channel: ChannelKind = plain("Which room of the body has it in hand.")
    category: IssueCategory = plain("What it is about.")
    manner: Manner = plain("Formally, or informally.")
    identity: IdentityModeKind = plain("How who raised it is kept: confidential, which is not anonymous, or not.")
    raised_by = strawberry.field(
        resolver=batched(raisers, returns=str),
        description="Who raised it: a name where that is open to you, else how it is kept.",
    )
    raised_by_side: Side = plain("The side of the seat that it was raised from.")
    raised_by_office: Office | None = plain("The office, where the body raised it itself.")
    mine = strawberry.field(resolver=batched(own_issues, returns=bool), description="Whether you raised it.")
    body: str = plain("What was said; empty where it was raised informally, or was handed over.")
    effect_sought: str = plain("What should come of it.")
    state = strawberry.field(
        resolver=batched(issue_states, returns=IssueStateKind),
        description="Where it stands now, by the steps taken with it.",
    )
    raised_on: date = plain("The day it was raised.")
    ended_on: date | None = plain("The day it was closed, taken back or handed over.")
    reason: str = plain("Why it was closed or taken back.")
    receipt: str | None = plain("The guardian's receipt, which is all that is kept once it was handed over.")
    revision: int = plain("How often it changed.")
    steps = children(db.STEPS, lazy("EscalationStep"), "The steps by which it was carried, in order.")
    messages = children(db.MESSAGES, IssueMessage, "What raiser and recipient said to each other, in order.")
    recipient = child(db.RECIPIENTS, lazy("Seat"), "Of a confidential one: the seat that knows who raised it.")
    disclosures = children(
        db.DISCLOSURES, lazy("IdentityDisclosure"), "To whom the identity is or was to be disclosed."
    )
    routes = strawberry.field(
        resolver=batched(routes_of_issues, returns=list[Route]),
        description="Where it may be carried from here, for those who may carry it.",
    )
    viewer_can = strawberry.field(
        resolver=batched(issue_acts, returns=can("Issue", ISSUE_ACTS)),
        description="What you can do about it now, in the seat you act in or as who raised it.",
    )
    audit = strawberry.field(
        resolver=batched(audit_of_rooms, returns=connection_type("AuditEntry"), arguments=PAGE_ARGUMENTS),
        description="What was done with it, oldest first.",
    )


@strawberry.type(description="What members of a network may know of an issue that left it: not which, nor whose.")
class IssueNotice(Node):
    id: strawberry.ID = identity("IssueNotice")
    category: IssueCategory = plain("What it was about.")
    to_kind: ForumKind = plain("The kind of body that it went to.")
    state: NoticeStateKind = plain("Where it stands.")
    sent_on: date = plain("The day it went.")
    ended_on: date | None = plain("The day it was answered, came back, or was taken back.")
    forum = reference("Forum", "forum_id", "The network that it came from.")


@strawberry.input(description="An office whose holder is part of the matter, and is to see nothing of it.")
class ImplicatedOfficeInput:
    forum_id: strawberry.ID = strawberry.field(description="The body.")
    side: Side = strawberry.field(description="The side.")
    office: Office = strawberry.field(description="The office.")


@strawberry.input(description="Raise an issue in one's own body, or with the freedom-to-speak-up guardian.")
class IssueRaiseInput:
    forum_id: strawberry.ID = strawberry.field(description="One's own body, or the guardian's.")
    category: IssueCategory = strawberry.field(description="What it is about.")
    identity: IdentityModeKind = strawberry.field(
        description="Named to those who have it in hand, confidential to one recipient, or raised by the body itself."
    )
    concerns_individual_case: bool = strawberry.field(
        description="Whether it is about an identifiable individual's case, such as a grievance. Where that does not "
        "belong, nothing is kept, and the answer says whom to turn to."
    )
    idempotency_key: str = strawberry.field(description="Same key, same answer.")
    manner: Manner = strawberry.field(default=rules.Manner.FORMAL, description="Formally, or informally.")
    body: str = strawberry.field(default="", description="What the issue is. An informal one may leave it out.")
    effect_sought: str = strawberry.field(default="", description="What should come of it.")
    recipient_seat_id: strawberry.ID | None = strawberry.field(
        default=None, description="Confidential: the one seat that is to know who you are."
    )
    implicated_person_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="People who are part of the matter. They see nothing of it, in any seat."
    )
    implicated_offices: list[ImplicatedOfficeInput] = strawberry.field(
        default_factory=list, description="Offices whose holders are part of the matter."
    )


@strawberry.input(description="Take an issue of one's own back, or close one that one's body holds.")
class IssueCloseInput:
    issue_id: strawberry.ID = strawberry.field(description="The issue.")
    reason: str = strawberry.field(description="Why it is closed.")
    expected_revision: int | None = strawberry.field(default=None, description="The revision that you read.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Entrust the identity of a confidential issue to another seat.")
class RecipientChooseInput:
    issue_id: strawberry.ID = strawberry.field(description="The issue.")
    recipient_seat_id: strawberry.ID = strawberry.field(description="The one seat that is to know who you are.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Say something to who raised an issue, or to who has it in hand.")
class MessageSendInput:
    issue_id: strawberry.ID = strawberry.field(description="The issue.")
    body: str = strawberry.field(description="What you want to say.")
    idempotency_key: str | None = strawberry.field(default=None, description="Same key, same answer.")


@strawberry.input(description="Take an issue into the guardian's own records. Here a receipt stays, and nothing else.")
class HandoverTakeInput:
    issue_id: strawberry.ID = strawberry.field(description="The issue.")
    receipt: str = strawberry.field(description="Your own record's number: all that is kept here, and no content.")
    idempotency_key: str = strawberry.field(description="Same key, same answer.")
