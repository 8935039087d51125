"""The attack set: what any SQL as partnership_app must not achieve (THREATS D3, F10, A16-A20, A35; walls.sql's attacks).

Each attack is a coroutine function of a `Ground` that fails where a wall does. `test_attacks` runs them against the walls as
they are; `test_mutants` against walls with one stone out, where at least one must fail.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import orjson

from service.access.proofs import (
    calendar_proof,
    deadline_proof,
    enter_proof,
    feed_proof,
    freeze_proof,
    identity_proof,
    now_micros,
    people_proof,
    release_note_proof,
    release_proof,
    time_off_proof,
    webhook_proof,
)
from service.demo.rows import room_id
from service.demo.shapes import demo_id
from service.identity.demo import ISSUER
from service.rules.bodies import Purpose
from tests.walls.ground import (
    APP,
    GUEST,
    MANAGEMENT_CHAIR,
    NETWORK_CHAIR,
    NETWORK_MEMBER,
    NOT_ALLOWED,
    OTHER_ISSUER,
    OTHER_MANAGEMENT,
    OTHER_SERVICE,
    OUTSIDER,
    OWN_VOICE,
    PUBLIC,
    REFUSED,
    SERVICE,
    SPF_CHAIR,
    STAFF_CHAIR,
    SURVEY,
    UNREAD,
    UNWALLED,
    VOICED,
    Entered,
    Ground,
    account,
    forum,
    personal,
    seat,
)

STAFF_SIDE, MANAGEMENT_SIDE = room_id("RTD/jnc", Purpose.STAFF_SIDE), room_id("RTD/jnc", Purpose.MANAGEMENT_SIDE)
ALLOWED_HELPERS: Final = frozenset(
    {
        "identify", "enter", "rooms", "barred", "person", "issuer", "seat", "own_seats", "open_case", "admit", "recuse",
        "seat_grant", "seat_end", "membership_join", "membership_decide", "invitation_issue", "invitation_accept", "trace",
        "trace_own", "is_closed", "issue_raise", "recipient_choose", "routes_from", "step_open", "consent_give", "consent_withdraw", "step_ended",
        "handover_take", "interest_declare", "disclosure_open", "identity_consent", "identity_disclose", "theme_count",
        "own_sign_in_invite", "own_sign_in_accept", "feed_closed", "feed_opened", "feed_changed", "feed_stirred", "no_longer_held",
        "webhook_register", "webhook_turns", "webhook_told", "webhook_moved", "webhook_seen", "webhook_freed", "webhook_pruned",
        "mail_own", "mail_set", "mail_off", "mail_confirm", "mail_unsubscribe", "mail_turns", "mail_gathered", "mail_due", "mail_recorded",
        "mail_lost", "mail_freed", "mail_pruned",
        "people_keep", "moments_due", "moment_passed", "kept_pruned", "release_scheduled", "releases_due",
        "calendar_create", "calendar_revoke", "calendar_seat",
        "release_note_issue", "release_note_revoke", "release_note_shown", "time_off_counted",
        "report_publish", "release_source", "release_history", "release_freeze",
    }
)  # fmt: skip
ROLES: Final = tuple(f"partnership_{name}" for name in ("owner", "access", "migrator", "relay", "scheduler", "auditor"))


def is_(found: Any, expected: Any, what: str) -> None:
    """A wall stands where both are equal."""
    assert found == expected, f"{what}: {found!r}, not {expected!r}"


# Reading ---------------------------------------------------------------------------------------------------------------


async def nobody_who_entered_nothing_reads_a_row(ground: Ground) -> None:
    async with ground.nobody() as nobody:
        for table in ground.tables:
            if table.name in UNREAD:
                is_(await nobody.state(f"select count(*) from {table.name}"), NOT_ALLOWED, table.name)
            elif table.name not in PUBLIC | UNWALLED:
                is_(await nobody.count(table.name), 0, table.name)


async def _open_to(ground: Ground, own: set[UUID], person: UUID, *, write: bool = False) -> set[UUID]:
    """The rooms that stand open from these, worked out by the superuser and apart from the policies."""
    rows = await ground.admin.fetch(
        "select into_room from graph.door where from_room = any($1) and opens_at <= now() and closes_at > now()"
        " and (may_write or not $2) except select room_id from graph.bar where person_id = $3", own, write, person)  # fmt: skip
    return {row[0] for row in rows}


async def _sees_just_its_rooms(ground: Ground, entered: Entered, person: UUID) -> None:
    own = await entered.rooms()
    opened = list(await _open_to(ground, own, person))
    written = list(await _open_to(ground, own, person, write=True))
    visible = "room_id = any($1)"
    by_own = {
        "graph.room": ("id = any($1)", [opened]),
        "graph.door": ("from_room = any($1) and into_room = any($2) and opens_at <= now() and closes_at > now()", [list(own), opened]),
        "graph.seat": (f"{visible} or (person_id = $2 and issuer is null)", [opened, person]),
        "graph.person": ("id = $2 or id in (select s.person_id from graph.seat s where s.room_id = any($1))", [opened, person]),
        "graph.membership_request": (f"{visible} or person_id = $2", [opened, person]),
        "graph.bar": (f"{visible} and reason <> ''", [written]),
        "graph.raiser": (f"{visible} or own_room = any($2)", [opened, list(own)]),
    }  # fmt: skip
    for table in ground.tables:
        if not table.may_read or table.name in PUBLIC | UNWALLED:
            continue
        where, arguments = by_own.get(table.name, (visible, [opened]))
        expected = await ground.admin.fetchval(f"select count(*) from {table.name} where {where}", *arguments)
        is_(await entered.count(table.name), expected, f"{table.name} of {person}")


async def each_viewer_reads_what_its_doors_open_and_nothing_else(ground: Ground) -> None:
    for subject, key in (
        (ground.facts["guest"], GUEST),
        ("management-chair", MANAGEMENT_CHAIR),
        ("network-member", NETWORK_MEMBER),
        ("outsider", OUTSIDER),
        ("hr-service", SERVICE),
    ):
        async with ground.entered(subject, key) as entered:
            await _sees_just_its_rooms(ground, entered, demo_id("person", subject))


async def doors_that_are_closed_not_yet_open_or_barred_let_nobody_in(ground: Ground) -> None:
    async with ground.entered(ground.facts["guest"], GUEST) as guest:
        for name in ("closed", "later", "barred"):
            is_(await guest.count("graph.room", "id = $1", ground.facts[name]), 0, name)
            is_(await guest.count("graph.door", "into_room = $1", ground.facts[name]), 0, f"door {name}")


async def a_seat_that_ended_has_not_begun_or_is_bound_elsewhere_opens_nothing(ground: Ground) -> None:
    for name in ("ended seat", "begins seat", "bound seat"):
        made, who, chosen = now_micros(), account(ground.facts["guest"]), ground.facts[name]
        async with ground.nobody() as entered:
            proof = enter_proof(ground.key, who, chosen, False, ground.app.get_server_pid(), made)
            row = await ground.app.fetchrow(
                "select * from access.enter($1, $2, $3, $4, $5)", who, chosen, False, made, proof
            )
            is_(row["seat_id"], None, name)
            is_(await entered.rooms(), set(), name)
    async with ground.entered(ground.facts["guest"], merge=True) as merged:
        opened = await merged.rooms()
        is_(opened & {STAFF_SIDE, room_id("RTD/jnc", Purpose.JOINT)}, set(), "all seats merged")
        offered = await merged.ids("access.own_seats()")
        is_(
            offered & {ground.facts[f"{name} seat"] for name in ("ended", "begins", "bound")},
            set(),
            "seats to choose from",
        )
        is_(await merged.count("graph.seat", "id = $1", ground.facts["bound seat"]), 0, "a seat bound elsewhere")


async def the_same_seat_bound_elsewhere_opens_through_its_own_issuer(ground: Ground) -> None:
    """The control: without it, the attack before proves nothing."""
    made = uuid4()
    await ground.admin.execute(
        "insert into access.account (id, issuer, subject, person_id) values ($1, $2, 's', $3)",
        made, OTHER_ISSUER, ground.facts["guest_person"])  # fmt: skip
    try:
        async with ground.nobody() as entered:
            moment = now_micros()
            proof = enter_proof(
                ground.key, made, ground.facts["bound seat"], False, ground.app.get_server_pid(), moment
            )
            await ground.app.fetchrow(
                "select * from access.enter($1, $2, $3, $4, $5)", made, ground.facts["bound seat"], False, moment, proof
            )
            assert STAFF_SIDE in await entered.rooms()
            assert ground.facts["bound seat"] in await entered.ids("access.own_seats()")
            is_(await entered.count("graph.seat", "id = $1", ground.facts["bound seat"]), 1, "its own seat")
    finally:
        await ground.admin.execute("delete from access.account where id = $1", made)


async def another_persons_seat_and_a_closed_account_open_nothing(ground: Ground) -> None:
    async with ground.entered(ground.facts["guest"], STAFF_CHAIR) as guest:
        is_(await guest.rooms(), set(), "another's seat")
    closing = "update access.account set closed_at = $2::text::timestamptz where id = $1"
    who = account(ground.facts["guest"])
    await ground.admin.execute(closing, who, "2020-01-01")
    try:
        async with ground.entered(ground.facts["guest"]) as closed:
            is_(await closed.rooms(), set(), "a closed account")
            is_(await closed.count("graph.person"), 0, "a closed account's person")
        async with ground.nobody() as nobody:
            made = now_micros()
            proof = identity_proof(
                ground.key, "identify", ground.facts["issuer"], ground.facts["guest"], ground.app.get_server_pid(), made
            )
            found = await nobody.state(
                "select access.identify($1, $2, $3, $4)", ground.facts["issuer"], ground.facts["guest"], made, proof
            )
            is_(found, "ok None", "identify a closed account")
    finally:
        await ground.admin.execute(closing, who, "infinity")


async def several_seats_and_no_choice_open_the_directory_alone(ground: Ground) -> None:
    async with ground.entered("dual-role") as several:
        is_(await several.rooms(), {room_id("RTD", Purpose.ORGANISATION)}, "no capacity chosen")


# Forging ---------------------------------------------------------------------------------------------------------------


async def a_forged_altered_old_or_foreign_proof_opens_nothing(ground: Ground) -> None:
    who, chosen, made = account("staff-side-chair"), seat(STAFF_CHAIR), now_micros()
    here, there = ground.app.get_server_pid(), ground.other.get_server_pid()
    enter = "select seat_id from access.enter($1, $2, $3, $4, $5)"
    good = enter_proof(ground.key, who, chosen, False, here, made)
    hour = 3_600_000_000
    attempts = {
        "no proof": (who, chosen, False, made, None),
        "an empty proof": (who, chosen, False, made, ""),
        "another key": (who, chosen, False, made, enter_proof(b"x" * 32, who, chosen, False, here, made)),
        "another backend's": (who, chosen, False, made, enter_proof(ground.key, who, chosen, False, there, made)),
        "an old one": (who, chosen, False, made - hour, enter_proof(ground.key, who, chosen, False, here, made - hour)),
        "one from the future": (who, chosen, False, made + hour, enter_proof(ground.key, who, chosen, False, here, made + hour)),
        "another moment's": (who, chosen, False, made + 1, good),
        "another account's": (account("management-chair"), chosen, False, made, good),
        "another seat's": (who, seat(MANAGEMENT_CHAIR), False, made, good),
        "merged": (who, chosen, True, made, good),
        "an identity's": (who, chosen, False, made, identity_proof(ground.key, "enter", str(who), str(chosen), here, made)),
    }  # fmt: skip
    async with ground.nobody() as attacker:
        for what, arguments in attempts.items():
            is_(await attacker.state(enter, *arguments), REFUSED, what)
        is_(await attacker.state(enter, who, chosen, False, made, good), f"ok {chosen}", "the control")
        is_(await attacker.rooms(), set(), "nothing is left open")


async def a_proof_of_identity_is_for_one_verb_issuer_and_subject(ground: Ground) -> None:
    issuer, made, here = ground.facts["issuer"], now_micros(), ground.app.get_server_pid()
    good = identity_proof(ground.key, "identify", issuer, "management-chair", here, made)
    identify = "select access.identify($1, $2, $3, $4)"
    async with ground.nobody() as attacker:
        is_(await attacker.state(identify, issuer, "staff-side-chair", made, good), REFUSED, "another subject")
        is_(await attacker.state(identify, OTHER_ISSUER, "management-chair", made, good), REFUSED, "another issuer")
        accepting = identity_proof(ground.key, "accept", issuer, "management-chair", here, made)
        is_(await attacker.state(identify, issuer, "management-chair", made, accepting), REFUSED, "another verb")
        is_(
            await attacker.state(identify, issuer, "management-chair", made, good),
            f"ok {account('management-chair')}",
            "control",
        )


async def no_setting_widens_what_was_entered(ground: Ground) -> None:
    own, hidden = personal(OUTSIDER), STAFF_SIDE
    settings = {
        "app.rooms": f"{{{own},{hidden}}}",
        "app.person": str(ground.facts["guest_person"]),
        "app.seat": str(seat(STAFF_CHAIR)),
        "app.issuer": OTHER_ISSUER,
        "app.seal": "0" * 64,
    }
    walled = [table.name for table in ground.tables if table.may_read and table.name not in PUBLIC | UNWALLED]
    async with ground.entered("outsider", OUTSIDER) as attacker:
        before = {name: await ground.app.fetchval("select current_setting($1, true)", name) for name in settings}
        for name, value in settings.items():
            await ground.app.fetchval("select set_config($1, $2, true)", name, value)
            for table in walled:
                is_(await attacker.count(table), 0, f"{table} after {name}")
            is_(await ground.app.fetchval("select access.person()"), None, f"person after {name}")
            is_(await ground.app.fetchval("select access.seat()"), None, f"seat after {name}")
            await ground.app.fetchval("select set_config($1, $2, true)", name, before[name])
        assert await attacker.count("graph.room") > 0, "the control"
    async with ground.entered(ground.facts["guest"], GUEST) as barred:
        await ground.app.fetchval("select set_config('app.barred', '{}', true)")
        is_(await barred.count("graph.room"), 0, "bars taken off")


async def a_seal_is_worth_nothing_in_another_transaction_or_on_another_backend(ground: Ground) -> None:
    names = ("app.person", "app.issuer", "app.seat", "app.rooms", "app.barred", "app.seal")
    async with ground.entered("staff-side-chair", STAFF_CHAIR) as entered:
        assert await entered.count("graph.room", "id = $1", STAFF_SIDE) == 1
        kept = {name: await ground.app.fetchval("select current_setting($1)", name) for name in names}
    for connection in (ground.app, ground.other):
        await connection.execute("begin")
        try:
            for name, value in kept.items():
                await connection.fetchval("select set_config($1, $2, true)", name, value)
            is_(await connection.fetchval("select count(*) from graph.room"), 0, "an old seal")
            is_(await connection.fetchval("select access.rooms()"), [], "an old seal's rooms")
        finally:
            await connection.execute("rollback")
    await ground.app.execute("begin")
    try:
        is_(await ground.app.fetchval("select coalesce(current_setting('app.rooms', true), '')"), "", "left over")
    finally:
        await ground.app.execute("rollback")


# Writing ---------------------------------------------------------------------------------------------------------------


async def nobody_writes_into_a_room_that_is_closed_to_them(ground: Ground) -> None:
    own, hidden = f"'{personal(OUTSIDER)}'", f"'{STAFF_SIDE}'"
    async with ground.entered("outsider", OUTSIDER) as attacker:
        for table in ground.tables:
            if table.may_insert:
                targets = dict.fromkeys(table.targets, own)
                is_(await attacker.state(table.insert(room_id=hidden, **targets)), NOT_ALLOWED, table.name)
                is_(
                    await attacker.state(table.insert(room_id=f"'{uuid4()}'", **targets)),
                    NOT_ALLOWED,
                    f"{table.name}, no room",
                )


async def nobody_writes_through_a_door_that_is_for_reading(ground: Ground) -> None:
    own, readable = f"'{personal(GUEST)}'", f"'{ground.facts['papers']['room_id']}'"
    async with ground.entered(ground.facts["guest"], GUEST) as guest:
        assert await guest.count("graph.room", "id = $1", ground.facts["papers"]["room_id"]) == 1
        for table in ground.tables:
            if table.may_insert:
                targets = dict.fromkeys(table.targets, own)
                is_(
                    await guest.state(table.insert(room_id=readable, **targets)),
                    NOT_ALLOWED,
                    f"insert into {table.name}",
                )
            for column in table.columns:
                if column.may_update:
                    is_(
                        await guest.state(f"update {table.name} set {column.name} = {column.filler}"),
                        "UPDATE 0",
                        table.name,
                    )
                    break


async def a_reference_tells_nothing_of_what_it_names(ground: Ground) -> None:
    """A hidden and an absent room as the target of a row of one's own: refused alike, in the same words."""
    own, absent = f"'{personal(OUTSIDER)}'", f"'{uuid4()}'"
    async with ground.entered("outsider", OUTSIDER) as attacker:
        for table in ground.tables:
            if not table.may_insert:
                continue
            for target in table.targets:
                others = dict.fromkeys(table.targets, own)
                said = [
                    await attacker.said(table.insert(room_id=own, **{**others, target: named}))
                    for named in (f"'{STAFF_SIDE}'", absent)
                ]
                is_(said[0][0], NOT_ALLOWED, f"{table.name}.{target}")
                is_(said[0], said[1], f"{table.name}.{target}")


