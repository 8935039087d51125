"""A small graph and a small application, so that the HTTP layer is tested apart from the real ones."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import strawberry
import structlog
from graphql import GraphQLError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.testclient import TestClient
from strawberry.schema.config import StrawberryConfig

from service.execution.cost import Limits
from service.execution.documents import Documents
from service.execution.errors import BadRequest, Unauthenticated, Unavailable
from service.execution.guarded import GuardedSchema, bounds
from service.http.health import healthz, readyz
from service.http.logs import configure
from service.http.pages import Demo, page
from service.http.security import around
from service.http.view import BODY_LIMIT, GraphQLView

LIMITS = Limits()
SECRET = "a-hidden-table-and-a-name"
REQUEST_JSON = {"Content-Type": "application/json", "Accept": "application/graphql-response+json"}


@strawberry.type
class Network:
    """A node with connections, a plain list and fields that fail."""

    id: strawberry.ID = strawberry.ID("n1")
    name: str = "Network"

    @strawberry.field
    def networks(self, first: int | None = None, last: int | None = None) -> "Connection":
        return Connection()

    @strawberry.field
    def members(self) -> list["Network"]:
        return [Network(), Network()]


@strawberry.type
class Edge:
    node: Network
    cursor: str = "c"


@strawberry.type
class Connection:
    """A keyset connection, in shape."""

    edges: list[Edge] = strawberry.field(default_factory=lambda: [Edge(node=Network())])
    nodes: list[Network] = strawberry.field(default_factory=lambda: [Network()])
    total_count: int = 1


@strawberry.type
class Query:
    @strawberry.field
    def hello(self) -> str:
        return "hello"

    @strawberry.field
    def networks(self, first: int | None = None, last: int | None = None) -> Connection:
        return Connection()

    @strawberry.field
    def nodes(self, ids: list[strawberry.ID]) -> list[Network]:
        return [Network(id=each) for each in ids]

    @strawberry.field
    def echo(self, text: str) -> str:
        return text

    @strawberry.field
    def breaks(self) -> str | None:
        raise ValueError(SECRET)

    @strawberry.field
    def library_error(self) -> str | None:
        raise GraphQLError(SECRET)

    @strawberry.field
    def outage(self) -> str | None:
        raise ConnectionRefusedError(SECRET)

    @strawberry.field
    def too_big(self) -> str | None:
        raise BadRequest("A page holds 1 to 100.", field=("first",), rule="page-size")

    @strawberry.field
    async def slow(self) -> str:
        await asyncio.sleep(30)
        return "late"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def act(self, text: str = "") -> str:
        return "done"


def schema(limits: Limits = LIMITS, documents: Documents | None = None) -> GuardedSchema:
    """A fresh schema over the toy types."""
    return GuardedSchema(
        Query, Mutation, extensions=bounds(limits, documents), config=StrawberryConfig(disable_field_suggestions=True)
    )


class Context:
    """Counts how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    async def close(self) -> None:
        self.closed += 1


class Opened:
    """A context factory that anybody passes, and what it gave out."""

    def __init__(self) -> None:
        self.contexts: list[Context] = []

    async def __call__(self, request: Request) -> Context:
        self.contexts.append(Context())
        return self.contexts[-1]


async def signed_in_only(request: Request) -> Context:
    """A context factory that turns strangers away as the real one does."""
    token = request.headers.get("authorization")
    if token is None:
        raise Unauthenticated
    if token == "Bearer outage":
        raise Unavailable(retry_after=7)
    if token == "Bearer wrong capacity":
        raise BadRequest("Send one Acting-As header.", field=("Acting-As",), rule="one-capacity")
    if token == "Bearer broken":
        raise RuntimeError(SECRET)
    if token != "Bearer good":
        raise Unauthenticated("The token does not hold.", error="invalid_token")
    return Context()


async def all_ready() -> tuple[str, ...]:
    return ()


def application(
    context_factory: Callable[[Request], Awaitable[Any]] | None = None,
    *,
    deadline: float = 15,
    ready: Callable[[], Awaitable[Any]] = all_ready,
) -> Starlette:
    """The routes and middleware as the real application lays them out."""

    async def breaks(request: Request) -> None:
        raise ValueError(SECRET)

    view = GraphQLView(schema(), context_factory or Opened(), deadline=deadline)
    return Starlette(
        routes=[
            Route("/graphql", view, max_body_size=BODY_LIMIT),
            Route("/healthz", healthz),
            Route("/readyz", readyz(ready, patience=0.2)),
            Route("/", page(Demo([("network-chair", "Chairs <a> network.")], "curl 'x' & y"))),
            Route("/breaks", breaks),
        ],
        middleware=around(["testserver", "127.0.0.1"]),
    )


def client(app: Starlette | None = None) -> TestClient:
    return TestClient(app or application(), raise_server_exceptions=False)


def ask(query: str, variables: dict[str, Any] | None = None, **using: Any) -> Any:
    """Send one query to a fresh application; the response."""
    return client(using.pop("app", None)).post(
        "/graphql", json={"query": query, "variables": variables}, headers={**REQUEST_JSON, **using}
    )


def code_of(response: Any) -> str:
    """The code of a refusal, which ran nothing."""
    body = response.json()
    assert "data" not in body, body
    return str(body["errors"][0]["extensions"]["code"])


def data_of(response: Any) -> Any:
    """The data of an answer without errors."""
    body = response.json()
    assert response.status_code == 200, body
    assert "errors" not in body, body
    return body["data"]


def rule_of(response: Any) -> str:
    return str(response.json()["errors"][0]["extensions"].get("rule"))


@contextmanager
def logged() -> Iterator[list[dict[str, Any]]]:
    """The log lines written meanwhile, each parsed on its own; filled at the end."""
    stream = StringIO()
    lines: list[dict[str, Any]] = []
    root = logging.getLogger()
    before = structlog.get_config(), root.handlers[:], root.level
    configure("INFO", stream)
    try:
        yield lines
    finally:
        structlog.configure(**before[0])
        root.handlers[:] = before[1]
        root.setLevel(before[2])
        lines.extend(json.loads(line) for line in stream.getvalue().splitlines())
