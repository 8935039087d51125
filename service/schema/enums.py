"""The graph's enums are the rules' own, with a description for every value."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry

from service.rules import acts, bodies, escalations, problems
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
