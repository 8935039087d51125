"""A release note: whoever has its code reads a day and hours, and HR a trust's total; nobody, for which body it was."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from asyncpg.pool import PoolConnectionProxy

from service.demo.shapes import demo_id
from service.http.logs import configure
from service.resolvers.ids import global_id, parts
from service.rules.bodies import Office, Side
from service.rules.release_notes import AHEAD_MOST, BACK_MOST, STATEMENT
from tests.journeys.stage import Cast, done, key, refused
from tests.plugins.service import Person, World, running

MASKED = {"date", "x-request-id"}
MINE = "{ viewer { releaseNotes(first: 50) { edges { node { id on hours revokedAt revision } } } } }"
TOTAL = (
    "query($o: ID!, $q: String!) { timeOffTotals(organisationId: $o, quarter: $q) { quarter countedOn people hours } }"
)
JSON = {"Accept": "application/json"}


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


async def issued(person: Person, **more: Any) -> tuple[str, str]:
    """A note of somebody's for today: its id and its code."""
    said = {"on": str(person.world.today), "hours": "3.5", "idempotencyKey": key()} | more
    made = await done(person, "releaseNoteIssue", "releaseNote { id } code", **said)
    assert re.fullmatch(r"([A-Z2-7]{4}-){12}[A-Z2-7]{4}", made["code"])
    return made["releaseNote"]["id"], made["code"]


async def got(world: World, code: str, headers: dict[str, str] = JSON, method: str = "GET") -> httpx2.Response:
    return await world.http.request(method, f"{world.base}/release-notes/{code}", headers=headers)