async def an_outcome_is_never_moved_onto_a_clause_in_a_hidden_room(ground: Ground) -> None:
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
        assert await chair.count("graph.outcome") > 0
        own = f"side = {OWN_VOICE.format('side')}, office = {OWN_VOICE.format('office')}"
        changing = f"update graph.outcome set {own}, changed_clause_room = $1, changed_clause_id = gen_random_uuid()"
        said = [await chair.said(changing, named) for named in (STAFF_SIDE, uuid4())]
        is_(said[0][0], NOT_ALLOWED, "a hidden clause")
        is_(said[0], said[1], "hidden and absent")


async def a_unique_key_tells_nothing_across_rooms(ground: Ground) -> None:
    """A consulted body reads the papers, and not the owners' plan and statements, nor by tripping over their keys."""
    papers, own = ground.facts["papers"], f"'{personal(NETWORK_MEMBER)}'"
    async with ground.entered("network-member", NETWORK_MEMBER) as member:
        is_(await member.count("graph.consultation_plan"), 0, "plans")
        given = {"room_id": own, "consultation_id": f"'{papers['id']}'", "consultation_room": f"'{papers['room_id']}'"}
        for number in (1, 2, 99):
            insert = ground.table("graph.consultation_plan").insert(**given, number=str(number), state="'PROPOSED'")
            is_(await member.state(insert), "INSERT 0 1", f"plan {number}, of which the first is taken")
        ended = await ground.admin.fetchrow(
            "select c.*, d.policy_version_id from graph.consultation c join graph.disagreement d on d.consultation_id = c.id limit 1"
        )
        given |= {
            "consultation_id": f"'{ended['id']}'",
            "consultation_room": f"'{ended['room_id']}'",
            "policy_version_id": f"'{ended['policy_version_id']}'",
        }
        insert = ground.table("graph.disagreement").insert(**given, side="'STAFF'")
        is_(await member.state(insert), NOT_ALLOWED, "a statement that the staff side has made already")


