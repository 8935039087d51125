"""A client that follows the feed alone ends with exactly what it may see, whatever happens in between, and reads nothing of
what it may not see: neither as a row, nor as a number, nor as a longer position (THREATS A11, E12, conclusion 10)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.access.viewer import Doorway, Viewer
from service.db.changes import _TYPES, FOLLOWED, Position, StalePosition, changes_since
from service.demo.shapes import demo_id
from service.resolvers.ids import global_id
from service.resolvers.positions import sealed, unsealed
from tests.delivery.following import Follower, visible
from tests.plugins.service import Person, World

READERS = (
    "management-chair",
    "staff-side-chair",
    "network-member",
    "network-chair",
    "outsider",
    "dual-role",
    "regional-chair",
)
PAGE = "query($s: String) { changes(first: 100, since: $s) { changes { kind nodeId node { id } } cursor more } }"
Admin = asyncpg.Connection


@pytest.fixture(scope="module")
async def doorway(world: World) -> AsyncIterator[Doorway]:
    async with world.doorway() as made:
        yield made


@dataclass
class Troublemaker:
    """Changes anything, in transactions that end in another order than they began, as the superuser."""

    rng: Random
    reader: UUID
    admins: list[Admin]
    rooms: frozenset[UUID]
    open: dict[int, tuple[Any, set[UUID]]] = field(default_factory=dict)
    committed: set[UUID] = field(default_factory=set)

    async def step(self) -> None:
        """One thing, in one of the transactions under way or in one of its own."""
        which = self.rng.randrange(len(self.admins))
        admin = self.admins[which]
        if which not in self.open:
            transaction = admin.transaction()
            await transaction.start()
            self.open[which] = (transaction, set())
        done = self.open[which][1]
        await admin.execute("set local lock_timeout = '20ms'; savepoint step")
        try:
            what = self.rng.choice((self.touch, self.touch, self.copy, self.door, self.shut, self.bar, self.seat))
            done |= await what(admin)
        except asyncpg.LockNotAvailableError:  # another of the transactions holds it
            await admin.execute("rollback to savepoint step")
        if self.rng.random() < 0.5:
            await self.end(which)

    async def end(self, which: int) -> None:
        """Commit one, or take it back."""
        transaction, done = self.open.pop(which)
        if self.rng.random() < 0.85:
            await transaction.commit()
            self.committed |= done
        else:
            await transaction.rollback()

    async def end_all(self) -> None:
        for which in list(self.open):
            await self.end(which)

    async def _one(self, admin: Admin, query: str, *more: Any) -> Any:
        rows = await admin.fetch(query, *more)
        return self.rng.choice(rows) if rows else None

    async def touch(self, admin: Admin) -> set[UUID]:
        table = self.rng.choice(sorted(_TYPES))
        row = await self._one(admin, f"select id from graph.{table} order by id")
        if row is None:
            return set()
        await admin.execute(f"update graph.{table} set room_id = room_id where id = $1", row["id"])
        return {row["id"]}

    async def copy(self, admin: Admin) -> set[UUID]:
        table = self.rng.choice(
            ("comment", "terms_of_reference", "extension", "impact_assessment", "issue_notice", "signpost")
        )
        row, made = await self._one(admin, f"select id from graph.{table} order by id"), uuid4()
        if row is None:
            return set()
        await admin.execute(
            f"insert into graph.{table} select (jsonb_populate_record(t, jsonb_build_object('id', $2::uuid))).* from graph.{table} t where id = $1"
            " on conflict do nothing", row["id"], made)  # fmt: skip
        return {made}

    async def door(self, admin: Admin) -> set[UUID]:
        into = await self._one(admin, "select id from graph.room where purpose <> 'PERSONAL' order by id")
        await admin.execute(
            "insert into graph.door (from_room, into_room, may_write) values ($1, $2, false)"
            " on conflict (into_room, from_room) do update set closes_at = 'infinity'", self.rng.choice(sorted(self.rooms)), into["id"])  # fmt: skip
        return set()

    async def shut(self, admin: Admin) -> set[UUID]:
        door = await self._one(
            admin,
            "select from_room, into_room from graph.door where from_room = any($1) and from_room <> into_room"
            " and closes_at > now() order by 1, 2", sorted(self.rooms))  # fmt: skip
        if door is not None:
            await admin.execute(
                "update graph.door set closes_at = now() where from_room = $1 and into_room = $2", *door.values()
            )
        return set()

    async def bar(self, admin: Admin) -> set[UUID]:
        if self.rng.random() < 0.6:
            return set()
        room = await self._one(admin, "select step_room as id from graph.issue_notice union select step_room from graph.step_note"
            " union select step_room from graph.agenda_item union select case_room from graph.consultation order by 1")  # fmt: skip
        await admin.execute(
            "insert into graph.bar (person_id, room_id, reason) values ($1, $2, $3) on conflict do nothing",
            self.reader, room["id"], self.rng.choice(("", "an interest")))  # fmt: skip
        return set()

    async def seat(self, admin: Admin) -> set[UUID]:
        seat = await self._one(
            admin, "select id, ends_at from graph.seat where person_id = $1 order by id", self.reader
        )
        until = self.rng.choice(("now()", "'infinity'", "'infinity'"))
        await admin.execute(f"update graph.seat set ends_at = {until} where id = $1", seat["id"])
        return {seat["id"]}


async def test_a_change_that_was_begun_early_and_committed_late_is_told(world: World, doorway: Doorway) -> None:
    follower = Follower(doorway, Viewer(demo_id("account", "network-member"), merge=True))
    await follower.catch_up()
    async with world.admin() as early, world.admin() as late:
        rows = sorted(follower.things)
        comments = await early.fetch("select id from graph.comment where id = any($1) order by id limit 2", rows)
        first, second = (row["id"] for row in comments)
        begun = early.transaction()
        await begun.start()
        await early.execute("update graph.comment set room_id = room_id where id = $1", first)
        await late.execute("update graph.comment set room_id = room_id where id = $1", second)
        follower.told.clear()
        await follower.catch_up()
        assert follower.told == {second}, "nothing is told before it is committed"
        await begun.commit()
        await follower.catch_up()
        assert follower.told == {first, second}


@given(st.integers(0, 2**32), st.sampled_from(READERS))
@settings(max_examples=15)
async def test_whoever_follows_the_feed_alone_ends_with_exactly_what_they_may_see(
    world: World, doorway: Doorway, seed: int, subject: str
) -> None:
    rng, viewer = Random(seed), Viewer(demo_id("account", subject), merge=True)
    follower = Follower(doorway, viewer)
    async with AsyncExitStack() as stack:
        admins = [await stack.enter_async_context(world.admin()) for _ in range(3)]
        # whatever was done is taken back at the end, but for the ends of seats that an earlier run left
        await admins[0].execute(
            "update graph.seat set ends_at = 'infinity' where person_id = $1", demo_id("person", subject)
        )
        async with doorway.reading(viewer) as snapshot:
            start = (await Position.now(snapshot)).rooms - {demo_id("person", subject)}
        trouble = Troublemaker(rng, demo_id("person", subject), admins, start)
        if rng.random() < 0.8:
            await follower.catch_up()
        for _ in range(rng.randint(1, 12)):
            await trouble.step()
            if rng.random() < 0.4:
                await follower.read(rng.choice((1, 3, 20, 100)))
        await trouble.end_all()
        late = trouble.committed
        await follower.catch_up(rng.choice((7, 100)))
        async with doorway.reading(viewer) as snapshot:
            truth = await visible(snapshot)
        differing = follower.things ^ truth
        assert not differing, [
            (table, row["id"], row["id"] in truth)
            for table in _TYPES
            for row in await admins[0].fetch(f"select id from graph.{table} where id = any($1)", list(differing))
        ]
        assert late & truth <= follower.told
        follower.told.clear()
        await follower.catch_up()
        assert follower.told == set(), "what was told once is not told again unless it changed"


async def test_what_happens_where_a_reader_may_not_look_moves_nothing_of_their_feed(
    world: World, doorway: Doorway
) -> None:
    """Not a change, not a page more, not a byte of the position's length."""
    person = world.as_("management-chair")
    viewer = Viewer(demo_id("account", "management-chair"))
    cursor, told = await _to_the_end(person)
    assert told
    async with world.admin() as admin, doorway.reading(viewer) as snapshot:
        opened = list((await Position.now(snapshot)).rooms)
        touched = 0
        for table in _TYPES:
            done = await admin.execute(f"update graph.{table} set room_id = room_id where room_id <> all($1)", opened)
            touched += int(done.split()[1])
        assert touched > 1000
    mine = await _of_ones_own(world, "management-chair")
    later, more = await _to_the_end(person, cursor)
    # one's own seats lie in rooms of others: that they were touched is news
    assert {change["node"]["id"] for change in more} <= mine
    assert len(later) == len(cursor)


