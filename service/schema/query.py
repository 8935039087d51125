"""What can be asked."""

import strawberry

from service.db import definitions
from service.db import directory as db
from service.resolvers.batch import batched
from service.resolvers.changes import changes
from service.resolvers.release_notes import time_off_totals
from service.resolvers.viewer import forum, node, nodes, organisation, viewer
from service.schema.changes import ChangePage
from service.schema.enums import OrganisationKind
from service.schema.fields import Node, connection, lazy
from service.schema.release_notes import TimeOffTotals
from service.schema.viewer import Viewer


@strawberry.type(description="What can be asked.")
class Query:
    viewer = strawberry.field(
        resolver=batched(viewer, returns=Viewer), description="Who asks, and the seats in which they can act."
    )
    node = strawberry.field(
        resolver=batched(node, returns=Node | None),
        description="Anything by its id; null for what is hidden and for what does not exist.",
    )
    nodes = strawberry.field(
        resolver=batched(nodes, returns=list[Node | None]), description="Several things by their ids, in their order."
    )
    organisation = strawberry.field(
        resolver=batched(organisation, returns=lazy("Organisation") | None),
        description="An organisation by its ODS code.",
    )
    organisations = connection(
        db.ORGANISATIONS,
        "Organisation",
        "Organisations, by name.",
        filters={"kind": (OrganisationKind, "Only organisations of this kind.")},
    )
    report_definitions = connection(
        definitions.ALL, "ReportDefinition", "Every kind of report in every version, by code and version."
    )
    changes = strawberry.field(
        resolver=batched(changes, returns=ChangePage),
        description="What changed of all that you may see in this capacity, for a client that keeps a copy.",
    )
    time_off_totals = strawberry.field(
        resolver=batched(time_off_totals, returns=TimeOffTotals | None),
        description="A trust's time off in one quarter; null for anybody but its HR service, and before its day.",
    )
    forum = strawberry.field(
        resolver=batched(forum, returns=lazy("Forum") | None),
        description="A body by its id; null where you may not see it.",
    )
