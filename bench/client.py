"""Who asks: connections that are kept open, each sending its next request when its last was answered.

It runs in a process of its own and its processor time counts for nobody. It reads as little of an answer as tells a
good one: its status, and that it holds no errors.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

ENDS = b"\r\n\r\n"


class BadAnswer(Exception):
    """An answer that was not a good one; nothing was measured."""


@dataclass(slots=True)
class Load:
    """What one connection or several saw: seconds per answer, in no order."""

    seconds: list[float] = field(default_factory=list)
    lasted: float = 0.0

    def percentile(self, share: float) -> float:
        """The latency that this share of the answers stayed under, in seconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(port: int, path: str, token: str, body: bytes, more: str = "") -> bytes:
    """A whole HTTP request; `more` are further header lines, each with its end."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nAccept: application/json\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Asker(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._answer: asyncio.Future[bytes] | None = None
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if (end := whole(self._buffer)) and self._answer is not None and not self._answer.done():
            answer = bytes(self._buffer[:end])
            del self._buffer[:end]
            self._answer.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(BadAnswer(f"the connection was closed ({exc})"))

    async def ask(self, said: bytes) -> bytes:
        """Send a request and wait for the whole answer."""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(said)
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


def whole(buffer: bytearray) -> int:
    """Where the first answer in the buffer ends; 0 while it has not."""
    end = buffer.find(ENDS)
    if end < 0:
        return 0
    head = bytes(buffer[:end]).lower()
    _, named, rest = head.partition(b"content-length:")
    if named:
        there = end + len(ENDS) + int(rest.partition(b"\r\n")[0])
        return there if len(buffer) >= there else 0
    last = buffer.find(b"\r\n0\r\n\r\n", end)
    return 0 if last < 0 else last + 7


def content(answer: bytes) -> bytes:
    """The body of an answer, put together where it came in chunks. Raises BadAnswer unless it is a good one."""
    head, _, body = answer.partition(ENDS)
    if not head.startswith(b"HTTP/1.1 200 "):
        raise BadAnswer(answer[:400].decode(errors="replace"))
    if b"transfer-encoding: chunked" in head.lower():
        body = _joined(body)
    if body.startswith(b'{"errors"') or b'"errors":[{' in body:
        raise BadAnswer(body[:1000].decode(errors="replace"))
    return body


def _joined(body: bytes) -> bytes:
    parts = []
    while body:
        size, _, body = body.partition(b"\r\n")
        parts.append(body[: int(size, 16)])
        body = body[int(size, 16) + 2 :]
    return b"".join(parts)


async def askers(port: int, count: int) -> list[Asker]:
    """That many open connections."""
    loop = asyncio.get_running_loop()
    return [(await loop.create_connection(Asker, "127.0.0.1", port))[1] for _ in range(count)]


async def ask_once(port: int, said: bytes) -> bytes:
    """One answer's body."""
    (asker,) = await askers(port, 1)
    try:
        return content(await asker.ask(said))
    finally:
        asker.close()


async def press(port: int, said: Sequence[bytes], connections: int, seconds: float = 0, requests: int = 0) -> Load:
    """Keep the connections busy with the requests in turn, for a time or for a number of answers."""
    load, open_ = Load(), await askers(port, connections)
    began = time.perf_counter()
    ends, left = began + seconds, [requests]

    async def busy(asker: Asker, turn: int) -> None:
        while (left[0] > 0) if requests else (time.perf_counter() < ends):
            left[0] -= 1
            asked = time.perf_counter()
            answer = await asker.ask(said[turn % len(said)])
            load.seconds.append(time.perf_counter() - asked)
            content(answer)
            turn += 1

    try:
        async with asyncio.TaskGroup() as group:
            for turn, asker in enumerate(open_):
                group.create_task(busy(asker, turn))
    finally:
        for asker in open_:
            asker.close()
    load.lasted = time.perf_counter() - began
    return load
