"""One connection, one viewer after another: nothing of a session is left for the next, in as few round trips as may be.

The pool itself clears nothing (`service.access.pool`); whoever enters a transaction ends it and clears the session together.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import uuid4

import asyncpg
import pytest

from service.access.pool import open_pool
from service.access.viewer import Doorway, UnknownSeat, Viewer
from service.demo.shapes import demo_id
from service.resolvers.context import Context, Keys, RequestOver, SignedIn
from tests.plugins.service import World

CHAIR: Final = Viewer(demo_id("account", "management-chair"))
# What any SQL of one viewer might leave behind, and how the next would notice.
LEFT: Final = {
    "a setting": ("set search_path = graph", "select current_setting('search_path') = 'graph'"),
    "a time limit": ("set statement_timeout = 0", "select current_setting('statement_timeout') = '0'"),
    "a lock": ("select pg_advisory_lock(7)", "select exists (select from pg_locks where locktype = 'advisory')"),
    "ears": ("listen walls", "select exists (select from pg_listening_channels())"),
    "rooms": ("select set_config('app.rooms', '{}', false)", "select coalesce(current_setting('app.rooms', true), '') <> ''"),
}  # fmt: skip


@pytest.fixture
async def narrow(world: World) -> AsyncIterator[Doorway]:
    """A doorway with one connection for everybody."""
    pool = await open_pool(world.url("partnership_app"), size=1, statement_seconds=5)
    try:
        yield Doorway(pool, world.settings.proof_key)
    finally:
        await pool.close()


async def _left(doorway: Doorway, question: str) -> Any:
    async with doorway.pool.acquire() as connection:
        return await connection.fetchval(question)


@pytest.mark.parametrize("what", LEFT)
@pytest.mark.parametrize("committed", [False, True], ids=["rolled back", "committed"])
async def test_the_next_viewer_finds_nothing_that_the_last_one_left(
    narrow: Doorway, what: str, committed: bool
) -> None:
    leave, noticed = LEFT[what]
    async with narrow.acting(CHAIR) as snapshot:
        await snapshot.connection.execute(leave)
        if committed:
            await snapshot.connection.execute("commit")
            await snapshot.connection.execute(leave)
            assert await snapshot.connection.fetchval(noticed)
    assert not await _left(narrow, noticed)


async def test_a_viewer_whose_session_cannot_be_cleared_does_not_hand_it_on(
    narrow: Doorway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with narrow.reading(CHAIR) as snapshot:
        backend = snapshot.connection.get_server_pid()
        monkeypatch.setattr(asyncpg.Connection, "get_reset_query", lambda self: "select no_such_thing")
    monkeypatch.undo()
    assert await _left(narrow, "select pg_backend_pid()") != backend


@contextmanager
def _counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every text that is sent while this lasts, each a round trip."""
    sent: list[str] = []
    simple, prepared = asyncpg.Connection.execute, asyncpg.Connection._execute

    async def execute(self: Any, query: str, *arguments: Any, **more: Any) -> Any:
        sent.append(query)
        return await simple(self, query, *arguments, **more)

    async def bind(self: Any, query: str, *arguments: Any, **more: Any) -> Any:
        sent.append(query)
        return await prepared(self, query, *arguments, **more)

    with monkeypatch.context() as patch:
        patch.setattr(asyncpg.Connection, "execute", execute)
        patch.setattr(asyncpg.Connection, "_execute", bind)
        yield sent


async def test_a_viewer_costs_two_round_trips_beside_what_it_reads(
    narrow: Doorway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with narrow.reading(CHAIR):
        pass
    with _counted(monkeypatch) as sent:
        async with narrow.reading(CHAIR) as snapshot:
            await snapshot.call("select access.own_seats()")
    assert [text.partition(" ")[0] for text in sent] == ["begin", "select", "rollback;SELECT"]


async def test_a_stranger_who_names_a_seat_is_told_the_same_however_often_it_is_asked(world: World) -> None:
    async with world.doorway() as doorway:
        nobodys = Viewer(CHAIR.account, uuid4())
        with pytest.raises(UnknownSeat):
            async with doorway.reading(nobodys):
                pass
        context = Context(
            doorway, Keys(b"c", b"i", b"n", b"f", b"w", b"m", b"d"), SignedIn("i", "s", None, CHAIR.account), nobodys
        )
        found = await asyncio.gather(*(context.reading() for _ in range(5)), return_exceptions=True)
        assert {str(each) for each in found} == {"Acting-As names no seat that you hold now."}
        await context.close()
        assert doorway.pool.get_idle_size() == doorway.pool.get_size()


async def test_callers_at_the_same_time_share_one_snapshot(narrow: Doorway) -> None:
    context = Context(
        narrow, Keys(b"c", b"i", b"n", b"f", b"w", b"m", b"d"), SignedIn("i", "s", None, CHAIR.account), CHAIR
    )
    found = await asyncio.gather(*(context.reading() for _ in range(5)))
    assert len({id(each) for each in found}) == 1
    await context.close()
    assert narrow.pool.get_idle_size() == 1


async def test_a_resolver_that_outlives_its_request_keeps_no_connection(narrow: Doorway) -> None:
    keys = Keys(b"c" * 32, b"i" * 32, b"v" * 32, b"f" * 32, b"w" * 32, b"m" * 32, b"d" * 32)
    for entering_first in (False, True):
        context = Context(narrow, keys, SignedIn("issuer", "management-chair", None, CHAIR.account), CHAIR)
        late = asyncio.create_task(context.reading()) if entering_first else None
        await asyncio.sleep(0)
        await context.close()
        with pytest.raises(RequestOver):
            await context.reading()
        if late is not None:
            await late
        async with asyncio.timeout(2), narrow.pool.acquire() as connection:
            assert not connection.is_in_transaction()
