"""Reports: kinds and metrics, a report with its draft and versions, the figures, and who answered."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry

from service.db import definitions as definition_db
from service.db import reports as db
from service.resolvers import analysis, reporting
from service.resolvers.batch import batched
from service.rules.acts import Act
from service.schema.can import can
from service.schema.enums import (
    ForumKind,
    MetricDirection,
    MetricUnit,
    Office,
    ReportDimension,
    ReportFrequency,
    ReportHome,
    ReportObligation,
    ReportState,
    Side,
)
from service.schema.fields import Node, child, children, computed, connection, identity, lazy, plain, reference

KEY = "Same key, same answer."

ReportCan = can("Report", (Act.REPORT_REVISE, Act.REPORT_SUBMIT))
ReportVersionCan = can("ReportVersion", (Act.REPORT_RETURN, Act.REPORT_ACKNOWLEDGE, Act.REPORT_PUBLISH))


def _codes(column: str) -> Any:
    return lambda rows, info: [[each["code"] for each in row[column]] for row in rows]


def _labels(column: str) -> Any:
    return lambda rows, info: [[each["label"] for each in row[column]] for row in rows]


@strawberry.type(description="One version of a kind of report: dated data, public to whoever has signed in.")
class ReportDefinition(Node):
    id: strawberry.ID = identity("ReportDefinition")
    code: str = plain("The kind's code, such as WRES.")
    version: int = plain("Its version, from 1; a later one never changes an older one.")
    title: str = plain("Its title.")
    starts_on: date = plain("It governs periods that begin from this day.")
    ends_on: date | None = plain("It governs periods that begin before this day; null while it holds.")
    source: str = plain("Where it is laid down.")
    verified: bool = plain("Whether a public source confirms it.")
    frequency: ReportFrequency = plain("How often it is made.")
    obligation: ReportObligation = plain("What obliges a body to make it.")
    home: ReportHome = plain("Whose report it is, and so where its drafts live.")
    receivers: list[ForumKind] = plain("The kinds of body that it is sent to.")
    needs_sign_off: bool = plain("Whether a board member signs off its figures before it is submitted.")
    takes_estimates: bool = plain("Whether a figure may be an estimate.")
    dimensions: list[ReportDimension] = plain("How the region's tables may show it; none: it never leaves the trust.")
    opens_to_region: bool = plain("Whether the region's forum reads a published report itself, not in releases alone.")
    change_note: str = plain("What changed from the version before.")
    metrics = children(definition_db.METRICS, lazy("Metric"), "What it measures, in order.")


@strawberry.type(description="One thing that a kind of report measures: public reference data.")
class Metric(Node):
    id: strawberry.ID = identity("Metric")
    code: str = plain("Its code, as files name it.")
    label: str = plain("Its name, in plain words.")
    unit: MetricUnit = plain("What it is measured in, and so which parts a figure has.")
    direction: MetricDirection = plain("Which way it gets better for the people it is about.")
    source: str = plain("Where it is laid down.")
    verified: bool = plain("Whether a public source confirms it.")
    counts_people: bool = plain("Whether it counts people: outside the trust the disclosure rule applies.")
    published_verbatim: bool = plain("Whether the region shows what a trust has published as it stands.")
    required: bool = plain("Whether a report without it cannot be submitted.")
    note: str = plain("What a reader of its figures has to know.")
    groups = computed(_codes("groups"), list[str], "The groups that it compares, by code; empty where it has none.")
    group_labels = computed(_labels("groups"), list[str], "The same groups in words.")
    bands = computed(_codes("bands"), list[str], "The bands that it is split by, by code; empty where it has none.")
    band_labels = computed(_labels("bands"), list[str], "The same bands in words.")
    definition = reference("ReportDefinition", "definition_id", "The kind of report it belongs to.", required=True)
    series = strawberry.field(
        resolver=batched(analysis.series_of_metrics, returns=lazy("MetricSeries") | None),
        description="An organisation's published figures over time; null where there are none that you may see, and "
        "of a kind that each network reports for itself.",
    )
    picture = strawberry.field(
        resolver=batched(analysis.cells_of_metrics, returns=lazy("MetricPicture") | None),
        description="Its cells in a release; null where there are none that you may see.",
    )


@strawberry.type(description="One cell of a report. A number is given in the parts in which it was reported.")
class Figure:
    metric = reference("Metric", "metric_id", "What it measures.", required=True)
    group: str = plain("The group it is about; empty where the metric has none.")
    band: str = plain("The band it is about; empty where the metric has none.")
    value: Decimal | None = plain("The value, in the metric's unit; percentages 0 to 100.")
    numerator: Decimal | None = plain("Of a share or a likelihood: the part.")
    denominator: Decimal | None = plain("Of a share or a likelihood: the whole.")
    base: Decimal | None = plain("How many people answered.")
    text: str | None = plain("The words, of a metric that is text.")
    estimated: bool = plain("Whether the reporter says that it is an estimate.")


@strawberry.type(description="What a draft lacks before it can be submitted.")
class FigureProblem:
    metric: str = plain("The metric's code.")
    group: str = plain("The group, where there is one.")
    band: str = plain("The band, where there is one.")
    rule: str = plain("The rule that is broken, by its code.")
    message: str = plain("The rule in words.")


@strawberry.type(description="A board member's word on exactly the figures of a draft.")
class ReportSignOff:
    content_hash: str = plain("The hash of the figures signed off.")
    side: Side = plain("The side of the seat that signed.")
    office: Office = plain("The office in which it was signed.")
    signed_at: datetime = plain("The moment of it.")


@strawberry.type(description="What a receiver answered to a submitted version.")
class ReportAnswer:
    kind: ReportState = plain("Returned or acknowledged.")
    reason: str = plain("Why it was returned; empty where it was acknowledged.")
    forum = reference("Forum", "forum_id", "The body that answered.")
    side: Side = plain("The side of the seat that answered.")
    office: Office = plain("The office in which it was answered.")
    created_at: datetime = plain("The moment of it.")


@strawberry.type(description="A report of a trust, or of one of its bodies, on one period. Every version is kept.")
class Report(Node):
    id: strawberry.ID = identity("Report")
    definition = reference("ReportDefinition", "definition_id", "What kind of report it is.", required=True)
    organisation = reference("Organisation", "organisation_id", "The organisation it is about.", required=True)
    reported_by = reference("Organisation", "reported_by", "The organisation that reported.", required=True)
    forum = reference("Forum", "forum_id", "The body that reported; null where it was the organisation's own system.")
    starts_on: date = plain("The first day of its period.")
    ends_on: date = plain("The last day of its period.")
    period_label = computed(reporting.period_labels, str, "The period in words, such as 2024-25.")
    created_at: datetime = plain("When it was begun.")
    state = computed(reporting.report_states, ReportState, "Where it stands, as far as you see.")
    external_key = computed(reporting.external_keys, str | None, "The reporter's own key; null to anybody else.")
    draft = child(db.DRAFTS, lazy("ReportDraft"), "Its draft, for its author's body and whoever signs it off.")
    latest_version = child(db.LATEST_VERSIONS, lazy("ReportVersion"), "Its latest version that you may see.")
    versions = connection(db.VERSIONS, "ReportVersion", "Its submitted versions that you may see, oldest first.")
    viewer_can = strawberry.field(
        resolver=batched(reporting.report_acts, returns=ReportCan), description="What you can do about it now."
    )


@strawberry.type(description="A report while its author's body works on it.")
class ReportDraft(Node):
    id: strawberry.ID = identity("ReportDraft")
    report = reference("Report", "report_id", "The report.")
    is_open: bool = plain("Whether it is being worked on; not where what it holds was submitted.")
    revision: int = plain("How often it changed, from 1.")
    content_hash: str = plain("SHA-256 over definition and figures: what is signed off.")
    figures = computed(reporting.draft_figures, list[Figure], "Its figures, in the order given.")
    problems = computed(reporting.draft_problems, list[FigureProblem], "What it lacks before it can be submitted.")
    sign_offs = children(db.SIGN_OFFS, ReportSignOff, "Who signed off which figures, earliest first.")
    made_by_side: Side = plain("The side of the seat that last changed it.")
    made_by_office: Office = plain("The office in which it was last changed.")
    created_at: datetime = plain("When it was begun.")
    updated_at: datetime = plain("When it last changed.")


@strawberry.type(description="One version of a report as it was submitted. It never changes.")
class ReportVersion(Node):
    id: strawberry.ID = identity("ReportVersion")
    report = reference("Report", "report_id", "The report.")
    number: int = plain("Its number, from 1.")
    state: ReportState = plain("Where it stands.")
    content_hash: str = plain("SHA-256 over definition and figures.")
    side: Side = plain("The side of the seat that submitted it.")
    office: Office = plain("The office in which it was submitted.")
    created_at: datetime = plain("When it was submitted.")
    signed_off_office: Office | None = plain("The office in which the board signed it off, where it was.")
    signed_off_at: datetime | None = plain("When it was signed off.")
    published_at: datetime | None = plain("When it was published; null while it is not.")
    answer = child(db.ANSWERS, ReportAnswer, "What its receivers answered.")
    receivers = children(db.RECEIVERS, lazy("Forum"), "The bodies it was sent to that you may see.")
    figures = computed(reporting.version_figures, list[Figure], "Its figures, in the order of the definition.")
    viewer_can = strawberry.field(
        resolver=batched(reporting.version_acts, returns=ReportVersionCan),
        description="What you can do about it now.",
    )


@strawberry.input(description="The time that a report is about.")
class PeriodInput:
    starts_on: date = strawberry.field(description="The first day.")
    ends_on: date = strawberry.field(description="The last day.")


@strawberry.input(description="One cell of a report, in the parts that its metric's unit asks for.")
class FigureInput:
    metric: str = strawberry.field(description="The metric's code.")
    group: str = strawberry.field(default="", description="The group's code, where the metric has groups.")
    band: str = strawberry.field(default="", description="The band's code, where the metric has bands.")
    value: Decimal | None = strawberry.field(default=None, description="The value; percentages 0 to 100.")
    numerator: Decimal | None = strawberry.field(default=None, description="Of a share or likelihood: the part.")
    denominator: Decimal | None = strawberry.field(default=None, description="Of a share or likelihood: the whole.")
    base: Decimal | None = strawberry.field(default=None, description="How many people answered.")
    text: str | None = strawberry.field(default=None, description="The words, of a metric that is text. No names.")
    estimated: bool = strawberry.field(default=False, description="Whether it is an estimate.")


@strawberry.input(description="Begin a report; or change its draft, where the external key is known already.")
class ReportDraftInput:
    definition_code: str = strawberry.field(description="The kind of report; its version follows from the period.")
    period: PeriodInput = strawberry.field(description="What time it is about.")
    figures: list[FigureInput] = strawberry.field(description="The figures; a draft may be incomplete.")
    idempotency_key: str = strawberry.field(description=KEY)
    forum_id: strawberry.ID | None = strawberry.field(
        default=None, description="One's own body that reports; left out by an organisation's own system."
    )
    external_key: str | None = strawberry.field(
        default=None, description="One's own key for the report, by which a re-submission finds it."
    )


@strawberry.input(description="Change a draft's figures, or begin the next version.")
class ReportReviseInput:
    report_id: strawberry.ID = strawberry.field(description="The report.")
    expected_revision: int = strawberry.field(description="The draft's revision that you read.")
    figures: list[FigureInput] = strawberry.field(description="All its figures as they now stand.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Sign off a draft's figures as the board's senior responsible officer.")
class ReportSignOffInput:
    report_id: strawberry.ID = strawberry.field(description="The report.")
    content_hash: str = strawberry.field(description="The draft's hash, as you read it.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="Submit the draft to those whom its definition names.")
class ReportSubmitInput:
    report_id: strawberry.ID = strawberry.field(description="The report.")
    expected_revision: int = strawberry.field(description="The draft's revision that you read.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="Return a submitted version.")
class ReportReturnInput:
    version_id: strawberry.ID = strawberry.field(description="The version.")
    reason: str = strawberry.field(description="Why, and what is needed.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Acknowledge a submitted version.")
class ReportAcknowledgeInput:
    version_id: strawberry.ID = strawberry.field(description="The version.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Publish an acknowledged version.")
class ReportPublishInput:
    version_id: strawberry.ID = strawberry.field(description="The version.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
