"""Organisations: trusts, boards, regions and trade unions, with what came before and after them."""

from datetime import date

import strawberry

from service.db import directory as db
from service.db import people as people_db
from service.db import releases as release_db
from service.db import reports as report_db
from service.db import signposts as signpost_db
from service.schema.enums import ForumKind, OrganisationKind
from service.schema.fields import Node, children, connection, identity, lazy, plain, reference


@strawberry.type(description="A trust, an integrated care board, a region, a national body or a trade union.")
class Organisation(Node):
    id: strawberry.ID = identity("Organisation")
    ods_code: str | None = plain(
        "The NHS Organisation Data Service's code; never reused, and without a meaning to parse."
    )
    kind: OrganisationKind = plain("What it is.")
    name: str = plain("Its name.")
    trust_type: str | None = plain("Of a trust: acute, community, mental health and learning disability, ambulance.")
    opened_on: date | None = plain("The first day it existed, where known.")
    closed_on: date | None = plain("The last day it existed; closed organisations stay.")
    parent = reference("Organisation", "parent_id", "The organisation it belongs to, such as its board or region.")
    predecessors = children(db.PREDECESSORS, lazy("Organisation"), "The organisations that became this one.")
    successors = children(db.SUCCESSORS, lazy("Organisation"), "The organisations that this one became.")
    signposts = children(
        signpost_db.OF_ORGANISATIONS,
        lazy("Signpost"),
        "Whom its people can turn to with one person's case; urgent harm first.",
    )
    reports = connection(report_db.OF_ORGANISATIONS, "Report", "The reports about it that you may see, oldest first.")
    releases = connection(
        release_db.CONTRIBUTED, "Release", "The region's pictures that it contributed to and you may see, oldest first."
    )
    assignments = connection(
        people_db.ASSIGNMENTS, "Assignment", "Who works there, by person number; HR's own system alone sees any."
    )
    forums = connection(
        db.FORUMS_OF_ORGANISATIONS,
        "Forum",
        "Its bodies, by name, that you may see.",
        filters={"kind": (ForumKind, "Only bodies of this kind.")},
    )
