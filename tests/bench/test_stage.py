"""The rows that are measured: as many as promised, none that points nowhere, viewers with the rooms they should have."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from bench.client import ask_once, request
from bench.services import serving
from bench.stage import Size, Stage, add_viewer, stage
from bench.workloads import OURS, PAGE, body, comparable, fields

FOREIGN_KEYS = """
    select conrelid::regclass::text as child, confrelid::regclass::text as parent, conname,
           (select string_agg(format('p.%I = c.%I', p.attname, c.attname), ' and ')
              from unnest(conkey, confkey) as pair (a, b)
              join pg_attribute c on c.attrelid = conrelid and c.attnum = a
              join pg_attribute p on p.attrelid = confrelid and p.attnum = b) as same,
           (select string_agg(format('c.%I is not null', c.attname), ' and ')
              from unnest(conkey) a join pg_attribute c on c.attrelid = conrelid and c.attnum = a) as given
      from pg_constraint where contype = 'f' and connamespace = 'graph'::regnamespace"""


@pytest.fixture(scope="module")
async def ready() -> AsyncIterator[Stage]:
    async with stage(Size(responses=700, trusts=14)) as found:
        await add_viewer(found, "rooms-3", 3)
        await add_viewer(found, "rooms-30", 30)
        yield found


@pytest.fixture
async def admin(ready: Stage) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(ready.admin_url)
    yield connection
    await connection.close()


async def test_no_row_that_is_measured_points_nowhere(admin: "asyncpg.Connection[asyncpg.Record]") -> None:
    keys = await admin.fetch(FOREIGN_KEYS)
    assert len(keys) > 40
    for key in keys:
        orphans = (
            f"select count(*) from {key['child']} c where {key['given']}"
            f" and not exists (select from {key['parent']} p where {key['same']})"
        )
        assert await admin.fetchval(orphans) == 0, key["conname"]


async def test_a_reader_of_the_figures_is_told_the_right_size(admin: "asyncpg.Connection[asyncpg.Record]") -> None:
    trusts = "select count(*) from graph.organisation where kind = 'TRUST' and closed_on is null"
    assert await admin.fetchval(trusts) == 14
    assert 650 <= await admin.fetchval("select count(*) from graph.response") <= 750


@pytest.mark.parametrize("rooms", [3, 30])
async def test_a_viewer_who_is_measured_has_that_many_rooms(
    admin: "asyncpg.Connection[asyncpg.Record]", rooms: int
) -> None:
    opened = """
        select count(distinct room) from access.account a
          cross join lateral access.held(a.id) h cross join lateral unnest(access.rooms_of(h)) room
         where a.subject = $1"""
    assert rooms - 3 < await admin.fetchval(opened, f"rooms-{rooms}") <= rooms


async def test_an_outsider_sees_nothing_of_what_is_measured(ready: Stage) -> None:
    async with serving([OURS], ready) as (service,):
        path, said = body(OURS, PAGE, ready)
        answers = {
            subject: comparable(PAGE, await ask_once(service.port, request(service.port, path, token, said)))
            for subject, token in (("viewer", ready.token), ("outsider", ready.token_of("outsider")))
        }
    assert answers["outsider"] == {"forum": None}
    assert fields(answers["viewer"]) > 200