async def a_body_signs_and_answers_in_no_room_that_is_closed_to_it(ground: Ground) -> None:
    """In its own voice, and yet not where it cannot come, nor where it may only read."""
    async with ground.entered("network-chair", NETWORK_CHAIR) as officer:
        for_reading = await officer.connection.fetchval(
            "select into_room from graph.door where not may_write order by 1 limit 1"
        )
        assert for_reading is not None
        for name in sorted(VOICED):
            for room in (STAFF_SIDE, for_reading):
                table = ground.table(name)
                targets = dict.fromkeys(table.targets, f"'{personal(NETWORK_CHAIR)}'")
                is_(
                    await officer.state(table.insert(room_id=f"'{room}'", **targets)),
                    NOT_ALLOWED,
                    f"{name} into {room}",
                )


async def nobody_speaks_for_another(ground: Ground) -> None:
    """What is signed, answered or stated carries the acting seat's own side and office; a comment is its author's to change."""
    own = f"'{personal(MANAGEMENT_CHAIR)}'"
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
        for name in sorted(VOICED):
            table = ground.table(name)
            targets = dict.fromkeys(table.targets, own)
            side, office, *bodied = VOICED[name]
            for wrong in ({side: "'STAFF'"}, {office: "'SECRETARY'"}):
                is_(await chair.state(table.insert(room_id=own, **targets, **wrong)), NOT_ALLOWED, f"{name} {wrong}")
            if bodied:
                other = {"forum_id": f"'{forum('RTD/race')}'"}
                is_(
                    await chair.state(table.insert(room_id=own, **targets, **other)),
                    NOT_ALLOWED,
                    f"{name} of another body",
                )
            spoken = await chair.state(table.insert(room_id=own, **targets))
            assert spoken != NOT_ALLOWED, f"{name} in one's own voice: {spoken}"
        assert await chair.count("graph.outcome") > 0
        is_(
            await chair.state("update graph.outcome set side = 'STAFF', office = 'CHAIR'"),
            NOT_ALLOWED,
            "an outcome put right",
        )
    async with ground.entered("network-chair", NETWORK_CHAIR) as officer:
        assert await officer.count("graph.comment", "not withdrawn") > 0
        is_(await officer.state("update graph.comment set body = 'x'"), "UPDATE 0", "another's comment")


async def what_definers_alone_write_is_closed_to_the_service(ground: Ground) -> None:
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
        own = f"'{personal(MANAGEMENT_CHAIR)}'"
        for table in ground.tables:
            every = ", ".join(column.filler for column in table.columns)
            if not table.may_insert:
                is_(
                    await chair.state(f"insert into {table.name} values ({every})"), NOT_ALLOWED, f"insert {table.name}"
                )
            is_(await chair.state(f"delete from {table.name}"), NOT_ALLOWED, f"delete {table.name}")
            is_(await chair.state(f"truncate {table.name}"), NOT_ALLOWED, f"truncate {table.name}")
            is_(
                await chair.state(f"lock table {table.name} in access exclusive mode"),
                NOT_ALLOWED,
                f"lock {table.name}",
            )
            if table.has_room:
                is_(await chair.state(f"update {table.name} set room_id = {own}"), NOT_ALLOWED, f"move {table.name}")
            for column in table.columns:
                if not column.may_update:
                    changing = f"update {table.name} set {column.name} = {column.filler}"
                    is_(await chair.state(changing), NOT_ALLOWED, f"{table.name}.{column.name}")


# Powers of the role ----------------------------------------------------------------------------------------------------


async def the_role_becomes_nobody_else_and_makes_nothing(ground: Ground) -> None:
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
        for role in (*ROLES, "postgres"):
            for how in (f"set role {role}", f"set session authorization {role}", f"grant {role} to {APP}"):
                found = await chair.state(how)
                assert found in (NOT_ALLOWED, "22023"), f"{how}: {found}"  # 22023: no such role
        for sql in (
            "create function graph.f() returns int language sql as 'select 1'",
            "create function public.f() returns int language sql as 'select 1'",
            "create function pg_temp.f() returns int language sql as 'select 1'",
            "create temp table t (x int)",
            "create table public.t (x int)",
            "create table graph.t (x int)",
            "create view graph.v as select * from graph.room",
            "create schema s",
            "create policy mine_too on graph.door for select using (true)",
            "drop policy mine on graph.door",
            "alter policy mine on graph.door using (true)",
            "alter table graph.door disable row level security",
            "alter table graph.door no force row level security",
            f"grant select on access.secret to {APP}",
            f"alter role {APP} bypassrls",
            "create trigger t before insert on graph.comment for each row execute function access.refuse()",
            "create role r",
            "copy graph.comment from program 'true'",
            "copy graph.door to program 'true'",
            "copy graph.door to '/tmp/x'",
            "select pg_read_file('PG_VERSION')",
            "select pg_ls_dir('.')",
            "select * from pg_catalog.pg_authid",
            "select * from pg_catalog.pg_statistic",
            "create extension if not exists pg_trgm with schema graph",
            "alter function access.sealed() owner to current_user",
        ):
            found = await chair.state(sql)
            assert found in (NOT_ALLOWED, "0A000"), f"{sql}: {found}"
        await ground.app.execute("set local row_security = off")
        for table in ground.tables:
            if table.may_read and table.name not in UNWALLED:
                is_(
                    await chair.state(f"select count(*) from {table.name}"),
                    NOT_ALLOWED,
                    f"{table.name}, row_security off",
                )


async def copying_out_shows_what_a_query_shows(ground: Ground) -> None:
    for subject, key in (("outsider", OUTSIDER), ("management-chair", MANAGEMENT_CHAIR)):
        async with ground.entered(subject, key) as entered:
            for name in ("graph.room", "graph.door", "graph.comment", "graph.seat", "graph.consultee"):
                sizes = []
                for what in (name, f"(select * from {name})"):
                    chunks: list[bytes] = []

                    async def keep(chunk: bytes, into: list[bytes] = chunks) -> None:
                        into.append(bytes(chunk))

                    if what == name:
                        await ground.app.copy_from_table(name.split(".")[1], schema_name="graph", output=keep)
                    else:
                        await ground.app.copy_from_query(f"select * from {name}", output=keep)
                    sizes.append(b"".join(chunks).count(b"\n"))
                is_(sizes, [await entered.count(name)] * 2, f"copy {name}")


async def a_function_in_a_condition_sees_no_hidden_row(ground: Ground) -> None:
    """Leaky conditions run after the walls: neither an error nor a side effect of a hidden row comes out."""
    async with ground.entered("outsider", OUTSIDER) as attacker:
        leaking = "select count(*) from graph.seat where 1 / (case when office = 'CHAIR' and side = 'STAFF' then 0 else 1 end) = 1"
        shown = await attacker.count("graph.seat", "office = 'CHAIR' and side = 'STAFF' and room_id = $1", STAFF_SIDE)
        is_(shown, 0, "a staff-side seat")
        hidden = "select count(*) from graph.comment where (body || (1 / (length(body) - length(body)))::text) = ''"
        is_(await attacker.state(hidden), "SELECT 1", "a division by zero in hidden rows only")
        assert (await attacker.state(leaking)) in ("SELECT 1", "22012")  # own directory may hold such a public chair
        is_(await attacker.count("pg_catalog.pg_stats", "schemaname in ('graph', 'access') and tablename <> 'organisation'"
            " and tablename not in ('organisation_succession', 'office', 'alembic_version', 'report_definition', 'metric', 'region_member')"), 0, "statistics")  # fmt: skip


async def helpers_that_are_not_for_the_service_cannot_be_called(ground: Ground) -> None:
    rows = await ground.admin.fetch(
        "select p.proname, p.oid::regprocedure::text as signature, p.proargtypes::regtype[]::text[] as types"
        " from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('access', 'graph')"
    )
    assert len(rows) > len(ALLOWED_HELPERS)
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
        for row in rows:
            if row["proname"] not in ALLOWED_HELPERS and not row["signature"].startswith("graph.today("):
                call = f"select {row['signature'].split('(')[0]}({', '.join(f'null::{kind}' for kind in row['types'])})"
                is_(await chair.state(call), NOT_ALLOWED, call)


# What the definer functions refuse ---------------------------------------------------------------------------------------


async def _refused(entered: Entered, call: str, *arguments: Any) -> None:
    is_(await entered.state(f"select access.{call}", *arguments), REFUSED, call)


