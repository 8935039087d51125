"""Serves the application on a socket until it is told to stop, then lets the requests in hand finish."""

import gc
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import uvicorn

from service.http.view import BODY_LIMIT

FINISH_SECONDS = 10
TAKE_SECONDS = 30
"""How long the kernel keeps what a reader does not take, before it drops the connection (Linux)."""
COLLECT_AFTER = 10_000
"""New containers before the collector looks for cycles; Python's own is 700."""


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_stop = on_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop: whoever listens is let go first, as they would never be done by themselves."""
        self._on_stop()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and then leave the collector little to do.

        Ten portal pages at once hold more rows and answers than Python's threshold, and none of them in a cycle: the
        collector went over them, and over the schema, again and again, for a third of a page's processor time. What is
        there after start-up stays, and is not looked at again; what a served request leaves needs no collector.
        """
        await super().startup(sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on either signal without raising it again, as what stands around the server has to be put away too."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


async def serve_until_stopped(app: Any, listening: socket.socket, on_stop: Callable[[], None] = lambda: None) -> bool:
    """Whether the application served at all; it has not when its own start-up refused."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # asyncio would hold for ever what is still to be sent to such a reader
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TAKE_SECONDS * 1000)
    server = _Server(
        uvicorn.Config(
            app,
            # The service writes its own log, which holds no path, header or body.
            access_log=False,
            log_config=None,
            lifespan="on",
            ws="websockets-sansio",
            ws_max_size=BODY_LIMIT,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=FINISH_SECONDS,
        ),
        on_stop,
    )
    try:
        await server.serve(sockets=[listening])
    except SystemExit:  # how uvicorn says that the application's own start-up failed
        return False
    return True
