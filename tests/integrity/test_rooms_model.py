"""Rooms, seats, doors and bars against a model: a plain dictionary of who holds what, written from DESIGN section 3.

The model never asks the service's own tables of offices. After every action somebody enters in some capacity, and sees
exactly the marker rows of the rooms that the model opens to them, and may write where it says: nothing more, nothing less.
Time passes by moving everything dated into the past, because the database's own clock is the judge.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from service.access.pool import open_pool
from service.access.viewer import Doorway, Snapshot, UnknownSeat, Viewer
from service.db.migration import upgrade
from service.embedded import EmbeddedPostgres
from service.settings import read_settings
from tests.plugins.service import SECRET, copied, drop

FOR_EVER = 10**6
HOURS = st.sampled_from([-2, 0, 1, 3, FOR_EVER])
# office: kind of body, side, rooms of the body that it opens, where the seat is recorded, whose room grants it
OFFICES = {
    "management chair": ("jnc", "MANAGEMENT", "CHAIR", {"JOINT", "MANAGEMENT_SIDE"}, "ORGANISATION", {"MANAGEMENT_SIDE", "WORKFORCE"}),
    "management member": ("jnc", "MANAGEMENT", "MEMBER", {"JOINT", "MANAGEMENT_SIDE"}, "JOINT", {"MANAGEMENT_SIDE", "WORKFORCE"}),
    "staff chair": ("jnc", "STAFF", "CHAIR", {"JOINT", "STAFF_SIDE"}, "ORGANISATION", {"STAFF_SIDE"}),
    "staff member": ("jnc", "STAFF", "MEMBER", {"JOINT", "STAFF_SIDE"}, "JOINT", {"STAFF_SIDE"}),
    "secretariat": ("jnc", "NONE", "SECRETARIAT", {"JOINT"}, "ORGANISATION", {"MANAGEMENT_SIDE", "WORKFORCE"}),
    "observer": ("jnc", "STAFF", "OBSERVER", set(), "JOINT", {"STAFF_SIDE"}),
    "network chair": ("net", "NETWORK", "CHAIR", {"MEMBERS", "OFFICERS"}, "MEMBERS", {"OFFICERS"}),
    "network member": ("net", "NETWORK", "MEMBER", {"MEMBERS"}, "OFFICERS", {"OFFICERS"}),
    "sponsor": ("net", "MANAGEMENT", "SPONSOR", set(), "ORGANISATION", {"OFFICERS"}),
    "employee": ("org", "NONE", "EMPLOYEE", set(), "WORKFORCE", {"WORKFORCE"}),
    "hr system": ("org", "NONE", "SERVICE", {"WORKFORCE"}, "WORKFORCE", set()),
}  # fmt: skip
KINDS = {"jnc": "JOINT_NEGOTIATING_COMMITTEE", "net": "STAFF_NETWORK"}
ROOMS = {
    "org": ("ORGANISATION", "WORKFORCE"),
    "jnc": ("JOINT", "MANAGEMENT_SIDE", "STAFF_SIDE"),
    "net": ("MEMBERS", "OFFICERS"),
}
PEOPLE = ("ann", "bob", "cyd", "dee")
FIRST = (("ann", "management chair"), ("bob", "staff chair"), ("cyd", "network chair"), ("dee", "hr system"))
CASE = "a case"


@dataclass
class Seat:
    person: str
    office: str
    starts: int
    ends: int

    @property
    def body(self) -> str:
        return OFFICES[self.office][0]


@dataclass
class Door:
    into: UUID
    opener: UUID
    may_write: bool
    opens: int = -FOR_EVER
    closes: int = FOR_EVER


@dataclass
class Service:
    """The database under test and the two ways to it."""

    runner: asyncio.Runner
    doorway: Doorway
    admin: Any
    mistake: str = ""


SERVICE: list[Service] = []
TRIED: Counter[tuple[str, bool]] = Counter()
FUNCTIONS = ("seat_grant", "seat_end", "open_case", "admit", "recuse")


@pytest.fixture(scope="module", autouse=True)
def empty_database(postgres_server: EmbeddedPostgres) -> Iterator[None]:
    """A migrated database without the demo, and its own event loop, as the state machine is not asynchronous."""
    name = f"rooms_{uuid4().hex}"
    given = read_settings(database_url="postgresql://x@/x", secret=SECRET)
    with asyncio.Runner() as runner:

        async def begin() -> Service:
            await copied(postgres_server, name, "template0")
            await upgrade(postgres_server.url("partnership_migrator", name), proof_key=given.proof_key)
            pool = await open_pool(postgres_server.url("partnership_app", name), size=2, statement_seconds=5)
            admin = await asyncpg.connect(postgres_server.admin_url(name))
            return Service(runner, Doorway(pool, given.proof_key), admin)

        service = runner.run(begin())
        SERVICE.append(service)
        yield
        SERVICE.clear()
        runner.run(service.admin.close())
        runner.run(service.doorway.pool.close())
        runner.run(drop(postgres_server, name))


class Rooms(RuleBasedStateMachine):
    """One small trust, and everything that opens and closes its rooms."""

    def __init__(self) -> None:
        super().__init__()
        self.service = SERVICE[0]
        self.now = 0
        self.rooms: dict[tuple[str, str], UUID] = {}
        self.bodies: dict[str, UUID] = {}
        self.purposes: dict[UUID, str] = {}
        self.doors: dict[tuple[UUID, UUID], Door] = {}
        self.seats: dict[UUID, Seat] = {}
        self.personal: dict[UUID, UUID] = {}
        self.people: dict[str, UUID] = {}
        self.accounts: dict[str, UUID] = {}
        self.bars: set[tuple[str, UUID]] = set()
        self.matters: dict[UUID, UUID] = {}

    def run(self, doing: Any) -> Any:
        return self.service.runner.run(doing)

    # -- the world as it begins

    @initialize()
    def a_trust_with_two_bodies(self) -> None:
        self.run(self._found())

    async def _found(self) -> None:
        admin = self.service.admin
        self.bodies = {name: uuid4() for name in ("org", "jnc", "net")}
        trust = self.bodies["org"]
        await admin.execute("insert into graph.organisation (id, kind, name) values ($1, 'TRUST', 'A trust')", trust)
        async with admin.transaction():
            for body, purposes in ROOMS.items():
                for purpose in purposes:
                    room = self.rooms[body, purpose] = uuid4()
                    forum = None if body == "org" else self.bodies[body]
                    await admin.execute(
                        "insert into graph.room (id, purpose, organisation_id, forum_id) values ($1, $2, $3, $4)",
                        room, purpose, trust if forum is None else None, forum,
                    )  # fmt: skip
                    await self._new_room(room, purpose, self_door=True)
            for body, kind in KINDS.items():
                entry = self.rooms["org", "ORGANISATION"]
                await admin.execute(
                    "insert into graph.forum (id, room_id, organisation_id, kind, local_name) values ($1, $2, $3, $4, $5)",
                    self.bodies[body], entry, trust, kind, body,
                )  # fmt: skip
                await admin.execute(
                    "insert into graph.forum_organisation (forum_id, room_id, organisation_id) values ($1, $2, $3)",
                    self.bodies[body], entry, trust,
                )  # fmt: skip
        for name in PEOPLE:
            self.people[name], self.accounts[name] = uuid4(), uuid4()
            await admin.execute("insert into graph.person (id, display_name) values ($1, $2)", self.people[name], name)
            await admin.execute(
                "insert into access.account (id, issuer, subject, person_id) values ($1, 'i', $2, $3)",
                self.accounts[name], str(self.accounts[name]), self.people[name],
            )  # fmt: skip
        for name, office in FIRST:
            await self._seated(name, office)

    async def _seated(self, name: str, office: str) -> None:
        body, side, word, _, home, _ = OFFICES[office]
        seat, personal = uuid4(), uuid4()
        await self.service.admin.execute("insert into graph.room (id, purpose) values ($1, 'PERSONAL')", personal)
        await self._new_room(personal, "PERSONAL", self_door=True)
        await self.service.admin.execute(
            "insert into graph.seat (id, room_id, forum_id, organisation_id, person_id, office, side, personal_room)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8)",
            seat, self._room_of(body, home), None if body == "org" else self.bodies[body], self.bodies["org"],
            self.people[name], word, side, personal,
        )  # fmt: skip
        self.seats[seat], self.personal[seat] = Seat(name, office, -FOR_EVER, FOR_EVER), personal

    async def _new_room(self, room: UUID, purpose: str, *, self_door: bool) -> None:
        """A room's marker row; and its door into itself, where no function of the service makes it."""
        self.purposes[room] = purpose
        self.doors[room, room] = Door(room, room, may_write=True)
        if self_door:
            await self.service.admin.execute(
                "insert into graph.door (from_room, into_room, may_write) values ($1, $1, true)", room
            )
        await self.service.admin.execute(
            "insert into graph.event (id, room_id, sequence, type, happened_at) values ($1, $2, 1, 'marker', now())",
            uuid4(), room,
        )  # fmt: skip

    def _room_of(self, body: str, purpose: str) -> UUID:
        return self.rooms[body, purpose] if (body, purpose) in self.rooms else self.rooms["org", purpose]

    # -- the model

    def held(self, name: str) -> list[UUID]:
        return [key for key, seat in self.seats.items() if seat.person == name and seat.starts <= self.now < seat.ends]

    def direct(self, seat: UUID) -> set[UUID]:
        holder = self.seats[seat]
        if seat not in self.held(holder.person):
            return set()
        opened = {self.rooms[holder.body, purpose] for purpose in OFFICES[holder.office][3]}
        return {self.personal[seat], self.rooms["org", "ORGANISATION"], *opened}

    def chosen(self, name: str, seat: UUID | None, *, merge: bool) -> list[UUID] | None:
        """The seats entered in; None for no capacity."""
        held = self.held(name)
        if seat is not None:
            return [seat] if seat in held else None
        if merge:
            return held or None
        offices = [each for each in held if self.seats[each].office != "employee"]
        if len(offices) == 1:
            return offices
        return held if len(held) == 1 else None

    def starting(self, name: str, seat: UUID | None, *, merge: bool) -> set[UUID]:
        chosen = self.chosen(name, seat, merge=merge)
        if chosen is not None:
            return set().union(*(self.direct(each) for each in chosen))
        return {self.rooms["org", "ORGANISATION"]} if self.held(name) and seat is None else set()

    def visible(self, name: str, seat: UUID | None, *, merge: bool) -> dict[UUID, bool]:
        """The rooms that stand open, and whether one may write there."""
        starting, found = self.starting(name, seat, merge=merge), {}
        for door in self.doors.values():
            if door.opener in starting and door.opens <= self.now < door.closes and (name, door.into) not in self.bars:
                found[door.into] = found.get(door.into, False) or door.may_write
        return found

    # -- what may happen

    @rule(
        by=st.integers(0),
        to=st.sampled_from(PEOPLE),
        office=st.sampled_from([*OFFICES]),
        starts=st.sampled_from([0, 2]),
        lasts=HOURS,
    )
    def a_seat_is_granted(self, by: int, to: str, office: str, starts: int, lasts: int) -> None:
        seat, name = self._some_seat(by)
        office = self._likely(seat, office) if by % 4 else office
        body, side, word, _, _, granters = OFFICES[office]
        opens = self.visible(name, seat, merge=False)
        granting = {self._room_of(body, purpose) for purpose in granters}
        known = any(
            self._room_of(each.body, OFFICES[each.office][4]) in opens
            for each in self.seats.values()
            if each.person == to
        )
        allowed = bool(granting & self.direct(seat)) and self.rooms["org", "ORGANISATION"] in opens and known
        made, personal = uuid4(), uuid4()
        until = starts + max(lasts, 1)
        done = self._try(
            name, seat, "select access.seat_grant($1, $2, $3, $4, $5, $6, $7, null, null, null, false, now() + $8::interval, $9)",
            made, personal, None if body == "org" else self.bodies[body], self.bodies["org"], self.people[to], side, word,
            timedelta(hours=starts), until,
        )  # fmt: skip
        assert done == allowed, (name, self.seats[seat].office, "granting", office, "to", to)
        if done:
            self.seats[made] = Seat(to, office, self.now + starts, self.now + until if until < FOR_EVER else FOR_EVER)
            self.personal[made] = personal
            self.run(self._new_room(personal, "PERSONAL", self_door=False))

    @rule(by=st.integers(0), which=st.integers(0), hours=st.sampled_from([0, 2]))
    def a_seat_is_ended(self, by: int, which: int, hours: int) -> None:
        seat, name = self._some_seat(by)
        ended = list(self.seats)[which % len(self.seats)]
        holder = self.seats[ended]
        body, _, _, _, home, granters = OFFICES[holder.office]
        granting = {self._room_of(body, purpose) for purpose in granters} & self.direct(seat)
        sees = self._room_of(body, home) in self.visible(name, seat, merge=False)
        own = seat in self.held(name) and holder.person == name and holder.office != "employee"
        allowed = own or (sees and bool(granting))
        done = self._try(name, seat, "select access.seat_end($1, now() + $2::interval)", ended, timedelta(hours=hours))
        assert done == allowed
        if done:
            holder.ends = min(holder.ends, self.now + hours)

    @rule(by=st.integers(0), own=st.integers(0), beside=st.integers(0))
    def a_case_is_opened(self, by: int, own: int, beside: int) -> None:
        seat, name = self._some_seat(by)
        opener = list(self.purposes)[own % len(self.purposes)]
        other = None if beside % 2 else list(self.purposes)[beside % len(self.purposes)]
        allowed = opener in self.direct(seat) and (other is None or other in self.visible(name, seat, merge=False))
        room = uuid4()
        done = self._try(name, seat, "select access.open_case($1, $2, $3)", room, opener, other)
        assert done == allowed
        if done:
            self.run(self._new_room(room, CASE, self_door=False))
            self.doors[opener, room] = Door(room, opener, may_write=True)
            self.bars |= {(person, room) for person, barred in self.bars if barred == other}
            self.run(self._matter(room))

    async def _matter(self, room: UUID) -> None:
        """A consultation whose papers the case holds, so that people can step back from it."""
        self.matters[room] = uuid4()
        await self.service.admin.execute(
            "insert into graph.consultation (id, room_id, case_room, forum_id, forum_room, kind, title, summary,"
            " drafted_by_side, drafted_by_office) values ($1, $2, $2, $3, $4, 'POLICY', '', '', '', '')",
            self.matters[room], room, self.bodies["jnc"], self.rooms["org", "ORGANISATION"],
        )  # fmt: skip

    @rule(
        by=st.integers(0),
        into=st.integers(0),
        body=st.sampled_from(["jnc", "net"]),
        purpose=st.sampled_from(["JOINT", "MANAGEMENT_SIDE", "STAFF_SIDE", "MEMBERS", "OFFICERS"]),
        may_write=st.booleans(),
    )
    def a_body_is_admitted(self, by: int, into: int, body: str, purpose: str, may_write: bool) -> None:
        rooms = list(self.matters if self.matters and into % 3 else self.purposes)
        room = rooms[into % len(rooms)]
        seat, name = self._some_seat(by, room)
        opens = self.visible(name, seat, merge=False)
        allowed = (
            (body, purpose) in self.rooms
            and self.rooms["org", "ORGANISATION"] in opens
            and opens.get(room, False)
            and self.purposes[room] == CASE
        )
        done = self._try(name, seat, "select access.admit($1, $2, $3, $4)", room, self.bodies[body], purpose, may_write)
        assert done == allowed
        if done:
            door = self.doors.setdefault(
                (self.rooms[body, purpose], room), Door(room, self.rooms[body, purpose], may_write)
            )
            door.may_write = door.may_write or may_write

    @precondition(lambda self: self.matters)
    @rule(by=st.integers(0), which=st.integers(0))
    def somebody_steps_back(self, by: int, which: int) -> None:
        seat, name = self._some_seat(by)
        room = list(self.matters)[which % len(self.matters)]
        done = self._try(name, seat, "select access.recuse($1, 'An interest.')", self.matters[room])
        assert done == (room in self.visible(name, seat, merge=False))
        if done:
            self.bars.add((name, room))

    @rule(name=st.sampled_from(PEOPLE), which=st.integers(0))
    def somebody_is_barred(self, name: str, which: int) -> None:
        room = list(self.purposes)[which % len(self.purposes)]
        self.run(self.service.admin.execute(
            "insert into graph.bar (person_id, room_id, reason) values ($1, $2, '') on conflict do nothing", self.people[name], room
        ))  # fmt: skip
        self.bars.add((name, room))

    @rule(which=st.integers(0), opens=st.sampled_from([-FOR_EVER, 0, 2]), closes=HOURS)
    def a_door_is_dated(self, which: int, opens: int, closes: int) -> None:
        door = list(self.doors.values())[which % len(self.doors)]
        door.opens = opens if opens == -FOR_EVER else self.now + opens
        door.closes = closes if closes == FOR_EVER else self.now + closes
        self.run(self.service.admin.execute(
            "update graph.door set opens_at = $3::timestamptz, closes_at = $4::timestamptz where into_room = $1 and from_room = $2",
            door.into, door.opener, self._moment(opens), self._moment(closes),
        ))  # fmt: skip

    def _moment(self, hours: int) -> Any:
        now = self.run(self.service.admin.fetchval("select now()"))
        if abs(hours) == FOR_EVER:
            return now.replace(year=9000 if hours > 0 else 1000)
        return now + timedelta(hours=hours)

    @rule(hours=st.sampled_from([1, 2, 3]))
    def time_passes(self, hours: int) -> None:
        self.now += hours
        self.run(self._shift(timedelta(hours=hours)))

    async def _shift(self, by: timedelta) -> None:
        people, rooms = list(self.people.values()), list(self.purposes)
        await self.service.admin.execute(
            "update graph.seat set starts_at = starts_at - $1::interval, ends_at = ends_at - $1::interval where person_id = any ($2)", by, people
        )  # fmt: skip
        await self.service.admin.execute(
            "update graph.door set opens_at = opens_at - $1::interval, closes_at = closes_at - $1::interval where into_room = any ($2)", by, rooms
        )  # fmt: skip

    def _likely(self, seat: UUID, office: str) -> str:
        """An office that the seat can grant, the first after the given one; the given one where there is none."""
        names = [*OFFICES]
        turned = names[names.index(office) :] + names[: names.index(office)]
        own = self.direct(seat)
        return next(
            (each for each in turned if any(self._room_of(OFFICES[each][0], p) in own for p in OFFICES[each][5])),
            office,
        )

    def _some_seat(self, number: int, writing: UUID | None = None) -> tuple[UUID, str]:
        """A seat that somebody holds now, and who; every other time one that can write in a room; else the HR system's."""
        held = [key for key, seat in self.seats.items() if seat.starts <= self.now < seat.ends]
        if writing is not None and number % 2:
            held = [key for key in held if self._opens(key).get(writing)] or held
        seat = (held or [next(iter(self.seats))])[number % max(len(held), 1)]
        return seat, self.seats[seat].person

    def _opens(self, seat: UUID) -> dict[UUID, bool]:
        return self.visible(self.seats[seat].person, seat, merge=False)

    def _try(self, name: str, seat: UUID, function: str, *arguments: Any) -> bool:
        """Call a definer function in a capacity, and commit; whether it did not refuse."""
        done = bool(self.run(self._call(name, seat, function, *arguments)))
        TRIED[next(word for word in FUNCTIONS if f"access.{word}(" in function), done] += 1
        return done

    async def _call(self, name: str, seat: UUID, function: str, *arguments: Any) -> bool:
        async def within(snapshot: Snapshot) -> None:
            said = list(arguments)
            if "seat_grant" in function:
                hours = said.pop()
                end = None if hours >= FOR_EVER else snapshot.moment + timedelta(hours=hours)
                said.append(end or snapshot.moment.replace(year=9000))
            await snapshot.call(function, *said)

        try:
            async with self.service.doorway.acting(Viewer(self.accounts[name], seat)) as snapshot:
                await within(snapshot)
                await snapshot.connection.execute("commit")
        except (asyncpg.InvalidAuthorizationSpecificationError, UnknownSeat):
            return False
        return True

    # -- what must hold

    @invariant()
    def everybody_sees_what_the_model_opens_to_them(self) -> None:
        if not self.seats:
            return
        turn = self.now + len(self.doors) + len(self.seats) + len(self.bars)
        name = PEOPLE[turn % len(PEOPLE)]
        self._check(name)

    def teardown(self) -> None:
        for name in PEOPLE if self.seats else ():
            self._check(name)

    def _check(self, name: str) -> None:
        own = [key for key, seat in self.seats.items() if seat.person == name]
        foreign = [key for key, seat in self.seats.items() if seat.person != name][:1]
        for seat, merge in [(None, False), (None, True), *((each, False) for each in (*own, *foreign))]:
            expected = self.visible(name, seat, merge=merge)
            found = self.run(self._seen(name, seat, merge=merge))
            assert found == expected, (name, seat and self.seats[seat], merge)

    async def _seen(self, name: str, seat: UUID | None, *, merge: bool) -> dict[UUID, bool]:
        """The rooms whose marker rows come back, with whether the doors into them let one write."""
        try:
            async with self.service.doorway.reading(Viewer(self.accounts[name], seat, merge)) as snapshot:
                rows = await snapshot.call("select room_id from graph.event where type = 'marker'")
                doors = await snapshot.call("select into_room, bool_or(may_write) as w from graph.door group by 1")
                rooms = await snapshot.call("select id from graph.room")
        except UnknownSeat:
            return {}
        markers = [row["room_id"] for row in rows]
        assert len(markers) == len(set(markers))
        assert {row["id"] for row in rooms} == {row["into_room"] for row in doors} == set(markers)
        return {row["into_room"]: row["w"] for row in doors}


@pytest.mark.parametrize(("examples", "steps"), [(100, 25), pytest.param(500, 50, marks=pytest.mark.deep, id="deep")])
def test_nobody_ever_sees_a_room_that_no_door_opens_to_them(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Rooms,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=examples < 500, database=None,
            suppress_health_check=list(HealthCheck), print_blob=False,
        ),
    )  # fmt: skip
    assert all(TRIED[word, done] for word in FUNCTIONS for done in (True, False)), TRIED


def test_the_model_notices_a_wall_that_was_opened() -> None:
    """The same machine must fail where a policy lets everybody through: else it proves nothing."""
    service = SERVICE[0]
    service.runner.run(
        service.admin.execute("create policy leak on graph.event for select to partnership_app using (true)")
    )
    try:
        with pytest.raises(AssertionError):
            run_state_machine_as_test(
                Rooms,
                settings=settings(
                    max_examples=2, stateful_step_count=5, deadline=None, derandomize=True, database=None,
                    suppress_health_check=list(HealthCheck), print_blob=False, report_multiple_bugs=False,
                ),
            )  # fmt: skip
    finally:
        service.runner.run(service.admin.execute("drop policy leak on graph.event"))
