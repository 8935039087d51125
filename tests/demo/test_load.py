"""What the loaded demo shows to whom: every persona's rooms are as promised, and nobody's are more."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date
from hashlib import sha256
from typing import Any

import asyncpg
import pytest

from service.access.pool import open_pool
from service.access.viewer import Doorway, Snapshot, Viewer
from service.demo.directory_rows import directory_rows
from service.demo.load import load
from service.demo.personas import PERSONAS
from service.demo.region import region
from service.demo.rows import Row
from service.demo.shapes import demo_id
from service.identity.demo import ISSUER
from tests.demo.conftest import PROOF_KEY, Loaded

pytestmark = pytest.mark.asyncio

FLEXIBLE = demo_id("consultation", "RTD/flexible-working/")
DRAFT = demo_id("consultation", "RTD/raising-concerns/")


@asynccontextmanager
async def seen_by(loaded: Loaded, subject: str, *, merge: bool = False) -> AsyncIterator[Snapshot]:
    """A snapshot as somebody of the demo, in the only seat held, or in all of them."""
    pool = await open_pool(loaded.app, size=1, statement_seconds=10)
    try:
        doorway = Doorway(pool, PROOF_KEY)
        account = await doorway.identify(ISSUER, subject)
        assert account is not None
        async with doorway.reading(Viewer(account, merge=merge)) as snapshot:
            yield snapshot
    finally:
        await pool.close()


async def column(snapshot: Snapshot, query: str, *arguments: Any) -> set[Any]:
    return {row[0] for row in await snapshot.call(query, *arguments)}


@pytest.mark.parametrize(
    ("subject", "rooms"),
    [
        ("operator", set()),
        ("outsider", {"RR7 ORGANISATION", "PERSONAL"}),
        ("hr-service", {"RTD ORGANISATION", "RTD WORKFORCE", "PERSONAL"}),
        ("survey-system", {"nhs-england ORGANISATION", "nhs-england WORKFORCE", "PERSONAL"}),
        ("management-chair", {"RTD ORGANISATION", "RTD/jnc JOINT", "RTD/jnc MANAGEMENT_SIDE", "PERSONAL"}),
        ("management-secretary", {"RTD ORGANISATION", "RTD/jnc JOINT", "RTD/jnc MANAGEMENT_SIDE", "PERSONAL"}),
        ("staff-side-chair", {"RTD ORGANISATION", "RTD/jnc JOINT", "RTD/jnc STAFF_SIDE", "PERSONAL"}),
        ("network-chair", {"RTD ORGANISATION", "RTD/race MEMBERS", "RTD/race OFFICERS", "PERSONAL"}),
        (
            "network-member",
            {"RTD ORGANISATION", "RTD/race MEMBERS", "PERSONAL", "CASE"},
        ),  # what they raised is their own
        ("fellow-member", {"RTD ORGANISATION", "RTD/race MEMBERS", "PERSONAL"}),
        ("guardian", {"RTD ORGANISATION", "RTD/speak-up MEMBERS", "RTD/speak-up OFFICERS", "PERSONAL"}),
        ("regional-chair", {"north-east REGION", "north-east/spf JOINT", "north-east/spf MANAGEMENT_SIDE", "PERSONAL"}),
        ("dual-role", {"RTD ORGANISATION"}),  # until a capacity is chosen
    ],
)
async def test_persona_opens_these_rooms_and_no_other(loaded: Loaded, subject: str, rooms: set[str]) -> None:
    demo = region(loaded.today)
    names = {demo_id("organisation", o.key): o.key for o in demo.organisations}
    names |= {demo_id("forum", forum.key): forum.key for forum in demo.forums}
    async with seen_by(loaded, subject) as snapshot:
        found = await snapshot.call(
            "select coalesce(forum_id, organisation_id) as owner, purpose from graph.room where id = any (access.rooms())"
        )
    assert {f"{names[row['owner']]} {row['purpose']}" if row["owner"] else row["purpose"] for row in found} == rooms


async def test_every_persona_is_tried_above() -> None:
    marks = test_persona_opens_these_rooms_and_no_other.pytestmark  # type: ignore[attr-defined]
    tried = {case[0] for mark in marks if mark.name == "parametrize" for case in mark.args[1]}
    assert tried == {persona.subject for persona in PERSONAS}


@pytest.mark.parametrize("subject", ["outsider", "operator", "guardian", "regional-chair", "hr-service"])
async def test_who_was_not_asked_sees_no_consultation_of_rtd(loaded: Loaded, subject: str) -> None:
    async with seen_by(loaded, subject, merge=True) as snapshot:
        assert await column(snapshot, "select id from graph.consultation") == set()
        assert await column(snapshot, "select id from graph.comment") == set()


async def test_staff_side_chair_cannot_see_managements_draft(loaded: Loaded) -> None:
    async with seen_by(loaded, "staff-side-chair") as snapshot:
        seen = await column(snapshot, "select id from graph.consultation")
    assert FLEXIBLE in seen
    assert DRAFT not in seen
    async with seen_by(loaded, "management-chair") as snapshot:
        assert DRAFT in await column(snapshot, "select id from graph.consultation")


async def test_management_chair_cannot_see_that_a_union_group_exists_or_was_asked(loaded: Loaded) -> None:
    groups = {demo_id("forum", forum.key) for forum in region(loaded.today).forums if forum.union}
    async with seen_by(loaded, "management-chair", merge=True) as snapshot:
        assert await column(snapshot, "select id from graph.forum where kind = 'TRADE_UNION_GROUP'") == set()
        assert groups.isdisjoint(await column(snapshot, "select forum_id from graph.consultee"))
        assert groups.isdisjoint(await column(snapshot, "select forum_id from graph.response"))
        assert groups.isdisjoint(await column(snapshot, "select forum_id from graph.seat"))
    async with seen_by(loaded, "staff-side-chair") as snapshot:
        assert len(await column(snapshot, "select id from graph.forum where kind = 'TRADE_UNION_GROUP'")) == 2
        assert groups & await column(snapshot, "select forum_id from graph.consultee")


async def test_neither_side_reads_members_comments(loaded: Loaded) -> None:
    for subject in ("management-chair", "staff-side-chair"):
        async with seen_by(loaded, subject, merge=True) as snapshot:
            assert await column(snapshot, "select id from graph.comment") == set()


async def test_network_member_reads_the_networks_comments_and_no_other_networks(loaded: Loaded) -> None:
    async with seen_by(loaded, "network-member") as snapshot:
        assert await column(snapshot, "select forum_id from graph.comment") == {demo_id("forum", "RTD/race")}
        # whose they are, only of one's own
        assert len(await column(snapshot, "select comment_id from graph.comment_author")) == 1


async def test_network_member_cannot_see_the_officers_draft_or_another_bodys_response(loaded: Loaded) -> None:
    async with seen_by(loaded, "network-member") as snapshot:
        assert await column(snapshot, "select id from graph.response_draft") == set()
        assert await column(snapshot, "select forum_id from graph.response") == {demo_id("forum", "RTD/race")}
    async with seen_by(loaded, "network-chair") as snapshot:
        assert demo_id("draft", "RTD/flexible-working/RTD/race") in await column(
            snapshot, "select id from graph.response_draft"
        )


async def test_lgbt_network_names_nobody_in_the_directory(loaded: Loaded) -> None:
    network = demo_id("forum", "RTD/lgbt")
    async with seen_by(loaded, "management-chair") as snapshot:
        seats = await snapshot.call("select office, side from graph.seat where forum_id = $1", network)
    assert {(row["office"], row["side"]) for row in seats} == {("SPONSOR", "MANAGEMENT"), ("EDI_LEAD", "MANAGEMENT")}


async def test_former_chair_opens_nothing_of_the_network(loaded: Loaded) -> None:
    demo = region(loaded.today)
    former = next(seat for seat in demo.seats if seat.forum == "RTD/race" and seat.ends_on is not None)
    async with seen_by(loaded, former.holder, merge=True) as snapshot:
        assert await column(snapshot, "select room_id from graph.comment") == set()


async def test_second_loading_changes_nothing(loaded: Loaded) -> None:
    assert loaded.was_loaded
    assert await load(loaded.migrator, date(2030, 1, 1), lambda detail: None) is False


async def test_there_is_nothing_but_what_the_data_says(loaded: Loaded) -> None:
    expected: dict[str, int] = {}
    for row in directory_rows(region(loaded.today)):
        expected[row.table] = expected.get(row.table, 0) + 1
    admin = await asyncpg.connect(loaded.admin)
    try:
        for table in ("graph.organisation", "graph.forum", "graph.person", "graph.seat", "access.account"):
            assert await admin.fetchval(f"select count(*) from {table}") == expected[table]
        assert await admin.fetchval("select count(*) from graph.consultation") == 19
    finally:
        await admin.close()


async def test_every_room_has_a_door_into_itself(loaded: Loaded) -> None:
    admin = await asyncpg.connect(loaded.admin)
    try:
        missing = await admin.fetchval(
            "select count(*) from graph.room r where not exists (select from graph.door d"
            " where d.from_room = r.id and d.into_room = r.id and d.may_write)"
        )
    finally:
        await admin.close()
    assert missing == 0


async def test_seats_are_recorded_where_the_database_would_have_recorded_them(loaded: Loaded) -> None:
    admin = await asyncpg.connect(loaded.admin)
    try:
        astray = await admin.fetch(
            """select s.id, s.office, s.side, r.purpose from graph.seat s join graph.room r on r.id = s.room_id
                 left join graph.forum f on f.id = s.forum_id
                 join access.office o on o.kind = coalesce(f.kind, 'ORGANISATION') and o.side = s.side and o.office = s.office
                where not (r.purpose = o.home or (o.may_be_public and r.purpose = 'ORGANISATION'))
                   or not (r.forum_id = s.forum_id or (r.forum_id is null and r.organisation_id = s.organisation_id))"""
        )
    finally:
        await admin.close()
    assert astray == []


async def test_audit_chain_is_whole(loaded: Loaded) -> None:
    admin = await asyncpg.connect(loaded.admin)
    try:
        rows = await admin.fetch(
            """select e.*, d.salt, d.detail, access.entry_hash(e.previous_hash, e.room_id, e.sequence, e.act, e.outcome, e.code,
                 e.forum_id, e.side, e.office, e.target_id, e.happened_at, e.commitment) as again
                 from graph.audit_entry e join graph.audit_detail d on d.entry_id = e.id order by e.room_id, e.sequence"""
        )
        heads = await admin.fetch("select * from graph.room_head")
        events = await admin.fetch("select room_id, count(*) as n, max(sequence) as last from graph.event group by 1")
    finally:
        await admin.close()
    last: dict[Any, tuple[int, str]] = {}
    for row in rows:
        sequence, previous = last.get(row["room_id"], (0, ""))
        assert (row["sequence"], row["previous_hash"]) == (sequence + 1, previous)
        assert row["hash"] == row["again"]
        assert row["commitment"] == sha256((row["salt"] + row["detail"]).encode()).hexdigest()
        last[row["room_id"]] = (row["sequence"], row["hash"])
    assert {
        head["room_id"]: (head["audit_sequence"], head["audit_hash"]) for head in heads if head["audit_hash"]
    } == last
    counted = {row["room_id"]: row["n"] for row in events if row["n"] == row["last"]}
    assert counted == {head["room_id"]: head["event_sequence"] for head in heads if head["event_sequence"]}


async def test_rows_for_one_day_are_the_same_again(loaded: Loaded) -> None:
    region.cache_clear()
    assert told(directory_rows(region(loaded.today))) == told(directory_rows(region(loaded.today)))


def told(rows: Iterable[Row]) -> list[str]:
    return [repr(row) for row in rows]
