"""An organisation's figures over time, the gap between groups, and how they stand beside the region's: no ranks.

What is read are published versions that the viewer may see, and for the comparison cells of a release that the viewer
may see. Nothing here asks a question of its own of anybody else's figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import strawberry

from service.access.viewer import Row, Snapshot
from service.db import definitions
from service.db import releases as release_db
from service.db import reports as db
from service.db.nodes import by_ids
from service.resolvers.figures import from_row
from service.resolvers.ids import global_id, row_id
from service.resolvers.releases import cell_of
from service.rules.reports import calculations as rules
from service.rules.reports.calculations import Reported
from service.rules.reports.definitions import Definition, Dimension, Home, Metric
from service.rules.reports.periods import Period


@dataclass(frozen=True, slots=True)
class Series:
    """One metric's published figures of one organisation: report by report, oldest first, and where each is from."""

    definition: Definition
    metric: Metric
    reports: tuple[Reported, ...]
    versions: Mapping[Period, UUID]

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """The groups and bands that any of the reports has, in the metric's order."""
        found = {(f.group, f.band) for report in self.reports for f in report.figures}
        return tuple(cell for cell in self.metric.cells if cell in found)


def same_metrics(metric: UUID) -> list[UUID]:
    """The metric in every version of its kind: a series goes on under the same code."""
    kind, known = definitions.metrics_by_id()[metric]
    return [
        id
        for id, (other, each) in definitions.metrics_by_id().items()
        if other.code == kind.code and each.code == known.code
    ]


async def series_of(snapshot: Snapshot, metrics: Sequence[UUID], organisation: UUID) -> list[Series]:
    """The series of each metric, in one statement; without reports where there are none to see."""
    wanted = {metric: set(same_metrics(metric)) for metric in metrics}
    every = sorted(set().union(*wanted.values())) if wanted else []
    found = await snapshot.fetch(db.SERIES, organisation=organisation, ids=every)
    rows = [row for row in found if _is_ones_own(row["metric_id"])]
    return [_series(metric, [row for row in rows if row["metric_id"] in ids]) for metric, ids in wanted.items()]


def _is_ones_own(metric: UUID) -> bool:
    """Whether the organisation itself reports it: several networks' years are no series of one trust."""
    return definitions.metrics_by_id()[metric][0].home is not Home.NETWORK


def _series(metric: UUID, rows: Sequence[Row]) -> Series:
    kind, known = definitions.metrics_by_id()[metric]
    latest: dict[Period, tuple[Any, UUID]] = {}
    for row in rows:
        period, said = Period(row["starts_on"], row["ends_on"]), (row["published_at"], row["version_id"])
        latest[period] = max(latest.get(period, said), said)
    reports = []
    for period, (_, version) in sorted(latest.items()):
        own = [row for row in rows if row["version_id"] == version]
        definition = definitions.by_id()[own[0]["definition_id"]]
        reports.append(Reported(period, definition, tuple(from_row(row) for row in own)))
    return Series(kind, known, tuple(reports), {period: version for period, (_, version) in latest.items()})


def _number(number: rules.Number) -> dict[str, Any]:
    return {
        "value": number.value,
        "base": number.base,
        "comparable": number.comparable,
        "cautions": list(number.cautions),
    }


def _days(period: Period) -> dict[str, Any]:
    return {"starts_on": period.starts_on, "ends_on": period.ends_on, "period_label": period.label}


def points_of(series: Series) -> list[dict[str, Any]]:
    """Every number of the series, group by group and band by band, oldest first."""
    return [
        {
            **_days(point.period),
            "group": group,
            "band": band,
            "version_id": series.versions[point.period],
            **_number(point.number),
        }
        for group, band in series.cells
        for point in rules.series(series.reports, series.metric.code, group, band)
    ]


def gaps_of(series: Series) -> list[dict[str, Any]]:
    """The gap between the groups that the metric compares, band by band, oldest first."""
    bands = tuple(dict.fromkeys(band for _, band in series.cells))
    return [
        {
            **_days(period),
            "band": band,
            "method": gap.method,
            "first": gap.first,
            "second": gap.second,
            "worse": gap.worse,
            **_number(gap.number),
        }
        for band in bands
        for period, gap in rules.gap_series(series.reports, series.metric.code, band)
    ]


