"""Every act that a seat can do, each named once.

The word is the same in the table of powers, the audit, the event and the SDL, so that one search finds
all that decides about an act (STYLE rule 1). `KEYED` acts cannot be taken back by doing them again:
they need an idempotency key (DESIGN section 6: open, submit, sign, escalate, forward).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Act(StrEnum):
    """What a seat can do."""

    CONSULTATION_DRAFT = "CONSULTATION_DRAFT"
    POLICY_VERSION_ADD = "POLICY_VERSION_ADD"
    IMPACT_ASSESSMENT_RECORD = "IMPACT_ASSESSMENT_RECORD"
    CONSULTATION_PLAN = "CONSULTATION_PLAN"
    PLAN_SIGN = "PLAN_SIGN"
    PLAN_PROCEED = "PLAN_PROCEED"
    CONSULTEE_ADD = "CONSULTEE_ADD"
    CONSULTATION_OPEN = "CONSULTATION_OPEN"
    COMMENT_ADD = "COMMENT_ADD"
    COMMENT_WITHDRAW = "COMMENT_WITHDRAW"
    RESPONSE_DRAFT = "RESPONSE_DRAFT"
    RESPONSE_SUBMIT = "RESPONSE_SUBMIT"
    RESPONSE_SHARE = "RESPONSE_SHARE"
    RESPONSE_CONSIDER = "RESPONSE_CONSIDER"
    CONSULTEE_EXTEND = "CONSULTEE_EXTEND"
    EXTENSION_PROPOSE = "EXTENSION_PROPOSE"
    EXTENSION_SIGN = "EXTENSION_SIGN"
    OUTCOME_RECORD = "OUTCOME_RECORD"
    CONSULTATION_SIGN = "CONSULTATION_SIGN"
    DISAGREEMENT_RECORD = "DISAGREEMENT_RECORD"
    CONSULTATION_RATIFY = "CONSULTATION_RATIFY"
    CONSULTATION_WITHDRAW = "CONSULTATION_WITHDRAW"

    REPORT_DRAFT = "REPORT_DRAFT"
    REPORT_REVISE = "REPORT_REVISE"
    REPORT_SIGN_OFF = "REPORT_SIGN_OFF"
    REPORT_SUBMIT = "REPORT_SUBMIT"
    REPORT_RETURN = "REPORT_RETURN"
    REPORT_ACKNOWLEDGE = "REPORT_ACKNOWLEDGE"
    REPORT_PUBLISH = "REPORT_PUBLISH"
    REPORT_IMPORT = "REPORT_IMPORT"
    RELEASE_FREEZE = "RELEASE_FREEZE"

    PEOPLE_IMPORT = "PEOPLE_IMPORT"

    SEAT_GRANT = "SEAT_GRANT"
    SEAT_END = "SEAT_END"
    MEMBERSHIP_JOIN = "MEMBERSHIP_JOIN"
    MEMBERSHIP_LEAVE = "MEMBERSHIP_LEAVE"
    MEMBERSHIP_ACCEPT = "MEMBERSHIP_ACCEPT"
    MEMBERSHIP_DECLINE = "MEMBERSHIP_DECLINE"
    INVITATION_ISSUE = "INVITATION_ISSUE"
    INVITATION_ACCEPT = "INVITATION_ACCEPT"
    RECUSAL_DECLARE = "RECUSAL_DECLARE"

    ISSUE_RAISE = "ISSUE_RAISE"
    ISSUE_ESCALATE = "ISSUE_ESCALATE"
    ISSUE_CLOSE = "ISSUE_CLOSE"
    CONSENT_GIVE = "CONSENT_GIVE"
    CONSENT_WITHDRAW = "CONSENT_WITHDRAW"
    RECIPIENT_CHOOSE = "RECIPIENT_CHOOSE"
    MESSAGE_SEND = "MESSAGE_SEND"
    STEP_ACKNOWLEDGE = "STEP_ACKNOWLEDGE"
    STEP_ACCEPT = "STEP_ACCEPT"
    STEP_ASK = "STEP_ASK"
    STEP_ANSWER = "STEP_ANSWER"
    STEP_NOTE = "STEP_NOTE"
    STEP_PLACE = "STEP_PLACE"
    STEP_RETURN = "STEP_RETURN"
    STEP_REFER = "STEP_REFER"
    STEP_RESOLVE = "STEP_RESOLVE"
    HANDOVER_TAKE = "HANDOVER_TAKE"
    INTEREST_DECLARE = "INTEREST_DECLARE"
    DISCLOSURE_NOTIFY = "DISCLOSURE_NOTIFY"
    IDENTITY_CONSENT = "IDENTITY_CONSENT"
    IDENTITY_DISCLOSE = "IDENTITY_DISCLOSE"
    THEME_OFFER = "THEME_OFFER"
    THEME_SIGN = "THEME_SIGN"
    THEME_ANSWER = "THEME_ANSWER"
    SIGNPOST_SET = "SIGNPOST_SET"
    OWN_SIGN_IN_INVITE = "OWN_SIGN_IN_INVITE"
    OWN_SIGN_IN_ACCEPT = "OWN_SIGN_IN_ACCEPT"

    WEBHOOK_ENDPOINT_ADD = "WEBHOOK_ENDPOINT_ADD"
    WEBHOOK_ENDPOINT_ROTATE = "WEBHOOK_ENDPOINT_ROTATE"
    WEBHOOK_ENDPOINT_END = "WEBHOOK_ENDPOINT_END"
    WEBHOOK_DELIVERY_REPLAY = "WEBHOOK_DELIVERY_REPLAY"

    MAIL_PREFERENCE_SET = "MAIL_PREFERENCE_SET"
    MAIL_ADDRESS_CONFIRM = "MAIL_ADDRESS_CONFIRM"
    CALENDAR_ADDRESS_CREATE = "CALENDAR_ADDRESS_CREATE"
    CALENDAR_ADDRESS_REVOKE = "CALENDAR_ADDRESS_REVOKE"
    RELEASE_NOTE_ISSUE = "RELEASE_NOTE_ISSUE"
    RELEASE_NOTE_REVOKE = "RELEASE_NOTE_REVOKE"


class ActOutcome(StrEnum):
    """How an act ended."""

    DONE = "DONE"
    REFUSED = "REFUSED"


DESCRIPTIONS: Final[Mapping[Act, str]] = MappingProxyType(
    {
        Act.CONSULTATION_DRAFT: "Begin a consultation as a draft that only the drafter's side sees.",
        Act.POLICY_VERSION_ADD: "Add the next version of the policy text; no version is ever changed.",
        Act.IMPACT_ASSESSMENT_RECORD: "Record an equality impact assessment of one version of the policy.",
        Act.CONSULTATION_PLAN: "Set out options, consultees, channels and dates; a new plan voids old signatures.",
        Act.PLAN_SIGN: "Sign the plan for one's side.",
        Act.PLAN_PROCEED: "Go ahead with a plan that one side has not signed, recording why.",
        Act.CONSULTEE_ADD: "Name a body to be consulted.",
        Act.CONSULTATION_OPEN: "Open the consultation and its papers to the bodies consulted.",
        Act.COMMENT_ADD: "Comment on the draft, or on one clause of it, inside one's own body.",
        Act.COMMENT_WITHDRAW: "Take back one's own comment.",
        Act.RESPONSE_DRAFT: "Prepare a body's response among its officers.",
        Act.RESPONSE_SUBMIT: "Submit a body's one formal response.",
        Act.RESPONSE_SHARE: "Open one's own body's response to another body.",
        Act.RESPONSE_CONSIDER: "Decide whether a late response is considered or declined.",
        Act.CONSULTEE_EXTEND: "Give one body more time, as a reasonable adjustment; one signature is enough.",
        Act.EXTENSION_PROPOSE: "Propose a later closing date for every body.",
        Act.EXTENSION_SIGN: "Sign a proposed later closing date for one's side.",
        Act.OUTCOME_RECORD: "Record what became of one point: accepted, partly accepted or rejected.",
        Act.CONSULTATION_SIGN: "Sign the final version for one's side.",
        Act.DISAGREEMENT_RECORD: "State for one's side that the sides failed to agree, and why.",
        Act.CONSULTATION_RATIFY: "Record ratification, and the effective and review dates.",
        Act.CONSULTATION_WITHDRAW: "Withdraw the consultation, with a reason.",
        Act.REPORT_DRAFT: "Begin a report, or change the draft that stands under the same external key.",
        Act.REPORT_REVISE: "Change a draft's figures, or begin the next version of a returned or published report.",
        Act.REPORT_SIGN_OFF: "Sign off a draft's figures for the board, as its senior responsible officer.",
        Act.REPORT_SUBMIT: "Submit a report to those whom its definition names; what was submitted never changes.",
        Act.REPORT_RETURN: "Return a submitted report, with the reason.",
        Act.REPORT_ACKNOWLEDGE: "Acknowledge a submitted report.",
        Act.REPORT_PUBLISH: "Publish an acknowledged report to everybody in the trust.",
        Act.REPORT_IMPORT: "Submit many reports at once, from rows or from a file, every row judged.",
        Act.RELEASE_FREEZE: "Freeze the region's picture of one kind of report, under the disclosure rule.",
        Act.PEOPLE_IMPORT: "Tell who works in the organisation: joiners, movers and leavers, every row judged.",
        Act.SEAT_GRANT: "Grant a seat in one's own body.",
        Act.SEAT_END: "End a seat in one's own body.",
        Act.MEMBERSHIP_JOIN: "Ask to join a network.",
        Act.MEMBERSHIP_LEAVE: "Leave a network.",
        Act.MEMBERSHIP_ACCEPT: "Accept a person who asked to join.",
        Act.MEMBERSHIP_DECLINE: "Decline a person who asked to join.",
        Act.INVITATION_ISSUE: "Invite a person who has no record with the trust's HR to take a seat.",
        Act.INVITATION_ACCEPT: "Take the seat offered by an invitation.",
        Act.RECUSAL_DECLARE: "Step back from one matter: its room closes to the person, whatever else is open.",
        Act.ISSUE_RAISE: "Raise an issue inside one's own body, or directly with the guardian.",
        Act.ISSUE_ESCALATE: "Write what another body is to read of an issue; it is sent once the raiser consents.",
        Act.ISSUE_CLOSE: "Close an issue that its body carries no further, with a reason.",
        Act.CONSENT_GIVE: "Consent to exactly this text being sent to exactly this body.",
        Act.CONSENT_WITHDRAW: "Take back one's consent to a step: the text goes, or its receiver is told.",
        Act.RECIPIENT_CHOOSE: "Entrust one's identity to another person of the body.",
        Act.MESSAGE_SEND: "Write to the raiser of an issue, or as its raiser to whoever takes care of it.",
        Act.STEP_ACKNOWLEDGE: "Say that a step has arrived.",
        Act.STEP_ACCEPT: "Take up a step.",
        Act.STEP_ASK: "Ask the sender or the raiser about a step.",
        Act.STEP_ANSWER: "Answer a question about a step.",
        Act.STEP_NOTE: "Note the receiving body's own deliberation, which no sender sees.",
        Act.STEP_PLACE: "Put a step on the receiving body's agenda.",
        Act.STEP_RETURN: "Give a step back one level, with a reason.",
        Act.STEP_REFER: "Write what a body beside one's own is to read of a step; it is sent once the raiser consents.",
        Act.STEP_RESOLVE: "Answer a step with its outcome.",
        Act.HANDOVER_TAKE: "Take an issue over as the guardian: its text goes, and a receipt is kept.",
        Act.INTEREST_DECLARE: "Step back from an issue or a step: it closes to the person, and all that it becomes.",
        Act.DISCLOSURE_NOTIFY: "Say to whom an identity is to be disclosed, on which ground and why.",
        Act.IDENTITY_CONSENT: "Consent to one disclosure of one's own identity.",
        Act.IDENTITY_DISCLOSE: "Disclose a raiser's identity to one person.",
        Act.THEME_OFFER: "Offer a theme to the regional forum: a category and a quarter, and no record.",
        Act.THEME_SIGN: "Sign for one's side that the region may know the trust's name beside a theme.",
        Act.THEME_ANSWER: "Say what the forum does about a theme.",
        Act.OWN_SIGN_IN_INVITE: "Ask for a code with which a sign-in of your own keeps sight of what you raised.",
        Act.OWN_SIGN_IN_ACCEPT: "Keep sight of what you raised from a sign-in of your own; it opens no seat.",
        Act.WEBHOOK_ENDPOINT_ADD: "Have an address told what changes of what the acting seat may see.",
        Act.WEBHOOK_ENDPOINT_ROTATE: "Sign with a new secret; for a day the one before it signs as well.",
        Act.WEBHOOK_ENDPOINT_END: "Tell an address nothing more.",
        Act.WEBHOOK_DELIVERY_REPLAY: "Send again what an address did not take, one delivery or all of them.",
        Act.MAIL_PREFERENCE_SET: "Choose whether, where and when mail says that there may be something new.",
        Act.MAIL_ADDRESS_CONFIRM: "Show by the code that was mailed to it that an address is yours.",
        Act.CALENDAR_ADDRESS_CREATE: "Have an address for one's seat's calendar; the one before it opens nothing then.",
        Act.CALENDAR_ADDRESS_REVOKE: "Let the address of one's seat's calendar open nothing any more.",
        Act.RELEASE_NOTE_ISSUE: "Have a note that one is released for a day, which says nothing of what for.",
        Act.RELEASE_NOTE_REVOKE: "Let a release note's code show nothing any more.",
        Act.SIGNPOST_SET: "Set how people reach those who help them, in the organisation's own words.",
    }
)

KEYED: Final[frozenset[Act]] = frozenset(
    {
        Act.CONSULTATION_DRAFT,
        Act.CONSULTATION_OPEN,
        Act.RESPONSE_SUBMIT,
        Act.PLAN_SIGN,
        Act.CONSULTATION_SIGN,
        Act.DISAGREEMENT_RECORD,
        Act.EXTENSION_SIGN,
        Act.INVITATION_ACCEPT,
        Act.ISSUE_RAISE,
        Act.ISSUE_ESCALATE,
        Act.CONSENT_GIVE,
        Act.STEP_REFER,
        Act.STEP_RESOLVE,
        Act.HANDOVER_TAKE,
        Act.IDENTITY_DISCLOSE,
        Act.THEME_OFFER,
        Act.THEME_SIGN,
        Act.REPORT_DRAFT,
        Act.REPORT_SIGN_OFF,
        Act.REPORT_SUBMIT,
        Act.REPORT_IMPORT,
        Act.RELEASE_FREEZE,
        Act.PEOPLE_IMPORT,
        Act.WEBHOOK_ENDPOINT_ADD,
        Act.WEBHOOK_ENDPOINT_ROTATE,
        Act.RELEASE_NOTE_ISSUE,
    }
)
