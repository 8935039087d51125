"""Kinds of report and their metrics as public reference data: what the rules hold as code, for the graph to list.

The rules judge by the code; the rows say the same to whoever reads. A version that stands is never changed by a later
one, so an id follows from code and version.
"""

from functools import cache
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

import asyncpg
import orjson
from sqlalchemy import select

from service.db.children import children
from service.db.pages import Pages
from service.db.tables import metric, report_definition
from service.rules.bodies import ForumKind
from service.rules.reports.definitions import Choice, Definition, Metric
from service.rules.reports.kinds import DEFINITIONS

NAMESPACE: Final = uuid5(NAMESPACE_URL, "urn:partnership:report-definitions")

ALL: Final = Pages(select(report_definition), (report_definition.c.code, report_definition.c.version))
METRICS: Final = children(metric, "definition_id", "definition_id", "position")


def definition_id(code: str, version: int) -> UUID:
    """The id of one version of a kind of report, the same in every database."""
    return uuid5(NAMESPACE, f"{code}/{version}")


def metric_id(definition: Definition, code: str) -> UUID:
    """The id of one of its metrics."""
    return uuid5(NAMESPACE, f"{definition.code}/{definition.version}/{code}")


@cache
def by_id() -> dict[UUID, Definition]:
    """Every definition by its id."""
    return {definition_id(each.code, each.version): each for each in DEFINITIONS}


@cache
def metrics_by_id() -> dict[UUID, tuple[Definition, Metric]]:
    """Every metric by its id, with the definition that it belongs to."""
    return {metric_id(kind, each.code): (kind, each) for kind in DEFINITIONS for each in kind.metrics}


@cache
def places() -> dict[tuple[UUID, str, str], tuple[int, int]]:
    """Where each figure stands in its definition: by metric, group and band, the metric's place and the cell's."""
    return {
        (metric_id(kind, each.code), *cell): (position, number)
        for kind in DEFINITIONS
        for position, each in enumerate(kind.metrics)
        for number, cell in enumerate(each.cells)
    }


def opens_to_region(definition: Definition) -> bool:
    """Whether the region's forum reads a published report itself: it is routed there, and shows only what a trust makes
    public anyway. Where counts of people would show, the region reads releases alone."""
    routed = ForumKind.REGIONAL_SOCIAL_PARTNERSHIP_FORUM in definition.receivers
    return routed and all(each.published_verbatim or not each.counts_people for each in definition.metrics)


def _definition_row(each: Definition) -> dict[str, Any]:
    return {
        "id": definition_id(each.code, each.version),
        "code": each.code,
        "version": each.version,
        "title": each.title,
        "starts_on": each.starts_on,
        "ends_on": each.ends_on,
        "source": each.source,
        "verified": each.verified,
        "frequency": each.frequency.value,
        "obligation": each.obligation.value,
        "home": each.home.value,
        "receivers": [kind.value for kind in each.receivers],
        "needs_sign_off": each.needs_sro_sign_off,
        "takes_estimates": each.takes_estimates,
        "dimensions": [dimension.value for dimension in each.dimensions],
        "opens_to_region": opens_to_region(each),
        "change_note": each.change,
    }


def _choices(choices: tuple[Choice, ...]) -> str:
    return orjson.dumps([{"code": each.code, "label": each.label} for each in choices]).decode()


def _metric_row(definition: Definition, position: int, each: Metric) -> dict[str, Any]:
    return {
        "id": metric_id(definition, each.code),
        "definition_id": definition_id(definition.code, definition.version),
        "position": position,
        "code": each.code,
        "label": each.label,
        "unit": each.unit.value,
        "direction": each.direction.value,
        "source": each.source,
        "verified": each.verified,
        "counts_people": each.counts_people,
        "published_verbatim": each.published_verbatim,
        "required": each.required,
        "note": each.note,
        "groups": _choices(each.groups),
        "bands": _choices(each.bands),
    }


async def store(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Write every definition and metric, or correct what is written of it (`verified`, a source, a label)."""
    await _store(connection, "report_definition", [_definition_row(each) for each in DEFINITIONS])
    rows = [
        _metric_row(kind, position, each) for kind in DEFINITIONS for position, each in enumerate(kind.metrics, start=1)
    ]
    await _store(connection, "metric", rows)


async def _store(connection: "asyncpg.Connection[asyncpg.Record]", table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    places = ", ".join(f"${n}" for n in range(1, len(names) + 1))
    changes = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    await connection.executemany(
        f"insert into graph.{table} ({', '.join(names)}) values ({places})"  # noqa: S608 (our own names)
        f" on conflict (id) do update set {changes}",
        [tuple(row.values()) for row in rows],
    )