async def a_case_opens_from_a_room_of_ones_own_beside_what_one_sees(ground: Ground) -> None:
    draft, own = ground.facts["draft"]["room_id"], personal(NETWORK_MEMBER)
    async with ground.entered("network-member", NETWORK_MEMBER) as member:
        for name, origin in (
            ("foreign", STAFF_SIDE),
            ("absent", uuid4()),
            ("entered by a door", ground.facts["papers"]["room_id"]),
        ):
            is_(await member.state("select access.open_case($1, $2, null)", uuid4(), origin), REFUSED, name)
        await _refused(member, "open_case($1, $2, $3)", uuid4(), own, draft)
        is_(await member.state("select access.open_case($1, $2, null)", uuid4(), own), "ok None", "the control")


async def nobody_is_let_into_a_room_that_the_caller_cannot_write_in(ground: Ground) -> None:
    race, admit = forum("RTD/race"), "admit($1, $2, $3, $4)"
    async with ground.entered("network-member", NETWORK_MEMBER) as member:
        own = uuid4()
        await ground.app.execute("select access.open_case($1, $2, null)", own, personal(NETWORK_MEMBER))
        await _refused(member, admit, ground.facts["draft"]["room_id"], race, "MEMBERS", True)  # hidden
        await _refused(member, admit, ground.facts["papers"]["room_id"], race, "MEMBERS", True)  # for reading
        await _refused(member, admit, ground.facts["members"], race, "MEMBERS", False)  # no case
        await _refused(member, admit, uuid4(), race, "MEMBERS", False)
        await _refused(member, admit, own, forum("RTD/unison"), "JOINT", False)  # a body whose entry is hidden
        await _refused(member, admit, own, uuid4(), "JOINT", False)
        await _refused(member, admit, own, race, "STAFF_SIDE", False)  # no such room of it
        is_(await member.state(f"select access.{admit}", own, race, "OFFICERS", False), "ok None", "the control")


async def one_steps_back_only_from_matters_that_one_sees(ground: Ground) -> None:
    async with ground.entered("network-member", NETWORK_MEMBER) as member:
        for consultation in (ground.facts["draft"]["id"], uuid4()):
            await _refused(member, "recuse($1, $2)", consultation, "x")
        recuse = "select access.recuse($1, $2)"
        is_(await member.state(recuse, ground.facts["papers"]["id"], "x"), "ok None", "the control")


async def stepping_back_tells_nothing_of_the_rooms_that_were_hidden_anyway(ground: Ground) -> None:
    """A recusal bars from every room of the matter, also from those where the staff side hears a union group."""
    union, case_room = ground.facts["union"]["room_id"], ground.facts["papers"]["case_room"]
    person = demo_id("person", "management-chair")
    for room in (union, case_room):
        await ground.admin.execute(
            "insert into graph.bar (person_id, room_id, reason) values ($1, $2, '')", person, room
        )
    try:
        async with ground.entered("management-chair", MANAGEMENT_CHAIR) as barred:
            said = await ground.app.fetchval("select current_setting('app.barred')")
            assert str(case_room) in said and str(union) not in said, said
            is_(await barred.count("graph.bar"), 0, "bars, one's own")
            is_(await barred.count("graph.room", "id = $1", case_room), 0, "the deliberation")
        async with ground.entered("staff-side-chair", STAFF_CHAIR) as staff:
            is_(await staff.count("graph.bar", "room_id = $1", case_room), 1, "who has no part in it, to the owners")
    finally:
        await ground.admin.execute("delete from graph.bar where person_id = $1", person)


GRANT = "seat_grant($1, $2, $3, $4, $5, $6, $7, null, null, null, false, now(), 'infinity')"


async def seats_are_granted_from_the_rooms_that_grant_them_to_people_one_sees(ground: Ground) -> None:
    jnc, race, rtd = forum("RTD/jnc"), forum("RTD/race"), demo_id("organisation", "RTD")
    chair, union_member = demo_id("person", "management-chair"), ground.facts["guest_person"]

    def grant(
        forum_id: UUID | None, organisation: UUID | None, person: UUID, side: str, office: str
    ) -> tuple[Any, ...]:
        return (uuid4(), uuid4(), forum_id, organisation, person, side, office)

    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as management:
        for what in (
            grant(jnc, None, chair, "STAFF", "SECRETARY"),  # the other side's
            grant(race, None, chair, "NETWORK", "MEMBER"),  # a network's
            grant(race, None, chair, "MANAGEMENT", "SPONSOR"),  # management's office, and the network's to give
            grant(forum("RTD/unison"), None, chair, "STAFF", "MEMBER"),  # a body whose entry is hidden
            grant(uuid4(), None, chair, "STAFF", "MEMBER"),
            grant(None, rtd, chair, "NONE", "SERVICE"),  # nobody grants this
            grant(None, rtd, chair, "NONE", "EMPLOYEE"),  # HR's
            grant(jnc, None, union_member, "MANAGEMENT", "MEMBER"),  # somebody unseen
            grant(jnc, None, uuid4(), "MANAGEMENT", "MEMBER"),
            grant(jnc, None, chair, "MANAGEMENT", "GUARDIAN"),  # no such office there
        ):
            await _refused(management, GRANT, *what)
        control = grant(jnc, None, chair, "MANAGEMENT", "MEMBER")
        is_(await management.state(f"select access.{GRANT}", *control), "ok None", "the control")
    async with ground.entered("hr-service", SERVICE) as hr:
        for what in (
            grant(jnc, None, chair, "STAFF", "SECRETARY"),
            grant(race, None, chair, "NETWORK", "CHAIR"),
            grant(None, demo_id("organisation", "RR7"), chair, "NONE", "EMPLOYEE"),  # another trust's
            grant(forum("RR7/jnc"), None, chair, "MANAGEMENT", "MEMBER"),
        ):
            await _refused(hr, GRANT, *what)
        is_(
            await hr.state(f"select access.{GRANT}", *grant(jnc, None, chair, "MANAGEMENT", "MEMBER")),
            "ok None",
            "HR's control",
        )


async def seats_are_ended_by_who_grants_them_or_by_their_holder(ground: Ground) -> None:
    end = "seat_end($1, now())"
    member = seat(NETWORK_MEMBER)
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as management:
        for who in (seat(STAFF_CHAIR), member, seat(NETWORK_CHAIR), seat(OUTSIDER), uuid4()):
            await _refused(management, end, who)
        is_(await management.state(f"select access.{end}", seat(MANAGEMENT_CHAIR)), "ok True", "one's own")
    async with ground.entered("network-member", NETWORK_MEMBER) as own:
        await _refused(own, end, seat(NETWORK_CHAIR))
        employed = await ground.admin.fetchval(
            "select id from graph.seat where office = 'EMPLOYEE' and person_id = $1",
            demo_id("person", "network-member"),
        )
        await _refused(own, end, employed)
    async with ground.entered("network-chair", NETWORK_CHAIR) as chair:
        is_(await chair.state(f"select access.{end}", member), "ok True", "a member's, by the officers")
    async with ground.entered(ground.facts["guest"], GUEST) as guest:
        await _refused(guest, end, ground.facts["bound seat"])


async def a_seat_is_never_lengthened(ground: Ground) -> None:
    async with ground.entered(ground.facts["guest"], GUEST) as guest:
        await ground.app.execute("savepoint before")
        found = await ground.app.fetchval("select access.seat_end($1, 'infinity')", ground.facts["ended seat"])
        is_(found, False, "an ended seat")
        is_(
            await guest.count("graph.seat", "id = $1 and ends_at < now()", ground.facts["ended seat"]),
            1,
            "it stays ended",
        )


async def requests_to_join_are_answered_by_the_networks_officers_alone(ground: Ground) -> None:
    decide, request = "membership_decide($1, true, $2, $3, 'infinity')", ground.facts["request"]
    for subject, key in (
        (ground.facts["guest"], GUEST),  # who asked, and may read in the officers' room
        ("network-member", NETWORK_MEMBER),
        ("management-chair", MANAGEMENT_CHAIR),
        ("hr-service", SERVICE),
    ):
        async with ground.entered(subject, key) as entered:
            await _refused(entered, decide, request, uuid4(), uuid4())
            await _refused(entered, decide, uuid4(), uuid4(), uuid4())
    async with ground.entered("network-chair", NETWORK_CHAIR) as chair:
        is_(await chair.state(f"select access.{decide}", request, uuid4(), uuid4()), "ok None", "the control")
        await ground.app.execute(f"select access.{decide}", request, uuid4(), uuid4())
        await _refused(chair, decide, request, uuid4(), uuid4())  # once


async def one_asks_to_join_a_network_whose_entry_one_sees(ground: Ground) -> None:
    join = "membership_join($1, $2)"
    async with ground.entered("outsider", OUTSIDER) as outsider:
        for body in (forum("RTD/race"), forum("RTD/unison"), forum("RR7/jnc"), forum("RR7/speak-up"), uuid4()):
            await _refused(outsider, join, uuid4(), body)
        asked = uuid4()
        is_(await outsider.state(f"select access.{join}", asked, forum("RR7/race")), f"ok {asked}", "the control")
    async with ground.nobody() as nobody:
        await _refused(nobody, join, uuid4(), forum("RR7/race"))


INVITE = "invitation_issue($1, $2, $3, $4, null, null, $5, now() + interval '1 day')"


