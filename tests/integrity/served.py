"""The service as a process of its own, as `partnership serve` runs it, that can be killed: from outside, or by itself at
the moment a test names.

`dies_at` counts the statements that the process sends from the first act on; the process kills itself (SIGKILL, so
nothing is put away) just before sending that statement. -1 is the moment after COMMIT was answered and before its
client hears of it.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).parents[2]
ACT = "begin isolation level read committed"
AFTER_COMMIT = -1


@asynccontextmanager
async def served(database_url: str, secret: str, keys: Path, dies_at: int = 0) -> "AsyncIterator[Served]":
    """A running service process over this database; killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integrity.served", str(keys), str(dies_at)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": database_url, "PARTNERSHIP_SECRET": secret},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    port = await asyncio.to_thread(process.stdout.readline)
    found = Served(process, f"http://127.0.0.1:{port.strip()}")
    try:
        await found.ready()
        yield found
    finally:
        found.kill()


class Served:
    """The process and where it listens."""

    def __init__(self, process: "subprocess.Popen[str]", base: str) -> None:
        self.process = process
        self.base = base

    async def ready(self) -> None:
        """Wait until it answers."""
        async with httpx2.AsyncClient(timeout=5) as client:
            for _ in range(400):
                assert self.process.poll() is None, "the service did not start"
                try:
                    if (await client.get(f"{self.base}/readyz")).status_code == 200:
                        return
                except httpx2.TransportError:
                    pass
                await asyncio.sleep(0.025)
        raise AssertionError("the service never became ready")

    def kill(self) -> str:
        """kill -9, and what it had said; safe to call again."""
        if self.process.poll() is None:
            self.process.kill()
        if self.process.stdout is None or self.process.stdout.closed:
            return ""
        return self.process.communicate()[0]

    async def died_by_itself(self) -> bool:
        """Whether it came to the statement at which it dies."""
        try:
            return await asyncio.to_thread(self.process.wait, 5) == -signal.SIGKILL
        except subprocess.TimeoutExpired:
            return False


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _arm(dies_at: int) -> None:
    """Kill this process at that statement of its first act."""
    import asyncpg

    sent = 0

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def watched(original: Any) -> Any:
        async def run(connection: Any, query: str, *arguments: Any, **options: Any) -> Any:
            nonlocal sent
            if sent or query == ACT:
                sent += 1
                if sent == dies_at:
                    die()
            result = await original(connection, query, *arguments, **options)
            if sent and query.startswith("commit") and dies_at == AFTER_COMMIT:
                _say(sent)
                die()
            return result

        return run

    for name in ("execute", "fetch", "fetchrow", "executemany"):
        setattr(asyncpg.Connection, name, watched(getattr(asyncpg.Connection, name)))


async def _main(keys: Path, dies_at: int) -> None:
    from service.app import create_app
    from service.serving import serve_until_stopped
    from service.settings import read_settings

    if dies_at:
        _arm(dies_at)
    listening = socket.create_server(("127.0.0.1", 0))
    _say(listening.getsockname()[1])
    await serve_until_stopped(
        create_app(read_settings(demo=True, data_dir=keys, pool_max=12, requests_per_minute=0)), listening
    )


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1]), int(sys.argv[2])))
