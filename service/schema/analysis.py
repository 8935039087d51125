"""What the partnership reads out of figures: series, gaps between groups, comparison without ranks, and pictures."""

from datetime import date
from decimal import Decimal

import strawberry

from service.schema.enums import GapMethod, NumberCaution, ReportDimension
from service.schema.fields import plain, reference
from service.schema.releases import ReleaseCell

CAUTIONS = "What a reader has to know beside it."
COMPARABLE = "Whether it compares with other numbers of its kind."
LINK = "A path on this service, read with the same token and in the same capacity as this answer."


@strawberry.type(description="One number of a series.")
class SeriesPoint:
    starts_on: date = plain("The first day of its period.")
    ends_on: date = plain("The last day of its period.")
    period_label: str = plain("The period in words.")
    group: str = plain("The group; empty where the metric has none.")
    band: str = plain("The band; empty where the metric has none.")
    value: Decimal | None = plain("The number, in the metric's unit; shares as percentages; null where undefined.")
    base: Decimal | None = plain("Of how many people, where it has a base.")
    comparable: bool = plain(COMPARABLE)
    cautions: list[NumberCaution] = plain(CAUTIONS)
    version = reference("ReportVersion", "version_id", "The version of the report that it is from.")


@strawberry.type(description="The gap between two groups in one report, in the metric's own direction.")
class GapPoint:
    starts_on: date = plain("The first day of its period.")
    ends_on: date = plain("The last day of its period.")
    period_label: str = plain("The period in words.")
    band: str = plain("The band; empty where the metric has none.")
    method: GapMethod = plain("How the groups are compared.")
    first: str = plain("The group that is divided, or subtracted from.")
    second: str = plain("The other group.")
    value: Decimal | None = plain("The ratio, or the difference; null where it is undefined.")
    base: Decimal | None = plain("The smaller group's number of people, where known.")
    worse: str = plain("The group that fares worse by it; empty where neither does.")
    comparable: bool = plain(COMPARABLE)
    cautions: list[NumberCaution] = plain(CAUTIONS)


@strawberry.type(description="One's latest number beside a wider circle's in the latest release. Nobody is ranked.")
class Comparison:
    starts_on: date = plain("The first day of its period.")
    ends_on: date = plain("The last day of its period.")
    period_label: str = plain("The period in words.")
    group: str = plain("The group; empty where the metric has none.")
    band: str = plain("The band; empty where the metric has none.")
    dimension: ReportDimension = plain("Which circle.")
    member: str = plain("Which one of them.")
    own: Decimal | None = plain("The organisation's own number.")
    value: Decimal | None = plain("The circle's number; null where it is hidden or undefined.")
    base: Decimal | None = plain("Of how many people, where it has a base.")
    difference: Decimal | None = plain("Own less theirs; null where the two do not compare.")
    comparable: bool = plain(COMPARABLE)
    cautions: list[NumberCaution] = plain(CAUTIONS)


@strawberry.type(description="One metric of one organisation over time, from its published reports that you may see.")
class MetricSeries:
    organisation = reference("Organisation", "organisation_id", "Whose figures they are.", required=True)
    points: list[SeriesPoint] = plain("The numbers, by group and band, oldest first.")
    gaps: list[GapPoint] = plain("The gaps between groups, by band, oldest first; empty where it compares none.")
    comparisons: list[Comparison] = plain("Beside trust type, care board, region and England.")
    chart_url: str = plain(f"Its chart as SVG. {LINK}")
    gap_chart_url: str | None = plain(f"The chart of its gap; null where it compares no groups. {LINK}")
    csv_url: str = plain(f"Its table as CSV. {LINK}")
    xlsx_url: str = plain(f"Its table as a workbook. {LINK}")


@strawberry.type(description="One metric in one release.")
class MetricPicture:
    release = reference("Release", "release_id", "The release.", required=True)
    cells: list[ReleaseCell] = plain("Its cells, in order: the table beside the chart.")
    chart_url: str = plain(f"Its chart as SVG. {LINK}")
    csv_url: str = plain(f"Its table as CSV. {LINK}")
    xlsx_url: str = plain(f"Its table as a workbook. {LINK}")