async def invitations_are_issued_from_granting_rooms(ground: Ground) -> None:
    jnc, race = forum("RTD/jnc"), forum("RTD/race")
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as management:
        for body, side, office in (
            (jnc, "STAFF", "SECRETARY"),
            (race, "NETWORK", "MEMBER"),
            (forum("RTD/unison"), "STAFF", "MEMBER"),
            (uuid4(), "STAFF", "MEMBER"),
        ):
            await _refused(management, INVITE, uuid4(), body, side, office, b"h")
        is_(
            await management.state(f"select access.{INVITE}", uuid4(), jnc, "MANAGEMENT", "MEMBER", b"h"),
            "ok None",
            "the control",
        )
    async with ground.entered("network-member", NETWORK_MEMBER) as member:
        await _refused(member, INVITE, uuid4(), race, "NETWORK", "MEMBER", b"h")
        is_(await member.state("select code_hash from graph.invitation"), NOT_ALLOWED, "the hashes")


async def an_invitation_is_accepted_once_in_time_and_as_who_signed_in(ground: Ground) -> None:
    accept = "select seat_id from access.invitation_accept(sha256($1), $2, $3, 'N', gen_random_uuid(), gen_random_uuid(), $4, gen_random_uuid(), $5, $6)"
    issuer, made, here = ground.facts["issuer"], now_micros(), ground.app.get_server_pid()
    good = identity_proof(ground.key, "accept", issuer, "newcomer", here, made)
    new = uuid4()
    async with ground.nobody() as newcomer:
        for what, arguments in {
            "no such code": (b"nothing", issuer, "newcomer", new, made, good),
            "expired": (b"expired", issuer, "newcomer", new, made, good),
            "bound to another issuer": (b"bound", issuer, "newcomer", new, made, good),
            "as somebody else": (b"open", issuer, "management-chair", new, made, good),
            "as another issuer's": (b"bound", OTHER_ISSUER, "newcomer", new, made, good),
            "no proof": (b"open", issuer, "newcomer", new, made, "x"),
            "a proof for signing in": (b"open", issuer, "newcomer", new, made, identity_proof(ground.key, "identify", issuer, "newcomer", here, made)),
        }.items():  # fmt: skip
            is_(await newcomer.state(accept, *arguments), REFUSED, what)
        guest = ground.facts["guest"]
        as_guest = identity_proof(ground.key, "accept", issuer, guest, here, made)
        await ground.admin.execute("update access.account set closed_at = '2020-01-01' where id = $1", account(guest))
        is_(await newcomer.state(accept, b"open", issuer, guest, new, made, as_guest), REFUSED, "a closed account")
        await ground.admin.execute("update access.account set closed_at = 'infinity' where id = $1", account(guest))
        is_(
            await newcomer.state(accept, b"open", issuer, guest, new, made, as_guest),
            f"ok {new}",
            "the guest's control",
        )
        is_(await newcomer.state(accept, b"open", issuer, "newcomer", new, made, good), f"ok {new}", "the control")
        await ground.app.fetchval(accept, b"open", issuer, "newcomer", new, made, good)
        is_(await newcomer.state(accept, b"open", issuer, "newcomer", uuid4(), made, good), REFUSED, "twice")


PUBLISH = "report_publish($1)"


async def a_report_is_published_by_who_made_it_about_itself_once_it_was_acknowledged(ground: Ground) -> None:
    facts = ground.facts
    async with ground.entered("hr-service", SERVICE) as hr:
        for name in ("unanswered", "of another trust", "a network's", "a survey", "a pretended survey"):
            await _refused(hr, PUBLISH, facts[name])
        await _refused(hr, PUBLISH, uuid4())
        is_(await hr.state(f"select access.{PUBLISH}", facts["good"]), "ok None", "the control")
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as receiver:
        await _refused(receiver, PUBLISH, facts["good"])
    async with ground.entered(facts["other hr"], OTHER_SERVICE) as other:
        for name in ("good", "of another trust"):
            await _refused(other, PUBLISH, facts[name])
    async with ground.entered("network-member", NETWORK_MEMBER) as member:
        await _refused(member, PUBLISH, facts["a network's"])
    async with ground.entered("network-chair", NETWORK_CHAIR) as chair:
        is_(await chair.state(f"select access.{PUBLISH}", facts["a network's"]), "ok None", "the network's control")
    async with ground.entered("survey-system", SURVEY) as survey:
        for name in ("no survey", "good"):
            await _refused(survey, PUBLISH, facts[name])
        is_(await survey.state(f"select access.{PUBLISH}", facts["a survey"]), "ok None", "the survey's control")
    async with ground.nobody() as nobody:
        await _refused(nobody, PUBLISH, facts["good"])


SOURCE = "select count(*) from access.{}($1, $2, $3, $4)"


async def raw_counts_are_for_the_service_alone_not_for_any_sql_of_the_region(ground: Ground) -> None:
    """F3: whoever can run any SQL as the region's own chair reads cells under the rule, and no count that they were made of."""
    here, made, code = ground.app.get_server_pid(), now_micros(), "PROTECTED_TIME"
    spf, jnc = forum("north-east/spf"), forum("RTD/jnc")
    good = release_proof(ground.key, spf, code, here, made)
    for function in ("release_source", "release_history"):
        asked = SOURCE.format(function)
        async with ground.entered("regional-chair", SPF_CHAIR) as chair:
            counts = "metric_id in (select m.id from graph.metric m where m.counts_people and not m.published_verbatim)"
            is_(await chair.count("graph.report_figure", counts), 0, "counts of people that no trust made public")
            for what, proof in {
                "no proof": None,
                "a made-up one": "0" * 64,
                "another key's": release_proof(b"x" * 32, spf, code, here, made),
                "another kind's": release_proof(ground.key, spf, "WRES", here, made),
                "another forum's": release_proof(ground.key, jnc, code, here, made),
                "another backend's": release_proof(ground.key, spf, code, ground.other.get_server_pid(), made),
                "one for entering": enter_proof(ground.key, spf, None, False, here, made),
            }.items():
                is_(await chair.state(asked, spf, code, made, proof), REFUSED, what)
            found = await chair.state(asked, spf, code, made, good)
            assert found.startswith("ok ") and found != "ok 0", f"the control: {found}"
        async with ground.entered("management-chair", MANAGEMENT_CHAIR) as other:
            is_(await other.state(asked, spf, code, made, good), REFUSED, "the service itself, for somebody else")
            own = release_proof(ground.key, jnc, code, here, made)
            is_(await other.state(asked, jnc, code, made, own), REFUSED, "no forum of a region")


FREEZE = "select access.release_freeze($1, $2, $3, $4, $5, $6)"


async def nothing_is_frozen_but_what_the_service_worked_out(ground: Ground) -> None:
    here, made, spf, jnc = ground.app.get_server_pid(), now_micros(), forum("north-east/spf"), forum("RTD/jnc")
    kind = await ground.admin.fetchval("select id from graph.report_definition where code = 'PROTECTED_TIME'")
    number = 1 + await ground.admin.fetchval("select count(*) from graph.release where definition_id = $1", kind)
    said = (
        '{"code": "PROTECTED_TIME", "definition": "%s", "number": %d, "frozen_on": "2026-01-05", "method": "m", "rule": {},'
        ' "contributors": 0, "taken": [], "cells": []}'
    )
    content, release, room = said % (kind, number), uuid4(), uuid4()
    good = freeze_proof(ground.key, release, room, spf, content, here, made)
    async with ground.entered("regional-chair", SPF_CHAIR) as chair:
        for what, arguments in {
            "no proof": (release, room, spf, content, made, None),
            "other content": (release, room, spf, content.replace("[]", "[ ]"), made, good),
            "another release": (uuid4(), room, spf, content, made, good),
            "another room": (release, uuid4(), spf, content, made, good),
            "another forum": (release, room, jnc, content, made, good),
            "one for reading": (release, room, spf, content, made, release_proof(ground.key, spf, "PROTECTED_TIME", here, made)),
        }.items():  # fmt: skip
            is_(await chair.state(FREEZE, *arguments), REFUSED, what)
        late = said % (kind, number + 1)
        proof = freeze_proof(ground.key, release, room, spf, late, here, made)
        is_(await chair.state(FREEZE, release, room, spf, late, made, proof), "40001", "from another history")
        is_(await chair.state(FREEZE, release, room, spf, content, made, good), f"ok {number}", "the control")
        await ground.app.fetchval(FREEZE, release, room, spf, content, made, good)
        is_(await chair.count("graph.release", "id = $1", release), 1, "read by its forum")
        insert = ground.table("graph.comment").insert(room_id=f"'{room}'", consultation_room=f"'{room}'")
        is_(await chair.state(insert), NOT_ALLOWED, "nobody writes in its room")
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as other:
        is_(await other.state(FREEZE, release, room, spf, content, made, good), REFUSED, "for somebody else")
        own = freeze_proof(ground.key, release, room, jnc, content, here, made)
        is_(await other.state(FREEZE, release, room, jnc, content, made, own), REFUSED, "no forum of a region")


TRACE = "trace(gen_random_uuid(), gen_random_uuid(), $1, $2, 'X', 'DONE', null, null, null, 'x', 's', 'd')"


