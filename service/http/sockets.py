"""GraphQL over WebSocket by the protocol graphql-transport-ws, and by no other (THREATS A13).

Whoever connects names themselves in `connection_init`, by the words of the headers: Authorization and Acting-As. Each
operation has a context of its own, and a query or an act its deadline, as over HTTP. The socket closes when the token
expires or the seat ends, within a second.

    4400  what was sent cannot be understood          4409  an operation of this id runs already
    4401  an operation before the connection stands   4429  more than one `connection_init`
    4403  no token that holds, a seat that ended      1012  the service stops: come again
    4408  no `connection_init` in time                1013  too many sockets or requests, or too slow a reader
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, aclosing, contextmanager, suppress
from datetime import timedelta
from typing import Any, Final, cast
from urllib.parse import urlsplit
from uuid import uuid4

import orjson
import structlog
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived, WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.subscriptions.protocols.graphql_transport_ws.types import ConnectionInitMessage, SubscribeMessage

from service.delivery.hub import Hub
from service.execution.errors import BadRequest, RateLimited, RequestFault, Unauthenticated, published
from service.execution.faults import log_faults, request_id
from service.execution.guarded import GuardedSchema
from service.http.body import Asked, asked_from, from_json
from service.http.events import SEND_SECONDS, body_of
from service.http.sender import RawHeaders, Sender, Senders
from service.http.streams import allowed, results

INIT_SECONDS: Final = 5.0
OPERATIONS: Final = 10
"""On one socket at a time (THREATS C13)."""
SOCKETS: Final = 20
"""Of one account at a time, on each replica: sockets and streams of events together."""
NAMES: Final = frozenset({"authorization", "acting-as"})
TYPES: Final = frozenset({"connection_init", "ping", "pong", "subscribe", "complete"})
LONGEST_ID: Final = 128
LONGEST_REASON: Final = 123
"""Bytes that a close frame has room for (RFC 6455, section 5.5)."""
log = structlog.get_logger("partnership.request")


class Sockets:
    """The endpoint of all sockets."""

    def __init__(
        self,
        schema: GuardedSchema,
        senders: Senders,
        hub: Hub,
        *,
        origins: Sequence[str] = (),
        deadline: float = 15.0,
    ) -> None:
        """`origins` are those of web pages that may connect, beside our own; `deadline` is a query's, in seconds."""
        self.schema, self.senders, self.hub, self.deadline = schema, senders, hub, deadline
        self.origins = frozenset(origins)
        self.open: Counter[tuple[str, str]] = Counter()
        self.stopping = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket, until it closes."""
        socket = WebSocket(scope, receive, send)
        if not self._may_come(socket):
            await socket.close(1008)  # before it is accepted: 403
            return
        await socket.accept(subprotocol=GRAPHQL_TRANSPORT_WS_PROTOCOL)
        with structlog.contextvars.bound_contextvars(request_id=uuid4().hex):
            await Handler(self, socket).handle()
            log.info("socket", route="/graphql")

    def _may_come(self, socket: WebSocket) -> bool:
        if GRAPHQL_TRANSPORT_WS_PROTOCOL not in socket.scope["subprotocols"]:
            return False
        origin = socket.headers.get("origin")
        ours = origin is None or urlsplit(origin).netloc == socket.headers.get("host")
        return ours or origin in self.origins

    def full(self, sender: Sender) -> bool:
        """Whether no more may be opened by this account."""
        return self.open[_whose(sender)] >= SOCKETS

    @contextmanager
    def place(self, sender: Sender) -> Iterator[None]:
        """One place of the account's, for as long as something is open."""
        whose = _whose(sender)
        self.open[whose] += 1
        try:
            yield
        finally:
            self.open[whose] -= 1
            self.open += Counter()  # forgets what is at nought

    def decode_json(self, text: str) -> Any:
        """Strict, as over HTTP."""
        try:
            return from_json(text.encode("utf-8", "surrogatepass"))
        except BadRequest:
            raise NonJsonMessageReceived from None

    def encode_json(self, message: object) -> str:
        """Text: the protocol's clients take no binary frames (LIBRARIES, trap 6)."""
        return orjson.dumps(message).decode()


class Wire(ASGIWebSocketAdapter):
    """Sends, and gives up on a reader that takes nothing."""

    def __init__(self, sockets: Sockets, socket: WebSocket) -> None:
        super().__init__(cast("Any", sockets), socket, socket)
        self.stuck = asyncio.Event()

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Wait for the reader, but not for ever. Raises WebSocketDisconnected."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await super().send_json(message)
        except TimeoutError:
            self.stuck.set()
            raise WebSocketDisconnected from None
        except RuntimeError:  # it was closed from here meanwhile
            raise WebSocketDisconnected from None

    async def close(self, code: int, reason: str) -> None:
        """Close it, unless it is."""
        if self.ws.application_state is WebSocketState.CONNECTED:
            with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
                async with asyncio.timeout(1):
                    await self.ws.close(code, reason.encode("ascii", "replace")[:LONGEST_REASON].decode())


