"""GraphQL over HTTP, as the specification has it: POST, one operation, JSON both ways; events where they are preferred.

A request is read, then its sender is known, then it runs, all under one deadline; whatever
happens, the context is closed after it, so that no connection outlives its request. A client
that hangs up does not stop an operation, the deadline does.

Refused here: other methods (GET may read the published schema only), batches, other content
types. There is no page to explore the graph with: the bundled ones load scripts from elsewhere.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from service.execution.errors import FAULTS, RateLimited, RequestFault, published
from service.execution.faults import log_faults, request_id
from service.execution.guarded import GuardedSchema
from service.http.answering import in_time
from service.http.body import (
    MethodRefused,
    check_headers,
    from_body,
    from_query,
    reads_the_schema_only,
)
from service.http.events import event_stream
from service.http.media import GRAPHQL, JSON, preferred, wants_events
from service.http.sockets import Sockets

BODY_LIMIT = 256 * 1024
"""Bytes; give it to the route as ``max_body_size`` (413 beyond)."""


class Closing(Protocol):
    """A request's context: who asks, and the connection they ask with."""

    async def close(self) -> None:
        """Give everything back; called once, whatever happened."""


ALLOWED = frozenset({OperationType.QUERY, OperationType.MUTATION})
FAULT_BY_CODE = {fault.code.value: fault for fault in FAULTS}


class GraphQLView(GraphQL[Any, None]):
    """The one endpoint; ``context_factory`` raises ``Unauthenticated`` where it must."""

    def __init__(
        self,
        schema: GuardedSchema,
        context_factory: Callable[[Request], Awaitable[Closing]],
        *,
        deadline: float = 15.0,
        sockets: Sockets | None = None,
    ) -> None:
        """``deadline`` in seconds, from the start of the request to its answer; without ``sockets`` nobody listens."""
        super().__init__(schema, graphql_ide=None, subscription_protocols=())
        self.sockets = sockets
        self.context_factory = context_factory
        self.deadline = deadline

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, or speak through one socket."""
        if scope["type"] != "http":
            if self.sockets is None:
                await WebSocket(scope, receive, send).close()
            else:
                await self.sockets(scope, receive, send)
            return
        await (await self.answer(Request(scope, receive)))(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """The response, always: faults become GraphQL errors with their status."""
        media = preferred(request.headers.get("accept"))
        return await in_time(self._answered(request, media), self.deadline, lambda fault: refused(fault, media))

    async def _answered(self, request: Request, media: str) -> Response:
        if self.sockets is not None and request.method == "POST" and wants_events(request.headers.get("accept")):
            return await self._events(request, self.sockets)
        return answered(await self._result(request), media)

    async def _events(self, request: Request, sockets: Sockets) -> Response:
        """As `_result`, but what it comes to is told as it comes."""
        check_headers(request.headers.get("content-type"), request.headers.get("content-encoding"))
        body = await request.body()
        sender = await sockets.senders.of(request.scope["headers"])
        asked = from_body(body)
        if sockets.full(sender):
            raise RateLimited
        context, place = sockets.senders.context(sender), sockets.place(sender)
        return event_stream(sockets.schema, asked, context, sender, sockets.hub, sockets.stopping, self.deadline, place)

    async def _result(self, request: Request) -> ExecutionResult:
        """Read, then authenticate, then parse: a slow body holds no context, a stranger no parser."""
        headers, method = request.headers, request.method
        if method not in ("GET", "POST"):
            raise MethodRefused
        if method == "POST":
            check_headers(headers.get("content-type"), headers.get("content-encoding"))
        body = await request.body()
        context = await self.context_factory(request)
        try:
            asked = from_body(body) if method == "POST" else from_query(request.query_params.multi_items())
            if method == "GET" and not reads_the_schema_only(asked):
                raise MethodRefused
            return await self.schema.execute(
                asked.query,
                variable_values=asked.variables,
                context_value=context,
                operation_name=asked.operation_name,
                allowed_operation_types=ALLOWED,
                operation_extensions=asked.extensions,
            )
        finally:
            await _closed(context)


def answered(result: ExecutionResult, media: str) -> Response:
    """The response to an operation; one that never ran has no ``data`` in its answer."""
    errors = result.errors or []
    body: dict[str, object] = {"data": result.data}
    status = 200
    if errors:
        body["errors"] = [each.formatted for each in errors]
    if errors and result.data is None and all(each.path is None for each in errors):
        del body["data"]
        fault = FAULT_BY_CODE[(errors[0].extensions or {})["code"]]
        status = fault.status if fault.always or media == GRAPHQL else 200
    if result.extensions:
        body["extensions"] = result.extensions
    return _json(body, status, media, {})


def refused(fault: RequestFault, media: str) -> Response:
    """The response to a request that never became an operation: its status holds in either media type."""
    error = published(fault, request_id())
    return _json({"errors": [error.formatted]}, fault.status, media, fault.headers)


def refused_plainly(fault: RequestFault) -> Response:
    """The same in plain JSON, for what is no GraphQL."""
    return refused(fault, JSON)


def _json(body: object, status: int, media: str, headers: Mapping[str, str]) -> Response:
    content_type = f"{media}; charset=utf-8"
    return Response(orjson.dumps(body), status, dict(headers), content_type)


async def _closed(context: Closing) -> None:
    """Close the context; what fails here is ours alone, the answer stands."""
    try:
        await context.close()
    except Exception as error:  # the outermost place that can answer
        log_faults([error])
