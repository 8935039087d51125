"""The types of events: `<type of the graph>.changed` and `<type>.gone`, such as `consultation.changed`.

They say what kind of thing it is and whether one may still see it, and nothing of what was done to it, by whom, where.
"""

from typing import Final

from service.rules.bodies import ForumKind

TOLD_OF: Final = (
    *("AgendaItem", "AuditEntry", "Clause", "Comment", "Consultation", "ConsultationPlan", "Consultee", "Disagreement"),
    *("EscalationStep", "Extension", "IdentityDisclosure", "ImpactAssessment", "Invitation", "Issue", "IssueNotice"),
    *("MembershipRequest", "Outcome", "PolicyVersion", "Release", "Report", "ReportDraft", "ReportImport"),
    *("ReportVersion", "Response", "ResponseDraft", "ResponsePoint", "Seat", "Signpost", "StepNote"),
    *("TermsOfReference", "Theme", "ThemeOffer"),
    *("".join(word.capitalize() for word in kind.value.split("_")) for kind in ForumKind),
)
"""What the change feed tells of, by the graph's types; a test holds it to the feed's own list."""


def event_type(type_name: str, kind: str) -> str:
    """The event of a change: `StaffNetwork` and `CHANGED` make `staffNetwork.changed`."""
    return f"{type_name[0].lower()}{type_name[1:]}.{kind.lower()}"


EVENT_TYPES: Final[frozenset[str]] = frozenset(
    event_type(name, kind) for name in TOLD_OF for kind in ("CHANGED", "GONE")
)
