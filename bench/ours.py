"""The service itself, as `partnership serve` runs it: one worker, every wall, every limit but the requests a minute."""

import asyncio
import os
import socket
from pathlib import Path

import uvloop

from service.app import create_app
from service.serving import serve_until_stopped
from service.settings import Settings


async def _serve() -> None:
    env = os.environ
    pool, port = int(env["BENCH_POOL"]), int(env["BENCH_PORT"])
    settings = Settings(
        database_url=env["BENCH_DATABASE_URL"],
        secret=env["BENCH_SECRET"],  # type: ignore[arg-type]
        demo=True,  # the demo's issuer stands for a trust's; its tokens are verified like any other
        data_dir=Path(env["BENCH_DATA_DIR"]),
        pool_min=pool,
        pool_max=pool,
        requests_per_minute=0,
        statement_timeout_ms=9_000,
        log_level="WARNING",
    )
    with socket.create_server(("127.0.0.1", port), backlog=2048) as listening:
        await serve_until_stopped(create_app(settings), listening)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve())
