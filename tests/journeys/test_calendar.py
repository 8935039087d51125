"""A seat's calendar: whoever has its address reads what the seat sees, and nothing of what it does not.

Every other address, made up, of a seat that ended or taken back, gets one answer at one cost.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import httpx2
import pytest
from asyncpg.pool import PoolConnectionProxy
from icalendar import Calendar

from service.http.logs import configure
from service.resolvers.ids import parts
from service.rules.calendar import add_working_days
from service.rules.calendar_feed import CLOSES, LATER, OPENS
from tests.journeys.stage import CHANGED, TITLE, Cast, done, drafted, key, opened, planned
from tests.plugins.service import Person, World, running

MASKED = {"date", "x-request-id"}


@pytest.fixture
async def cast(fresh_world: World) -> Cast:
    return Cast(fresh_world)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that the service sends to its database."""
    sent: list[str] = []
    for name in ("execute", "fetch", "fetchrow", "fetchval"):
        real = getattr(PoolConnectionProxy, name)

        def watched(self: Any, query: str, *arguments: Any, _real: Any = real, **more: Any) -> Any:
            sent.append(query)
            return _real(self, query, *arguments, **more)

        monkeypatch.setattr(PoolConnectionProxy, name, watched)
    yield sent


async def address(person: Person, **more: Any) -> str:
    """A new address of the seat that somebody acts in."""
    made = await done(person, "calendarAddressCreate", "created address", **more)
    assert made["created"] is True
    found: str = made["address"]
    assert re.fullmatch(r"/calendar/[\w-]{43}\.ics", found)
    return found


async def got(world: World, path: str, **headers: str) -> httpx2.Response:
    return await world.http.get(f"{world.base}{path}", headers=headers)


