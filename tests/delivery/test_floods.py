"""Whoever floods, says nonsense or takes nothing is let go, with a code where one can be said (THREATS C13)."""

import asyncio
import socket as bare
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import orjson
import pytest

from service.http import events, sockets
from tests.delivery.sockets import INBOX, payload, raw, socket_of
from tests.journeys.stage import Cast
from tests.plugins.service import Person, World

MUCH = "subscription { inbox(since: $s) { changes { ".replace("subscription", "subscription($s: String)") + (
    " ".join("a" * 3000 + f"{n}: nodeId" for n in range(20)) + " } cursor more } }"
)
"""Some megabytes in each message: more than the buffers between here and a reader hold."""
LONG = "x" * 300


@pytest.fixture(scope="module")
def cast(world: World) -> Cast:
    return Cast(world)


@asynccontextmanager
async def events_of(person: Person, query: str, **variables: Any) -> AsyncIterator[bare.socket]:
    """A stream of events to somebody who has not read a byte of it yet, and has little room."""
    address = person.world.base.removeprefix("http://")
    host, port = address.split(":")
    body = orjson.dumps({"query": query, "variables": variables})
    head = {"Host": address, "Accept": "text/event-stream", "Content-Type": "application/json", **payload(person)}
    lines = [f"{name}: {value}" for name, value in (head | {"Content-Length": str(len(body))}).items()]
    with bare.socket() as reader:
        reader.setsockopt(bare.SOL_SOCKET, bare.SO_RCVBUF, 2048)
        reader.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(reader, (host, int(port)))
        await loop.sock_sendall(reader, "\r\n".join(["POST /graphql HTTP/1.1", *lines, "", ""]).encode() + body)
        yield reader


async def settled(before: int, seconds: float = 10) -> None:
    """As many tasks run as did."""
    async with asyncio.timeout(seconds):
        while len(asyncio.all_tasks()) > before:
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("before_init", [True, False])
@pytest.mark.parametrize("said", [
    {"type": "complete", "id": []}, {"type": "complete", "id": {}}, {"type": LONG}, {"type": []}, {"type": "\ud800"},
    {"type": "subscribe", "id": LONG, "payload": {"query": "{ __typename }"}}, {"type": "subscribe", "id": "", "payload": {"query": "{ __typename }"}},
    {"type": "subscribe", "id": "\ud800", "payload": {"query": "{ __typename }"}},
])  # fmt: skip
async def test_C13_nonsense_is_told_so_whoever_says_it(cast: Cast, said: dict[str, Any], before_init: bool) -> None:
    import json

    async with AsyncExitStack() as stack:
        socket = await stack.enter_async_context(raw(cast.world) if before_init else socket_of(cast.management))
        await socket.wire.send(json.dumps(said))
        assert await socket.code() == 4400


async def test_C13_an_id_in_any_script_that_stands_twice_is_told_so(cast: Cast) -> None:
    async with socket_of(cast.management) as socket:
        for _ in range(2):
            await socket.listen(INBOX, "ł" * 128)
        assert await socket.code() == 4409


async def test_C13_one_socket_listens_to_ten_things_and_the_eleventh_is_refused_by_a_code(cast: Cast) -> None:
    async with socket_of(cast.management) as socket:
        for n in range(sockets.OPERATIONS + 1):
            await socket.listen(INBOX, str(n))
        refused = await socket.hear()
        assert (refused["type"], refused["id"]) == ("error", str(sockets.OPERATIONS))
        assert refused["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
        await socket.say(type="complete", id="0")
        await socket.listen("{ __typename }", "again")
        assert (await socket.hear())["id"] == "again"


async def test_C13_streams_of_events_count_with_the_sockets_and_are_forgotten(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SOCKETS", 2)
    before = len(asyncio.all_tasks())
    loop = asyncio.get_running_loop()
    async with socket_of(cast.staff), events_of(cast.staff, INBOX) as reader:
        assert b" 200 " in await loop.sock_recv(reader, 20)
        async with events_of(cast.staff, INBOX) as refused:
            assert b" 429 " in await loop.sock_recv(refused, 20)
    await settled(before)
    async with socket_of(cast.staff), events_of(cast.staff, INBOX) as reader:
        assert b" 200 " in await loop.sock_recv(reader, 20)


async def test_C13_whoever_takes_no_events_is_let_go(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    chair = cast.chair("race")
    begun = (await chair.ask("{ changes(first: 1) { cursor } }")).data["changes"]["cursor"]
    monkeypatch.setattr(events, "SEND_SECONDS", 0.5)
    before = len(asyncio.all_tasks())
    async with events_of(chair, MUCH, s=begun):
        async with asyncio.timeout(10):
            while len(asyncio.all_tasks()) == before:
                await asyncio.sleep(0.05)
        await settled(before)