def plain(answer: httpx2.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    kept = [(name, value) for name, value in answer.headers.multi_items() if name not in MASKED]
    return answer.status_code, kept, answer.content


async def test_a_manager_reads_the_same_words_whatever_body_it_was_for(cast: Cast) -> None:
    world = cast.world
    holders = (
        cast.member("race"),
        cast.chair("women"),
        cast.staff,
        cast.management,
        cast.union_member(),
        cast.safety_staff,
    )
    answers = [await got(world, (await issued(each))[1]) for each in holders]
    assert len({repr(plain(answer)) for answer in answers}) == 1
    assert answers[0].status_code == 200
    assert answers[0].json() == {
        "valid": True,
        "statement": STATEMENT,
        "on": str(world.today),
        "hours": "3.50",
        "trust": "The Newcastle upon Tyne Hospitals NHS Foundation Trust",
    }
    assert answers[0].headers["cache-control"] == "private, no-store"
    code = (await issued(cast.member("race")))[1]
    page = await got(world, code, {"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "Newcastle" in page.text and "3.5 hours" in page.text
    for word in ("race", "union", "side", "forum", "member"):
        assert word not in re.sub(r"<style>.*</style>", "", page.text, flags=re.S).lower(), word
    for same in (code.lower(), code.replace("-", ""), code.replace("-", "%20")):
        assert plain(await got(world, same)) == plain(await got(world, code))
    assert plain(await got(world, code, method="POST")) == plain(await got(world, code))


async def test_wrong_revoked_old_and_ended_codes_get_one_answer_by_the_same_statements(
    cast: Cast, statements: list[str]
) -> None:
    world = cast.world
    (note, revoked), (_, standing) = await issued(cast.member("race")), await issued(cast.member("race"))
    await done(
        cast.member("race"), "releaseNoteRevoke", "releaseNote { revokedAt revision }", noteId=note, expectedRevision=1
    )
    (old_note, old), (_, ahead) = (
        await issued(cast.staff),
        await issued(cast.member("race", 2), on=str(world.today + timedelta(days=2))),
    )
    assert (await got(world, ahead)).status_code == 200
    await done(cast.chair("race"), "seatEnd", seatId=cast.member("race", 2).seat)
    async with world.admin() as db:
        await db.execute(
            "update graph.release_note set verifiable_until = current_date - 2 where id = $1", _row(old_note)
        )
    for headers in (JSON, {"Accept": "text/html"}):
        found = []
        for code in (revoked, old, ahead, standing[:-1] + "A7", "x", "%00", "%FF", "A" * 3000):
            statements.clear()
            answer = await got(world, code, headers)
            ran = tuple(each for each in statements if "feed" not in each and "notify" not in each.lower())
            found.append((plain(answer), ran))
        assert len({repr(each) for each in found}) == 1
        assert (found[0][0][0], len(found[0][1])) == (404, 1)
    assert (await got(world, standing)).json()["valid"] is True


def _row(given: str) -> UUID:
    found = parts(given)
    assert found is not None
    return found[1]


async def test_a_note_is_its_own_seats_and_nobody_elses_with_all_that_it_leaves(cast: Cast) -> None:
    member, world = cast.member("race"), cast.world
    others = (cast.chair("race"), cast.management, cast.staff, cast.hr, world.as_("outsider"))
    audit = "query($id: ID!) { node(id: $id) { ... on Forum { audit(first: 50) { edges { node { id act } } } } } }"
    before = [(await each.ask(audit, id=cast.forum("race"))).raw for each in others]
    note, _ = await issued(member)
    assert [edge["node"]["id"] for edge in (await member.ask(MINE)).only()["releaseNotes"]["edges"]] == [note]
    for other in others:
        assert (await other.ask(MINE)).only()["releaseNotes"]["edges"] == []
        assert (await other.ask("query($id: ID!) { node(id: $id) { id } }", id=note)).data == {"node": None}
        if other.subject != "outsider":
            await refused(other, "releaseNoteRevoke", "NOT_FOUND", field="noteId", noteId=note)
    assert [(await each.ask(audit, id=cast.forum("race"))).raw for each in others] == before
    async with world.admin() as db:
        own = await db.fetchval("select personal_room from graph.seat where id = $1", _row(member.seat or ""))
        rooms = await db.fetch(
            "select room_id from graph.release_note union select room_id from graph.audit_entry where act like 'RELEASE_NOTE%'"
            " and outcome = 'DONE' union select room_id from graph.event where type like 'releaseNote%'"
            " union select room_id from access.change where node = 'release_note'"
        )  # fmt: skip
        assert {row["room_id"] for row in rooms} == {own}
        columns = await db.fetch(
            "select column_name from information_schema.columns where table_schema = 'graph' and table_name = 'release_note'"
        )
    assert {row["column_name"] for row in columns} & {
        "forum_id",
        "side",
        "office",
        "kind",
        "seat_id",
        "person_id",
    } == set()


async def test_a_code_is_told_once_and_its_hash_alone_is_kept(cast: Cast) -> None:
    world, same, log = cast.world, key(), StringIO()
    configure("INFO", log)
    _, code = await issued(cast.staff, idempotencyKey=same)
    said = {"on": str(world.today), "hours": "3.5", "idempotencyKey": same}
    again = await done(cast.staff, "releaseNoteIssue", "releaseNote { id } code", **said)
    assert again["code"] is None
    assert len((await cast.staff.ask(MINE)).only()["releaseNotes"]["edges"]) == 1
    await got(world, code)
    async with world.admin() as db:
        for table in await world.everything():
            assert await db.fetchval(f"select count(*) from {table} t where t::text like '%' || $1 || '%'", code) == 0
    assert code not in log.getvalue()
    assert '"route": "/release-notes/{code}", "status": 200' in log.getvalue()


async def test_a_member_is_told_why_there_is_no_note(cast: Cast) -> None:
    today, act = cast.world.today, "releaseNoteIssue"
    said = {"on": str(today), "hours": "2"}
    employee = cast.seat(None, Side.NONE, Office.EMPLOYEE, "employee 3")
    for person in (employee, cast.hr):
        await refused(person, act, "NOT_PERMITTED", field=None, idempotencyKey=key(), **said)
    day = timedelta(days=1)
    for code, field, wrong in (
        ("IN_THE_PAST", "on", {"on": str(today - BACK_MOST - day)}),
        ("TOO_FAR_AHEAD", "on", {"on": str(today + AHEAD_MOST + day)}),
        ("INVALID", "hours", {"hours": "0"}),
        ("INVALID", "hours", {"hours": "12.5"}),
        ("INVALID", "hours", {"hours": "1.1"}),
    ):
        await refused(cast.staff, act, code, field=field, idempotencyKey=key(), **(said | wrong))
    note, _ = await issued(cast.staff)
    await refused(cast.staff, "releaseNoteRevoke", "STALE_REVISION", noteId=note, expectedRevision=9)
    await done(cast.staff, "releaseNoteRevoke", noteId=note)
    await refused(cast.staff, "releaseNoteRevoke", "WRONG_STATE", field=None, noteId=note)
    dual = cast.world.as_("dual-role")
    seats = [dual.acting_as(seat["id"]) for seat in await dual.seats() if seat["forumName"]]
    for seat in seats:
        await issued(seat)
    assert [len((await seat.ask(MINE)).only()["releaseNotes"]["edges"]) for seat in seats] == [1, 1, 1]


async def _planted(world: World, people: int, on: date, hours: str = "7.5", notes: int = 1) -> None:
    """Notes of so many people of the trust's networks and sides, as if issued on that day."""
    async with world.admin() as db:
        rooms = await db.fetch(
            "select distinct on (person_id) personal_room from graph.seat where organisation_id = $1 and forum_id is not null"
            " order by person_id limit $2", demo_id("organisation", "RTD"), people)  # fmt: skip
        assert len(rooms) == people
        for room in rooms:
            for _ in range(notes):
                await db.execute(
                    "insert into graph.release_note (id, room_id, organisation_id, on_day, hours, code_hash, verifiable_until, created_at)"
                    " values ($1, $2, $3, $4, $5::text::numeric, sha256($6), $4, $4::date)",
                    uuid4(), room["personal_room"], demo_id("organisation", "RTD"), on, hours, uuid4().bytes)  # fmt: skip


async def test_hr_reads_a_rounded_total_of_its_own_trust_and_nobody_else_reads_any(cast: Cast) -> None:
    world, rtd = cast.world, global_id("Organisation", demo_id("organisation", "RTD"))
    on = date(world.today.year - 1, 5, 4)
    asked = {"o": rtd, "q": f"{on.year}-Q2"}
    nothing = {"quarter": asked["q"], "countedOn": f"{on.year}-08-11", "people": None, "hours": None}

    async def total(person: Person, **more: str) -> Any:
        return (await person.ask(TOTAL, **(asked | more))).only()

    assert await total(cast.hr) == nothing
    await _planted(world, 12, on)
    assert await total(cast.hr) == nothing, "nought, and twelve"
    await _planted(world, 13, on, "10", notes=9)
    assert await total(cast.hr) == nothing | {"people": 15, "hours": 975}, "75 hours of each at most"
    for other in (cast.management, cast.staff, cast.chair("race"), cast.member("race"), world.as_("outsider"),
        world.as_("survey-system"), world.as_("regional-chair"), world.as_("operator")):  # fmt: skip
        assert await total(other) is None
    assert await total(cast.hr, o=global_id("Organisation", demo_id("organisation", "RR7"))) is None
    assert await total(cast.hr, o=global_id("Organisation", uuid4())) is None
    assert await total(cast.hr, o="nonsense") is None
    assert await total(cast.hr, q=f"{world.today.year}-Q4") is None, "not counted yet"
    assert (await cast.hr.ask(TOTAL, o=rtd, q="2026")).fault == "BAD_REQUEST"
    before = await total(cast.hr)
    async with world.admin() as db:
        await db.execute("update graph.release_note set revoked_at = now()")
    await _planted(world, 40, world.today)
    assert await total(cast.hr) == before, "what is revoked or issued after the day changes nothing"


async def test_whoever_guesses_codes_is_told_to_wait(fresh_world: World) -> None:
    settings = fresh_world.settings.model_copy(update={"requests_per_minute": 5})
    _, code = await issued(Cast(fresh_world).staff)
    async with running(replace(fresh_world, settings=settings, http=httpx2.AsyncClient(timeout=30))) as limited:
        for _ in range(5):
            assert (await got(limited, "A" * 52)).status_code == 404
        assert [(await got(limited, each)).status_code for each in ("A" * 52, code)] == [429, 429]