async def read(world: World, path: str) -> bytes:
    """The calendar that stands there."""
    answer = await got(world, path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "Authorization" in answer.headers["vary"]
    return answer.content


def days(content: bytes, consultation: str) -> dict[str, Any]:
    """What it says of one consultation."""
    return {
        str(each["summary"]): each["dtstart"].dt
        for each in Calendar.from_ical(content).walk("VEVENT")
        if each["description"] == f"Reference: {consultation}"
    }


def plain(answer: httpx2.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    kept = [(name, value) for name, value in answer.headers.multi_items() if name not in MASKED]
    return answer.status_code, kept, answer.content


async def test_the_other_side_and_other_bodies_acts_in_rooms_of_their_own_change_no_byte(cast: Cast) -> None:
    case = await opened(cast)
    chair = cast.chair("race")
    paths = [await address(person) for person in (chair, cast.management, cast.member("race"), cast.hr)]
    before = [await read(cast.world, path) for path in paths]
    assert [len(days(content, case.id)) for content in before] == [2, 2, 2, 0]
    # the staff side drafts and plans by itself, asks a union group, and gives another network more time
    staffs = await drafted(cast, cast.staff)
    await done(
        cast.staff, "policyVersionAdd", consultationId=staffs.id,
        expectedRevision=await staffs.revision(cast.staff), title=TITLE, body=CHANGED,
    )  # fmt: skip
    await done(
        cast.staff, "consulteeAdd", consultationId=case.id,
        forumId=cast.world.id("TradeUnionGroup", "forum", f"{cast.trust.trust}/unison"),
    )  # fmt: skip
    later = str(add_working_days(cast.world.today, 20) + timedelta(days=14))
    await done(
        cast.staff, "consulteeExtend", consulteeId=case.consultee("women"), closesOn=later, reason="Large print."
    )
    await case.respond(cast.chair("women"), case.consultee("women"), "Make it eight.")
    assert [await read(cast.world, path) for path in paths] == before
    # the control: whose room it is reads it
    women = days(await read(cast.world, await address(cast.chair("women"))), case.id)
    assert str(women[LATER]) == later


async def test_management_reads_no_day_of_a_consultation_that_is_only_drafted_and_both_sides_of_one_planned(
    cast: Cast,
) -> None:
    draft, plan = await drafted(cast), await planned(cast)
    today = cast.world.today
    for person in (cast.management, cast.staff):
        content = await read(cast.world, await address(person))
        assert days(content, draft.id) == {}
        assert days(content, plan.id) == {OPENS: today, CLOSES: add_working_days(today, 20)}
    assert days(await read(cast.world, await address(cast.chair("race"))), plan.id) == {}
    await plan.open()
    content = await read(cast.world, await address(cast.chair("race")))
    assert days(content, plan.id) == {OPENS: today, CLOSES: add_working_days(today, 20)}
    await done(
        cast.management, "consultationWithdraw", consultationId=plan.id, expectedRevision=await plan.revision(),
        reason="Not needed.",
    )  # fmt: skip
    assert days(await read(cast.world, await address(cast.chair("race"))), plan.id) == {}


async def test_what_is_said_names_no_policy_no_body_and_no_side_and_its_marks_tell_no_id(cast: Cast) -> None:
    case = await opened(cast)
    mine, theirs = await address(cast.chair("race")), await address(cast.chair("women"))
    content = await read(cast.world, mine)
    assert content == await read(cast.world, mine)
    said = content.decode().replace("\r\n ", "")
    for word in (TITLE, "Race", "Network", "rostering", "STAFF", "MANAGEMENT", "Newcastle", "RTD"):
        assert word.lower() not in said.lower(), word
    row = parts(case.id)
    assert row is not None
    marks = re.findall(r"UID:(\w+)", said)
    assert len(marks) == len(set(marks)) > 1
    assert all(str(row[1]) not in mark and row[1].hex not in mark for mark in marks)
    assert set(marks).isdisjoint(
        re.findall(r"UID:(\w+)", (await read(cast.world, theirs)).decode().replace("\r\n ", ""))
    )
    again = await address(cast.chair("race"))
    assert await read(cast.world, again) == content, "a new address, the same entries"


async def test_made_up_revoked_replaced_and_ended_addresses_get_one_answer_by_the_same_statements(
    cast: Cast, statements: list[str]
) -> None:
    world = cast.world
    replaced = await address(cast.chair("race"))
    standing = await address(cast.chair("race"))
    revoked = await address(cast.staff)
    await done(cast.staff, "calendarAddressRevoke", "revoked")
    await done(cast.staff, "calendarAddressRevoke", "revoked")
    ended, closed = await address(cast.member("race", 2)), await address(cast.secretary("race"))
    await read(world, ended)
    await done(cast.chair("race"), "seatEnd", seatId=cast.member("race", 2).seat)
    async with world.admin() as db:
        await db.execute(
            "update access.account set closed_at = now() where subject = $1", cast.secretary("race").subject
        )
    assert len(await read(world, standing)) > 100
    found = {}
    for path in (
        replaced, revoked, ended, closed, standing[:-5] + ".ics", f"/calendar/{standing[10:-4].upper()}.ics", standing + "%00.ics", "/calendar/x.ics",
        f"/calendar/{'A' * 43}.ics", "/calendar/%FF%FE.ics", "/calendar/'%20or%20true.ics", f"/calendar/{'x' * 4000}.ics",
    ):  # fmt: skip
        statements.clear()
        answer = await got(world, path)
        ran = tuple(each for each in statements if "feed" not in each and "notify" not in each.lower())
        found[path] = (plain(answer), ran)
    assert len({repr(each) for each in found.values()}) == 1, found
    (answer_, ran), *_ = found.values()
    assert (answer_[0], len(ran)) == (404, 1)
    assert plain(await got(world, "/no/such/path")) == answer_, "nor is it told that there could be one"


async def test_an_address_is_told_once_and_its_hash_alone_is_kept(
    cast: Cast,
) -> None:
    world, same, log = cast.world, key(), StringIO()
    configure("INFO", log)
    path = await address(cast.hr, idempotencyKey=same)
    again = await done(cast.hr, "calendarAddressCreate", "created address", idempotencyKey=same)
    assert again["address"] is None
    await read(world, path)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    async with world.admin() as db:
        tables = await db.fetch(
            "select schemaname || '.' || tablename as name from pg_tables where schemaname in ('graph', 'access')"
        )
        for table in tables:
            held = await db.fetchval(
                f"select count(*) from {table['name']} t where t::text like '%' || $1 || '%'", token
            )
            assert held == 0, table["name"]
    assert (await got(world, path.replace(".ics", ".ICS"))).status_code == 404, "no route, and so none in the log"
    assert token not in log.getvalue()
    assert '"route": "/calendar/{token}.ics", "status": 200' in log.getvalue()


async def test_a_dual_role_reads_each_seat_apart_and_the_header_opens_nothing_more(cast: Cast) -> None:
    dual = cast.world.as_("dual-role")
    seats = {seat["forumName"]: dual.acting_as(seat["id"]) for seat in await dual.seats()}
    contents = {name: await read(cast.world, await address(person)) for name, person in seats.items()}
    assert len(contents) == len(set(contents.values())) == 4
    path = await address(seats[None])
    bare = await got(cast.world, path)
    bold = await got(cast.world, path, **{"Authorization": f"Bearer {dual.token}", "Acting-As": "all"})
    assert plain(bare) == plain(bold)


async def test_whoever_guesses_is_told_to_wait_with_a_good_address_or_a_bad_one(fresh_world: World) -> None:
    settings = fresh_world.settings.model_copy(update={"requests_per_minute": 5})
    path = await address(Cast(fresh_world).management)
    async with running(replace(fresh_world, settings=settings, http=httpx2.AsyncClient(timeout=30))) as limited:
        for _ in range(5):
            assert (await got(limited, f"/calendar/{'A' * 43}.ics")).status_code == 404
        bad, good = await got(limited, f"/calendar/{'A' * 43}.ics"), await got(limited, path)
        assert bad.status_code == good.status_code == 429
        assert int(bad.headers["retry-after"]) >= 1
        assert (await limited.http.post(f"{limited.base}{path}")).status_code == 405
