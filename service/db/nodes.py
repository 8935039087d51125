"""One row of each type by its id: what `node`, payloads and references between types read."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import select

from service.access.statement import Columns, Statement
from service.access.viewer import Row, Snapshot
from service.db import issue_tables, people_tables, tables, webhook_tables
from service.db.children import IDS
from service.db.consultations import consultees
from service.db.directory import INVITATION_COLUMNS
from service.db.reports import versions

_PLAIN: Final = {
    "Organisation": tables.organisation,
    "Forum": tables.forum,
    "Person": tables.person,
    "Seat": tables.seat,
    "TermsOfReference": tables.terms_of_reference,
    "MembershipRequest": tables.membership_request,
    "Consultation": tables.consultation,
    "PolicyVersion": tables.policy_version,
    "Clause": tables.clause,
    "ImpactAssessment": tables.impact_assessment,
    "ConsultationPlan": tables.consultation_plan,
    "Extension": tables.extension,
    "Comment": tables.comment,
    "ResponseDraft": tables.response_draft,
    "Response": tables.response,
    "ResponsePoint": tables.response_point,
    "Outcome": tables.outcome,
    "Disagreement": tables.disagreement,
    "ReportDefinition": tables.report_definition,
    "Metric": tables.metric,
    "Report": tables.report,
    "ReportDraft": tables.report_draft,
    "ReportImport": tables.report_import,
    "Release": tables.release,
    "AuditEntry": tables.audit_entry,
    "Issue": issue_tables.issue,
    "IssueNotice": issue_tables.issue_notice,
    "EscalationStep": issue_tables.escalation_step,
    "StepNote": issue_tables.step_note,
    "AgendaItem": issue_tables.agenda_item,
    "IdentityDisclosure": issue_tables.identity_disclosure,
    "ThemeOffer": issue_tables.theme_offer,
    "Theme": issue_tables.theme,
    "Signpost": issue_tables.signpost,
    "Assignment": people_tables.assignment,
    "PeopleImport": people_tables.people_import,
    "WebhookEndpoint": webhook_tables.webhook_endpoint,
}
BY_ID: Final[Mapping[str, Statement]] = MappingProxyType(
    {name: Statement(select(table).where(table.c.id == IDS.any_())) for name, table in _PLAIN.items()}
    | {
        "ReportVersion": Statement(versions().where(tables.report_version.c.id == IDS.any_())),
        "Consultee": Statement(consultees().where(tables.consultee.c.id == IDS.any_())),
        "ReleaseNote": Statement(select(*tables.NOTE_COLUMNS).where(tables.release_note.c.id == IDS.any_())),
        "Invitation": Statement(select(*INVITATION_COLUMNS).where(tables.invitation.c.id == IDS.any_())),
    }
)


async def by_ids(
    snapshot: Snapshot, type_name: str, ids: Sequence[UUID | None], columns: Columns = None
) -> list[Row | None]:
    """The rows in the order of the ids; None where there is none that the viewer may see."""
    wanted = {each.bytes: each for each in ids if each is not None}  # a UUID takes five times as long to look up
    rows = await snapshot.fetch(BY_ID[type_name].only(columns), ids=list(wanted.values())) if wanted else []
    found = {row["id"].bytes: row for row in rows}
    return [None if each is None else found.get(each.bytes) for each in ids]
