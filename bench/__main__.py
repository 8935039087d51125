"""`python -m bench`: side by side, the growth of the data, or the soak."""

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, Final

import uvloop
from cyclopts import App

from bench import growth as growing
from bench import soak as soaking
from bench.accounting import peak_memory
from bench.client import BadAnswer
from bench.measure import Different, Plan, agreed, measured
from bench.node import NoNode, install
from bench.plot import bars
from bench.report import last_line, processor_table, report
from bench.results import PLOT, write
from bench.services import POOL, TITLES, NotServing, serving
from bench.stage import Size, stage
from bench.workloads import WORKLOADS, fields

FULL: Final = Plan(rounds=5, seconds=1.1, connections=(1, 8, 32), warm_up=1.5)
QUICK: Final = Plan(rounds=1, seconds=1.5, connections=(8,))
SIZE: Final = Size(responses=10_000)
STOPS: Final = (NoNode, NotServing, Different, BadAnswer)

app = App(name="bench", help="The benchmark (bench/README.md).")


def say(line: str) -> None:
    """Progress, apart from the results."""
    print(line, file=sys.stderr, flush=True)


@app.default
def side_by_side(*, quick: bool = False, keep: bool | None = None) -> None:
    """Measure every service beside the others.

    Parameters
    ----------
    quick
        One short round at eight connections, for a first look.
    keep
        Whether to write RESULTS.md and results.svg; by default only a full run does.
    """
    _run(_side_by_side(QUICK if quick else FULL, keep=not quick if keep is None else keep))


@app.command
def growth(*, quick: bool = False) -> None:
    """Grow the data and the viewer's rooms; show that a page's cost does not grow with the table."""
    _run(_kept("Growth", growing.run(say, quick=quick), keep=not quick))


@app.command
def soak(*, requests: int = 100_000) -> None:
    """Many mixed requests on one worker; report its peak memory."""
    _run(_kept("Soak", soaking.run(requests, say), keep=requests >= soaking.ENOUGH))


async def _kept(title: str, run: Coroutine[Any, Any, str], *, keep: bool) -> None:
    said = await run
    print(said)
    if keep:
        write(title, said)


async def _side_by_side(plan: Plan, *, keep: bool) -> None:
    names, others = list(TITLES), os.getloadavg()[0]
    await asyncio.to_thread(install)
    say("PostgreSQL starts and is filled")
    async with stage(SIZE) as ready, serving(names, ready) as services:
        answers = await agreed(services, WORKLOADS, ready)
        say("every service gives the same answers")
        samples = await measured(services, WORKLOADS, ready, plan, say)
        memory = {service.name: peak_memory(service.pid) for service in services}
    values = {name: fields(answer) for name, answer in answers.items()}
    how = (
        f"Medians of {plan.rounds} rounds of {plan.seconds:g} s for each service, workload and number of connections;"
        f" {SIZE.responses:,} responses, {SIZE.trusts} trusts, {POOL} database connections each."
        f" As it began, the machine's load average was {others:.1f}: that much others were doing on it."
    )
    if keep:
        at = datetime.now(UTC)
        write("Side by side", report(samples, names, WORKLOADS, values, memory, at=at, how=how))
        PLOT.write_text(bars(samples, names, WORKLOADS))
    print("\n".join(processor_table(samples, names, WORKLOADS, values)))
    print()
    print(last_line(samples, WORKLOADS))


def _run(work: Coroutine[Any, Any, None]) -> None:
    if sys.platform != "linux":
        work.close()
        sys.exit("the benchmark reads Linux's own clocks of processes, and runs there alone")
    for stop in (signal.SIGINT, signal.SIGTERM):  # either way, what was started is ended
        signal.signal(stop, signal.default_int_handler)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(work)
    except* STOPS as stopped:
        sys.exit(f"nothing was measured: {_first(stopped)}")


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


if __name__ == "__main__":
    app()
