"""The whole application as data: its routes, what stands around them, and what lives as long as it does."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from shlex import quote

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from service.access.pool import open_pool, unsafe_powers
from service.access.viewer import Doorway
from service.db.migration import suits
from service.delivery.deadlines import Deadlines
from service.delivery.hub import Hub
from service.delivery.mail import Mail
from service.delivery.smtp import Links, Relay
from service.delivery.webhooks import Sealing, Webhooks
from service.http import health, mail, pages, scim, security
from service.http.allowance import Allowance
from service.http.calendar import CalendarView
from service.http.logs import configure
from service.http.pictures import PATHS, PicturesView
from service.http.release_notes import PATH as NOTES
from service.http.release_notes import ReleaseNotesView
from service.http.sender import Senders
from service.http.sockets import Sockets
from service.http.view import BODY_LIMIT, GraphQLView
from service.identity.demo import DemoIssuer
from service.identity.issuers import profile_from
from service.identity.keys import TrustedIssuer, http_client, trust
from service.identity.tokens import TokenVerifier
from service.resolvers import calendar
from service.resolvers.context import Keys
from service.schema import schema_on
from service.settings import DEMO_AUDIENCE, Settings


def create_app(settings: Settings) -> Starlette:
    """The ASGI application. Its lifespan refuses to start where the database role could bypass the walls."""
    configure(settings.log_level)
    state = State(settings)
    app = Starlette(
        routes=[
            Route("/graphql", state.graphql, max_body_size=BODY_LIMIT),
            WebSocketRoute("/graphql", state.graphql),
            *(Route(path, state.pictures, methods=["GET"]) for path in PATHS),
            Route(f"{scim.PATH}/{{path:path}}", state.scim, methods=scim.METHODS, max_body_size=scim.BODY_LIMIT),
            Route(mail.PATH, state.unsubscribe, methods=["GET", "POST"], max_body_size=mail.BODY_LIMIT),
            Route(calendar.PATH, state.calendar, methods=["GET"]),
            Route(NOTES, state.release_notes, methods=["GET", "POST"]),
            Route("/healthz", health.healthz, methods=["GET"]),
            Route("/readyz", health.readyz(state.failing), methods=["GET"]),
            Route("/", pages.page(_demo_page(settings)), methods=["GET"]),
        ],
        middleware=security.around(settings.allowed_hosts),
        lifespan=state.lifespan,
    )
    app.state.stop = state.stop
    return app


class State:
    """What lives as long as the application: the pool, the issuers' keys, and the view made of them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: asyncpg.Pool | None = None
        self._view: GraphQLView | None = None
        self._sockets: Sockets | None = None
        self._pictures: PicturesView | None = None
        self._scim: scim.ScimView | None = None
        self._mail: tuple[Doorway, bytes, Allowance] | None = None
        self._calendar: CalendarView | None = None
        self._release_notes: ReleaseNotesView | None = None

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """Open the pool and the issuers' client; close both whatever happens."""
        settings = self._settings
        async with http_client() as client:
            issuers = [trust(profile_from(entry), client) for entry in settings.issuers]
            verifier = TokenVerifier([*issuers, *demo_issuers(settings)])
            self._pool = await open_pool(
                settings.database_url,
                size=settings.pool_max,
                statement_seconds=settings.statement_timeout_ms / 1000,
                kept=settings.pool_min,
            )
            try:
                doorway = Doorway(self._pool, settings.proof_key)
                keys = Keys.derived(settings.key)
                allowance = Allowance(settings.requests_per_minute)
                hub = Hub(doorway)
                relay = relay_of(settings)
                networks = settings.webhook_networks
                senders = Senders(doorway, keys, verifier, allowance, hub, networks, relay is not None)
                schema = schema_on(settings.executor)
                deadline = settings.request_deadline_ms / 1000
                self._sockets = Sockets(schema, senders, hub, origins=settings.allowed_origins, deadline=deadline)
                self._view = GraphQLView(schema, senders, deadline=deadline, sockets=self._sockets)
                self._pictures = PicturesView(senders, deadline=deadline)
                self._scim = scim.ScimView(senders, deadline=deadline)
                self._calendar = CalendarView(doorway, keys.calendar, allowance, deadline=deadline)
                self._release_notes = ReleaseNotesView(doorway, allowance, deadline=deadline)
                sealing = Sealing(keys.feed, keys.webhooks)
                self._mail = doorway, keys.mail, allowance
                workers: list[Webhooks | Deadlines | Mail] = [
                    Webhooks(doorway, sealing, networks),
                    Deadlines(doorway, keys),
                ]
                if relay is not None:
                    workers.append(Mail(doorway, keys.mail, relay, links_of(settings)))
                async with AsyncExitStack() as working:
                    await working.enter_async_context(hub.running())
                    for worker in workers if settings.delivers else ():
                        await working.enter_async_context(worker.running())
                    yield
            finally:
                self._view = self._pictures = self._scim = self._sockets = self._mail = None
                self._calendar = self._release_notes = None
                await self._pool.close()

    @property
    def graphql(self) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        """The endpoint, which is there while the application lives."""
        return _Endpoint(self)

    def stop(self) -> None:
        """Let go of whoever listens, as the service is about to stop."""
        if self._sockets is not None:
            self._sockets.stopping.set()

    async def pictures(self, request: Request) -> Response:
        """A chart or a table, which is there while the application lives."""
        assert self._pictures is not None
        return await self._pictures.answer(request)

    async def scim(self, request: Request) -> Response:
        """People and their offices for an identity provider, while the application lives."""
        assert self._scim is not None
        return await self._scim.answer(request)

    async def unsubscribe(self, request: Request) -> Response:
        """The link of a mail that ends mail."""
        assert self._mail is not None
        return await mail.unsubscribe(*self._mail, request)

    async def calendar(self, request: Request) -> Response:
        """A seat's calendar, which is there while the application lives."""
        assert self._calendar is not None
        return await self._calendar.answer(request)

    async def release_notes(self, request: Request) -> Response:
        """What a release note's code shows, while the application lives."""
        assert self._release_notes is not None
        return await self._release_notes.answer(request)

    @property
    def view(self) -> GraphQLView:
        """The view made at start-up."""
        assert self._view is not None
        return self._view

    async def failing(self) -> Sequence[str]:
        """What keeps the service from being ready: names of checks, nothing more."""
        assert self._pool is not None
        try:
            async with self._pool.acquire(timeout=3) as connection:
                failed = ["role"] if await unsafe_powers(connection) else []
                try:
                    revision = await connection.fetchval("select version_num from graph.alembic_version")
                except (
                    asyncpg.UndefinedTableError,
                    asyncpg.InvalidSchemaNameError,
                    asyncpg.InsufficientPrivilegeError,
                ):
                    revision = None
                if not suits(revision):
                    return [*failed, "migrations"]
            # Nobody's account: the question is only whether the database takes this service's proofs.
            await Doorway(self._pool, self._settings.proof_key).identify("", "")
        except asyncpg.InvalidAuthorizationSpecificationError:
            failed.append("secret")
        except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
            return ["database"]
        return failed


