"""A scratch database for attackers who can run any SQL as partnership_app (THREATS D3).

`Ground.entered` begins a transaction as somebody of the demo, as the service does; what happens in it is rolled back.
Nothing here goes through the service's own statements: the walls must hold without them.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

from service.access.proofs import enter_proof, now_micros
from service.demo.rows import room_id
from service.demo.shapes import demo_id, seat_key
from service.embedded import EmbeddedPostgres
from service.identity.demo import ISSUER
from service.rules.bodies import Office, Purpose, Side

Connection = asyncpg.Connection
APP = "partnership_app"
OTHER_ISSUER = "https://another-issuer.invalid"
REFUSED = "28000"
NOT_ALLOWED = "42501"
PUBLIC = frozenset(
    {
        "graph.organisation", "graph.organisation_succession", "graph.report_definition", "graph.metric", "graph.region_member", "access.office",
        "access.route", "access.theme_threshold",
    }
)  # fmt: skip
SECRET = frozenset(
    {
        "access.account",
        "access.secret",
        "access.own_sign_in_code",
        "access.release_taken",
        "access.change",
        "access.webhook_turn",
        "access.passed",
        "access.scheduler",
        "access.release_turn",
        "access.mail_preference",
        "access.mail_told",
        "access.mail_outgoing",
        "access.calendar_address",
    }
)
UNREAD = SECRET | {"graph.room_head", "graph.bar_office"}
"""What nobody but the definer functions reads."""
UNWALLED = frozenset({"graph.alembic_version"})
FILLERS = {
    "uuid": "gen_random_uuid()",
    "text": "'x'",
    "integer": "1",
    "bigint": "1",
    "boolean": "false",
    "date": "current_date",
    "timestamp with time zone": "now()",
    "jsonb": "'[]'::jsonb",
    "ARRAY": "'{}'",
    "bytea": "'x'::bytea",
    "xid8": "'3'::xid8",
    "numeric": "1",
    "character varying": "'x'",
}

MANAGEMENT_CHAIR = seat_key("RTD", "jnc", Side.MANAGEMENT, Office.CHAIR, "jnc management chair")
STAFF_CHAIR = seat_key("RTD", "jnc", Side.STAFF, Office.CHAIR, "jnc staff chair")
NETWORK_CHAIR = seat_key("RTD", "race", Side.NETWORK, Office.CHAIR, "race chair")
NETWORK_MEMBER = seat_key("RTD", "race", Side.NETWORK, Office.MEMBER, "race member 1")
SERVICE = seat_key("RTD", None, Side.NONE, Office.SERVICE, "hr system")
OUTSIDER = seat_key("RR7", None, Side.NONE, Office.EMPLOYEE, "employee 1")
GUEST = seat_key("RR7", None, Side.NONE, Office.EMPLOYEE, "employee 2")
GUEST_SUBJECT_ROLE = "employee 2"
POLICY = "RTD/flexible-working"


def seat(key: str) -> UUID:
    """The id of a demo seat."""
    return demo_id("seat", key)


VOICED: Mapping[str, tuple[str, ...]] = {
    "graph.signature": ("side", "office", "forum_id"),
    "graph.response": ("side", "office", "forum_id"),
    "graph.disagreement": ("side", "office"),
    "graph.outcome": ("side", "office"),
    "graph.step_message": ("side", "office"),
    "graph.step_note": ("side", "office"),
    "graph.agenda_item": ("placed_by_side", "placed_by_office", "forum_id"),
    "graph.theme_offer": ("offered_by_side", "offered_by_office", "forum_id"),
    "graph.theme_signature": ("side", "office", "forum_id"),
    "graph.theme_answer": ("side", "office"),
    "graph.report_sign_off": ("side", "office", "forum_id"),
    "graph.report_answer": ("side", "office", "forum_id"),
    "graph.report_version": ("side", "office"),
}
"""What is said in the name of a side and an office, and of a body where it says so: each must be the acting seat's own."""
SEATS_OWN = ("side", "office", "forum_id")
OWN_VOICE = "(select s.{} from graph.seat s where s.id = access.seat())"


def account(subject: str) -> UUID:
    """The id of a demo account."""
    return demo_id("account", subject)


def personal(key: str) -> UUID:
    """A seat's own room."""
    return room_id(key, Purpose.PERSONAL)


