"""Charts and tables to take away, made of what the viewer may read and of nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from service.access.viewer import Row, Snapshot
from service.db import definitions
from service.db import releases as db
from service.db import reports as report_db
from service.db.nodes import by_ids
from service.pictures.charts import Chart, Value, chart_of_gap, chart_of_release, chart_of_series
from service.pictures.charts import Row as Bar
from service.pictures.exports import csv_table, xlsx_table
from service.resolvers.analysis import Series, gaps_of, points_of, series_of
from service.resolvers.context import Context
from service.resolvers.ids import row_id
from service.rules.reports.calculations import as_read
from service.rules.reports.definitions import Definition, Dimension, Method, Metric, Unit
from service.rules.reports.periods import Period
from service.rules.reports.releases import Status

UNITS: Final = {
    Unit.COUNT: "",
    Unit.PERCENTAGE: "%",
    Unit.RATE_WITH_BASE: "%",
    Unit.LIKELIHOOD_RATIO: "%",
    Unit.SCORE: "",
    Unit.HOURS: " h",
    Unit.POUNDS: " pounds",
    Unit.TEXT: "",
}
NOTES: Final = {
    Status.SHOWN: "",
    Status.VERBATIM: "",
    Status.HIDDEN: "hidden",
    Status.NOT_COMPARABLE: "not comparable",
}
CELL_HEADER: Final = (
    "metric", "period_start", "period_end", "group", "band", "dimension", "member", "status", "value", "numerator",
    "denominator", "base", "reporters", "expected", "reasons", "source",
)  # fmt: skip
POINT_HEADER: Final = (
    "metric",
    "period_start",
    "period_end",
    "group",
    "band",
    "value",
    "base",
    "comparable",
    "cautions",
)


async def of_release(context: Context, release: str, metric: str | None, form: str) -> bytes | None:
    """A release, or one metric of it; None where there is nothing that the viewer may see."""
    snapshot = await context.reading()
    (found,) = await by_ids(snapshot, "Release", [row_id(release, "Release")])
    known = None if metric is None else definitions.metrics_by_id().get(row_id(metric, "Metric") or UUID(int=0))
    if found is None or (metric is not None and known is None) or (form == "svg" and known is None):
        return None
    if known is None:
        cells = await snapshot.fetch(db.ALL_CELLS, ids=[found["id"]])
    else:
        wanted = definitions.metric_id(known[0], known[1].code)
        cells = await snapshot.fetch(db.CELLS_OF_METRICS, ids=[wanted], releases=[found["id"]])
    if not cells:
        return None
    if form != "svg" or known is None:
        return await asyncio.to_thread(_table, form, CELL_HEADER, [_cell_row(cell) for cell in cells])
    names = await _names(snapshot, cells)
    return await asyncio.to_thread(chart_of_release, release_chart(found, known, cells, names))


async def _names(snapshot: Snapshot, cells: Sequence[Row]) -> dict[str, str]:
    codes = sorted({row["member"] for row in cells if row["dimension"] in (Dimension.TRUST, Dimension.ICB)})
    return {row["ods_code"]: row["name"] for row in await snapshot.fetch(report_db.DIRECTORY, codes=codes)}


def release_chart(release: Any, known: tuple[Definition, Metric], cells: Sequence[Any], names: dict[str, str]) -> Chart:
    """The latest period of one metric in a release: a bar for each member, group and band, in the release's order."""
    definition, metric = known
    period = max(Period(cell["starts_on"], cell["ends_on"]) for cell in cells)
    latest = [cell for cell in cells if (cell["starts_on"], cell["ends_on"]) == (period.starts_on, period.ends_on)]
    rows = tuple(
        Bar(
            " · ".join(
                word
                for word in (names.get(cell["member"], cell["member"]), cell["group_code"], cell["band_code"])
                if word
            ),
            (Value(cell["value"], NOTES[Status(cell["status"])]),),
        )
        for cell in latest
    )
    return Chart(
        title=f"{metric.label}, {period.label}",
        description=f"{definition.title}, release {release['number']} of {release['frozen_on']}. {_rounded(metric)}",
        unit=UNITS[metric.unit],
        labels=(period.label,),
        rows=rows,
        source=str(latest[0]["source"]),
    )


