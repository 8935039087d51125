"""The services under measure, each as one process in production mode with the same number of connections."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.node import FOLDER, node
from bench.stage import Stage
from bench.workloads import HANDWRITTEN, MERCURIUS, ORM, OURS, POSTGRAPHILE

ROOT: Final = Path(__file__).resolve().parents[1]
POOL: Final = 10
READY_SECONDS: Final = 40

TITLES: Final = {
    OURS: "this service",
    POSTGRAPHILE: "PostGraphile 5",
    MERCURIUS: "Mercurius, JIT and loaders",
    ORM: "Strawberry + ORM + DataLoader",
    HANDWRITTEN: "hand-written",
}


class NotServing(Exception):
    """A service did not start; the message ends with what it said."""


@dataclass(frozen=True, slots=True)
class Service:
    """One that runs."""

    name: str
    pid: int
    port: int


def _command(name: str) -> list[str]:
    match name:
        case "postgraphile" | "mercurius":
            return [str(node()), str(FOLDER / f"{name}.mjs")]
        case "partnership":
            return [sys.executable, "-m", "bench.ours"]
        case "strawberry-orm":
            return [sys.executable, "-m", "bench.peers.orm.app"]
        case "hand-written":
            return [sys.executable, "-m", "bench.peers.handwritten"]
        case _:
            raise ValueError(name)


def _environment(name: str, stage: Stage, port: int) -> dict[str, str]:
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    told = {
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
        "PYTHONPATH": str(ROOT),
        "BENCH_NAME": name,
        "BENCH_PORT": str(port),
        "BENCH_POOL": str(POOL),
        "BENCH_DATABASE_URL": stage.app_url,
        "BENCH_TOKEN": stage.token,
        "BENCH_ACCOUNT": str(stage.account),
    }
    if name == OURS:
        return {**kept, **told, "BENCH_SECRET": stage.secret, "BENCH_DATA_DIR": str(stage.data_dir)}
    return {**kept, **told, "BENCH_PROOF_KEY": stage.proof_key.hex()}


@asynccontextmanager
async def serving(names: Sequence[str], stage: Stage) -> AsyncIterator[list[Service]]:
    """Start them, and end exactly those that were started."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_serving(name, stage)) for name in names]


@asynccontextmanager
async def _serving(name: str, stage: Stage) -> AsyncIterator[Service]:
    port, log = _free_port(), stage.data_dir / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: ASYNC220 (before anything else runs)
            _command(name), cwd=ROOT, env=_environment(name, stage, port), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        await _ready(process, port, log)
        yield Service(name, process.pid, port)
    finally:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, 5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def _ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    for _ in range(READY_SECONDS * 20):
        if process.poll() is not None:
            break
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        return
    raise NotServing(f"it did not start: {log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