async def _of_ones_own(world: World, subject: str) -> set[str]:
    """The ids of somebody's own seats and requests."""
    async with world.admin() as admin:
        person = demo_id("person", subject)
        seats = await admin.fetch("select id from graph.seat where person_id = $1", person)
        asked = await admin.fetch("select id from graph.membership_request where person_id = $1", person)
    return {global_id("Seat", row["id"]) for row in seats} | {
        global_id("MembershipRequest", row["id"]) for row in asked
    }


async def _to_the_end(person: Person, cursor: str | None = None) -> tuple[str, list[dict[str, Any]]]:
    told: list[dict[str, Any]] = []
    while True:
        page = (await person.ask(PAGE, s=cursor)).data["changes"]
        told += page["changes"]
        cursor = page["cursor"]
        assert cursor is not None
        if not page["more"]:
            return cursor, told


async def test_no_position_serves_anybody_else_or_says_what_it_holds(world: World, doorway: Doorway) -> None:
    chair = world.as_("management-chair")
    cursor, _ = await _to_the_end(chair)
    dual = world.as_("dual-role").acting_as("all")
    theirs, _ = await _to_the_end(dual)
    for person, shown in (
        (world.as_("staff-side-chair"), cursor),
        (dual.acting_as(None), theirs),
        (chair, cursor[:-4] + ("AAAA" if cursor[-4:] != "AAAA" else "BBBB")),
        (chair, cursor[40:]),
        (chair, ""),
        (chair, "not a cursor at all ☃"),
        (chair, "A" * 200_001),
    ):
        refused = await person.ask(PAGE, s=shown)
        assert refused.fault == "BAD_REQUEST"
        assert refused.body["errors"][0]["extensions"]["field"] == ["since"]
    for first in (0, -1, 101):
        assert (await chair.ask("query($n: Int!) { changes(first: $n) { more } }", n=first)).fault == "BAD_REQUEST"
    async with doorway.reading(Viewer(demo_id("account", "management-chair"))) as snapshot:
        position = await Position.now(snapshot)
    key, viewer = b"k" * 32, Viewer(demo_id("account", "management-chair"))
    twice = [sealed(key, viewer, position) for _ in range(2)]
    assert twice[0] != twice[1]
    assert [unsealed(key, viewer, each) for each in twice] == [position, position]


