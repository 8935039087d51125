"""The graph's enums are the rules' own, with a description for every value."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry

from service.db import changes
from service.rules import acts, bodies, escalations, mail, people, problems, webhooks
from service.rules.consultations import (
    Conclusion,
    ConsulteeState,
    Decision,
    Kind,
    LateDecision,
    ProposalState,
    Stance,
    State,
)
from service.rules.policies import HunkKind
from service.rules.reports import calculations
from service.rules.reports import definitions as reporting
from service.rules.reports import releases as releasing
from service.rules.reports.states import State as ReportingState


def _described(enum: type[Enum], values: Mapping[Any, str], name: str | None = None) -> Any:
    made: Any = strawberry.enum(enum, name=name, description=(enum.__doc__ or "").strip())
    for value in made.__strawberry_definition__.values:
        value.description = values[enum(value.value)]
    return made


Side = _described(bodies.Side, bodies.SIDE_DESCRIPTIONS)
ForumKind = _described(bodies.ForumKind, bodies.FORUM_KIND_DESCRIPTIONS)
Office = _described(bodies.Office, bodies.OFFICE_DESCRIPTIONS)
RoomPurpose = _described(bodies.Purpose, bodies.PURPOSE_DESCRIPTIONS, "RoomPurpose")
OrganisationKind = _described(bodies.OrganisationKind, bodies.ORGANISATION_KIND_DESCRIPTIONS)
Act = _described(acts.Act, acts.DESCRIPTIONS)
UserErrorCode = _described(problems.Code, problems.DESCRIPTIONS, "UserErrorCode")
ConsultationKind = _described(
    Kind,
    {
        Kind.POLICY: "A policy; minimum periods in working days.",
        Kind.COLLECTIVE_REDUNDANCY: "Collective redundancy, with the statute's own clock.",
    },
    "ConsultationKind",
)
ConsultationState = _described(
    State,
    {
        State.DRAFT: "Being drafted, or its plan awaits signatures.",
        State.PLANNED: "Both sides agreed the plan, or why one is missing is on record.",
        State.OPEN: "Bodies may comment and respond.",
        State.CLOSED: "The time is over: points are answered and the final text is made.",
        State.CONCLUDED: "Ended, agreed or not.",
        State.WITHDRAWN: "Taken back by the side that drafted it.",
    },
    "ConsultationState",
)
ProposalStateKind = _described(
    ProposalState,
    {
        ProposalState.PROPOSED: "It awaits a signature.",
        ProposalState.AGREED: "Both sides signed it, or why one is missing is on record.",
        ProposalState.SUPERSEDED: "Another took its place.",
    },
    "ProposalState",
)
ActOutcome = _described(
    acts.ActOutcome,
    {acts.ActOutcome.DONE: "It was done.", acts.ActOutcome.REFUSED: "It was refused, and changed nothing."},
    "ActOutcome",
)
RequestState = _described(
    bodies.RequestState,
    {
        bodies.RequestState.PENDING: "It awaits the network's officers.",
        bodies.RequestState.ACCEPTED: "The joiner became a member.",
        bodies.RequestState.DECLINED: "The officers said no.",
    },
    "RequestState",
)
ConclusionKind = _described(
    Conclusion,
    {
        Conclusion.AGREED: "Both sides signed the same final text.",
        Conclusion.NOT_AGREED: "Both sides stated that they failed to agree.",
    },
    "Conclusion",
)
ConsulteeStateKind = _described(
    ConsulteeState,
    {
        ConsulteeState.AWAITED: "Its time runs, and it has not responded.",
        ConsulteeState.RESPONDED: "It responded in time.",
        ConsulteeState.LATE: "It responded late, and nobody has decided about that yet.",
        ConsulteeState.NO_RESPONSE: "Its time is over without a response. Silence is never consent.",
        ConsulteeState.LATE_CONSIDERED: "It responded late and is considered.",
        ConsulteeState.LATE_DECLINED: "It responded late and was declined, with a reason.",
    },
    "ConsulteeState",
)
StanceKind = _described(
    Stance,
    {
        Stance.SUPPORT: "For the draft as it is.",
        Stance.SUPPORT_WITH_CHANGES: "For the draft, with the changes that its points ask for.",
        Stance.OPPOSE: "Against the draft.",
        Stance.NO_VIEW: "No view as a body.",
    },
    "Stance",
)
DecisionKind = _described(
    Decision,
    {
        Decision.ACCEPTED: "The text was changed as asked.",
        Decision.PARTLY: "The text was changed in part; the reason says why not wholly.",
        Decision.REJECTED: "The text was not changed; the reason says why.",
    },
    "Decision",
)
LateDecisionKind = _described(
    LateDecision,
    {
        LateDecision.CONSIDERED: "Taken into account as if it had come in time.",
        LateDecision.DECLINED: "Not taken into account, with a reason.",
    },
    "LateDecision",
)
ChangeKind = _described(
    changes.ChangeKind,
    {
        changes.ChangeKind.CHANGED: "Read the thing again, or for the first time.",
        changes.ChangeKind.GONE: "Forget the thing: it is closed to you now.",
    },
    "ChangeKind",
)
WebhookEventType = _described(
    webhooks.EventType, {each: webhooks.described(each) for each in webhooks.EventType}, "WebhookEventType"
)
WebhookEndpointStateKind = _described(
    webhooks.EndpointState,
    {
        webhooks.EndpointState.ACTIVE: "It is told of what changes, while its seat lasts.",
        webhooks.EndpointState.ENDED: "It is told nothing more: it was ended, answered 410, or lost its secret.",
    },
    "WebhookEndpointState",
)
WebhookDeliveryStateKind = _described(
    webhooks.DeliveryState,
    {
        webhooks.DeliveryState.PENDING: "It is to be sent, perhaps again.",
        webhooks.DeliveryState.DELIVERED: "It was taken.",
        webhooks.DeliveryState.DROPPED: "What it told of was closed to the seat before it was sent.",
        webhooks.DeliveryState.DEAD: "It was not taken in three days; `webhookDeliveryReplay` sends it again.",
    },
    "WebhookDeliveryState",
)
ImportMode = _described(
    people.Mode,
    {
        people.Mode.FULL: "Everybody: who is not in it has left.",
        people.Mode.CHANGES: "What changed: who is not in it stays as they are.",
    },
    "ImportMode",
)
PersonStanding = _described(
    people.Standing,
    {
        people.Standing.JOINER: "Somebody who did not work here before.",
        people.Standing.MOVER: "Somebody who stays, in other work than before.",
        people.Standing.CHANGED: "The same work, told of otherwise: a name, a day, a sign-in.",
        people.Standing.LEAVER: "Somebody who works here no more.",
        people.Standing.UNCHANGED: "As it stood.",
    },
    "PersonStanding",
)
MailCadence = _described(mail.Cadence, mail.CADENCE_DESCRIPTIONS, "MailCadence")
MailStateKind = _described(
    mail.MailState,
    {
        mail.MailState.UNCONFIRMED: "A code was mailed to it; nothing else is before `mailAddressConfirm`.",
        mail.MailState.CONFIRMED: "Mail is sent to it.",
        mail.MailState.REFUSED: "It was refused as an address that takes no mail; set it, or another one, again.",
    },
    "MailState",
)
DifferenceKind = _described(
    HunkKind,
    {
        HunkKind.EQUAL: "In both versions.",
        HunkKind.INSERTED: "Only in the later version.",
        HunkKind.DELETED: "Only in the earlier version.",
    },
    "DifferenceKind",
)

ChannelKind = _described(bodies.Channel, bodies.CHANNEL_DESCRIPTIONS, "Channel")
IssueCategory = _described(escalations.Category, escalations.CATEGORY_DESCRIPTIONS, "IssueCategory")
Manner = _described(escalations.Manner, escalations.MANNER_DESCRIPTIONS, "Manner")
IdentityModeKind = _described(escalations.IdentityMode, escalations.IDENTITY_MODE_DESCRIPTIONS, "IdentityMode")
IssueStateKind = _described(escalations.IssueState, escalations.ISSUE_STATE_DESCRIPTIONS, "IssueState")
StepStateKind = _described(escalations.StepState, escalations.STEP_STATE_DESCRIPTIONS, "StepState")
LateClockKind = _described(escalations.Clock, escalations.CLOCK_DESCRIPTIONS, "LateClock")
CarriesKind = _described(escalations.Carries, escalations.CARRIES_DESCRIPTIONS, "Carries")
NoticeStateKind = _described(escalations.NoticeState, escalations.NOTICE_STATE_DESCRIPTIONS, "NoticeState")
StepMessageKind = _described(escalations.MessageKind, escalations.MESSAGE_KIND_DESCRIPTIONS, "StepMessageKind")
DisclosureGroundKind = _described(
    escalations.DisclosureGround, escalations.DISCLOSURE_GROUND_DESCRIPTIONS, "DisclosureGround"
)
ThemeStateKind = _described(escalations.ThemeState, escalations.THEME_STATE_DESCRIPTIONS, "ThemeState")
SignpostPurposeKind = _described(
    escalations.SignpostPurpose, escalations.SIGNPOST_PURPOSE_DESCRIPTIONS, "SignpostPurpose"
)
ReportState = _described(
    ReportingState,
    {
        ReportingState.DRAFT: "Its author's body works on it.",
        ReportingState.SUBMITTED: "It was sent to its receivers, who have not answered.",
        ReportingState.RETURNED: "A receiver sent it back, with a reason.",
        ReportingState.ACKNOWLEDGED: "A receiver has read it; it may be published.",
        ReportingState.PUBLISHED: "Everybody in the trust may read it.",
    },
    "ReportState",
)
MetricUnit = _described(
    reporting.Unit,
    {
        reporting.Unit.COUNT: "A count.",
        reporting.Unit.PERCENTAGE: "A share, kept as numerator and denominator.",
        reporting.Unit.RATE_WITH_BASE: "A percentage of those who answered, with how many they were.",
        reporting.Unit.LIKELIHOOD_RATIO: "How likely one group is beside another, kept as counts.",
        reporting.Unit.SCORE: "A score.",
        reporting.Unit.HOURS: "Time, in hours.",
        reporting.Unit.POUNDS: "Pounds sterling.",
        reporting.Unit.TEXT: "Words, and no number.",
    },
    "MetricUnit",
)
MetricDirection = _described(
    reporting.Direction,
    {
        reporting.Direction.HIGHER_IS_BETTER: "A higher figure is better.",
        reporting.Direction.LOWER_IS_BETTER: "A lower figure is better.",
        reporting.Direction.CLOSER_TO_ONE_IS_BETTER: "A ratio is better the closer it is to 1.",
        reporting.Direction.CLOSER_TO_ZERO_IS_BETTER: "A difference is better the closer it is to 0.",
        reporting.Direction.NEUTRAL: "Neither way is better by itself.",
    },
    "MetricDirection",
)
ReportFrequency = _described(
    reporting.Frequency,
    {
        reporting.Frequency.YEARLY: "Once a year.",
        reporting.Frequency.QUARTERLY: "Once a quarter.",
        reporting.Frequency.AS_NEEDED: "When there is something to report.",
    },
    "ReportFrequency",
)
ReportObligation = _described(
    reporting.Obligation,
    {
        reporting.Obligation.STATUTE: "The law.",
        reporting.Obligation.NHS_STANDARD: "An NHS standard or the NHS contract.",
        reporting.Obligation.LOCAL_AGREEMENT: "What the partners agreed.",
        reporting.Obligation.OPTIONAL: "Nothing: it is offered.",
    },
    "ReportObligation",
)
ReportHome = _described(
    reporting.Home,
    {
        reporting.Home.ORGANISATION: "The organisation's: its HR system's, or its board's and committees'.",
        reporting.Home.FORUM: "A partnership forum's.",
        reporting.Home.NETWORK: "A staff network's.",
    },
    "ReportHome",
)
ReportDimension = _described(
    reporting.Dimension,
    {
        reporting.Dimension.TRUST: "Each trust.",
        reporting.Dimension.TRUST_TYPE: "Trusts of one type.",
        reporting.Dimension.ICB: "The trusts of one integrated care board.",
        reporting.Dimension.REGION: "The trusts of the region.",
        reporting.Dimension.ENGLAND: "The trusts of England.",
    },
    "ReportDimension",
)
CellStatus = _described(
    releasing.Status,
    {
        releasing.Status.SHOWN: "Shown, as the method says.",
        releasing.Status.HIDDEN: "Not shown: under the disclosure rule, or beside what else is shown.",
        releasing.Status.VERBATIM: "As the trust itself published it.",
        releasing.Status.NOT_COMPARABLE: "There is no one number: definitions differ, or a base is missing.",
    },
    "CellStatus",
)
CellReason = _described(
    releasing.Reason,
    {
        releasing.Reason.PARTIAL: "Not every trust that could report did.",
        releasing.Reason.CARRIED_OVER: "The number of an earlier release, as few counts changed since.",
        releasing.Reason.MIXED_DEFINITIONS: "Trusts reported under different versions of the definition.",
        releasing.Reason.BASE_MISSING: "A trust gave no base, so that nothing can be weighted by it.",
        releasing.Reason.UNDEFINED: "A denominator is nought.",
        releasing.Reason.ESTIMATED: "It holds estimates.",
    },
    "CellReason",
)
NumberCaution = _described(
    calculations.Caution,
    {
        calculations.Caution.UNDEFINED: "There is no such number: a denominator is nought, or a part is missing.",
        calculations.Caution.CHANGED_DEFINITION: "The definition changed, and it does not compare with the one before.",
        calculations.Caution.BASE_MISSING: "It is not said of how many people.",
        calculations.Caution.SMALL_BASE: "It is about fewer than ten people.",
        calculations.Caution.ESTIMATED: "It is an estimate.",
        calculations.Caution.GROUP_MISSING: "One of the groups compared was not reported.",
        calculations.Caution.PARTIAL: "Not every trust that could report did.",
    },
    "NumberCaution",
)
GapMethod = _described(
    reporting.Method,
    {
        reporting.Method.RATIO: "The ratio of two likelihoods.",
        reporting.Method.DIFFERENCE: "The difference of two figures.",
    },
    "GapMethod",
)