async def a_trace_is_left_in_rooms_that_one_sees_and_in_ones_own_seat(ground: Ground) -> None:
    async with ground.entered("network-member", NETWORK_MEMBER) as member:
        for room, event_room in (
            (STAFF_SIDE, None),
            (uuid4(), None),
            (None, STAFF_SIDE),
            (ground.facts["members"], uuid4()),
        ):
            await _refused(member, TRACE, room, event_room)
        is_(await member.state(f"select access.{TRACE}", ground.facts["members"], None), "ok None", "the control")
    async with ground.nobody() as nobody:
        await _refused(nobody, TRACE, None, None)
    async with ground.entered("dual-role", merge=True) as merged:
        await _refused(merged, TRACE, None, None)


# What hidden and absent have in common -----------------------------------------------------------------------------------


async def every_definer_function_says_the_same_of_hidden_and_absent(ground: Ground) -> None:
    facts, own, chair = ground.facts, personal(OUTSIDER), demo_id("person", "outsider")
    calls: list[tuple[str, tuple[Any, ...], tuple[Any, ...]]] = [
        ("open_case($1, $2, null)", (uuid4(), STAFF_SIDE), (uuid4(), uuid4())),
        ("open_case($1, $2, $3)", (uuid4(), own, STAFF_SIDE), (uuid4(), own, uuid4())),
        ("admit($1, $2, $3, $4)", (STAFF_SIDE, forum("RR7/race"), "MEMBERS", True), (uuid4(), forum("RR7/race"), "MEMBERS", True)),
        ("recuse($1, $2)", (facts["draft"]["id"], "x"), (uuid4(), "x")),
        (GRANT, (uuid4(), uuid4(), forum("RTD/jnc"), None, chair, "STAFF", "MEMBER"), (uuid4(), uuid4(), uuid4(), None, chair, "STAFF", "MEMBER")),
        ("seat_end($1, now())", (seat(STAFF_CHAIR),), (uuid4(),)),
        ("membership_join($1, $2)", (uuid4(), forum("RTD/race")), (uuid4(), uuid4())),
        ("membership_decide($1, true, $2, $3, 'infinity')", (facts["request"], uuid4(), uuid4()), (uuid4(), uuid4(), uuid4())),
        (INVITE, (uuid4(), forum("RTD/jnc"), "STAFF", "MEMBER", b"h"), (uuid4(), uuid4(), "STAFF", "MEMBER", b"h")),
        (TRACE, (STAFF_SIDE, None), (uuid4(), None)),
        (PUBLISH, (facts["good"],), (uuid4(),)),
    ]  # fmt: skip
    async with ground.entered("outsider", OUTSIDER) as outsider:
        for call, hidden, absent in calls:
            said = await outsider.said(f"select access.{call}", *hidden)
            is_(said[0], REFUSED, call)
            is_(said, await outsider.said(f"select access.{call}", *absent), call)


# Many viewers on one backend -----------------------------------------------------------------------------------------------


async def alternating_viewers_of_one_prepared_statement_never_cross(ground: Ground) -> None:
    """Plans are kept per backend; whose rooms they ask for is not. Four hundred turns, past any change to a generic plan."""
    counting = await ground.app.prepare("select count(*) from graph.comment where room_id = $1 or $1 is null")
    expected: dict[str, tuple[int, int]] = {}
    viewers = [("network-member", NETWORK_MEMBER), ("management-chair", MANAGEMENT_CHAIR), ("outsider", OUTSIDER)]
    for subject, key in viewers:
        async with ground.entered(subject, key) as entered:
            opened = list(await _open_to(ground, await entered.rooms(), demo_id("person", subject)))
            count = "select count(*) from graph.comment where room_id = any($1)"
            expected[subject] = (
                await ground.admin.fetchval(count, opened),
                await ground.admin.fetchval(f"{count} and room_id = $2", opened, ground.facts["members"]),
            )
    assert len(set(expected.values())) > 1, "the viewers differ"
    for turn in range(400):
        subject, key = viewers[turn % len(viewers)]
        async with ground.entered(subject, key):
            if turn % 7 == 0:
                await ground.app.execute("discard plans")
            await ground.app.execute(
                f"set local plan_cache_mode = {('auto', 'force_generic_plan', 'force_custom_plan')[turn // 140]}"
            )
            found = (await counting.fetchval(None), await counting.fetchval(ground.facts["members"]))
            is_(found, expected[subject], f"turn {turn}")


Attack = Callable[[Ground], Awaitable[None]]


async def what_changed_is_for_the_service_alone_not_for_any_sql(ground: Ground) -> None:
    """The feed's lines tell which transaction wrote what, anywhere: no SQL reads one without the service's own proof."""
    here, made = ground.app.get_server_pid(), now_micros()
    rooms, now = "array(select id from graph.room)", "pg_current_snapshot()::text"
    asked = {
        "feed_closed": f"{rooms}, {rooms}, '9:9:', null, null, null, 9",
        "feed_opened": f"{rooms}, {now}, null, null, null, 9",
        "feed_changed": f"{rooms}, '3:3:', {now}, '0', gen_random_uuid(), '', gen_random_uuid(), 9",
        "feed_stirred": "'3:3:'",
        "no_longer_held": "array[gen_random_uuid()], array[gen_random_uuid()]",
    }
    for function, given in asked.items():
        async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
            sql = f"select count(*) from access.{function}({given}, $1, $2)"
            for what, proof in {
                "no proof": None,
                "a made-up one": "0" * 64,
                "another key's": feed_proof(b"x" * 32, here, made),
                "another backend's": feed_proof(ground.key, ground.other.get_server_pid(), made),
                "one for entering": enter_proof(ground.key, None, None, False, here, made),
            }.items():
                is_(await chair.state(sql, made, proof), REFUSED, f"{function}: {what}")
            is_(
                (await chair.state(sql, made, feed_proof(ground.key, here, made)))[:2], "ok", f"{function}: the control"
            )
            is_(
                await chair.state(sql, made - 60_000_000, feed_proof(ground.key, here, made - 60_000_000)),
                REFUSED,
                "an old one",
            )


async def webhooks_are_for_the_services_worker_alone_not_for_any_sql(ground: Ground) -> None:
    """Whose endpoints there are, and what they were told of, no SQL reads or moves; one's own begins by the service alone."""
    here, made = ground.app.get_server_pid(), now_micros()
    mine, good = personal(MANAGEMENT_CHAIR), webhook_proof(ground.key, here, made)
    made_up = {
        "no proof": None,
        "a made-up one": "0" * 64,
        "another key's": webhook_proof(b"x" * 32, here, made),
        "another backend's": webhook_proof(ground.key, ground.other.get_server_pid(), made),
        "one for the feed": feed_proof(ground.key, here, made),
    }
    add = "insert into graph.webhook_endpoint (id, room_id, url, types, secret) values ($1, $2, 'x', '{}', 'x')"
    register = f"select count(*) from access.webhook_register($1, '{account('management-chair')}', 'x', $2, $3)"
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
        own, others = uuid4(), uuid4()
        await chair.connection.execute(add, own, mine)
        for what, proof in made_up.items():
            is_(await chair.state(register, own, made, proof), REFUSED, f"registering with {what}")
        is_(await chair.state(register, others, made, good), REFUSED, "an endpoint that is not one's own")
        is_((await chair.state(register, own, made, good))[:2], "ok", "the control")
        move = "select count(*) from access.webhook_moved($1, gen_random_uuid(), 'x', $2, $3)"
        is_(await chair.state(move, own, made, good), REFUSED, "moving an endpoint that is not in one's hand")
        for function, given in {
            "webhook_turns": "9, 9, gen_random_uuid()",
            "webhook_told": "gen_random_uuid(), gen_random_uuid()",
            "webhook_seen": "gen_random_uuid(), gen_random_uuid(), '{}', '3:3:', 9",
            "webhook_freed": "gen_random_uuid(), gen_random_uuid(), 9",
            "webhook_pruned": "",
        }.items():
            sql = f"select count(*) from access.{function}({given}{', ' if given else ''}$1, $2)"
            for what, proof in made_up.items():
                is_(await chair.state(sql, made, proof), REFUSED, f"{function}: {what}")
            is_((await chair.state(sql, made, good))[:2], "ok", f"{function}: the control")


async def moments_are_for_the_services_scheduler_alone_not_for_any_sql(ground: Ground) -> None:
    """What is due anywhere, no SQL reads; and what has not come cannot be told of, even by the service."""
    here, made = ground.app.get_server_pid(), now_micros()
    good = deadline_proof(ground.key, here, made)
    made_up = {
        "no proof": None,
        "another key's": deadline_proof(b"x" * 32, here, made),
        "another backend's": deadline_proof(ground.key, ground.other.get_server_pid(), made),
        "one for webhooks": webhook_proof(ground.key, here, made),
    }
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
        for function, given in {
            "moments_due": "gen_random_uuid(), 0, 9",
            "moment_passed": "'SEAT_ENDS', gen_random_uuid(), now(), gen_random_uuid()",
            "kept_pruned": "",
            "releases_due": "0",
        }.items():
            sql = f"select count(*) from access.{function}({given}{', ' if given else ''}$1, $2)"
            for what, proof in made_up.items():
                is_(await chair.state(sql, made, proof), REFUSED, f"{function}: {what}")
            is_((await chair.state(sql, made, good))[:2], "ok", f"{function}: the control")
        coming = await ground.admin.fetchrow(
            "select id, closes_at from graph.consultation where stored_state = 'OPEN' and closes_at > now() limit 1"
        )
        tell = "select access.moment_passed('CONSULTATION_CLOSES', $1, $2, gen_random_uuid(), $3, $4)"
        is_(await chair.state(tell, *coming, made, good), "ok False", "a moment that has not come")


