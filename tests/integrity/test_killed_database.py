"""Backends and the whole database server killed during acts (THREATS E9): no acknowledged act lost or doubled.

The server here is a durable one of its own, as production's is; the shared one of the other tests gives durability up.
"""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.db.migration import upgrade
from service.demo.load import load
from service.embedded import DATABASE, EmbeddedPostgres, bootstrap
from service.identity.demo import DemoIssuer
from service.rules.calendar import england_day
from service.settings import DEMO_AUDIENCE, read_settings
from tests.integrity.case import drafted, key, opened
from tests.integrity.writers import PASSING, Book
from tests.plugins.service import SECRET, World, running

WRITERS = 8


@pytest.fixture(scope="module")
def durable(reachable_directory: Path) -> Iterator[EmbeddedPostgres]:
    """A durable server with the service's roles."""
    server = EmbeddedPostgres(reachable_directory / "durable")
    server.start()
    try:
        asyncio.run(bootstrap(server.admin_url(), server.admin_url(DATABASE)))
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
async def lasting(durable: EmbeddedPostgres, demo_keys: Path) -> AsyncIterator[World]:
    """The service over the durable server."""
    settings = read_settings(
        database_url=durable.url("partnership_app", DATABASE),
        secret=SECRET,
        demo=True,
        data_dir=demo_keys,
        pool_max=10,
        requests_per_minute=0,
    )
    issuer = DemoIssuer(demo_keys, DEMO_AUDIENCE, demo=True)
    migrator = durable.url("partnership_migrator", DATABASE)
    await upgrade(migrator, proof_key=settings.proof_key)
    today = england_day(datetime.now(UTC))
    await load(migrator, today, lambda detail: None)
    async with running(World(durable, DATABASE, settings, issuer, today)) as world:
        yield world


async def crash(server: EmbeddedPostgres) -> None:
    """kill -9 of the server and all its backends, then a start that recovers."""
    backends = children_of(server.pid)
    for pid in [server.pid, *backends]:
        os.kill(pid, signal.SIGKILL)
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)


def children_of(parent: int) -> list[int]:
    """The processes that a process has started."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in found]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to find a server's backends")
@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=pytest.mark.deep, id="deep")])
async def test_E9_no_acknowledged_draft_is_lost_when_the_server_is_killed_under_eight_writers(
    lasting: World, kills: int
) -> None:
    chance, stop = random.Random(9), asyncio.Event()
    book = Book(lasting, lasting.as_("management-chair"))
    writers = [asyncio.ensure_future(book.keep_writing(lasting.base, stop)) for _ in range(WRITERS)]
    for _ in range(kills):
        before = len(book.acknowledged)
        while len(book.acknowledged) == before:
            assert not any(writer.done() for writer in writers)
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3 * chance.random())
        await crash(lasting.server)
    await asyncio.sleep(0.5)
    stop.set()
    await asyncio.gather(*writers)
    assert len(book.acknowledged) > kills
    await book.balance(lasting.base)


@pytest.mark.parametrize("kills", [30, pytest.param(500, marks=pytest.mark.deep, id="deep")])
async def test_E9_no_writer_notices_that_backends_are_terminated(fresh_world: World, kills: int) -> None:
    world, chance, stop = fresh_world, random.Random(10), asyncio.Event()
    book = Book(world, world.as_("management-chair"))
    writers = [asyncio.ensure_future(book.keep_writing(world.base, stop)) for _ in range(WRITERS)]
    terminated = 0
    async with world.admin() as db:
        for _ in range(kills):
            await asyncio.sleep(0.05 * chance.random())
            pids = [row["pid"] for row in await db.fetch(
                "select pid from pg_stat_activity where datname = current_database() and usename = 'partnership_app'"
                " and state <> 'idle'")]  # fmt: skip
            if pids:
                terminated += await db.fetchval("select pg_terminate_backend($1)", chance.choice(pids))
    stop.set()
    await asyncio.gather(*writers)
    assert terminated > kills // 3
    assert len(book.acknowledged) > WRITERS
    await book.balance(world.base)


async def test_E9_who_asks_while_the_server_is_down_is_told_so_and_nothing_more(lasting: World) -> None:
    case = await opened(lasting)
    lasting.server.stop()
    try:
        for asked in ("{ viewer { person { displayName } } }", '{ organisation(odsCode: "RTD") { name } }'):
            answer = await case.chair.ask(asked)
            assert answer.fault in PASSING
        acted = await case.chair.act(
            "consultationOpen", consultationId=case.consultation, expectedRevision=1, idempotencyKey=key()
        )
        assert acted.fault in PASSING
        stranger = await lasting.as_("somebody-unknown").ask("{ viewer { person { displayName } } }")
        assert stranger.fault in PASSING
        assert stranger.status == 503
        assert stranger.headers["retry-after"]
        assert (await lasting.http.get(f"{lasting.base}/readyz")).status_code == 503
        assert (await lasting.http.get(f"{lasting.base}/healthz")).status_code == 200
    finally:
        lasting.server.start()
    assert (await case.state())["state"] == "OPEN"
    assert (await lasting.http.get(f"{lasting.base}/readyz")).status_code == 200


async def test_E9_a_reader_whose_backend_is_terminated_gets_an_answer_or_is_told_to_come_back(world: World) -> None:
    case, chance = await drafted(world), random.Random(11)
    stop = asyncio.Event()
    faults: list[str] = []
    asked = "query($id: ID!) { node(id: $id) { ... on Consultation { title forum { localName } } } organisations(first: 50) { edges { node { name } } } }"

    async def read() -> None:
        while not stop.is_set():
            answer = await case.chair.ask(asked, id=case.consultation)
            if "errors" in answer.body:
                faults.append(answer.fault)

    readers = [asyncio.ensure_future(read()) for _ in range(4)]
    async with world.admin() as db:
        for _ in range(30):
            await asyncio.sleep(0.02 * chance.random())
            await db.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
                " and usename = 'partnership_app'"
            )
    stop.set()
    await asyncio.gather(*readers)
    assert set(faults) <= PASSING
    # every pooled connection may be a dead one, and each is found out by one who comes back
    answers = [await case.chair.ask(asked, id=case.consultation) for _ in range(20)]
    assert {answer.fault for answer in answers if "errors" in answer.body} <= PASSING
    assert answers[-1].data["node"]["title"]