def forum(key: str) -> UUID:
    """The id of a demo body."""
    return demo_id("forum", key)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    type: str
    may_read: bool
    may_insert: bool
    may_update: bool

    @property
    def filler(self) -> str:
        """Some value, as SQL."""
        return FILLERS[self.type]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the service's schemas and what partnership_app may do with it."""

    name: str
    columns: tuple[Column, ...]
    may_read: bool
    may_insert: bool

    @property
    def has_room(self) -> bool:
        """Whether its rows live in rooms."""
        return any(column.name == "room_id" for column in self.columns)

    @property
    def targets(self) -> tuple[str, ...]:
        """The columns that name another room."""
        return tuple(
            c.name for c in self.columns if c.type == "uuid" and c.name != "room_id" and c.name.endswith("_room")
        )

    def insert(self, **given: str) -> str:
        """An insert of one row of fillers, but for the columns given as SQL."""
        columns = [column for column in self.columns if column.may_insert]
        if self.name in VOICED:
            own = zip(VOICED[self.name], SEATS_OWN, strict=False)
            given = {name: OWN_VOICE.format(seats) for name, seats in own} | given
        values = ", ".join(given.get(column.name, column.filler) for column in columns)
        return f"insert into {self.name} ({', '.join(column.name for column in columns)}) values ({values})"


class Entered:
    """A transaction as somebody: what any SQL does in it, without letting an error end it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def state(self, sql: str, *arguments: Any) -> str:
        """What came of it: the SQLSTATE, or the command's own status; undone either way."""
        return (await self.said(sql, *arguments))[0]

    async def said(self, sql: str, *arguments: Any) -> tuple[str, str]:
        """The SQLSTATE and everything the error says, or the status and nothing; undone either way."""
        await self.connection.execute("savepoint attack")
        try:
            if arguments:
                status = f"ok {await self.connection.fetchval(sql, *arguments)}"
            else:
                status = await self.connection.execute(sql)
        except asyncpg.PostgresError as error:
            found = (error.sqlstate, f"{error} {error.as_dict()}")
        else:
            found = (status, "")
        await self.connection.execute("rollback to savepoint attack")
        return found

    async def count(self, table: str, where: str = "true", *arguments: Any) -> int:
        """How many rows it shows."""
        found: int = await self.connection.fetchval(f"select count(*) from {table} where {where}", *arguments)
        return found

    async def rooms(self) -> set[UUID]:
        """The rooms entered directly."""
        return set(await self.connection.fetchval("select access.rooms()"))

    async def ids(self, table: str) -> set[Any]:
        """The first column of every row it shows."""
        return {row[0] for row in await self.connection.fetch(f"select * from {table}")}


@dataclass
class Ground:
    """One scratch database. `admin` is the superuser's connection, `app` the attacker's, `other` a second backend's."""

    server: EmbeddedPostgres
    name: str
    key: bytes
    admin: Connection
    app: Connection
    other: Connection
    tables: tuple[Table, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        """One table by its name."""
        return next(table for table in self.tables if table.name == name)

    async def enter(
        self, connection: Connection, subject: str, key: str | None = None, *, merge: bool = False, at: int = 0
    ) -> Any:
        """Enter the open transaction as the service would; `at` microseconds ago."""
        made, who, chosen = now_micros() - at, account(subject), None if key is None else seat(key)
        proof = enter_proof(self.key, who, chosen, merge, connection.get_server_pid(), made)
        return await connection.fetchrow(
            "select * from access.enter($1, $2, $3, $4, $5)", who, chosen, merge, made, proof
        )

    @asynccontextmanager
    async def nobody(self) -> AsyncIterator[Entered]:
        """A transaction in which nothing was entered."""
        await self.app.execute("begin")
        try:
            yield Entered(self.app)
        finally:
            await self.app.execute("rollback")

    @asynccontextmanager
    async def entered(self, subject: str, key: str | None = None, *, merge: bool = False) -> AsyncIterator[Entered]:
        """A transaction as somebody, in a seat."""
        async with self.nobody() as entered:
            await self.enter(self.app, subject, key, merge=merge)
            yield entered

    @asynccontextmanager
    async def changed(self, sql: str, back: str, *arguments: Any) -> AsyncIterator[None]:
        """The database with one thing changed by the superuser, put back at the end; both take the same arguments."""
        await self.admin.execute(sql, *arguments)
        try:
            yield
        finally:
            await self.admin.execute(back, *arguments)

    async def close(self) -> None:
        """Give the connections back."""
        for connection in (self.admin, self.app, self.other):
            await connection.close()


async def tables_of(admin: Connection) -> tuple[Table, ...]:
    """Every table of the service's schemas, as the catalogue has it."""
    rows = await admin.fetch(
        f"""select table_schema || '.' || table_name as t, column_name, data_type,
                   has_column_privilege('{APP}', table_schema || '.' || table_name, column_name, 'SELECT') as s,
                   has_column_privilege('{APP}', table_schema || '.' || table_name, column_name, 'INSERT') as i,
                   has_column_privilege('{APP}', table_schema || '.' || table_name, column_name, 'UPDATE') as u,
                   has_any_column_privilege('{APP}', table_schema || '.' || table_name, 'SELECT') as may_read,
                   has_table_privilege('{APP}', table_schema || '.' || table_name, 'INSERT') as may_insert
              from information_schema.columns where table_schema in ('graph', 'access') order by t, ordinal_position"""
    )
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row["t"], []).append(row)
    return tuple(
        Table(
            name,
            tuple(Column(row["column_name"], row["data_type"], row["s"], row["i"], row["u"]) for row in each),
            each[0]["may_read"],
            each[0]["may_insert"],
        )
        for name, each in found.items()
    )


