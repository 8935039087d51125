"""What a page costs as the data grows, and as its viewer's rooms do: it must follow the page, not the table.

Beside this service stands the hand-written handler, so that one sees which part of a change is the database's own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg

from bench.client import ask_once, press
from bench.measure import Plan, Sample, agreed, asking, measured, middle, sample
from bench.report import HEADLINE, machine
from bench.services import TITLES, Service, serving
from bench.stage import Size, Stage, add_viewer, stage
from bench.workloads import HANDWRITTEN, LIST, NODE, OURS, PAGE

SIZES: Final = (Size(10_000, 11), Size(100_000, 11), Size(1_000_000, 11), Size(1_000_000, 220))
QUICK_SIZES: Final = (Size(10_000, 11), Size(100_000, 11))
ROOMS: Final = (3, 30, 2000)
WORKLOADS: Final = (NODE, LIST, PAGE)
SERVICES: Final = (OURS, HANDWRITTEN)
PLAN: Final = Plan(rounds=3, seconds=1.5, connections=(HEADLINE,))
QUICK: Final = Plan(rounds=1, seconds=1.0, connections=(HEADLINE,), warm_up=0.5)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    name: str
    samples: tuple[Sample, ...]


async def run(tell: Callable[[str], None], *, quick: bool) -> str:
    """Both tables, as Markdown."""
    plan, sizes = (QUICK, QUICK_SIZES) if quick else (PLAN, SIZES)
    rows: list[Row] = []
    viewers: list[Row] = []
    for size in sizes:
        name = f"{size.responses:,} responses, {size.trusts} trusts"
        tell(f"{name}: PostgreSQL starts and is filled")
        async with stage(size) as ready, serving(SERVICES, ready) as services:
            await agreed(services, WORKLOADS, ready)
            found = await measured(services, WORKLOADS, ready, plan, tell)
            cells = (found[service, each.name, HEADLINE] for service in SERVICES for each in WORKLOADS)
            rows.append(Row(name, tuple(cells)))
            if size == sizes[-1]:
                viewers = [await _viewer(services[0], ready, rooms, plan) for rooms in ROOMS]
    return _tables(rows, viewers, sizes[-1])


async def _viewer(service: Service, ready: Stage, rooms: int, plan: Plan) -> Row:
    """The same page for somebody with that many rooms, acting in all their seats."""
    subject = f"rooms-{rooms}"
    await add_viewer(ready, subject, rooms)
    token = ready.token_of(subject)
    said = [asking(service, workload, ready, token, merge=True) for workload in WORKLOADS]
    connection: asyncpg.Connection[Any] = await asyncpg.connect(ready.admin_url)
    try:
        for each in said:
            await ask_once(service.port, each)
            await press(service.port, [each], HEADLINE, plan.warm_up)
        cells = []
        for each in said:
            turns = [await sample(service, each, HEADLINE, plan.seconds, connection) for _ in range(plan.rounds)]
            cells.append(middle(turns))
    finally:
        await connection.close()
    return Row(f"a viewer with {rooms} rooms", tuple(cells))


def _tables(rows: Sequence[Row], viewers: Sequence[Row], largest: Size) -> str:
    heads = [f"{TITLES[service]}: {each.title}" for service in SERVICES for each in WORKLOADS]
    return "\n".join(
        [
            f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {machine()}.",
            "",
            "Processor milliseconds per request, application + database (and the median latency), at"
            f" {HEADLINE} connections, as the table grows:",
            "",
            *_table("data", heads, rows),
            "",
            f"With {largest.responses:,} responses and {largest.trusts} trusts, this service, as the viewer's rooms"
            " grow (all seats of the viewer merged):",
            "",
            *_table("viewer", heads[: len(WORKLOADS)], viewers),
        ]
    )


def _table(first: str, heads: Sequence[str], rows: Sequence[Row]) -> list[str]:
    lines = [f"| {first} | " + " | ".join(heads) + " |", "|---|" + "--:|" * len(heads)]
    for row in rows:
        cells = (f"{each.app_ms:.2f} + {each.database_ms:.2f} ({each.p50_ms:.0f} ms)" for each in row.samples)
        lines.append(f"| {row.name} | " + " | ".join(cells) + " |")
    return lines