async def a_day_for_a_release_is_carried_out_as_the_seat_that_set_it(ground: Ground) -> None:
    """By the service's proof alone, of what lies in a room that the seat may write in, for a sign-in that holds the seat."""
    here, made = ground.app.get_server_pid(), now_micros()
    good, own, joint = deadline_proof(ground.key, here, made), uuid4(), room_id("north-east/spf", Purpose.JOINT)
    made_up = {
        "no proof": None,
        "another key's": deadline_proof(b"x" * 32, here, made),
        "another backend's": deadline_proof(ground.key, ground.other.get_server_pid(), made),
        "one for webhooks": webhook_proof(ground.key, here, made),
    }
    add = (
        "insert into graph.release_schedule (id, room_id, forum_id, forum_room, definition_code, freeze_on)"
        " values ($1, $2, $3, $4, 'x', '2200-01-01')"
    )
    register = "select count(*) from access.release_scheduled($1, $2, $3, $4)"
    mine = account("regional-chair")
    async with ground.entered("regional-chair", SPF_CHAIR) as chair:
        await chair.connection.execute(add, own, joint, forum("north-east/spf"), ground.facts["spf_room"])
        for what, proof in made_up.items():
            is_(await chair.state(register, own, mine, made, proof), REFUSED, what)
        is_(await chair.state(register, own, account("management-chair"), made, good), REFUSED, "another's sign-in")
        is_(await chair.state(register, ground.facts["schedule"], mine, made, good), REFUSED, "a day in another room")
        is_((await chair.state(register, own, mine, made, good))[:2], "ok", "the control")


async def who_works_where_is_hr_s_own_system_s_to_tell_and_only_what_it_keeps(ground: Ground) -> None:
    """A proof is for one seat of HR and the very words; no words end or make a seat that HR does not keep, or elsewhere."""
    here = ground.app.get_server_pid()
    keep = "select access.people_keep($1, $2, $3)"

    def given(words: dict[str, Any], seat_: str, **wrong: Any) -> tuple[str, int, str]:
        said = orjson.dumps({"rows": [], "seats": [], "ends": []} | words, default=str).decode()
        made = wrong.get("made", now_micros())
        key, of = wrong.get("key", ground.key), seat(wrong.get("of", seat_))
        return said, made, people_proof(key, of, wrong.get("said", said), wrong.get("here", here), made)

    row = {
        "id": uuid4(), "person_number": "1", "assignment_number": "1-1", "display_name": "x", "issuer": ISSUER,
        "subject": "nobody yet", "starts_on": "2024-01-01", "ends_on": None, "forum_id": None, "side": None, "office": None,
    }  # fmt: skip
    times = {"starts_at": "2024-01-01T00:00:00Z", "ends_at": "infinity"}
    ids = {name: uuid4() for name in ("person", "account", "seat", "personal")}
    words = {"rows": [row], "seats": [{**row, "assignment": row["id"], "forum": None, **ids, **times}]}
    async with ground.entered("hr-service", SERVICE) as hr:
        is_((await hr.state(keep, *given(words, SERVICE)))[:2], "ok", "the control")
        for what, wrong in {
            "another key's": {"key": b"x" * 32},
            "another seat's": {"of": OTHER_SERVICE},
            "for other words": {"said": "{}"},
            "another backend's": {"here": ground.other.get_server_pid()},
            "an old one": {"made": now_micros() - 60_000_000},
        }.items():
            is_(await hr.state(keep, *given(words, SERVICE, **wrong)), REFUSED, f"a proof that is {what}")
        await hr.connection.execute(keep, *given(words, SERVICE))
        post = {"assignment": row["id"], "seat": uuid4(), "personal": uuid4(), "title": None, **times}
        places = {
            "staff side": {"forum": forum("RTD/jnc"), "side": "STAFF", "office": "CHAIR"},
            "a network": {"forum": forum("RTD/race"), "side": "NETWORK", "office": "MEMBER"},
            "a union group": {"forum": forum("RTD/union-unison"), "side": "STAFF", "office": "MEMBER"},
            "another trust": {"forum": forum("RR7/jnc"), "side": "MANAGEMENT", "office": "MEMBER"},
        }
        for what, place in places.items():
            is_(await hr.state(keep, *given({"seats": [post | place]}, SERVICE)), REFUSED, f"a seat in {what}")
        kept = {"forum": forum("RTD/jnc"), "side": "MANAGEMENT", "office": "MEMBER"}
        is_((await hr.state(keep, *given({"seats": [post | kept]}, SERVICE)))[:2], "ok", "a seat of management side")
        known = [("staff-side-chair", STAFF_CHAIR), (ground.facts["other management"], OTHER_MANAGEMENT)]
        for turn, (subject, _) in enumerate(known):
            told = row | {
                "id": uuid4(),
                "person_number": f"k{turn}",
                "assignment_number": f"k{turn}",
                "subject": subject,
            }
            new = {name: uuid4() for name in ids}
            employed = {**told, "assignment": told["id"], "forum": None, **new, **times}
            await hr.connection.execute(keep, *given({"rows": [told], "seats": [employed]}, SERVICE))
        spared = {STAFF_CHAIR: "staff-side-chair", OTHER_MANAGEMENT: ground.facts["other management"],
            MANAGEMENT_CHAIR: "management-chair", SERVICE: "hr-service"}  # fmt: skip
        ends = [{"seat": each, "at": "2024-01-01T00:00:00Z"} for each in (*map(seat, spared), ids["seat"])]
        await hr.connection.execute(keep, *given({"ends": ends}, SERVICE))
        ended = await hr.connection.fetchval("select ends_at < 'infinity' from graph.seat where id = $1", ids["seat"])
        is_(ended, True, "the seat that it made")
        for held, subject in spared.items():
            await ground.enter(ground.app, subject, held)
            is_(await ground.app.fetchval("select access.seat()"), seat(held), f"{subject} still holds {held}")
    for subject, other in (("management-chair", MANAGEMENT_CHAIR), ("staff-side-chair", STAFF_CHAIR)):
        async with ground.entered(subject, other) as viewer:
            is_(await viewer.state(keep, *given(words, other)), REFUSED, subject)


async def a_calendars_address_is_made_and_asked_for_by_the_service_alone(ground: Ground) -> None:
    """No SQL learns whose an address is, or makes one that another's seat or sign-in is read by."""
    here, made, digest = ground.app.get_server_pid(), now_micros(), uuid4().bytes * 2
    good = calendar_proof(ground.key, digest, here, made)
    made_up = {
        "no proof": None,
        "a made-up one": "0" * 64,
        "another key's": calendar_proof(b"x" * 32, digest, here, made),
        "another backend's": calendar_proof(ground.key, digest, ground.other.get_server_pid(), made),
        "another address's": calendar_proof(ground.key, uuid4().bytes * 2, here, made),
        "one for the feed": feed_proof(ground.key, here, made),
    }
    create = "select count(*) from access.calendar_create($1, $2, $3, $4)"
    read = "select account_id || '/' || seat_id from access.calendar_seat($1, $2, $3)"
    mine, others = account("management-chair"), account("staff-side-chair")
    async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
        for what, proof in made_up.items():
            is_(await chair.state(create, mine, digest, made, proof), REFUSED, f"making one with {what}")
            is_(await chair.state(read, digest, made, proof), REFUSED, f"asking for one with {what}")
        is_(await chair.state(create, others, digest, made, good), REFUSED, "one that another's sign-in is read by")
        await chair.connection.execute(create, mine, digest, made, good)
        is_(
            await chair.connection.fetchval(read, digest, made, good), f"{mine}/{seat(MANAGEMENT_CHAIR)}", "whose it is"
        )
        await chair.connection.execute("select access.calendar_revoke()")
        is_(await chair.connection.fetchval(read, digest, made, good), None, "one that was revoked")
    plant = "insert into access.calendar_address (seat_id, account_id, digest) values ($1, $2, $3)"
    away = "delete from access.calendar_address where seat_id = $1 and account_id = $2 and digest = $3"
    for what, planted, as_whom, expected in (
        ("a seat that ended", ground.facts["ended seat"], account(ground.facts["guest"]), None),
        ("a seat that its sign-in does not hold", seat(STAFF_CHAIR), mine, None),
        ("another's, after one's own is revoked", seat(STAFF_CHAIR), others, f"{others}/{seat(STAFF_CHAIR)}"),
    ):
        async with (
            ground.changed(plant, away, planted, as_whom, digest),
            ground.entered("management-chair", MANAGEMENT_CHAIR) as chair,
        ):
            await chair.connection.execute("select access.calendar_revoke()")
            is_(await chair.connection.fetchval(read, digest, made, good), expected, what)