async def compared(snapshot: Snapshot, all_series: Sequence[Series], organisation: Row) -> list[list[dict[str, Any]]]:
    """Beside each series' latest numbers those of its trust type, care board, region and England, as released."""
    kinds = {definitions.definition_id(each.definition.code, each.definition.version) for each in all_series}
    found = await snapshot.fetch(release_db.LATEST_OF_ORGANISATION, organisation=organisation["id"], ids=sorted(kinds))
    metrics = {definitions.metric_id(each.definition, each.metric.code) for each in all_series}
    (parent,) = await by_ids(snapshot, "Organisation", [organisation["parent_id"]])
    icb = None if parent is None else parent["ods_code"]
    cells = await snapshot.fetch(
        release_db.CELLS_OF_METRICS, ids=sorted(metrics), releases=[row["id"] for row in found]
    )
    own = [row for row in cells if _counts_in(row, organisation["trust_type"], icb)]
    return [_beside(each, own) for each in all_series]


def _counts_in(cell: Row, trust_type: str | None, icb: str | None) -> bool:
    """Whether the organisation counts in the cell's member: there is one region in a release."""
    match Dimension(cell["dimension"]):
        case Dimension.TRUST:
            return False
        case Dimension.ICB:
            return bool(cell["member"] == icb)
        case Dimension.TRUST_TYPE:
            return bool(str(cell["member"]).endswith(f"/{trust_type}"))
        case _:
            return True


def _beside(series: Series, rows: Sequence[Row]) -> list[dict[str, Any]]:
    metric = definitions.metric_id(series.definition, series.metric.code)
    found = []
    for group, band in series.cells:
        points = rules.series(series.reports, series.metric.code, group, band)
        if not points:
            continue
        latest = points[-1]
        mine = [
            row
            for row in rows
            if row["metric_id"] == metric
            and (row["group_code"], row["band_code"]) == (group, band)
            and Period(row["starts_on"], row["ends_on"]) == latest.period
        ]
        for each in rules.beside(latest.number, [cell_of(row) for row in mine]):
            found.append(
                {
                    **_days(latest.period),
                    "group": group,
                    "band": band,
                    "dimension": each.dimension,
                    "member": each.member,
                    "own": latest.number.value,
                    "difference": each.difference,
                    **_number(each.number),
                }
            )
    return found


async def series_of_metrics(
    rows: Sequence[Row],
    info: strawberry.Info,
    organisation_id: Annotated[strawberry.ID, strawberry.argument(description="The organisation.")],
) -> list[dict[str, Any] | None]:
    """Each metric's series for one organisation; null where nothing is published that the viewer may see."""
    snapshot = await info.context.reading()
    (organisation,) = await by_ids(snapshot, "Organisation", [row_id(organisation_id, "Organisation")])
    if organisation is None:
        return [None for _ in rows]
    metrics = list(dict.fromkeys(row["id"] for row in rows))  # a level may hold one metric many times
    every = await series_of(snapshot, metrics, organisation["id"])
    beside = await compared(snapshot, every, organisation)
    found = {
        metric: _shown(metric, organisation, series, comparison) if series.reports else None
        for metric, series, comparison in zip(metrics, every, beside, strict=True)
    }
    return [found[row["id"]] for row in rows]


def _shown(metric: UUID, organisation: Row, series: Series, comparison: list[dict[str, Any]]) -> dict[str, Any]:
    place = f"{global_id('Organisation', organisation['id'])}/{global_id('Metric', metric)}"
    has_gap = series.metric.comparison is not None
    return {
        "organisation_id": organisation["id"],
        "points": points_of(series),
        "gaps": gaps_of(series),
        "comparisons": comparison,
        "chart_url": f"/pictures/series/{place}.svg",
        "gap_chart_url": f"/pictures/gap/{place}.svg" if has_gap else None,
        "csv_url": f"/pictures/series/{place}.csv",
        "xlsx_url": f"/pictures/series/{place}.xlsx",
    }


async def cells_of_metrics(
    rows: Sequence[Row],
    info: strawberry.Info,
    release_id: Annotated[strawberry.ID, strawberry.argument(description="The release.")],
) -> list[dict[str, Any] | None]:
    """Each metric's cells in one release; null where there are none that the viewer may see."""
    snapshot = await info.context.reading()
    (release,) = await by_ids(snapshot, "Release", [row_id(release_id, "Release")])
    if release is None:
        return [None for _ in rows]
    ids = [row["id"] for row in rows]
    cells: dict[UUID, list[Row]] = {id: [] for id in ids}
    for cell in await snapshot.fetch(release_db.CELLS_OF_METRICS, ids=ids, releases=[release["id"]]):
        cells[cell["metric_id"]].append(cell)
    return [_picture(row, release, cells[row["id"]]) if cells[row["id"]] else None for row in rows]


def _picture(row: Row, release: Row, cells: list[Row]) -> dict[str, Any]:
    place = f"/pictures/release/{global_id('Release', release['id'])}/{global_id('Metric', row['id'])}"
    return {
        "release_id": release["id"],
        "cells": cells,
        "chart_url": f"{place}.svg",
        "csv_url": f"{place}.csv",
        "xlsx_url": f"{place}.xlsx",
    }