async def add_row(admin: Connection, table: Table, **given: Any) -> None:
    """A row by the superuser, with fillers where nothing is given and no default stands."""
    names = [column.name for column in table.columns]
    needed = await admin.fetch(
        "select column_name, data_type from information_schema.columns where table_schema || '.' || table_name = $1"
        " and is_nullable = 'NO' and column_default is null", table.name)  # fmt: skip
    fillers = {row["column_name"]: FILLERS[row["data_type"]] for row in needed if row["column_name"] not in given}
    places = [f"${place}" for place in range(1, len(given) + 1)]
    assert set(given) <= set(names), set(given) - set(names)
    columns, values = [*given, *fillers], [*places, *fillers.values()]
    await admin.execute(
        f"insert into {table.name} ({', '.join(columns)}) values ({', '.join(values)})", *given.values()
    )


async def case(admin: Connection, opener: UUID | None) -> UUID:
    """A new CASE room with its own door, and one from `opener`."""
    made = uuid4()
    await admin.execute("insert into graph.room (id, purpose) values ($1, 'CASE')", made)
    for origin in {made, opener} - {None}:
        await admin.execute(
            "insert into graph.door (from_room, into_room, may_write) values ($1, $2, true)", origin, made
        )
    return made


SURVEY: Final = seat_key("nhs-england", None, Side.NONE, Office.SERVICE, "survey system")
OTHER_SERVICE: Final = seat_key("RR7", None, Side.NONE, Office.SERVICE, "hr system")
OTHER_MANAGEMENT: Final = seat_key("RR7", "jnc", Side.MANAGEMENT, Office.CHAIR, "jnc management chair")
SPF_CHAIR: Final = seat_key("north-east", "spf", Side.MANAGEMENT, Office.CHAIR, "regional management chair")


