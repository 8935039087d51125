"""What can be done: a table of contents. Each act names its powers, how its target is loaded, and what does it."""

import strawberry

from service.resolvers import (
    agreements,
    calendar,
    comments,
    disclosures,
    drafting,
    escalations,
    imports,
    invitations,
    issues,
    mail,
    memberships,
    own_sign_ins,
    people,
    plans,
    recusals,
    release_notes,
    releases,
    reports,
    responses,
    seats,
    signposts,
    targets,
    themes,
    webhooks,
)
from service.resolvers.acting import Deed
from service.rules.acts import Act
from service.schema import agreements as ending
from service.schema import calendar as dates
from service.schema import comments as comment
from service.schema import disclosures as disclosure
from service.schema import drafting as paper
from service.schema import escalations as step
from service.schema import imports as importing
from service.schema import invitations as invitation
from service.schema import issues as issue
from service.schema import mail as mailing
from service.schema import memberships as membership
from service.schema import own_sign_ins as own_sign_in
from service.schema import people as person
from service.schema import plans as plan
from service.schema import recusals as recusal
from service.schema import release_notes as note
from service.schema import releases as release
from service.schema import reports as report
from service.schema import responses as response
from service.schema import seats as seat
from service.schema import signposts as signpost
from service.schema import themes as theme
from service.schema import webhooks as webhook
from service.schema.acts import act

OWNED = targets.consultation_locked
SEEN = targets.consultation_seen
ENGAGED = targets.consultee_locked
OWN_ISSUE = issues.own_of_issue
OWN_STEP = escalations.own_of_step
OWN_DISCLOSURE = disclosures.own_of_disclosure
RECEIVED = escalations.load_received
CODE = {
    "code": (
        str | None,
        "The code to hand over; the same key shows it again.",
        lambda context, row: invitations.code_of(context, row["id"]),
    )
}


OWN_SIGN_IN_CODE = {
    "code": (
        str | None,
        "The code to use at the other sign-in, within 30 days; the same until it is used.",
        lambda context, row: own_sign_ins.code_of(context),
    )
}

SIGNING_KEY = {
    "signs_with": (
        str | None,
        "What its messages are signed with from now on; the same key shows it again.",
        webhooks.secret_of,
    )
}


ADDRESS = {
    "address": (
        str | None,
        "The path under which this service answers with the calendar, to whoever knows it; told once, and not again to the same key.",
        lambda context, row: context.tell_once(),
    )
}


NOTES_CODE = {
    "code": (
        str | None,
        "What shows the note to whoever has it, below /release-notes/; told once, and not again to the same key.",
        lambda context, row: context.tell_once(),
    )
}


