"""Many mixed requests by many people on one worker: the memory that it ends with must be what it began with.

Besides the workloads, everybody in the demo asks, and documents come in more variants than any cache of ours keeps.
"""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final

import orjson

from bench.accounting import peak_memory, processor_ns
from bench.client import press, request
from bench.measure import asking
from bench.report import machine
from bench.services import Service, serving
from bench.stage import Size, Stage, stage
from bench.workloads import OURS, WORKLOADS, body
from service.demo.region import region

CONNECTIONS: Final = 16
PARTS: Final = 10
VARIANTS: Final = 1_200
PEOPLE: Final = 200
MOST_MB: Final = 150
ENOUGH: Final = 100_000
SIZE: Final = Size(responses=10_000)


async def run(requests: int, tell: Callable[[str], None]) -> str:
    """The course of the worker's peak memory, as Markdown."""
    async with stage(SIZE) as ready, serving([OURS], ready) as (service,):
        said = mixture(service, ready)
        peaks = []
        for part in range(PARTS):
            await press(service.port, said[part::PARTS], CONNECTIONS, requests=requests // PARTS)
            peaks.append(peak_memory(service.pid) / 2**20)
            tell(f"{(part + 1) * (requests // PARTS):,} requests: peak memory {peaks[-1]:.0f} MB")
        cost = processor_ns(service.pid) / requests / 1e6
    verdict = "under" if peaks[-1] < MOST_MB else "OVER"
    course = ", ".join(f"{peak:.0f}" for peak in peaks)
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {machine()}.\n\n"
        f"{requests:,} mixed requests on {CONNECTIONS} connections, by {PEOPLE} people, in {VARIANTS:,} documents: peak"
        f" memory of the worker **{peaks[-1]:.0f} MB** ({verdict} {MOST_MB} MB), after each tenth {course} MB;"
        f" {cost:.1f} ms of the worker's processor time per request."
    )


def mixture(service: Service, ready: Stage) -> list[bytes]:
    """The requests, in an order that is the same each time."""
    people = [person.subject for person in region(date.today()).people if not person.is_service][:PEOPLE]
    said = [asking(service, workload, ready) for workload in WORKLOADS for _ in range(VARIANTS // 10)]
    tokens = {subject: ready.token_of(subject) for subject in people}
    for number in range(VARIANTS):
        workload = WORKLOADS[number % (len(WORKLOADS) - 1)]
        path, whole = body(service.name, workload, ready)
        asked = orjson.loads(whole)
        asked["query"] = asked["query"].replace(f"query {workload.name.title()}", f"query Variant{number}", 1)
        said.append(request(service.port, path, tokens[people[number % len(people)]], orjson.dumps(asked)))
    random.Random(1).shuffle(said)  # noqa: S311 (an order, not a secret)
    return said