def _rounded(metric: Metric) -> str:
    if metric.counts_people and not metric.published_verbatim:
        return "Small counts are hidden, others rounded."
    return "As published."


async def of_series(context: Context, organisation: str, metric: str, kind: str, form: str) -> bytes | None:
    """An organisation's series, or its gap; None where nothing is published that the viewer may see."""
    snapshot = await context.reading()
    (whose,) = await by_ids(snapshot, "Organisation", [row_id(organisation, "Organisation")])
    wanted = row_id(metric, "Metric")
    if whose is None or wanted is None or wanted not in definitions.metrics_by_id():
        return None
    (series,) = await series_of(snapshot, [wanted], whose["id"])
    if not series.reports or (kind == "gap" and series.metric.comparison is None):
        return None
    if kind == "gap":
        return await asyncio.to_thread(chart_of_gap, gap_chart(series, whose["name"]))
    if form == "svg":
        return await asyncio.to_thread(chart_of_series, series_chart(series, whose["name"]))
    return await asyncio.to_thread(_table, form, POINT_HEADER, [_point_row(series, each) for each in points_of(series)])


def _label(metric: Metric, group: str, band: str) -> str:
    labels = {choice.code: choice.label for choice in (*metric.groups, *metric.bands)}
    return ", ".join(labels.get(code, code) for code in (group, band) if code) or metric.label


def series_chart(series: Series, name: str) -> Chart:
    """A line for each group and band over the periods."""
    labels = tuple(report.period.label for report in series.reports)
    points = points_of(series)
    rows = []
    for group, band in series.cells:
        of_cell = {each["period_label"]: each for each in points if (each["group"], each["band"]) == (group, band)}
        rows.append(Bar(_label(series.metric, group, band), tuple(_value(of_cell.get(label)) for label in labels)))
    return Chart(
        title=f"{series.metric.label}: {name}",
        description=f"{series.definition.title}. {series.metric.note}".strip(),
        unit=UNITS[series.metric.unit],
        labels=labels,
        rows=tuple(rows),
        source=f"{series.definition.source}; published reports",
    )


def gap_chart(series: Series, name: str) -> Chart:
    """The gap over the periods, with the level at which neither group fares worse."""
    comparison = series.metric.comparison
    assert comparison is not None
    labels = tuple(report.period.label for report in series.reports)
    gaps = gaps_of(series)
    rows = []
    for band in dict.fromkeys(each["band"] for each in gaps):
        of_band = {each["period_label"]: each for each in gaps if each["band"] == band}
        rows.append(Bar(_label(series.metric, "", band), tuple(_value(of_band.get(label)) for label in labels)))
    is_ratio = comparison.method is Method.RATIO
    words = "over" if is_ratio else "less"
    return Chart(
        title=f"Gap, {series.metric.label}: {name}",
        description=f"{comparison.first} {words} {comparison.second}; "
        f"above {1 if is_ratio else 0}, {comparison.above_disadvantages} fare worse.",
        unit="" if is_ratio else UNITS[series.metric.unit],
        labels=labels,
        rows=tuple(rows),
        source=f"{series.definition.source}; published reports",
        level=Decimal(1) if is_ratio else Decimal(0),
    )


def _value(point: dict[str, Any] | None) -> Value:
    if point is None:
        return Value(None, "not reported")
    if point["value"] is None:
        return Value(None, "undefined")
    return Value(as_read(point["value"]), "" if point["comparable"] else "not comparable")


def _table(form: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    return csv_table(header, rows) if form == "csv" else xlsx_table(header, rows)


def _cell_row(cell: Row) -> list[Any]:
    return [
        definitions.metrics_by_id()[cell["metric_id"]][1].code,
        *(cell[name] for name in ("starts_on", "ends_on", "group_code", "band_code", "dimension", "member", "status")),
        *(cell[name] for name in ("value", "numerator", "denominator", "base", "reporters", "expected")),
        " ".join(cell["reasons"]),
        cell["source"],
    ]


def _point_row(series: Series, point: dict[str, Any]) -> list[Any]:
    return [
        series.metric.code,
        *(point[name] for name in ("starts_on", "ends_on", "group", "band")),
        as_read(point["value"]),
        point["base"],
        point["comparable"],
        " ".join(point["cautions"]),
    ]
