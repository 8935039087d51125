"""The process: Strawberry's own ASGI view, one session per request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL

from bench.peers.given import given
from bench.peers.orm.reading import Reading
from bench.peers.orm.schema import schema


class View(GraphQL[dict[str, Any], None]):
    """Strawberry's view, which takes its context from the scope."""

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> dict[str, Any]:
        return {"reading": request.scope["reading"]}


def app() -> Starlette:
    """The application of this peer."""
    told, view = given(), View(schema, graphql_ide=None)
    engine = create_async_engine(
        told.url.replace("postgresql://", "postgresql+asyncpg://"),
        pool_size=told.pool,
        max_overflow=0,
        connect_args={"server_settings": told.session},
    )
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    class Endpoint:
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            account = told.accounts.get(Request(scope).headers.get("authorization", ""))
            if account is None:
                await Response(status_code=401)(scope, receive, send)
                return
            async with sessions() as session:
                reading = Reading(session)
                await reading.enter(told, account)
                await view({**scope, "reading": reading}, receive, send)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        open_: list[AsyncSession] = [sessions() for _ in range(told.pool)]
        for session in open_:
            await session.connection()
        for session in open_:
            await session.close()
        yield
        await engine.dispose()

    return Starlette(routes=[Route("/graphql", Endpoint())], lifespan=lifespan)


if __name__ == "__main__":
    uvicorn.run(app(), port=given().port, access_log=False, log_level="warning", ws="none")
