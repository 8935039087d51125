"""The bodies of partnership working: every kind is a type of its own behind `Forum`."""

from datetime import date
from typing import Any, Final

import strawberry

from service.db import consultations as consultation_db
from service.db import directory as db
from service.db import escalations as step_db
from service.db import issues as issue_db
from service.db import releases as release_db
from service.db import reports as report_db
from service.db import themes as theme_db
from service.forums import BODY
from service.resolvers.batch import batched
from service.resolvers.carrying import overdue
from service.resolvers.forums import audit_of_forums, rooms_of_forums
from service.resolvers.ids import global_id
from service.rules.bodies import FORUM_KIND_DESCRIPTIONS
from service.schema.enums import ConsultationState, ForumKind, RoomPurpose, StepStateKind
from service.schema.escalations import OverdueCount
from service.schema.fields import (
    PAGE_ARGUMENTS,
    Node,
    children,
    computed,
    connection,
    connection_type,
    identity,
    lazy,
    plain,
    reference,
    together,
)

TYPE_NAMES: Final = {kind.value: body.type_name for kind, body in BODY.items()}


def _type_names(rows: list[Any]) -> list[str]:
    return [TYPE_NAMES[row["kind"]] for row in rows]


def _ids(rows: list[Any], info: strawberry.Info) -> list[str]:
    return [global_id(name, row["id"]) for name, row in zip(_type_names(rows), rows, strict=True)]


@strawberry.type(description="Terms of reference of a body, for as long as they held. Values differ from body to body.")
class TermsOfReference(Node):
    id: strawberry.ID = identity("TermsOfReference")
    starts_on: date = plain("The first day they hold.")
    ends_on: date | None = computed(
        lambda rows, info: [None if row["ends_on"] == date.max else row["ends_on"] for row in rows],
        date | None,
        "The first day they no longer hold; null while they do.",
    )
    quorum: str = plain("When the body is quorate.")
    meets: str = plain("How often it meets.")
    term_months: int | None = plain("How long its officers serve, in months.")
    reviewed_every_months: int | None = plain("How often the terms are reviewed, in months.")
    opens_to_allies: bool = plain("Whether allies open the members' room.")
    opens_to_staff_side_lead: bool = plain("Whether the staff-side lead opens the members' room.")


@strawberry.interface(description="A body in which people meet: a staff network or a partnership forum.")
class Forum(Node):
    id: strawberry.ID = computed(_ids, strawberry.ID, "Opaque, and the same for ever.")
    kind: ForumKind = plain("Which kind of body.")
    local_name: str = plain("What it is called where it is.")
    purpose_statement: str = plain("What it is for, in its own words.")
    established_on: date | None = plain("When it was set up, where known.")
    closed_on: date | None = plain("When it was wound up; null while it meets.")
    organisation = reference("Organisation", "organisation_id", "The organisation whose body it is.")
    organisations = children(
        db.ORGANISATIONS_OF_FORUMS,
        lazy("Organisation"),
        "Further organisations that it serves, as a committee in common.",
    )
    union = reference("Organisation", "union_id", "The trade union whose group it is.")
    parent = reference("Forum", "parent_id", "The body whose sub-group it is.")
    sub_groups = connection(db.SUB_GROUPS, "Forum", "Its sub-groups.")
    seats = connection(db.SEATS_OF_FORUMS, "Seat", "Its seats that you may see, past and present, oldest first.")
    terms_of_reference = connection(db.TERMS_OF_FORUMS, "TermsOfReference", "Its terms of reference, oldest first.")
    rooms = strawberry.field(
        resolver=batched(rooms_of_forums, returns=list[RoomPurpose]),
        description="The rooms of this body that are open to you in this capacity.",
    )
    consultations = connection(
        consultation_db.OF_FORUMS,
        "Consultation",
        "The consultations that it owns and you may see, oldest first.",
        filters={"state": (ConsultationState, "Only those in this state now.")},
    )
    engagements = connection(
        consultation_db.ENGAGEMENTS_OF_FORUMS,
        "Consultee",
        "The consultations in which it was asked for its view, oldest first.",
    )
    issues = connection(issue_db.OF_FORUMS, "Issue", "The issues raised in it that you may see, oldest first.")
    issue_notices = connection(
        issue_db.NOTICES_OF_FORUMS,
        "IssueNotice",
        "Of a network: what its members know of issues that left it, oldest first.",
    )
    steps_received = connection(
        step_db.RECEIVED,
        "EscalationStep",
        "The steps that came to it and that you may see, oldest first.",
        filters={"state": (StepStateKind, "Only those in this state.")},
    )
    steps_sent = connection(
        step_db.SENT,
        "EscalationStep",
        "The steps that went from it and that you may see, oldest first.",
        filters={"state": (StepStateKind, "Only those in this state.")},
    )
    overdue_steps = strawberry.field(
        resolver=batched(overdue, returns=list[OverdueCount]),
        description="How many of the steps that came to it, and that you may see, are late, by route and side.",
    )
    agenda_items = connection(step_db.AGENDA_OF_FORUMS, "AgendaItem", "What stands on its agenda, oldest first.")
    theme_offers = connection(theme_db.OFFERS_OF_FORUMS, "ThemeOffer", "The themes that it offered, oldest first.")
    themes = connection(theme_db.OF_FORUMS, "Theme", "The themes that it hears, oldest first.")
    reports = connection(report_db.OF_FORUMS, "Report", "The reports that it made and you may see, oldest first.")
    releases = connection(
        release_db.OF_FORUMS, "Release", "A region's forum: the pictures that it froze, oldest first."
    )
    release_schedules = connection(
        release_db.SCHEDULES_OF_FORUMS,
        "ReleaseSchedule",
        "A region's forum: the days on which pictures are or were to be frozen, by day; for its members.",
    )
    received_reports = connection(
        report_db.RECEIVED_BY_FORUMS, "ReportVersion", "The versions of reports that it was sent, oldest first."
    )
    membership_requests = connection(
        db.REQUESTS_OF_FORUMS, "MembershipRequest", "Who asked to join: for its officers, and one's own."
    )
    invitations = connection(db.INVITATIONS_OF_FORUMS, "Invitation", "Its invitations: for those who issue them.")
    audit = strawberry.field(
        resolver=batched(audit_of_forums, returns=connection_type("AuditEntry"), arguments=PAGE_ARGUMENTS),
        description="What was done in its first room that is open to you, oldest first.",
    )

    @classmethod
    @together(_type_names)
    def resolve_type(cls, row: Any, info: Any, abstract: Any) -> str:
        """A body's kind is its type."""
        return _type_names([row])[0]


FORUM_TYPES = tuple(
    strawberry.type(type(body.type_name, (Forum,), {}), description=FORUM_KIND_DESCRIPTIONS[body.kind])
    for body in BODY.values()
)
