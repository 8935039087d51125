"""Posts one signed webhook to one address, resolved once and pinned (Standard Webhooks; THREATS D7).

What is looked up is what is connected to: the name is resolved once for each attempt, every address that it has is
judged, and the connection is made to one of them and to no other, while TLS and Host still name the host. No redirect
is followed, no proxy of the environment is used, no body of an answer is read.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore2
from standardwebhooks.webhooks import Webhook

from service.rules.webhooks import Network, pinned, place_of

CONNECT_SECONDS: Final = 5.0
WHOLE_SECONDS: Final = 15.0
LONGEST_RETRY_AFTER: Final = 9
"""Digits."""
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
_FAILED: Final = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    ssl.SSLError,
    OSError,
    TimeoutError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt: the answer's status, None where there was none, and how long it asks us to wait."""

    status: int | None
    wait: timedelta | None = None


async def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, by the system's resolver; none where it has none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Pinned(httpcore2.AsyncNetworkBackend):
    """Connects to one address, whatever host is asked for."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the library's own signature)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the address that was judged."""
        return await self._network.connect_tcp(self._address, port, timeout, local_address, socket_options)


async def address_of(url: str, networks: Sequence[Network] = (), resolve: Resolve = resolved) -> str | None:
    """The address to connect to for a URL, resolved now; None where it must not be reached or cannot be found."""
    place = place_of(url)
    if place is None:
        return None
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            found = await resolve(place.host, place.port)
    except TimeoutError:
        return None
    address = pinned(found, networks)
    if address is not None and place.only_in_tests and pinned([address]) is not None:
        return None  # without TLS, or at another port, only where the operator's own networks are
    return address


def signed(secrets: Sequence[bytes], message: str, moment: datetime, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks, signed with each of the secrets. `moment` is aware, in whatever zone."""
    moment = moment.astimezone(UTC)  # the library takes a moment of any zone for one of UTC
    signatures = [Webhook(secret).sign(message, moment, body.decode()) for secret in secrets]
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


async def post(
    url: str,
    body: bytes,
    headers: dict[str, str],
    *,
    networks: Sequence[Network] = (),
    resolve: Resolve = resolved,
    trusted: ssl.SSLContext | None = None,
    seconds: float = WHOLE_SECONDS,
) -> Answer:
    """Post once. Whatever goes wrong on the way is an answer without a status."""
    try:
        async with asyncio.timeout(seconds):
            address = await address_of(url, networks, resolve)
            if address is None:
                return Answer(None)
            return await _post_to(address, url, body, headers, trusted)
    except _FAILED:
        return Answer(None)


async def _post_to(
    address: str, url: str, body: bytes, headers: dict[str, str], trusted: ssl.SSLContext | None
) -> Answer:
    said: list[tuple[bytes | str, bytes | str]] = [
        ("Content-Type", "application/json"),
        ("User-Agent", "partnership-graph"),
        ("Connection", "close"),
        *headers.items(),
    ]
    waits = {"connect": CONNECT_SECONDS, "read": WHOLE_SECONDS, "write": CONNECT_SECONDS, "pool": CONNECT_SECONDS}
    async with (
        httpcore2.AsyncConnectionPool(
            ssl_context=trusted or ssl.create_default_context(), max_connections=1, network_backend=Pinned(address)
        ) as pool,
        pool.stream(
            "POST", urlsplit(url).geturl(), headers=said, content=body, extensions={"timeout": waits}
        ) as answer,
    ):
        return Answer(answer.status, _wait(answer.headers))


def _wait(headers: Sequence[tuple[bytes, bytes]]) -> timedelta | None:
    """Retry-After in seconds; its other form, a date, is not taken."""
    for name, value in headers:
        if name.lower() == b"retry-after" and value.isdigit() and len(value) <= LONGEST_RETRY_AFTER:
            return timedelta(seconds=int(value))
    return None
