"""GraphQL over server-sent events, each operation on a connection of its own (graphql-sse, distinct connections mode).

Lines end in LF, as some clients split on an empty line of these alone (LIBRARIES, trap 4). A comment goes out at fixed
times from the stream's beginning, whether anything happened or not.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractContextManager, aclosing

import orjson
import structlog
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send
from strawberry.types import ExecutionResult

from service.delivery.hub import Hub
from service.execution.guarded import GuardedSchema
from service.http.body import Asked
from service.http.media import EVENTS
from service.http.sender import Sender
from service.http.streams import allowed, results
from service.resolvers.context import Context

BEAT_SECONDS = 15.0
SEND_SECONDS = 20.0
"""How long a reader may take to take what is sent, before it is let go, here and on sockets."""
HEADERS = {"X-Accel-Buffering": "no"}  # a proxy that gathers what it passes on would hold events back


log = structlog.get_logger("partnership.request")


class Events(StreamingResponse):
    """Events to a reader that takes them; whatever happens, nothing of it stays (THREATS C13)."""

    def __init__(self, written: AsyncGenerator[bytes], place: AbstractContextManager[None]) -> None:
        """`place` is held for as long as the stream is."""
        super().__init__(written, media_type=EVENTS, headers=HEADERS)
        self._written, self._place = written, place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until it ends, the reader hangs up, or they take nothing for too long."""

        async def patiently(message: Message) -> None:
            async with asyncio.timeout(SEND_SECONDS):
                await send(message)

        with self._place:
            try:
                await super().__call__(scope, receive, patiently)
            except TimeoutError:  # it cannot be ended in order, as nothing more goes out
                log.info("slow reader", route="/graphql")
            finally:
                await self._written.aclose()


def event_stream(
    schema: GuardedSchema,
    asked: Asked,
    context: Context,
    sender: Sender,
    hub: Hub,
    stopping: asyncio.Event,
    deadline: float,
    place: AbstractContextManager[None],
) -> StreamingResponse:
    """The response to one operation as events: `next` with each result, then `complete`."""
    return Events(_written(schema, asked, context, sender, hub, stopping, deadline), place)


async def _written(
    schema: GuardedSchema,
    asked: Asked,
    context: Context,
    sender: Sender,
    hub: Hub,
    stopping: asyncio.Event,
    deadline: float,
) -> AsyncGenerator[bytes]:
    """Ends without `complete` where the sender may listen no more, or the service stops: the client may come again."""
    loop = asyncio.get_running_loop()
    beat = loop.time() + BEAT_SECONDS
    stop = asyncio.create_task(stopping.wait())
    following: asyncio.Task[ExecutionResult] | None = None
    async with allowed(hub, sender) as over, aclosing(results(schema, asked, context, deadline)) as told:
        try:
            following = asyncio.create_task(_next(told))
            while True:
                done, _ = await asyncio.wait(
                    {following, over, stop},
                    timeout=max(0.0, beat - loop.time()),
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if over in done or stop in done:
                    return
                if following in done:
                    try:
                        yield _event("next", _payload(following.result()))
                    except _NoMore:
                        yield _event("complete", b"")
                        return
                    following = asyncio.create_task(_next(told))
                if loop.time() >= beat:
                    beat += BEAT_SECONDS
                    yield b":\n\n"
        finally:
            for task in (following, stop):
                if task is not None:
                    task.cancel()
                    await asyncio.wait([task])
                    if not task.cancelled():
                        task.exception()


async def _next(told: AsyncIterator[ExecutionResult]) -> ExecutionResult:
    """A task's own way to say that there is no more."""
    try:
        return await anext(told)
    except StopAsyncIteration:
        raise _NoMore from None


class _NoMore(Exception):
    """The operation has no further result."""


def _payload(result: ExecutionResult) -> bytes:
    return orjson.dumps(body_of(result))


def body_of(result: ExecutionResult) -> dict[str, object]:
    """A result as every transport says it."""
    body: dict[str, object] = {"data": result.data}
    if result.errors:
        body["errors"] = [each.formatted for each in result.errors]
    if result.extensions:
        body["extensions"] = result.extensions
    return body


def _event(name: str, data: bytes) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)
