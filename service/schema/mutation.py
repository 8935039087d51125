"""What can be done: a table of contents. Each act names its powers, how its target is loaded, and what does it."""

import strawberry

from service.resolvers import (
    agreements,
    comments,
    drafting,
    imports,
    invitations,
    memberships,
    plans,
    recusals,
    releases,
    reports,
    responses,
    seats,
    targets,
)
from service.resolvers.acting import Deed
from service.rules.acts import Act
from service.schema import agreements as ending
from service.schema import comments as comment
from service.schema import drafting as paper
from service.schema import imports as importing
from service.schema import invitations as invitation
from service.schema import memberships as membership
from service.schema import plans as plan
from service.schema import recusals as recusal
from service.schema import releases as release
from service.schema import reports as report
from service.schema import responses as response
from service.schema import seats as seat
from service.schema.acts import act

OWNED = targets.consultation_locked
SEEN = targets.consultation_seen
ENGAGED = targets.consultee_locked
CODE = {
    "code": (
        str | None,
        "The code to hand over; the same key shows it again.",
        lambda context, row: invitations.code_of(context, row["id"]),
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

    seat_grant = act(Deed(Act.SEAT_GRANT, seats.load_body, seats.grant, "Seat"), seat.SeatGrantInput, "seat")
    seat_end = act(Deed(Act.SEAT_END, seats.load_seat, seats.end, "Seat"), seat.SeatEndInput, "seat")
    membership_join = act(Deed(Act.MEMBERSHIP_JOIN, memberships.load_network, memberships.join, "MembershipRequest"), membership.MembershipJoinInput, "membership_request")
    membership_leave = act(Deed(Act.MEMBERSHIP_LEAVE, memberships.load_network, memberships.leave, "Seat"), membership.MembershipLeaveInput, "seat")
    membership_accept = act(Deed(Act.MEMBERSHIP_ACCEPT, memberships.load_request, memberships.accept, "MembershipRequest"), membership.MembershipAcceptInput, "membership_request")
    membership_decline = act(Deed(Act.MEMBERSHIP_DECLINE, memberships.load_request, memberships.decline, "MembershipRequest"), membership.MembershipDeclineInput, "membership_request")
    invitation_issue = act(Deed(Act.INVITATION_ISSUE, invitations.load_own_forum, invitations.issue, "Invitation"), invitation.InvitationIssueInput, "invitation", extra=CODE)
    invitation_accept = act(Deed(Act.INVITATION_ACCEPT, invitations.accepted, invitations.took_seat, "Seat"), invitation.InvitationAcceptInput, "seat", do=invitations.accept)
    recusal_declare = act(Deed(Act.RECUSAL_DECLARE, SEEN, recusals.declare, "Consultation"), recusal.RecusalDeclareInput, "consultation")