async def _reports(ground: Ground) -> None:
    """Versions of reports that somebody may publish, and others that nobody may, whatever they can write in."""
    admin = ground.admin
    rtd, rr7, england = (demo_id("organisation", key) for key in ("RTD", "RR7", "nhs-england"))
    race = await admin.fetchrow(
        "select id as forum_id, room_id as forum_room from graph.forum where id = $1", forum("RTD/race")
    )
    hr, other = (room_id(key, Purpose.WORKFORCE) for key in ("RTD", "RR7"))
    england_room, officers = room_id("nhs-england", Purpose.WORKFORCE), room_id("RTD/race", Purpose.OFFICERS)
    jnc = room_id("RTD/jnc", Purpose.JOINT)

    async def version(
        name: str, code: str, about: UUID, by: UUID, *doors: UUID, acknowledged: bool, **more: UUID
    ) -> None:
        kind = await admin.fetchval(
            "select id from graph.report_definition where code = $1 order by version limit 1", code
        )
        rooms = [await case(admin, None), await case(admin, None)]
        for origin in doors:
            for into in rooms:
                await admin.execute(
                    "insert into graph.door (from_room, into_room, may_write) values ($1, $2, true)", origin, into
                )
        report, made = uuid4(), uuid4()
        day = date(2019, 4, 1)
        await add_row(admin, ground.table("graph.report"), id=report, room_id=rooms[0], definition_id=kind, organisation_id=about,
            reported_by=by, starts_on=day, ends_on=day, **more)  # fmt: skip
        await add_row(
            admin,
            ground.table("graph.report_version"),
            id=made,
            room_id=rooms[1],
            report_id=report,
            report_room=rooms[0],
        )
        if acknowledged:
            await add_row(admin, ground.table("graph.report_answer"), id=uuid4(), room_id=rooms[1], version_id=made, kind="ACKNOWLEDGED",
                forum_id=forum("RTD/jnc"))  # fmt: skip
        ground.facts[name] = made

    await version("good", "PROTECTED_TIME", rtd, rtd, hr, jnc, acknowledged=True)
    await version("unanswered", "PROTECTED_TIME", rtd, rtd, hr, jnc, acknowledged=False)
    await version("of another trust", "PROTECTED_TIME", rr7, rtd, hr, other, acknowledged=True)
    await version("a network's", "NETWORK_ANNUAL", rtd, rtd, officers, acknowledged=True, **dict(race))
    await version("a survey", "STAFF_SURVEY", rtd, england, england_room, acknowledged=False)
    await version("no survey", "PROTECTED_TIME", rtd, england, england_room, acknowledged=False)
    await version("a pretended survey", "STAFF_SURVEY", rr7, rtd, hr, acknowledged=False)
    rows = await admin.fetch("select a.subject, s.id from graph.seat s join access.account a on a.person_id = s.person_id"
        " where s.id = any($1)", [seat(OTHER_SERVICE)])  # fmt: skip
    ground.facts["other hr"] = rows[0]["subject"]
    ground.facts["other management"] = await admin.fetchval(
        "select a.subject from graph.seat s join access.account a on a.person_id = s.person_id where s.id = $1",
        seat(OTHER_MANAGEMENT),
    )


