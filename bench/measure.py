"""The measuring: every service in turn, in several rounds, so that the machine's noise falls on all alike."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import asyncpg

from bench.accounting import backends, family, total_ns
from bench.client import ask_once, press, request
from bench.services import TITLES, Service
from bench.stage import Stage
from bench.workloads import Workload, body, comparable

Connection = asyncpg.Connection
Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to measure."""

    rounds: int
    seconds: float
    connections: tuple[int, ...]
    warm_up: float = 1.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One service under one workload for a while: milliseconds per request, requests per second."""

    app_ms: float
    database_ms: float
    throughput: float
    p50_ms: float
    p99_ms: float

    @property
    def total_ms(self) -> float:
        """Application and database together."""
        return self.app_ms + self.database_ms


class Different(Exception):
    """A service's answer is not the others'."""


async def agreed(services: Iterable[Service], workloads: Iterable[Workload], stage: Stage) -> dict[str, Any]:
    """Each workload's one answer. Raises Different where a service says something else."""
    answers: dict[str, Any] = {}
    for workload in workloads:
        for service in services:
            said = comparable(workload, await ask_once(service.port, asking(service, workload, stage)))
            if answers.setdefault(workload.name, said) != said:
                where = _difference(answers[workload.name], said)
                raise Different(f"{TITLES[service.name]} answers {workload.name} differently: {where}")
    return answers


def asking(
    service: Service, workload: Workload, stage: Stage, token: str | None = None, *, merge: bool = False
) -> bytes:
    """The request as it is sent; for another viewer by their token, and for all their seats together."""
    path, said = body(service.name, workload, stage)
    return request(service.port, path, token or stage.token, said, "Acting-As: all\r\n" if merge else "")


def _difference(one: Any, other: Any, path: str = "") -> str:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next(_difference(one[key], other[key], f"{path}.{key}") for key in one if one[key] != other[key])
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return next(_difference(a, b, f"{path}[{place}]") for place, (a, b) in pairs if a != b)
    return f"at {path}: {str(one)[:300]} and {str(other)[:300]}"


async def sample(
    service: Service, said: bytes, connections: int, seconds: float, connection: "Connection[Any]"
) -> Sample:
    """Press a service and read the clocks before and after."""
    served_by = await backends(connection, service.name)
    own = family(service.pid)
    before, before_database = total_ns(own), total_ns(served_by)
    load = await press(service.port, [said], connections, seconds)
    after, after_database = total_ns(own), total_ns(served_by)
    count = len(load.seconds)
    return Sample(
        app_ms=(after - before) / count / 1e6,
        database_ms=(after_database - before_database) / count / 1e6,
        throughput=count / load.lasted,
        p50_ms=load.percentile(0.5) * 1e3,
        p99_ms=load.percentile(0.99) * 1e3,
    )


async def measured(
    services: Sequence[Service], workloads: Sequence[Workload], stage: Stage, plan: Plan, tell: Callable[[str], None]
) -> dict[Key, Sample]:
    """The medians over the rounds, by service, workload and number of connections."""
    found: dict[Key, list[Sample]] = defaultdict(list)
    connection = await asyncpg.connect(stage.admin_url)
    try:
        for service in services:
            for workload in workloads:
                await press(service.port, [asking(service, workload, stage)], 8, plan.warm_up)
        for number in range(plan.rounds):
            tell(f"round {number + 1} of {plan.rounds}")
            for workload in workloads:
                for connections in plan.connections:
                    for service in (*services[number % len(services) :], *services[: number % len(services)]):
                        said = asking(service, workload, stage)
                        one = await sample(service, said, connections, plan.seconds, connection)
                        found[service.name, workload.name, connections].append(one)
    finally:
        await connection.close()
    return {key: middle(samples) for key, samples in found.items()}


def middle(samples: Sequence[Sample]) -> Sample:
    """The median of each figure."""
    names = ("app_ms", "database_ms", "throughput", "p50_ms", "p99_ms")
    return Sample(**{name: median(getattr(each, name) for each in samples) for name in names})
