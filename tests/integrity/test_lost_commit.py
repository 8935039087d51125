"""The connection lost during COMMIT (THREATS E10): the act happened or it did not, and the key tells which."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from service.settings import read_settings
from tests.integrity.case import assert_whole, counted, entries, issued_code, key, row, settled
from tests.integrity.cutting import Cutting, cutting
from tests.integrity.writers import Book
from tests.plugins.service import SECRET, World, running


@pytest.fixture(scope="module")
def proxy_directory() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp(prefix="cut-"))
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
async def cut_world(world: World, proxy_directory: Path) -> AsyncIterator[tuple[World, Cutting]]:
    """A second service over the same database, whose connections lead through the proxy."""
    async with cutting(world.url("partnership_app"), proxy_directory) as (proxy, url):
        assert str(proxy_directory) in url
        assert world.settings.data_dir is not None
        settings = read_settings(
            database_url=url,
            secret=SECRET,
            demo=True,
            data_dir=world.settings.data_dir,
            pool_max=8,
            requests_per_minute=0,
        )
        async with running(World(world.server, world.name, settings, world.issuer, world.today)) as behind:
            yield behind, proxy


@pytest.mark.parametrize("what", ["reply", "request"])
async def test_E10_a_chair_whose_commit_is_cut_is_answered_and_has_one_draft(
    cut_world: tuple[World, Cutting], what: str
) -> None:
    world, proxy = cut_world
    book, before, lost = Book(world, world.as_("management-chair")), await entries(world), proxy.lost
    for number in range(5):
        proxy.lose(what)
        assert await book.write(world.base, f"key-{what}-{number}")
    assert proxy.lost == lost + 5
    assert await entries(world) == before + 5
    for number in range(5):
        query = "select count(*) from graph.consultation where title = $1"
        assert await counted(world, query, f"key-{what}-{number}") == 1
    await assert_whole(world)


async def test_E10_a_chair_whose_every_commit_reply_is_cut_is_answered_from_what_was_kept(
    cut_world: tuple[World, Cutting],
) -> None:
    world, proxy = cut_world
    book = Book(world, world.as_("management-chair"))
    proxy.lose("reply", 5)
    assert await book.write(world.base, "key-every")
    assert proxy.left == 4, "the second turn found the outcome kept, and had nothing to commit"
    proxy.lose("reply", 0)


async def test_E10_a_chair_whose_every_commit_is_cut_is_told_to_ask_again_and_nothing_is_done(
    cut_world: tuple[World, Cutting],
) -> None:
    world, proxy = cut_world
    book, before = Book(world, world.as_("management-chair")), await world.everything()
    proxy.lose("request", 1000)
    assert not await book.write(world.base, "key-never")
    assert book.unforeseen == []
    proxy.lose("request", 0)
    assert await world.everything() == before
    assert await book.write(world.base, "key-never")
    query = "select count(*) from graph.consultation where title = 'key-never'"
    assert await counted(world, query) == 1


async def test_E10_a_signature_whose_commit_is_cut_counts_once(cut_world: tuple[World, Cutting]) -> None:
    world, proxy = cut_world
    case = await settled(world)
    for person in (case.chair, case.staff):
        proxy.lose("reply")
        signed = await person.act("consultationSign", **case.signature(), idempotencyKey=key())
        assert signed.problems() == []
    assert (await case.state())["conclusion"] == "AGREED"
    query = "select count(*) from graph.signature where policy_version_id = $1"
    assert await counted(world, query, row(case.version)) == 2


async def test_E10_an_enrolment_whose_commit_is_cut_makes_one_person(cut_world: tuple[World, Cutting]) -> None:
    world, proxy = cut_world
    for what in ("reply", "request"):
        code, bank = await issued_code(world), world.as_(f"bank-staff-cut-{what}")
        proxy.lose(what)
        taken = await bank.act("invitationAccept", "seat { id }", code=code, idempotencyKey="enrol")
        assert taken.problems() == []
        assert taken.only()["seat"] is not None
        query = (
            "select count(*) from access.account a join graph.seat s on s.person_id = a.person_id where a.subject = $1"
        )
        assert await counted(world, query, bank.subject) == 1


async def test_E10_under_eight_writers_every_third_commit_cut_loses_and_doubles_nothing(
    cut_world: tuple[World, Cutting],
) -> None:
    world, proxy = cut_world
    book, stop = Book(world, world.as_("management-chair")), asyncio.Event()
    async with world.admin() as db:
        await db.execute("update graph.consultation set title = 'before ' || title where title like 'key-%'")
    writers = [asyncio.ensure_future(book.keep_writing(world.base, stop)) for _ in range(8)]
    for turn in range(20):
        await asyncio.sleep(0.05)
        proxy.lose("reply" if turn % 2 else "request", 2)
    stop.set()
    await asyncio.gather(*writers)
    proxy.lose("reply", 0)
    await book.balance(world.base)
