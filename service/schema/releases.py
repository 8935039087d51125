"""Releases: the region's picture of one kind of report, frozen, and the same for everyone who reads it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

from service.db import releases as db
from service.resolvers.ids import global_id
from service.resolvers.release_schedules import states
from service.resolvers.reporting import period_labels
from service.schema.enums import CellReason, CellStatus, ReportDimension, ScheduleStateKind
from service.schema.fields import Node, children, computed, connection, identity, lazy, plain, reference
from service.schema.reports import KEY


@strawberry.type(description="One cell of a release. A number carries its base, and says where it is not comparable.")
class ReleaseCell:
    position: int = plain("Its place in the release, from 1.")
    metric = reference("Metric", "metric_id", "What it measures.", required=True)
    starts_on: date = plain("The first day of its period.")
    ends_on: date = plain("The last day of its period.")
    period_label = computed(period_labels, str, "The period in words.")
    group: str = computed(lambda rows, info: [row["group_code"] for row in rows], str, "The group; empty: none.")
    band: str = computed(lambda rows, info: [row["band_code"] for row in rows], str, "The band; empty: none.")
    dimension: ReportDimension = plain("How the region's trusts are cut.")
    member: str = plain("Which one: a trust's or care board's ODS code, a trust type in its region, a region.")
    status: CellStatus = plain("Whether it is shown, and how.")
    value: Decimal | None = plain("The value, in the metric's unit; null where it is hidden or undefined.")
    numerator: Decimal | None = plain("Of a share or likelihood: the part, where it is shown.")
    denominator: Decimal | None = plain("Of a share or likelihood: the whole, where it is shown.")
    base: Decimal | None = plain("How many people answered, where that is known.")
    source: str = plain("Where the number is from.")
    reporters: int = plain("How many trusts it is about.")
    expected: int | None = plain("How many there could be, where that is known.")
    computed_in: int = plain("The release whose number it is: an earlier one where it was carried over.")
    reasons: list[CellReason] = plain("What a reader has to know beside it.")


def _links(form: str) -> Any:
    return lambda rows, info: [f"/pictures/release/{global_id('Release', row['id'])}.{form}" for row in rows]


@strawberry.type(description="The region's picture of one kind of report, as it was frozen. It never changes.")
class Release(Node):
    id: strawberry.ID = identity("Release")
    forum = reference("Forum", "forum_id", "The region's forum that froze it.")
    definition = reference("ReportDefinition", "definition_id", "The kind of report.", required=True)
    number: int = plain("Its number among the forum's releases of this kind, from 1.")
    frozen_on: date = plain("The day it was frozen.")
    created_at: datetime = plain("The moment.")
    method: str = plain("How it was made, in words.")
    content_hash: str = plain("SHA-256 over its cells: the same for whoever reads it.")
    contributor_count = computed(
        lambda rows, info: [row["contributors"] for row in rows], int, "How many of the region's trusts contributed."
    )
    contributors = children(db.CONTRIBUTORS, lazy("Organisation"), "The region's trusts whose reports it is made of.")
    csv_url = computed(_links("csv"), str, "All its cells as CSV: a path on this service, read with the same token.")
    xlsx_url = computed(_links("xlsx"), str, "The same as a workbook.")
    cells = connection(
        db.CELLS,
        "ReleaseCell",
        "Its cells, in order.",
        filters={"dimension": (ReportDimension, "Only cells of this dimension.")},
    )


@strawberry.type(description="A day on which the region's picture of one kind of report is to be frozen.")
class ReleaseSchedule(Node):
    id: strawberry.ID = identity("ReleaseSchedule")
    forum = reference("Forum", "forum_id", "The region's forum.")
    definition_code: str = plain("The kind of report.")
    freeze_on: date = plain("The day.")
    state = computed(states, ScheduleStateKind, "What became of it.", reads=("state", "freeze_on"))
    release = reference("Release", "release_id", "The picture that was frozen.")
    revision: int = plain("How often it was changed.")
    created_at: datetime = plain("When it was set.")


@strawberry.input(description="Set the day on which the region's picture of one kind of report is frozen.")
class ReleaseScheduleInput:
    forum_id: strawberry.ID = strawberry.field(description="The region's social partnership forum: one's own.")
    definition_code: str = strawberry.field(description="The kind of report.")
    freeze_on: date = strawberry.field(description="The day: it is frozen as it begins, by England's calendar.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Take back a day on which a picture was to be frozen.")
class ReleaseUnscheduleInput:
    schedule_id: strawberry.ID = strawberry.field(description="The day that was set.")
    expected_revision: int | None = strawberry.field(default=None, description="The revision that you read.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Freeze the region's picture of one kind of report, over what is published now.")
class ReleaseFreezeInput:
    forum_id: strawberry.ID = strawberry.field(description="The region's social partnership forum: one's own.")
    definition_code: str = strawberry.field(description="The kind of report.")
    idempotency_key: str = strawberry.field(description=KEY)
