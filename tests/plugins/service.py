"""The whole service for tests: a copy of the demo region, the application on a real socket, people with real tokens.

`world` is one database and one running service for a test file; `fresh_world` one for a single test that breaks things.
Ask as somebody with `world.as_("network-member")`; hold the superuser's view with `world.admin()`. Settings come from the
environment as ever: with PARTNERSHIP_EXECUTOR=graphql-core the whole suite runs on the other executor.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest
import uvicorn

from service.access.pool import open_pool
from service.access.viewer import Doorway
from service.app import create_app
from service.db.migration import upgrade
from service.demo.load import load
from service.demo.reports import load_reports
from service.demo.shapes import demo_id
from service.embedded import EmbeddedPostgres, create_database
from service.embedded.bootstrap import restrict_database
from service.identity.demo import DemoIssuer
from service.resolvers.ids import global_id, parts
from service.rules.calendar import england_day
from service.settings import DEMO_AUDIENCE, Settings, read_settings

SECRET = "a secret for tests only, 0123456789 abcdefghij"
TEMPLATE = "region_template"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers and body as sent, and the body's parts."""

    status: int
    headers: httpx2.Headers
    raw: bytes
    body: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        """The data; fails where the request was answered with faults."""
        assert "errors" not in self.body, self.body["errors"]
        found: dict[str, Any] = self.body["data"]
        return found

    @property
    def fault(self) -> str:
        """The code of the first top-level error."""
        code: str = self.body["errors"][0]["extensions"]["code"]
        return code

    def only(self) -> Any:
        """The one root field's value."""
        ((_, value),) = self.data.items()
        return value

    def problems(self) -> list[str]:
        """The codes of the one act's user errors."""
        return [error["code"] for error in self.only()["userErrors"]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a token, in a capacity: `seat` is a Seat's global id, `all`, or None for no header."""

    world: "World"
    subject: str
    token: str
    seat: str | None = None

    def acting_as(self, seat: str | None) -> "Person":
        """The same person in another capacity."""
        return replace(self, seat=seat)

    async def ask(self, document: str, /, **variables: Any) -> Answer:
        """POST one operation."""
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Acting-As": self.seat} if self.seat else {})
        return await self.world.post({"query": document, "variables": variables}, headers)

    async def act(self, act: str, /, select: str = "", **said: Any) -> Answer:
        """Do one act by its mutation's name, with the input's fields in camelCase; `select` is read from the payload."""
        kind = act[0].upper() + act[1:] + "Input"
        document = (
            f"mutation($input: {kind}!) {{ {act}(input: $input) {{ {select} userErrors {{ code message field }} }} }}"
        )
        return await self.ask(document, input=said)

    async def seats(self) -> list[dict[str, Any]]:
        """The seats held, to choose from."""
        answer = await self.ask(
            "{ viewer { seats { id office side forumName forumKind organisationName rooms acting } } }"
        )
        found: list[dict[str, Any]] = answer.data["viewer"]["seats"]
        return found

    async def in_seat(self, forum: str) -> "Person":
        """The same person in their seat in the body of this name."""
        return self.acting_as(next(seat["id"] for seat in await self.seats() if seat["forumName"] == forum))


@dataclass
class World:
    """One database, the service that runs on it, and those who may use it."""

    server: EmbeddedPostgres
    name: str
    settings: Settings
    issuer: DemoIssuer
    today: date
    base: str = ""
    stop: Callable[[], None] = lambda: None
    http: httpx2.AsyncClient = field(default_factory=lambda: httpx2.AsyncClient(timeout=30))

    def as_(self, subject: str) -> Person:
        """A persona or anybody of the demo region by their subject (see `service.demo.personas`); also somebody unknown."""
        return Person(self, subject, self.issuer.issue(subject, service=subject in ("hr-service", "survey-system")))

    async def post(self, body: Any, headers: dict[str, str]) -> Answer:
        """POST to the graph."""
        sent = await self.http.post(f"{self.base}/graphql", json=body, headers=headers)
        return Answer(sent.status_code, sent.headers, sent.content, sent.json())

    def url(self, role: str) -> str:
        """The database's address for one of the service's roles, such as `partnership_app`."""
        return self.server.url(role, self.name)

    @asynccontextmanager
    async def admin(self) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
        """The superuser's connection, which sees everything."""
        connection = await asyncpg.connect(self.server.admin_url(self.name))
        try:
            yield connection
        finally:
            await connection.close()

    @asynccontextmanager
    async def doorway(self) -> AsyncIterator[Doorway]:
        """The service's own way in, as partnership_app, without HTTP."""
        pool = await open_pool(self.url("partnership_app"), size=3, statement_seconds=5)
        try:
            yield Doorway(pool, self.settings.proof_key)
        finally:
            await pool.close()

    def id(self, type_name: str, kind: str, key: str) -> str:
        """The global id of a demo thing, such as `id("JointNegotiatingCommittee", "forum", "RTD/jnc")`."""
        return global_id(type_name, demo_id(kind, key))

    async def pass_time(self, consultation: str, days: float) -> None:
        """Let days pass for one consultation: everything dated in it moves into the past by as much."""
        row = _row(consultation)
        async with self.admin() as db, db.transaction():
            await db.execute(
                "update graph.consultation set opened_at = opened_at - $2::interval, closes_at = closes_at - $2::interval,"
                " created_at = created_at - $2::interval, concluded_at = concluded_at - $2::interval where id = $1", row, timedelta(days=days))  # fmt: skip
            await db.execute(
                "update graph.consultation_plan set opens_on = (opens_on - $2::interval)::date, closes_on = (closes_on - $2::interval)::date,"
                " created_at = created_at - $2::interval where consultation_id = $1", row, timedelta(days=days))  # fmt: skip
            await db.execute(
                "update graph.policy_version set created_at = created_at - $2::interval where consultation_id = $1",
                row,
                timedelta(days=days),
            )
            await db.execute(
                "update graph.consultee set extended_to = extended_to - $2::interval, responded_at = responded_at - $2::interval,"
                " created_at = created_at - $2::interval where consultation_id = $1", row, timedelta(days=days))  # fmt: skip

    async def everything(self) -> dict[str, int]:
        """How many rows every table holds, by the superuser's count; not the feed's, which follows them."""
        async with self.admin() as db:
            tables = await db.fetch(
                "select schemaname || '.' || tablename as name from pg_tables where schemaname in ('graph', 'access')"
                " and tablename <> 'change'"
            )
            return {row["name"]: await db.fetchval(f"select count(*) from {row['name']}") for row in tables}


def _row(given: str) -> UUID:
    found = parts(given)
    assert found is not None
    return found[1]


@asynccontextmanager
async def running(world: World) -> AsyncIterator[World]:
    """The application of this world on a socket of its own."""
    # named as TCP, or asyncio leaves it waiting for full packets: 40 ms a request
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    app = create_app(world.settings)
    world.stop = app.state.stop
    config = uvicorn.Config(app, access_log=False, log_config=None, lifespan="on", ws="websockets-sansio")
    served = uvicorn.Server(config)
    serving = asyncio.create_task(served.serve(sockets=[listening]))
    while not served.started:
        assert not serving.done(), "the application did not start"
        await asyncio.sleep(0.01)
    world.base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        yield world
    finally:
        await world.http.aclose()
        app.state.stop()
        served.should_exit = True
        await serving
        listening.close()


async def copied(server: EmbeddedPostgres, name: str, template: str) -> None:
    """A copy of a database, with the rights on it, which are not copied."""
    admin = await asyncpg.connect(server.admin_url())
    try:
        await create_database(admin, name, template)
    finally:
        await admin.close()
    await restrict_database(server.admin_url(name))


async def drop(server: EmbeddedPostgres, name: str) -> None:
    """Remove a database and whoever is connected to it."""
    admin = await asyncpg.connect(server.admin_url())
    try:
        await admin.execute(f'drop database if exists "{name}" with (force)')
    finally:
        await admin.close()


@pytest.fixture(scope="session")
def region_template(postgres_server: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated database with the demo region in it, to copy and never to change."""
    settings = read_settings(database_url="postgresql://x@/x", secret=SECRET)

    async def make() -> None:
        await copied(postgres_server, TEMPLATE, "template0")
        migrator = postgres_server.url("partnership_migrator", TEMPLATE)
        await upgrade(migrator, proof_key=settings.proof_key)
        today = england_day(datetime.now(UTC))
        await load(migrator, today, lambda detail: None)
        app = read_settings(database_url=postgres_server.url("partnership_app", TEMPLATE), secret=SECRET)
        await load_reports(app, today, lambda detail: None)

    asyncio.run(make())
    return TEMPLATE


@pytest.fixture(scope="session")
def demo_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo issuer keeps its key."""
    return tmp_path_factory.mktemp("issuer")


@asynccontextmanager
async def new_world(server: EmbeddedPostgres, template: str, keys: Path) -> AsyncIterator[World]:
    """A world on a copy of the template."""
    name = f"world_{uuid4().hex}"
    await copied(server, name, template)
    settings = read_settings(
        database_url=server.url("partnership_app", name),
        secret=SECRET,
        demo=True,
        data_dir=keys,
        pool_max=8,
        requests_per_minute=0,
        delivers=False,  # a test that sends webhooks or mail has a worker of its own
        smtp_host="127.0.0.1",
        smtp_tls="none",
        smtp_from="partnership@mail.example.org",
        portal_url="https://portal.example.org/",
        public_url="https://graph.example.org",
    )
    issuer = DemoIssuer(keys, DEMO_AUDIENCE, demo=True)
    try:
        async with running(World(server, name, settings, issuer, england_day(datetime.now(UTC)))) as world:
            yield world
    finally:
        await drop(server, name)


@pytest.fixture(scope="module")
async def world(postgres_server: EmbeddedPostgres, region_template: str, demo_keys: Path) -> AsyncIterator[World]:
    """One world for a test file, whose tests leave each other's ground alone."""
    async with new_world(postgres_server, region_template, demo_keys) as made:
        yield made


@pytest.fixture
async def fresh_world(postgres_server: EmbeddedPostgres, region_template: str, demo_keys: Path) -> AsyncIterator[World]:
    """One world for a single test."""
    async with new_world(postgres_server, region_template, demo_keys) as made:
        yield made
