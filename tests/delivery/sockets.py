"""A bare client of graphql-transport-ws, which says what it is told to, right or wrong."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.plugins.service import Person, World

PROTOCOL = "graphql-transport-ws"
INBOX = "subscription($s: String) { inbox(since: $s) { changes { kind nodeId node { __typename id } } cursor more } }"


@dataclass
class Socket:
    """One socket."""

    wire: ClientConnection

    async def say(self, **message: Any) -> None:
        await self.wire.send(orjson.dumps(message).decode())

    async def hear(self, seconds: float = 10) -> dict[str, Any]:
        """The next message, but for pings."""
        async with asyncio.timeout(seconds):
            heard: dict[str, Any] = orjson.loads(await self.wire.recv())
            return heard

    async def listen(self, query: str, as_: str = "1", /, **variables: Any) -> None:
        await self.say(type="subscribe", id=as_, payload={"query": query, "variables": variables})

    async def news(self, seconds: float = 10) -> Any:
        """The root field's value in the next result."""
        heard = await self.hear(seconds)
        assert heard["type"] == "next", heard
        assert "errors" not in heard["payload"], heard
        ((_, value),) = heard["payload"]["data"].items()
        return value

    async def silent(self, seconds: float = 1.5) -> bool:
        """Whether nothing comes for a while that is longer than a look of the hub."""
        try:
            await self.hear(seconds)
        except TimeoutError:
            return True
        return False

    async def code(self, seconds: float = 10) -> int | None:
        """The code with which it is closed."""
        async with asyncio.timeout(seconds):
            try:
                while True:
                    await self.wire.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else None


@asynccontextmanager
async def raw(world: World, protocol: str | None = PROTOCOL, **more: Any) -> AsyncIterator[Socket]:
    """A socket before `connection_init`."""
    address = world.base.replace("http", "ws") + "/graphql"
    async with connect(address, subprotocols=[protocol] if protocol else None, **more) as wire:  # type: ignore[list-item]
        yield Socket(wire)


def payload(person: Person) -> dict[str, str]:
    """What names somebody."""
    return {"Authorization": f"Bearer {person.token}"} | ({"Acting-As": person.seat} if person.seat else {})


@asynccontextmanager
async def socket_of(person: Person) -> AsyncIterator[Socket]:
    """A socket that stands."""
    async with raw(person.world) as socket:
        await socket.say(type="connection_init", payload=payload(person))
        assert (await socket.hear())["type"] == "connection_ack"
        yield socket