class _Endpoint:
    """An ASGI application of its own, so that every method reaches the view, which answers each as it should."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._state.view(scope, receive, send)


def relay_of(settings: Settings) -> Relay | None:
    """Through whom mail goes; None where none is sent."""
    if settings.smtp_host is None or settings.smtp_from is None:
        return None
    password = None if settings.smtp_password is None else settings.smtp_password.get_secret_value()
    relay = (settings.smtp_host, settings.smtp_port, settings.smtp_from, settings.smtp_tls)
    return Relay(*relay, settings.smtp_user, password)


def links_of(settings: Settings) -> Links:
    """What mail links to, where there is mail."""
    assert settings.portal_url is not None
    assert settings.public_url is not None
    return Links(settings.portal_url, settings.public_url)


def demo_issuers(settings: Settings) -> list[TrustedIssuer]:
    """The demo issuer, where the `demo` command switched it on."""
    if not settings.demo or settings.data_dir is None:
        return []
    return [DemoIssuer(settings.data_dir, DEMO_AUDIENCE, demo=True).trusted()]


FIRST_QUERY = (
    "{ viewer { person { displayName } seats { office forumName rooms } }"
    ' organisation(odsCode: "RTD") { name'
    " forums(first: 50, kind: STAFF_NETWORK) { edges { node { localName rooms } } } } }"
)


def _demo_page(settings: Settings) -> pages.Demo | None:
    if not settings.demo:
        return None
    from service.demo.personas import PERSONAS  # noqa: PLC0415

    command = pages.first_command(
        f".venv/bin/partnership token network-member --data-dir {quote(str(settings.data_dir))}",
        f"http://localhost:{settings.port}/graphql",
        FIRST_QUERY,
    )
    return pages.Demo([(persona.subject, persona.shows) for persona in PERSONAS], command)