async def prepared(ground: Ground, rooms: Sequence[UUID] = ()) -> None:
    """A row of every table where the demo has none, and the guest: somebody with read-only doors into what is RTD's."""
    admin = ground.admin
    ground.tables = await tables_of(admin)
    papers = await admin.fetchrow(
        "select * from graph.consultation where id = $1", demo_id("consultation", f"{POLICY}/")
    )
    assert papers is not None
    plan = await admin.fetchrow("select * from graph.consultation_plan where consultation_id = $1", papers["id"])
    engaged = await admin.fetchrow(
        "select e.* from graph.consultee e where e.consultation_id = $1 and e.forum_id = $2",
        papers["id"],
        forum("RTD/race"),
    )
    union = await admin.fetchrow(
        "select e.* from graph.consultee e where e.consultation_id = $1 and e.forum_id = $2",
        papers["id"],
        forum("RTD/unison"),
    )
    version = await admin.fetchrow("select * from graph.policy_version where consultation_id = $1", papers["id"])
    officers, members = room_id("RTD/race", Purpose.OFFICERS), room_id("RTD/race", Purpose.MEMBERS)
    guest = await admin.fetchrow("select s.*, a.subject from graph.seat s join access.account a on a.person_id = s.person_id"
        " where s.id = $1", seat(GUEST))  # fmt: skip
    hidden_draft = await admin.fetchrow(
        "select * from graph.consultation where forum_id = $1 and stored_state = 'DRAFT'", forum("RTD/jnc")
    )
    ground.facts = {
        "papers": papers, "plan": plan, "race": engaged, "union": union, "officers": officers, "members": members,
        "guest": guest["subject"], "guest_person": guest["person_id"], "version": version, "draft": hidden_draft,
    }  # fmt: skip
    case_room, when = papers["case_room"], {"created_at": papers["created_at"]}
    extension, request = uuid4(), uuid4()
    await add_row(admin, ground.table("graph.extension"), id=extension, room_id=case_room, consultation_id=papers["id"],
        consultation_room=papers["room_id"], state="PROPOSED", **when)  # fmt: skip
    await add_row(
        admin, ground.table("graph.missing_signature"), id=uuid4(), room_id=case_room, plan_id=plan["id"], **when
    )
    await add_row(admin, ground.table("graph.membership_request"), id=request, room_id=officers, forum_id=forum("RTD/race"),
        person_id=guest["person_id"], **when)  # fmt: skip
    for expires, code in (("infinity", b"open"), ("-infinity", b"expired")):
        await admin.execute(
            "insert into graph.invitation (id, room_id, forum_id, side, office, code_hash, expires_at) values ($1, $2, $3,"
            " 'NETWORK', 'MEMBER', sha256($4), $5::text::timestamptz)", uuid4(), officers, forum("RTD/race"), code, expires)  # fmt: skip
    await admin.execute(
        "insert into graph.invitation (id, room_id, forum_id, side, office, code_hash, expires_at, issuer) values ($1, $2, $3,"
        " 'NETWORK', 'MEMBER', sha256('bound'), 'infinity', $4)", uuid4(), officers, forum("RTD/race"), OTHER_ISSUER)  # fmt: skip
    await add_row(admin, ground.table("graph.idempotency"), key=b"k", room_id=personal(NETWORK_MEMBER), outcome="{}")
    await add_row(admin, ground.table("graph.assignment"), id=uuid4(), room_id=room_id("RTD", Purpose.WORKFORCE),
        organisation_id=demo_id("organisation", "RTD"), **when)  # fmt: skip
    await add_row(
        admin, ground.table("graph.people_import"), id=uuid4(), room_id=personal(NETWORK_MEMBER), mode="FULL", **when
    )
    spf, scheduled = forum("north-east/spf"), uuid4()
    spf_room = await admin.fetchval("select room_id from graph.forum where id = $1", spf)
    await add_row(admin, ground.table("graph.release_schedule"), id=scheduled, room_id=officers, forum_id=spf, forum_room=spf_room,
        state="PLANNED", **when)  # fmt: skip
    ground.facts |= {"schedule": scheduled, "spf_room": spf_room}
    stranger = demo_id("person", "operator")
    await add_row(admin, ground.table("graph.bar"), person_id=stranger, room_id=case_room, **when)
    ground.facts |= {"request": request, "extension": extension, "issuer": ISSUER}
    # the guest may read, and may not write, in rooms that hold a row of every table that acts change
    outcome_room = await admin.fetchval("select room_id from graph.outcome order by id limit 1")
    draft_room = await admin.fetchval("select room_id from graph.report_draft order by id limit 1")
    read_only = {
        papers["room_id"],
        case_room,
        engaged["room_id"],
        officers,
        members,
        outcome_room,
        draft_room,
        personal(NETWORK_MEMBER),
    }
    for into in read_only:
        await admin.execute(
            "insert into graph.door (from_room, into_room, may_write) values ($1, $2, false)", personal(GUEST), into
        )
    ground.facts["read_only"] = read_only
    await _reports(ground)
    # doors that are closed, and that will open one day
    for name, opens, closes in (("closed", "-infinity", "2020-01-01"), ("later", "2200-01-01", "infinity")):
        ground.facts[name] = await case(admin, None)
        await admin.execute(
            "insert into graph.door (from_room, into_room, may_write, opens_at, closes_at) values ($1, $2, true,"
            " $3::text::timestamptz, $4::text::timestamptz)", personal(GUEST), ground.facts[name], opens, closes)  # fmt: skip
    # a matter from which the guest stepped back
    ground.facts["barred"] = await case(admin, personal(GUEST))
    await add_row(
        admin, ground.table("graph.bar"), person_id=guest["person_id"], room_id=ground.facts["barred"], **when
    )
    # a seat that has ended, one that begins one day, and one bound to another issuer, all the guest's, in the staff side
    for name, starts, ends, issuer in (("ended", "-infinity", "2020-01-01", None), ("begins", "2200-01-01", "infinity", None),
            ("bound", "-infinity", "infinity", OTHER_ISSUER)):  # fmt: skip
        own, made = await case(admin, None), uuid4()
        await admin.execute(
            "insert into graph.seat (id, room_id, forum_id, organisation_id, person_id, office, side, starts_at, ends_at, issuer,"
            " personal_room) values ($1, $2, $3, $4, $5, 'SECRETARY', 'STAFF', $6::text::timestamptz, $7::text::timestamptz, $8, $9)",
            made, room_id("RTD/jnc", Purpose.STAFF_SIDE), forum("RTD/jnc"), demo_id("organisation", "RTD"), guest["person_id"],
            starts, ends, issuer, own)  # fmt: skip
        ground.facts[f"{name} seat"] = made