# fmt: off
@strawberry.type(description="What can be done. Several acts in one document run in order, each on its own.")
class Mutation:
    consultation_draft = act(Deed(Act.CONSULTATION_DRAFT, drafting.load_forum, drafting.draft, "Consultation"), paper.ConsultationDraftInput, "consultation")
    policy_version_add = act(Deed(Act.POLICY_VERSION_ADD, OWNED, drafting.add_version, "PolicyVersion"), paper.PolicyVersionAddInput, "policy_version")
    impact_assessment_record = act(Deed(Act.IMPACT_ASSESSMENT_RECORD, OWNED, drafting.record_assessment, "ImpactAssessment"), paper.ImpactAssessmentRecordInput, "impact_assessment")
    consultation_plan = act(Deed(Act.CONSULTATION_PLAN, OWNED, plans.propose, "ConsultationPlan"), plan.ConsultationPlanInput, "plan")
    plan_sign = act(Deed(Act.PLAN_SIGN, plans.load_plan, plans.sign, "ConsultationPlan"), plan.PlanSignInput, "plan")
    plan_proceed = act(Deed(Act.PLAN_PROCEED, plans.load_plan, plans.proceed, "ConsultationPlan"), plan.PlanProceedInput, "plan")
    consultation_open = act(Deed(Act.CONSULTATION_OPEN, OWNED, plans.open_, "Consultation"), plan.ConsultationOpenInput, "consultation")
    consultee_add = act(Deed(Act.CONSULTEE_ADD, SEEN, plans.add_consultee, "Consultee"), plan.ConsulteeAddInput, "consultee")
    comment_add = act(Deed(Act.COMMENT_ADD, SEEN, comments.add_comment, "Comment"), comment.CommentAddInput, "comment")
    comment_withdraw = act(Deed(Act.COMMENT_WITHDRAW, comments.load_comment, comments.withdraw_comment, "Comment"), comment.CommentWithdrawInput, "comment")
    response_draft = act(Deed(Act.RESPONSE_DRAFT, ENGAGED, responses.save_draft, "ResponseDraft"), response.ResponseDraftInput, "response_draft")
    response_submit = act(Deed(Act.RESPONSE_SUBMIT, ENGAGED, responses.submit, "Response"), response.ResponseSubmitInput, "response")
    response_share = act(Deed(Act.RESPONSE_SHARE, ENGAGED, responses.share, "Consultee"), response.ResponseShareInput, "consultee")
    response_consider = act(Deed(Act.RESPONSE_CONSIDER, ENGAGED, responses.consider, "Consultee"), response.ResponseConsiderInput, "consultee")
    consultee_extend = act(Deed(Act.CONSULTEE_EXTEND, ENGAGED, agreements.extend_consultee, "Consultee"), ending.ConsulteeExtendInput, "consultee")
    extension_propose = act(Deed(Act.EXTENSION_PROPOSE, OWNED, agreements.propose_extension, "Extension"), ending.ExtensionProposeInput, "extension")
    extension_sign = act(Deed(Act.EXTENSION_SIGN, agreements.load_extension, agreements.sign_extension, "Extension"), ending.ExtensionSignInput, "extension")
    outcome_record = act(Deed(Act.OUTCOME_RECORD, responses.load_point, responses.record_outcome, "Outcome"), response.OutcomeRecordInput, "outcome")
    consultation_sign = act(Deed(Act.CONSULTATION_SIGN, OWNED, agreements.sign, "Consultation"), ending.ConsultationSignInput, "consultation")
    disagreement_record = act(Deed(Act.DISAGREEMENT_RECORD, OWNED, agreements.record_disagreement, "Consultation"), ending.DisagreementRecordInput, "consultation")
    consultation_ratify = act(Deed(Act.CONSULTATION_RATIFY, OWNED, agreements.ratify, "Consultation"), ending.ConsultationRatifyInput, "consultation")
    consultation_withdraw = act(Deed(Act.CONSULTATION_WITHDRAW, OWNED, agreements.withdraw, "Consultation"), ending.ConsultationWithdrawInput, "consultation")

    report_draft = act(Deed(Act.REPORT_DRAFT, reports.load_author, reports.draft, "Report"), report.ReportDraftInput, "report")
    report_revise = act(Deed(Act.REPORT_REVISE, reports.load_report, reports.revise, "Report"), report.ReportReviseInput, "report")
    report_sign_off = act(Deed(Act.REPORT_SIGN_OFF, reports.load_for_sign_off, reports.sign_off, "Report"), report.ReportSignOffInput, "report")
    report_submit = act(Deed(Act.REPORT_SUBMIT, reports.load_report, reports.submit, "ReportVersion"), report.ReportSubmitInput, "version")
    report_return = act(Deed(Act.REPORT_RETURN, reports.load_version, reports.return_, "ReportVersion"), report.ReportReturnInput, "version")
    report_acknowledge = act(Deed(Act.REPORT_ACKNOWLEDGE, reports.load_version, reports.acknowledge, "ReportVersion"), report.ReportAcknowledgeInput, "version")
    report_publish = act(Deed(Act.REPORT_PUBLISH, reports.load_version, reports.publish, "ReportVersion"), report.ReportPublishInput, "version")
    report_import = act(Deed(Act.REPORT_IMPORT, reports.load_author, imports.import_, "ReportImport"), importing.ReportImportInput, "report_import")
    release_freeze = act(Deed(Act.RELEASE_FREEZE, releases.load_region, releases.freeze, "Release"), release.ReleaseFreezeInput, "release")

    people_import = act(Deed(Act.PEOPLE_IMPORT, people.load_organisation, people.import_, "PeopleImport"), person.PeopleImportInput, "people_import")
    seat_grant = act(Deed(Act.SEAT_GRANT, seats.load_body, seats.grant, "Seat"), seat.SeatGrantInput, "seat")
    seat_end = act(Deed(Act.SEAT_END, seats.load_seat, seats.end, "Seat"), seat.SeatEndInput, "seat")
    membership_join = act(Deed(Act.MEMBERSHIP_JOIN, memberships.load_network, memberships.join, "MembershipRequest"), membership.MembershipJoinInput, "membership_request")
    membership_leave = act(Deed(Act.MEMBERSHIP_LEAVE, memberships.load_network, memberships.leave, "Seat"), membership.MembershipLeaveInput, "seat")
    membership_accept = act(Deed(Act.MEMBERSHIP_ACCEPT, memberships.load_request, memberships.accept, "MembershipRequest"), membership.MembershipAcceptInput, "membership_request")
    membership_decline = act(Deed(Act.MEMBERSHIP_DECLINE, memberships.load_request, memberships.decline, "MembershipRequest"), membership.MembershipDeclineInput, "membership_request")
    invitation_issue = act(Deed(Act.INVITATION_ISSUE, invitations.load_own_forum, invitations.issue, "Invitation"), invitation.InvitationIssueInput, "invitation", extra=CODE)
    invitation_accept = act(Deed(Act.INVITATION_ACCEPT, invitations.accepted, invitations.took_seat, "Seat"), invitation.InvitationAcceptInput, "seat", do=invitations.accept)
    recusal_declare = act(Deed(Act.RECUSAL_DECLARE, SEEN, recusals.declare, "Consultation"), recusal.RecusalDeclareInput, "consultation")

    issue_raise = act(Deed(Act.ISSUE_RAISE, issues.load_body, issues.raise_issue, "Issue", unseen=issues.confidential), issue.IssueRaiseInput, "issue", before=issues.divert)
    issue_escalate = act(Deed(Act.ISSUE_ESCALATE, escalations.load_escalated, escalations.escalate, "EscalationStep"), step.IssueEscalateInput, "step", before=escalations.divert)
    issue_close = act(Deed(Act.ISSUE_CLOSE, issues.load_issue_locked, issues.close, "Issue", own=OWN_ISSUE), issue.IssueCloseInput, "issue")
    consent_give = act(Deed(Act.CONSENT_GIVE, escalations.load_step, escalations.give_consent, "EscalationStep", own=OWN_STEP), step.ConsentGiveInput, "step")
    consent_withdraw = act(Deed(Act.CONSENT_WITHDRAW, escalations.load_step, escalations.withdraw_consent, "EscalationStep", own=OWN_STEP), step.ConsentWithdrawInput, "step")
    recipient_choose = act(Deed(Act.RECIPIENT_CHOOSE, issues.load_issue, issues.choose_recipient, "Issue", own=OWN_ISSUE), issue.RecipientChooseInput, "issue")
    message_send = act(Deed(Act.MESSAGE_SEND, issues.load_issue, issues.send_message, "Issue", own=OWN_ISSUE), issue.MessageSendInput, "issue")
    handover_take = act(Deed(Act.HANDOVER_TAKE, issues.load_issue_locked, issues.take_handover, "Issue"), issue.HandoverTakeInput, "issue")
    step_acknowledge = act(Deed(Act.STEP_ACKNOWLEDGE, RECEIVED, escalations.acknowledge, "EscalationStep"), step.StepAcknowledgeInput, "step")
    step_accept = act(Deed(Act.STEP_ACCEPT, RECEIVED, escalations.accept, "EscalationStep"), step.StepAcceptInput, "step")
    step_ask = act(Deed(Act.STEP_ASK, RECEIVED, escalations.ask, "EscalationStep"), step.StepAskInput, "step")
    step_answer = act(Deed(Act.STEP_ANSWER, escalations.load_step, escalations.answer, "EscalationStep", own=OWN_STEP), step.StepAnswerInput, "step")
    step_note = act(Deed(Act.STEP_NOTE, RECEIVED, escalations.note, "EscalationStep"), step.StepNoteInput, "step")
    step_place = act(Deed(Act.STEP_PLACE, RECEIVED, escalations.place, "EscalationStep"), step.StepPlaceInput, "step")
    step_return = act(Deed(Act.STEP_RETURN, RECEIVED, escalations.return_, "EscalationStep"), step.StepReturnInput, "step")
    step_refer = act(Deed(Act.STEP_REFER, RECEIVED, escalations.refer, "EscalationStep"), step.StepReferInput, "step", before=escalations.divert)
    step_resolve = act(Deed(Act.STEP_RESOLVE, RECEIVED, escalations.resolve, "EscalationStep"), step.StepResolveInput, "step")
    interest_declare = act(Deed(Act.INTEREST_DECLARE, escalations.load_interest, escalations.declare_interest, "EscalationStep"), step.InterestDeclareInput, "step")
    disclosure_notify = act(Deed(Act.DISCLOSURE_NOTIFY, issues.load_issue, disclosures.notify, "IdentityDisclosure"), disclosure.DisclosureNotifyInput, "disclosure")
    identity_consent = act(Deed(Act.IDENTITY_CONSENT, disclosures.load_disclosure, disclosures.consent, "IdentityDisclosure", own=OWN_DISCLOSURE), disclosure.IdentityConsentInput, "disclosure")
    identity_disclose = act(Deed(Act.IDENTITY_DISCLOSE, disclosures.load_disclosure, disclosures.disclose, "IdentityDisclosure"), disclosure.IdentityDiscloseInput, "disclosure")

    theme_offer = act(Deed(Act.THEME_OFFER, themes.load_offering, themes.offer, "ThemeOffer"), theme.ThemeOfferInput, "theme_offer")
    theme_sign = act(Deed(Act.THEME_SIGN, themes.load_offer, themes.sign, "ThemeOffer"), theme.ThemeSignInput, "theme_offer")
    theme_answer = act(Deed(Act.THEME_ANSWER, themes.load_theme, themes.answer, "Theme"), theme.ThemeAnswerInput, "theme")
    signpost_set = act(Deed(Act.SIGNPOST_SET, signposts.load_organisation, signposts.set_, "Signpost"), signpost.SignpostSetInput, "signpost")
    own_sign_in_invite = act(Deed(Act.OWN_SIGN_IN_INVITE, own_sign_ins.load_self, own_sign_ins.invite, ""), own_sign_in.OwnSignInInviteInput, "issued", extra=OWN_SIGN_IN_CODE)
    own_sign_in_accept = act(Deed(Act.OWN_SIGN_IN_ACCEPT, own_sign_ins.load_self, own_sign_ins.invite, ""), own_sign_in.OwnSignInAcceptInput, "accepted", do=own_sign_ins.accept)

    webhook_endpoint_add = act(Deed(Act.WEBHOOK_ENDPOINT_ADD, webhooks.load_seat, webhooks.add_endpoint, "WebhookEndpoint"), webhook.WebhookEndpointAddInput, "webhook_endpoint", extra=SIGNING_KEY)
    webhook_endpoint_rotate = act(Deed(Act.WEBHOOK_ENDPOINT_ROTATE, webhooks.load_endpoint, webhooks.rotate, "WebhookEndpoint"), webhook.WebhookEndpointRotateInput, "webhook_endpoint", extra=SIGNING_KEY)
    webhook_endpoint_end = act(Deed(Act.WEBHOOK_ENDPOINT_END, webhooks.load_endpoint, webhooks.end, "WebhookEndpoint"), webhook.WebhookEndpointEndInput, "webhook_endpoint")
    webhook_delivery_replay = act(Deed(Act.WEBHOOK_DELIVERY_REPLAY, webhooks.load_endpoint, webhooks.replay, "WebhookEndpoint"), webhook.WebhookDeliveryReplayInput, "webhook_endpoint")

    mail_preference_set = act(Deed(Act.MAIL_PREFERENCE_SET, mail.load_self, mail.set_preference, ""), mailing.MailPreferenceSetInput, "set")
    mail_address_confirm = act(Deed(Act.MAIL_ADDRESS_CONFIRM, mail.load_self, mail.confirm_address, ""), mailing.MailAddressConfirmInput, "confirmed")

    calendar_address_create = act(Deed(Act.CALENDAR_ADDRESS_CREATE, calendar.load_seat, calendar.create, ""), dates.CalendarAddressCreateInput, "created", extra=ADDRESS)
    calendar_address_revoke = act(Deed(Act.CALENDAR_ADDRESS_REVOKE, calendar.load_seat, calendar.revoke, ""), dates.CalendarAddressRevokeInput, "revoked")

    release_note_issue = act(Deed(Act.RELEASE_NOTE_ISSUE, release_notes.load_seat, release_notes.issue, "ReleaseNote"), note.ReleaseNoteIssueInput, "release_note", extra=NOTES_CODE)
    release_note_revoke = act(Deed(Act.RELEASE_NOTE_REVOKE, release_notes.load_note, release_notes.revoke, "ReleaseNote"), note.ReleaseNoteRevokeInput, "release_note")