async def test_a_position_from_before_a_restore_is_refused_and_not_misread(doorway: Doorway) -> None:
    async with doorway.reading(Viewer(demo_id("account", "management-chair"))) as snapshot:
        position = await Position.now(snapshot)
        elsewhere = Position("another database", position.seen, position.rooms)
        with pytest.raises(StalePosition):
            await changes_since(snapshot, doorway, elsewhere, 10)


async def test_the_feed_follows_every_type_that_has_an_id_and_lives_in_a_room(world: World) -> None:
    async with world.admin() as admin:
        followed = {row["relname"] for row in await admin.fetch(
            "select distinct c.relname from pg_trigger g join pg_class c on c.oid = g.tgrelid where g.tgname like 'follow\\_%'")}  # fmt: skip
        inside = {row["relname"] for row in await admin.fetch(
            "select c.relname from pg_attribute a join pg_class c on c.oid = a.attrelid where a.attname = 'room_id'"
            " and c.relnamespace = 'graph'::regnamespace and c.relkind = 'r'")}  # fmt: skip
    assert set(_TYPES) <= followed
    # what nobody reads in the graph: counters, keys, events, the bars by office that only functions read, and what is sent
    assert inside - followed == {"room_head", "event", "idempotency", "bar_office", "webhook_delivery"}
    assert {"Consultation", "Issue", "Seat", "ReportVersion"} <= FOLLOWED
