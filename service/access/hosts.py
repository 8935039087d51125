"""A connection to the first of an address's hosts that answers and is what `target_session_attrs` asks for.

Several hosts are how a service outlives the loss of a database server (DESIGN section 9). A server that was switched
off refuses nothing: it stays silent. asyncpg gives all hosts one patience together, so a silent first host would use it
up and the second never be asked; and it takes a host that hangs up for the last word. Here each host has a patience of
its own, and the one that answered last time is asked first. Source: libpq, `connect_timeout`, which is for each host.
"""

from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg

HOST_SECONDS: Final = 3.0
SINGLE_SECONDS: Final = 10.0
_NEXT_HOST: Final = (
    OSError,  # TimeoutError too
    asyncpg.CannotConnectNowError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.TargetServerAttributeNotMatched,
)
UNREACHABLE: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What connecting may raise; `trouble` says each in words."""
Place = tuple[str, int | None]


class Hosts:
    """One database address. Remembers which of its hosts answered, for the process's life."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._places = places(url)

    async def connect(self, *_: object, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
        """Connect, with asyncpg's own options. Raises what the last host asked raised.

        The address is this object's, so that a pool may call this in place of `asyncpg.connect`.
        """
        found: asyncpg.Connection[asyncpg.Record]
        if len(self._places) < 2:
            found = await asyncpg.connect(self._url, **{"timeout": SINGLE_SECONDS, **options})
            return found
        last: BaseException | None = None
        for place in list(self._places):
            host, port = place
            try:
                found = await asyncpg.connect(self._url, host=host, port=port, **{**options, "timeout": HOST_SECONDS})
            except _NEXT_HOST as failure:
                last = failure
            else:
                self._places = [place, *(other for other in self._places if other != place)]
                return found
        assert last is not None
        raise last


async def connect(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    """One connection, for a command that needs no pool. Raises asyncpg's errors or OSError."""
    return await Hosts(url).connect()


def trouble(failure: BaseException) -> str:
    """One line for a failure to connect or to go on. The server's first line holds no value of ours but names."""
    match failure:
        case TimeoutError():
            return "the database does not answer"
        case OSError():
            return f"the database cannot be reached ({failure.strerror or type(failure).__name__})"
        case asyncpg.TargetServerAttributeNotMatched():
            return "none of the hosts is what target_session_attrs asks for"
        case asyncpg.PostgresError():
            return f"the database refused: {str(failure).partition(chr(10))[0]}"
        case _:
            return f"the database cannot be used ({type(failure).__name__})"


def places(url: str) -> list[Place]:
    """The hosts that an address names, with their ports where they are given, in its order."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    hosts = [spec for spec in parts.netloc.rpartition("@")[2].split(",") if spec]
    hosts = hosts or [spec for spec in query.get("host", [""])[-1].split(",") if spec]
    ports = [int(port) for port in query.get("port", [""])[-1].split(",") if port]
    if len(ports) == 1:
        ports *= len(hosts)
    apart = [*ports, *[None] * len(hosts)]
    return [(host, apart[n] if port is None else port) for n, (host, port) in enumerate(map(_place, hosts))]


def _place(spec: str) -> Place:
    if spec.startswith("/"):
        return spec, None
    host, _, port = spec[1:].partition("]") if spec.startswith("[") else spec.partition(":")
    port = port.removeprefix(":")
    return unquote(host), int(port) if port else None