async def what_a_code_shows_and_what_a_trust_took_is_for_the_service_alone(ground: Ground) -> None:
    """A note is issued and revoked in its own seat; no SQL reads what a code shows, or counts a trust's people."""
    here, made, code = ground.app.get_server_pid(), now_micros(), uuid4().bytes * 2
    rtd, other = demo_id("organisation", "RTD"), demo_id("organisation", "RR7")
    issue = "select access.release_note_issue($1, graph.today(), 3, graph.today() + 1, $2)"
    read = "select trust from access.release_note_shown($1, $2, $3)"
    count = "select people || '/' || hours from access.time_off_counted($1, $2, $2, $3, $4, $5, $6)"
    today = await ground.admin.fetchval("select graph.today()")
    moment = await ground.admin.fetchval("select now()")
    good = release_note_proof(ground.key, code, here, made)

    async def counted(entered: Entered, organisation: UUID, as_of: datetime, most: int = 75) -> Any:
        proof = time_off_proof(ground.key, organisation, today, today, here, made)
        return await entered.connection.fetchval(count, organisation, today, as_of, most, made, proof)

    async with ground.entered("network-member", NETWORK_MEMBER) as member:
        for what, proof in {
            "no proof": None,
            "a made-up one": "0" * 64,
            "another key's": release_note_proof(b"x" * 32, code, here, made),
            "another backend's": release_note_proof(ground.key, code, ground.other.get_server_pid(), made),
            "another code's": release_note_proof(ground.key, uuid4().bytes * 2, here, made),
            "a calendar's": calendar_proof(ground.key, code, here, made),
        }.items():
            is_(await member.state(read, code, made, proof), REFUSED, f"a code with {what}")
            is_(await member.state(count, rtd, today, moment, 75, made, proof), REFUSED, f"a total with {what}")
        wrong = time_off_proof(ground.key, other, today, today, here, made)
        is_(await member.state(count, rtd, today, moment, 75, made, wrong), REFUSED, "another trust's proof")
        is_(await counted(member, rtd, moment), None, "a total for who runs no HR system")
        is_(await member.connection.fetchval(issue, uuid4(), code), rtd, "a note of one's own")
        is_(await member.count("graph.release_note"), 1, "one's own note")
        is_(await member.state("select code_hash from graph.release_note"), NOT_ALLOWED, "its code")
        is_(await member.state("update graph.release_note set revoked_at = null"), NOT_ALLOWED, "a note revived")
        assert await member.connection.fetchval(read, code, made, good), "the control"
    async with ground.entered("outsider", OUTSIDER) as employee:
        is_(await employee.connection.fetchval(issue, uuid4(), code), None, "a note in no body")
        is_(await counted(employee, other, moment), None, "a total for an employee")
    plant = (
        "insert into graph.release_note (id, room_id, organisation_id, on_day, hours, code_hash, verifiable_until, created_at, revoked_at)"
        " select $1, $2, $3, graph.today(), 9, $4, graph.today() + $5::int, now() - interval '1 hour',"
        " case when $6::bool then now() - interval '1 minute' end"
    )
    away = "delete from graph.release_note where id = $1 and room_id = $2 and organisation_id = $3 and code_hash = $4 and $5::int is not null and $6::bool is not null"
    home, note = personal(NETWORK_MEMBER), uuid4()
    gone = await ground.admin.fetchval("select personal_room from graph.seat where id = $1", ground.facts["ended seat"])
    for what, room, until, revoked, stands in (
        ("a revoked note", home, 1, True, False),
        ("a note too old", home, -1, False, False),
        ("a note of a seat that ended before its day", gone, 1, False, False),
        ("a note that stands", home, 1, False, True),
    ):
        async with ground.changed(plant, away, note, room, rtd, code, until, revoked):
            async with ground.entered("management-chair", MANAGEMENT_CHAIR) as chair:
                is_(await chair.connection.fetchval(read, code, made, good) is not None, stands, what)
                is_(await chair.count("graph.release_note"), 0, f"{what}: another's")
                is_(await chair.connection.fetchval("select access.release_note_revoke($1)", note), False, "another's")
            async with ground.entered("hr-service", SERVICE) as hr:
                is_(await hr.count("graph.release_note"), 0, f"{what}: HR's own")
                is_(await counted(hr, other, moment), None, "another trust's total")
                is_(await counted(hr, rtd, moment + timedelta(days=1)), None, "a total before its moment")
                is_(await counted(hr, rtd, moment - timedelta(hours=2)), "0/0", "before the note was issued")
                is_(await counted(hr, rtd, moment - timedelta(minutes=30)), "1/9", "before it was revoked")
                is_(await counted(hr, rtd, moment), "0/0" if revoked else "1/9", f"{what}: counted")
                is_(await counted(hr, rtd, moment - timedelta(minutes=30), 5), "1/5", "at most so many hours of each")


async def the_feed_tells_of_open_rooms_alone_whatever_is_asked_of_it(ground: Ground) -> None:
    """Even the service, asking for every room there is, is told of those that the viewer it entered as may open."""
    here, made = ground.app.get_server_pid(), now_micros()
    proof = feed_proof(ground.key, here, made)
    every = [row["id"] for row in await ground.admin.fetch("select id from graph.room")]
    opened = (
        "select count(*) from access.feed_opened($1, pg_current_snapshot()::text, null, null, null, 100000, $2, $3) f"
        " where not exists (select from graph.door d where d.into_room = f.room_id) and f.room_id is distinct from access.person()"
    )
    changed = (
        "select count(*) from access.feed_changed($1, '3:3:', pg_current_snapshot()::text, '0', $4, '', $4, 100000, $2, $3) f"
        " where not exists (select from graph.door d where d.into_room = f.room_id) and f.room_id is distinct from access.person()"
    )
    nil = UUID(int=0)
    for subject, seat_ in (
        ("management-chair", MANAGEMENT_CHAIR),
        ("staff-side-chair", STAFF_CHAIR),
        ("network-member", NETWORK_MEMBER),
    ):
        async with ground.entered(subject, seat_) as viewer:
            is_(await viewer.connection.fetchval(opened, every, made, proof), 0, f"{subject}: what opened")
            is_(await viewer.connection.fetchval(changed, every, made, proof, nil), 0, f"{subject}: what changed")
            whole = opened.split(" where", maxsplit=1)[0]
            assert await viewer.connection.fetchval(whole, every, made, proof) > 0, "the control"


ATTACKS: Final[tuple[Attack, ...]] = (
    what_changed_is_for_the_service_alone_not_for_any_sql,
    the_feed_tells_of_open_rooms_alone_whatever_is_asked_of_it,
    webhooks_are_for_the_services_worker_alone_not_for_any_sql,
    who_works_where_is_hr_s_own_system_s_to_tell_and_only_what_it_keeps,
    moments_are_for_the_services_scheduler_alone_not_for_any_sql,
    a_day_for_a_release_is_carried_out_as_the_seat_that_set_it,
    a_calendars_address_is_made_and_asked_for_by_the_service_alone,
    what_a_code_shows_and_what_a_trust_took_is_for_the_service_alone,
    nobody_who_entered_nothing_reads_a_row,
    each_viewer_reads_what_its_doors_open_and_nothing_else,
    doors_that_are_closed_not_yet_open_or_barred_let_nobody_in,
    a_seat_that_ended_has_not_begun_or_is_bound_elsewhere_opens_nothing,
    the_same_seat_bound_elsewhere_opens_through_its_own_issuer,
    another_persons_seat_and_a_closed_account_open_nothing,
    several_seats_and_no_choice_open_the_directory_alone,
    a_forged_altered_old_or_foreign_proof_opens_nothing,
    a_proof_of_identity_is_for_one_verb_issuer_and_subject,
    no_setting_widens_what_was_entered,
    a_seal_is_worth_nothing_in_another_transaction_or_on_another_backend,
    a_body_signs_and_answers_in_no_room_that_is_closed_to_it,
    nobody_speaks_for_another,
    nobody_writes_into_a_room_that_is_closed_to_them,
    nobody_writes_through_a_door_that_is_for_reading,
    a_reference_tells_nothing_of_what_it_names,
    an_outcome_is_never_moved_onto_a_clause_in_a_hidden_room,
    a_unique_key_tells_nothing_across_rooms,
    what_definers_alone_write_is_closed_to_the_service,
    the_role_becomes_nobody_else_and_makes_nothing,
    copying_out_shows_what_a_query_shows,
    a_function_in_a_condition_sees_no_hidden_row,
    helpers_that_are_not_for_the_service_cannot_be_called,
    a_case_opens_from_a_room_of_ones_own_beside_what_one_sees,
    nobody_is_let_into_a_room_that_the_caller_cannot_write_in,
    one_steps_back_only_from_matters_that_one_sees,
    stepping_back_tells_nothing_of_the_rooms_that_were_hidden_anyway,
    seats_are_granted_from_the_rooms_that_grant_them_to_people_one_sees,
    seats_are_ended_by_who_grants_them_or_by_their_holder,
    a_seat_is_never_lengthened,
    requests_to_join_are_answered_by_the_networks_officers_alone,
    one_asks_to_join_a_network_whose_entry_one_sees,
    invitations_are_issued_from_granting_rooms,
    an_invitation_is_accepted_once_in_time_and_as_who_signed_in,
    a_trace_is_left_in_rooms_that_one_sees_and_in_ones_own_seat,
    a_report_is_published_by_who_made_it_about_itself_once_it_was_acknowledged,
    raw_counts_are_for_the_service_alone_not_for_any_sql_of_the_region,
    nothing_is_frozen_but_what_the_service_worked_out,
    every_definer_function_says_the_same_of_hidden_and_absent,
    alternating_viewers_of_one_prepared_statement_never_cross,
)
