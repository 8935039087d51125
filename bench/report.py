"""The results in words: the table, the ratios, and the last line that others read."""

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import exp, log
from pathlib import Path
from typing import Final

from bench.measure import Key, Sample
from bench.services import TITLES
from bench.workloads import HANDWRITTEN, ORM, OURS, POSTGRAPHILE, Workload

HEADLINE: Final = 8
"""The number of connections at which the processor time is taken."""


def geometric_mean(values: Sequence[float]) -> float:
    """The mean of ratios: half and double even out."""
    return exp(sum(map(log, values)) / len(values))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The geometric mean over the workloads of ours through theirs; below 1 we cost less."""
    return geometric_mean([our / their for our, their in zip(ours, theirs, strict=True)])


def totals(samples: Mapping[Key, Sample], service: str, workloads: Sequence[Workload]) -> list[float]:
    """A service's application and database milliseconds together, for each workload."""
    return [samples[service, workload.name, HEADLINE].total_ms for workload in workloads]


def last_line(samples: Mapping[Key, Sample], workloads: Sequence[Workload]) -> str:
    """What a script reads."""
    ours = totals(samples, OURS, workloads)
    x, y, z = (ratio(ours, totals(samples, peer, workloads)) for peer in (POSTGRAPHILE, ORM, HANDWRITTEN))
    return f"total-cpu ratio to PostGraphile: {x:.2f}, to Strawberry+DataLoader: {y:.2f}, to hand-written: {z:.2f}"


def machine() -> str:
    """The machine's class: nothing that names it."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    memory = round(pages * size / 2**30)
    processor = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores ({processor}), {memory} GiB of memory, Python {platform.python_version()}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def processor_table(
    samples: Mapping[Key, Sample], services: Sequence[str], workloads: Sequence[Workload], values: Mapping[str, int]
) -> list[str]:
    """Milliseconds of processor time per request, as Markdown."""
    lines = ["| workload | values | " + " | ".join(TITLES[name] for name in services) + " |"]
    lines.append("|---|--:|" + "--:|" * len(services))
    for workload in workloads:
        cells = [_cost(samples[name, workload.name, HEADLINE]) for name in services]
        lines.append(f"| {workload.title} | {values[workload.name]} | " + " | ".join(cells) + " |")
    return lines


def _cost(sample: Sample) -> str:
    return f"{sample.app_ms:.2f} + {sample.database_ms:.2f} = **{sample.total_ms:.2f}**"


def speed_table(samples: Mapping[Key, Sample], services: Sequence[str], workloads: Sequence[Workload]) -> list[str]:
    """Requests per second and latencies, by number of connections."""
    lines = ["| workload | connections | " + " | ".join(TITLES[name] for name in services) + " |"]
    lines.append("|---|--:|" + "--:|" * len(services))
    for workload in workloads:
        for connections in sorted({key[2] for key in samples}):
            cells = [_speed(samples[name, workload.name, connections]) for name in services]
            lines.append(f"| {workload.title} | {connections} | " + " | ".join(cells) + " |")
    return lines


def _speed(sample: Sample) -> str:
    return f"{sample.throughput:.0f}/s, {sample.p50_ms:.1f} / {sample.p99_ms:.1f}"


def ratio_table(samples: Mapping[Key, Sample], services: Sequence[str], workloads: Sequence[Workload]) -> list[str]:
    """Ours through theirs, for each workload and in the mean."""
    peers = [name for name in services if name != OURS]
    ours = totals(samples, OURS, workloads)
    theirs = {name: totals(samples, name, workloads) for name in peers}
    lines = ["| workload | " + " | ".join(TITLES[name] for name in peers) + " |", "|---|" + "--:|" * len(peers)]
    for place, workload in enumerate(workloads):
        cells = [f"{ours[place] / theirs[name][place]:.2f}" for name in peers]
        lines.append(f"| {workload.title} | " + " | ".join(cells) + " |")
    means = [f"**{ratio(ours, theirs[name]):.2f}**" for name in peers]
    return [*lines, "| geometric mean | " + " | ".join(means) + " |"]


def report(
    samples: Mapping[Key, Sample],
    services: Sequence[str],
    workloads: Sequence[Workload],
    values: Mapping[str, int],
    memory: Mapping[str, int],
    *,
    at: datetime,
    how: str,
) -> str:
    """The whole of a run, as Markdown."""
    peaks = ", ".join(f"{TITLES[name]} {memory[name] / 2**20:.0f} MB" for name in services)
    return "\n".join(
        [
            f"Measured {at:%Y-%m-%d %H:%M} UTC on {machine()}. {how}",
            "",
            f"Processor milliseconds per request, application + database = total, at {HEADLINE} connections:",
            "",
            *processor_table(samples, services, workloads, values),
            "",
            "This service's total as a multiple of each peer's (below 1: this service costs less):",
            "",
            *ratio_table(samples, services, workloads),
            "",
            "Answers a second, and the latency that half and 99 of 100 stayed under, in milliseconds. On a shared"
            " machine these say less than the processor time.",
            "",
            *speed_table(samples, services, workloads),
            "",
            f"Peak memory (VmHWM) after all of it: {peaks}.",
            "",
            f"`{last_line(samples, workloads)}`",
        ]
    )