class Handler(BaseGraphQLTransportWSHandler[None, None]):
    """One socket's protocol, which is Strawberry's; whose it is and how operations run is ours."""

    def __init__(self, sockets: Sockets, socket: WebSocket) -> None:
        self.sockets, self.wire, self.scope_headers = sockets, Wire(sockets, socket), socket.scope["headers"]
        self.sender: Sender | None = None
        self.watching: asyncio.Task[None] | None = None
        self.places = ExitStack()
        super().__init__(
            cast("Any", sockets), self.wire, None, None, sockets.schema, timedelta(seconds=INIT_SECONDS), OPERATIONS
        )

    async def handle(self) -> None:
        """Read until it closes; whatever happens, nothing of it stays."""
        self.on_request_accepted()
        reading = asyncio.create_task(self._read())
        stuck = asyncio.create_task(self.wire.stuck.wait())
        stop = asyncio.create_task(self.sockets.stopping.wait())
        try:
            await asyncio.wait({reading, stuck, stop}, return_when=asyncio.FIRST_COMPLETED)
            if stuck.done():
                await self.wire.close(1013, "Too slow")
            elif stop.done():
                await self.wire.close(1012, "The service stops")
        finally:
            for task in (reading, stuck, stop):
                task.cancel()
            await asyncio.wait([reading, stuck, stop])
            if not reading.cancelled() and (error := reading.exception()) is not None:
                log_faults([cast("Exception", error)])
            await self.shutdown()

    async def _read(self) -> None:
        try:
            async for message in self.wire.iter_json():
                if not _is_of_the_protocol(message):
                    await self.handle_invalid_message("Send messages of graphql-transport-ws")
                    return
                await self.handle_message(cast("Any", message))
        except NonTextMessageReceived:
            await self.handle_invalid_message("Send text")
        except NonJsonMessageReceived:
            await self.handle_invalid_message("Send valid JSON")
        except WebSocketDisconnected:
            pass

    async def shutdown(self) -> None:
        """Nothing that runs, watches or counts is left."""
        if self.watching is not None:
            self.watching.cancel()
            await asyncio.wait([self.watching])
        self.places.close()
        await super().shutdown()

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Know whose it is before it is acknowledged."""
        if self.connection_init_received:
            await self.wire.close(4429, "Too many initialisation requests")
            return
        headers = _headers(message.get("payload"), self.scope_headers)
        if headers is None:
            await self.wire.close(4400, "Invalid connection init payload")
            return
        try:
            self.sender = await self.sockets.senders.of(headers)
        except (Unauthenticated, BadRequest):
            await self.wire.close(4403, "Forbidden")
            return
        except RequestFault:
            await self.wire.close(1013, "Try again later")
            return
        if self.sockets.full(self.sender):
            await self.wire.close(1013, "Too many sockets")
            return
        self.places.enter_context(self.sockets.place(self.sender))
        self.watching = asyncio.create_task(self._until_over(self.sender))
        self.connection_init_received = True
        if self.connection_init_timeout_task:
            self.connection_init_timeout_task.cancel()
        await self.send_message({"type": "connection_ack"})
        self.connection_acknowledged = True

    async def _until_over(self, sender: Sender) -> None:
        async with allowed(self.sockets.hub, sender) as over:
            reason = await asyncio.shield(over)
            await self.wire.close(4403, reason)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Take one operation, where what is sent is one."""
        if self.connection_acknowledged:
            try:
                asked_from(message.get("payload"))
            except BadRequest:
                await self.wire.close(4400, "Invalid operation")
                return
            if len(self.operations) >= OPERATIONS and message["id"] not in self.operations:
                told = published(RateLimited(), request_id()).formatted
                await self.send_message({"id": message["id"], "type": "error", "payload": [told]})
                return
        await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[None, None]) -> None:
        """Run one operation to its end in a context of its own."""
        assert self.sender is not None
        asked = Asked(operation.query, operation.variables, operation.operation_name, None)
        try:
            context = self.sockets.senders.again(self.sender)
        except RequestFault as fault:
            await operation.send_initial_errors([published(fault, request_id())])
            return
        try:
            async with aclosing(results(self.sockets.schema, asked, context, self.sockets.deadline)) as told:
                async for result in told:
                    errors, body = result.errors or [], body_of(result)
                    if result.data is None and errors and all(each.path is None for each in errors):
                        await operation.send_initial_errors(errors)
                        return
                    await operation.send_operation_message(
                        cast("Any", {"id": operation.id, "type": "next", "payload": body})
                    )
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except WebSocketDisconnected:
            return


def _whose(sender: Sender) -> tuple[str, str]:
    return sender.signed_in.issuer, sender.signed_in.subject


def _is_of_the_protocol(message: object) -> bool:
    """Whether it is of a type that there is, under an id, where it needs one, that can be said back."""
    if not isinstance(message, dict) or not isinstance(kind := message.get("type"), str) or kind not in TYPES:
        return False
    named = message.get("id")
    return kind not in ("subscribe", "complete") or (
        isinstance(named, str) and 0 < len(named) <= LONGEST_ID and named.isprintable()
    )


def _headers(payload: object, of_the_handshake: RawHeaders) -> RawHeaders | None:
    """What names the sender: the payload's words, else the handshake's headers; None where they cannot be read."""
    if payload is None:
        payload = {}
    if not isinstance(payload, dict):
        return None
    said = {name.lower(): value for name, value in payload.items() if isinstance(name, str) and name.lower() in NAMES}
    if any(not isinstance(value, str) or not value.isascii() for value in said.values()):
        return None
    given = [(name.encode(), value.encode()) for name, value in said.items()]
    return [*given, *(pair for pair in of_the_handshake if pair[0].decode("latin-1") in NAMES - said.keys())]
