"""What a request costs: processor time by the kernel's own clock of each process, which holds on a noisy machine.

Linux keeps one clock of nanoseconds per process, threads that have ended included; any process may read it. A service
is its process with all descendants. Its share of the database is the backends that bear its name in pg_stat_activity:
pools are filled before anything is measured, and each service names its connections. What PostgreSQL does apart from
its backends (writing the log ahead, checkpoints) is in nobody's figures.
"""

import time
from collections.abc import Iterable
from pathlib import Path

import asyncpg

PROCESSES = Path("/proc")
BACKENDS = "select pid from pg_stat_activity where application_name = $1 and backend_type = 'client backend'"


def processor_ns(pid: int) -> int:
    """Nanoseconds of processor time that a process has used, by CPUCLOCK_SCHED of that process."""
    return time.clock_gettime_ns((~pid << 3) | 2)


def total_ns(pids: Iterable[int]) -> int:
    """The same for several processes; one that has ended counts for nothing."""
    total = 0
    for pid in pids:
        try:
            total += processor_ns(pid)
        except OSError:
            continue
    return total


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for task in (PROCESSES / str(pid) / "task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


async def backends(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> list[int]:
    """The server processes that work for one service."""
    return [row["pid"] for row in await connection.fetch(BACKENDS, name)]


def peak_memory(pid: int) -> int:
    """The most memory that a process has had resident, in bytes (VmHWM)."""
    for line in (PROCESSES / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
