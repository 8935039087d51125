"""Laws of the catalogue: what every table, policy, function and grant must look like (THREATS A34, A35, D3, E15, E16).

A law that a migration can break by forgetting it has its failing sample at the end.
"""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest

from service.access.pool import _BYPASSES, unsafe_powers
from tests.walls.attacks import ALLOWED_HELPERS, ROLES
from tests.walls.ground import APP, PUBLIC, SEATS_OWN, UNREAD, UNWALLED, VOICED, Connection, Ground, tables_of

# With `offset 0`, so that no plan reads all doors of a viewer (migrations/quick_enter/doors.sql).
ROOM_IS_OPEN = "(EXISTS ( SELECT FROM graph.door d WHERE (d.into_room = {t}.{c}) OFFSET 0))"
ROOM_IS_WRITABLE = "(EXISTS ( SELECT FROM graph.door d WHERE ((d.into_room = {t}.{c}) AND d.may_write) OFFSET 0))"
MINE = (
    "((from_room IN ( SELECT unnest(( SELECT access.rooms() AS rooms)) AS unnest))"
    " AND (into_room <> ALL (( SELECT access.barred() AS barred)::uuid[]))"
    " AND (now() >= opens_at) AND (now() < closes_at))"
)
PERSON = "( SELECT access.person() AS person)"
# Tables whose reading asks something else, or something more, than whether the row's room is open.
OWN_WORDS: Final = {
    "graph.door": MINE,
    "graph.room": ROOM_IS_OPEN.format(t="room", c="id"),
    "graph.seat": f"(((person_id = {PERSON}) AND ((issuer IS NULL) OR (issuer = ( SELECT access.issuer() AS issuer)))) OR "
    + ROOM_IS_OPEN.format(t="seat", c="room_id") + ")",
    "graph.person": f"((id = {PERSON}) OR (EXISTS ( SELECT FROM graph.seat s WHERE (s.person_id = person.id) OFFSET 0)))",
    "graph.membership_request": f"((person_id = {PERSON}) OR " + ROOM_IS_OPEN.format(t="membership_request", c="room_id") + ")",
    "graph.raiser": "((own_room = ANY (( SELECT access.rooms() AS rooms)::uuid[])) OR " + ROOM_IS_OPEN.format(t="raiser", c="room_id") + ")",
    "graph.bar": "((reason <> ''::text) AND " + ROOM_IS_WRITABLE.format(t="bar", c="room_id") + ")",
}  # fmt: skip
NOT_FOR_APP: Final = UNREAD
DEFINERS: Final = (
    ALLOWED_HELPERS
    | {
        "sign",
        "check_proof",
        "held",
        "rooms_of",
        "sealed",
        "opens",
        "granting_room",
        "make_seat",
        "broken_commitments",
        "seal",
        "make_case",
        "let_in",
        "copy_bars",
        "is_barred",
        "channel_room",
        "can_be_taken",
        "entrust",
        "speaks_for",
        "root_of",
        "notice_end",
        "offers_of",
        "region_of",
        "leave_event",
        "leave_trace",
        "is_of_an_issue",
        "regional_room",
        "kept_by_hr",
        "person_told",
        "employed_elsewhere",
        "due",
        "opened",
        "mail_proven",
        "mail_is_own",
        "mail_silence",
        "mail_row",
    }
    | {f"follow_{what}" for what in ("rows", "parts", "persons", "doors", "bars")}
)
INVOKERS: Final = frozenset({"now_micros", "text_digest", "refuse", "entry_hash", "start_of_today", "day_over"})
CALENDAR: Final = "graph.today"  # beside the tables whose defaults it fills, and so their owner's
WITHOUT_XMIN: Final = frozenset(
    f"graph.{name}" for name in (
        "room", "door", "event", "audit_entry", "audit_detail", "idempotency", "signpost", "issue", "raiser", "issue_message", "escalation_step",
        "step_trail", "step_summary", "consent", "step_message", "step_note", "agenda_item", "issue_notice", "identity_disclosure",
        "theme_offer", "theme_signature", "theme", "theme_trust", "theme_answer", "webhook_endpoint", "webhook_delivery", "assignment",
        "people_import", "release_note",
        "release_schedule")
)  # fmt: skip
KEEPERS: Final = ("migrator", "access", "auditor", "relay", "scheduler")


OWN_ALONE: Final = {
    "graph.comment": "(EXISTS ( SELECT FROM graph.comment_author a WHERE (a.comment_id = comment.id) OFFSET 0))",
}


BESIDE_A_STEP: Final = frozenset({"graph.step_note", "graph.agenda_item"})
"""In the receiver's own room, and not for who is barred from the step."""
OWN_ROOM: Final = "(r.own_room = ANY (( SELECT access.rooms() AS rooms)::uuid[]))"
RAISED: Final = {
    "graph.issue_message": f"(from_raiser = (EXISTS ( SELECT FROM graph.raiser r WHERE ((r.issue_id = issue_message.issue_id) AND {OWN_ROOM}))))",
    "graph.step_message": " CASE WHEN (office = 'RAISER'::text) THEN ((side = 'NONE'::text) AND (kind = 'ANSWER'::text) AND (EXISTS ( SELECT FROM"
    " (graph.raiser r JOIN graph.door d ON (((d.from_room = r.own_room) AND (d.into_room = step_message.room_id))))"
    f" WHERE {OWN_ROOM}))) ELSE {{}} END",
}  # fmt: skip
"""Where whoever raised it speaks too, and nobody else does as they."""


def _voice(short: str, columns: tuple[str, ...]) -> str:
    """The words of the policy that what is said carries the acting seat's own side and office, and its body."""
    asked = [f"(s.{own} = {short}.{column})" for own, column in zip(SEATS_OWN, columns, strict=False)]
    if short in ("signature", "response", "report_sign_off", "report_answer"):  # as 0001 has it
        asked.insert(0, asked.pop())
    return f"(EXISTS ( SELECT FROM graph.seat s WHERE ((s.id = ( SELECT access.seat() AS seat)) AND {' AND '.join(asked)})))"


async def _policies(admin: Connection) -> list[Any]:
    await admin.execute("set search_path = ''")
    found: list[Any] = await admin.fetch(
        "select schemaname || '.' || tablename as t, tablename, policyname, permissive, cmd, roles,"
        " regexp_replace(qual, '\\s+', ' ', 'g') as qual, regexp_replace(with_check, '\\s+', ' ', 'g') as with_check"
        " from pg_catalog.pg_policies where schemaname in ('graph', 'access') order by 1, 3"
    )
    await admin.execute("reset search_path")
    return found


async def every_table_forces_row_security(ground: Ground) -> list[str]:
    rows = await ground.admin.fetch(
        "select n.nspname || '.' || c.relname as t from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname in ('graph', 'access') and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)"
    )
    return [row["t"] for row in rows if row["t"] not in UNWALLED]


async def every_table_of_rooms_has_the_one_policy_and_no_other(ground: Ground) -> list[str]:
    policies = [row for row in await _policies(ground.admin) if row["roles"] == [APP]]
    broken = []
    for table in ground.tables:
        short, own = table.name.split(".")[1], [row for row in policies if row["t"] == table.name]
        reading = OWN_WORDS.get(table.name, ROOM_IS_OPEN.format(t=short, c="room_id"))
        writable = ROOM_IS_WRITABLE.format(t=short, c="room_id")
        expected: set[tuple[str, str, str | None, str | None]] = set()
        if table.name in PUBLIC:
            expected = {("PERMISSIVE", "SELECT", "true", None)}
        elif table.name not in NOT_FOR_APP | UNWALLED:
            assert table.has_room or table.name in OWN_WORDS, f"{table.name} lives in no room: say who reads it"
            expected = {("PERMISSIVE", "SELECT", reading, None)}
        if table.may_insert:
            expected.add(("PERMISSIVE", "INSERT", None, writable))
            for target in table.targets:
                open_too = ROOM_IS_OPEN.format(t=short, c=target)
                expected.add(("RESTRICTIVE", "INSERT", None, f"(({target} IS NULL) OR {open_too})"))
        if table.name in VOICED or table.name in RAISED:
            voice = _voice(short, VOICED[table.name]) if table.name in VOICED else ""
            expected.add(("RESTRICTIVE", "INSERT", None, RAISED.get(table.name, "{}").format(voice)))
        if table.name in BESIDE_A_STEP:
            expected.add(("RESTRICTIVE", "SELECT", ROOM_IS_OPEN.format(t=short, c="step_room"), None))
        if table.name == "graph.issue_notice":
            expected.add(("RESTRICTIVE", "SELECT", "(NOT access.is_closed(step_room))", None))
        if table.name in OWN_ALONE:
            expected.add(("RESTRICTIVE", "UPDATE", OWN_ALONE[table.name], None))
        if table.name == "graph.outcome":
            expected.add(("RESTRICTIVE", "UPDATE", "true", _voice(short, VOICED[table.name])))
        if table.name == "graph.escalation_step":
            ended = _voice(short, ("ended_by_side", "ended_by_office", "to_forum_id"))
            expected.add(("RESTRICTIVE", "UPDATE", "true", f"((ended_by_office IS NULL) OR {ended})"))
        if any(column.may_update for column in table.columns):
            expected.add(("PERMISSIVE", "UPDATE", writable, None))
            for column in table.columns:
                if column.may_update and column.name in table.targets:
                    open_too = ROOM_IS_OPEN.format(t=short, c=column.name)
                    expected.add(("RESTRICTIVE", "UPDATE", "true", f"(({column.name} IS NULL) OR {open_too})"))
        found = {(row["permissive"], row["cmd"], row["qual"], row["with_check"]) for row in own}
        broken += [f"{table.name}: {each}" for each in sorted(found ^ expected, key=str)]
    return broken


async def every_keeper_is_for_one_role(ground: Ground) -> list[str]:
    rows = [row for row in await _policies(ground.admin) if row["roles"] != [APP]]
    known = [[f"partnership_{keeper}"] for keeper in KEEPERS]
    return [f"{row['policyname']} on {row['t']} to {row['roles']}" for row in rows
            if row["roles"] not in known or not row["policyname"].startswith(f"keeper_{row['roles'][0].removeprefix('partnership_')}")]  # fmt: skip


async def the_service_may_not_delete_truncate_reference_or_move(ground: Ground) -> list[str]:
    found = []
    for table in ground.tables:
        for word in ("DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"):
            if await ground.admin.fetchval("select has_table_privilege($1, $2, $3)", APP, table.name, word):
                found.append(f"{word} on {table.name}")
        if any(c.may_update and (c.name.endswith("room_id") or c.name == "id") for c in table.columns):
            found.append(f"moving {table.name}")
        if table.name in UNWALLED and (table.may_insert or any(c.may_update for c in table.columns)):
            found.append(f"writing {table.name}")
    return found


async def nobody_at_large_has_any_right(ground: Ground) -> list[str]:
    tables = await ground.admin.fetch(
        "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a"
        " where n.nspname in ('graph', 'access') and a.grantee = 0")  # fmt: skip
    functions = await ground.admin.fetch(
        "select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname in ('graph', 'access') and has_function_privilege('partnership_relay', p.oid, 'EXECUTE')")  # fmt: skip
    schemas = await ground.admin.fetch(
        "select n.nspname from pg_namespace n, aclexplode(n.nspacl) a where n.nspname in ('graph', 'access', 'public') and a.grantee = 0")  # fmt: skip
    sequences = await ground.admin.fetch(
        "select relname from pg_class where relkind = 'S' and relnamespace = 'graph'::regnamespace"
    )
    return [row[0] for row in (*tables, *functions, *schemas, *sequences)]


async def there_are_no_views_rules_or_foreign_tables_and_no_triggers_but_the_feeds(ground: Ground) -> list[str]:
    rows = await ground.admin.fetch(
        r"""select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relkind not in ('r', 'i', 't')
           union all select r.rulename from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('graph', 'access')
           union all select t.tgname from pg_trigger t join pg_proc p on p.oid = t.tgfoid
            where not t.tgisinternal and not (p.pronamespace = 'access'::regnamespace and p.proname like 'follow\_%' and t.tgname like 'follow\_%'
              and t.tgenabled = 'O' and t.tgqual is null)
           union all select c.relname from pg_class c join pg_inherits i on i.inhrelid = c.oid where c.relkind in ('r', 'p')"""
    )
    return [row[0] for row in rows]


async def every_definer_function_is_on_the_list_and_searches_nowhere(ground: Ground) -> list[str]:
    rows = await ground.admin.fetch(
        "select p.proname, p.prosecdef, p.proconfig, n.nspname, pg_get_userbyid(p.proowner) as owner, p.proleakproof"
        " from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname not in ('pg_catalog', 'information_schema')"
    )
    found = []
    for row in rows:
        if f"{row['nspname']}.{row['proname']}" == CALENDAR:
            continue
        known = DEFINERS if row["prosecdef"] else INVOKERS
        if row["nspname"] != "access" or row["proname"] not in known:
            found.append(f"{row['nspname']}.{row['proname']} is on no list")
        if row["proconfig"] != ['search_path=""']:
            found.append(f"{row['proname']} searches {row['proconfig']}")
        if row["owner"] != "partnership_access" or row["proleakproof"]:
            found.append(f"{row['proname']} is owned by {row['owner']}")
    return found


async def the_owners_can_do_no_more_than_their_keepers_say(ground: Ground) -> list[str]:
    rows = await ground.admin.fetch(
        "select rolname from pg_roles where rolname like 'partnership%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb"
        " or rolreplication or (rolcanlogin and rolname in ('partnership_owner', 'partnership_access')))"
    )
    members = await ground.admin.fetch(
        "select m.rolname from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles g on g.oid = a.roleid"
        " where g.rolname like 'partnership%' and m.rolname <> 'partnership_migrator'"
    )
    owners = await ground.admin.fetch(
        "select c.relname from pg_class c where c.relnamespace in ('graph'::regnamespace, 'access'::regnamespace) and c.relkind = 'r'"
        " and c.relname <> 'alembic_version' and pg_get_userbyid(c.relowner) <> 'partnership_owner'")  # fmt: skip
    return [row[0] for row in (*rows, *members, *owners)]


async def no_unique_key_spans_rooms_but_ids(ground: Ground) -> list[str]:
    """Of what acts write: a unique key is an id of one's own making, names the row's room, or hangs on a row of that room."""
    rows = await ground.admin.fetch(
        """select c.oid::regclass::text as t, array(select a.attname::text from unnest(i.indkey::int2[]) k
                  join pg_attribute a on a.attrelid = c.oid and a.attnum = k order by 1) as columns
             from pg_index i join pg_class c on c.oid = i.indrelid where i.indisunique and c.relnamespace = 'graph'::regnamespace"""
    )
    joined = await ground.admin.fetch(
        """select conrelid::regclass::text as t, array(select a.attname::text from unnest(conkey) k
                  join pg_attribute a on a.attrelid = conrelid and a.attnum = k order by 1) as columns
             from pg_constraint where contype = 'f' and connamespace = 'graph'::regnamespace"""
    )
    within = {
        (row["t"], column)
        for row in joined
        if "room_id" in row["columns"]
        for column in row["columns"]
        if column != "room_id"
    }
    # a comment's author row and the marks of idempotency: random, or keyed by a secret
    known = {("graph.comment_author", ("comment_id",)), ("graph.idempotency", ("key",))}
    written = {table.name for table in ground.tables if table.may_insert}
    return [
        f"{row['t']}{row['columns']}" for row in rows
        if row["t"] in written and row["columns"] != ["id"] and "room_id" not in row["columns"]
        and not any((row["t"], column) in within for column in row["columns"]) and (row["t"], tuple(row["columns"])) not in known
    ]  # fmt: skip


async def every_reference_carries_the_room_of_what_it_names(ground: Ground) -> list[str]:
    """A key onto the id alone of a row in a room would tell hidden from absent."""
    rows = await ground.admin.fetch(
        """select conrelid::regclass::text as t, confrelid::regclass::text as onto, cardinality(conkey) as width
             from pg_constraint where contype = 'f' and connamespace = 'graph'::regnamespace"""
    )
    written = {table.name for table in ground.tables if table.may_insert}
    alone = PUBLIC | {"graph.room"}  # a row's own room is under the policy itself
    return [
        f"{row['t']} onto {row['onto']}"
        for row in rows
        if row["t"] in written and row["width"] < 2 and row["onto"] not in alone
    ]


async def no_column_of_postgresqls_own_tells_what_came_in_one_transaction(ground: Ground) -> list[str]:
    """Of the rows that an issue's acts leave: whoever may read a table whole may read its rows' xmin."""
    return [
        table.name for table in ground.tables
        if table.name in WITHOUT_XMIN and await ground.admin.fetchval("select has_table_privilege($1, $2, 'SELECT')", APP, table.name)
    ]  # fmt: skip


LAWS: Final = (
    every_table_forces_row_security,
    every_table_of_rooms_has_the_one_policy_and_no_other,
    every_keeper_is_for_one_role,
    the_service_may_not_delete_truncate_reference_or_move,
    nobody_at_large_has_any_right,
    there_are_no_views_rules_or_foreign_tables_and_no_triggers_but_the_feeds,
    every_definer_function_is_on_the_list_and_searches_nowhere,
    the_owners_can_do_no_more_than_their_keepers_say,
    no_unique_key_spans_rooms_but_ids,
    every_reference_carries_the_room_of_what_it_names,
    no_column_of_postgresqls_own_tells_what_came_in_one_transaction,
)
SAMPLES: Final = (
    ("alter table graph.comment no force row level security", every_table_forces_row_security),
    ("create table graph.forgotten (id uuid primary key, room_id uuid)", every_table_forces_row_security),
    ("drop policy open on graph.comment", every_table_of_rooms_has_the_one_policy_and_no_other),
    (f"create policy more on graph.comment for select to {APP} using (true)", every_table_of_rooms_has_the_one_policy_and_no_other),
    ("alter policy mine on graph.door using (true)", every_table_of_rooms_has_the_one_policy_and_no_other),
    ("alter policy open on graph.comment using (exists (select from graph.door d where d.into_room = comment.room_id))", every_table_of_rooms_has_the_one_policy_and_no_other),
    ("drop policy target_consultation_room on graph.comment", every_table_of_rooms_has_the_one_policy_and_no_other),
    ("create policy keeper_more on graph.comment using (true)", every_keeper_is_for_one_role),
    ("create policy keeper_relay on graph.comment to partnership_relay, partnership_auditor using (true)", every_keeper_is_for_one_role),
    (f"grant delete on graph.comment to {APP}", the_service_may_not_delete_truncate_reference_or_move),
    (f"grant update (room_id) on graph.comment to {APP}", the_service_may_not_delete_truncate_reference_or_move),
    ("grant select on graph.comment to public", nobody_at_large_has_any_right),
    ("grant execute on function access.sign(text) to public", nobody_at_large_has_any_right),
    ("create sequence graph.counting", nobody_at_large_has_any_right),
    ("create view graph.leak as select * from graph.comment", there_are_no_views_rules_or_foreign_tables_and_no_triggers_but_the_feeds),
    ("create trigger more after insert on graph.comment for each row execute function access.follow_rows('comment')", there_are_no_views_rules_or_foreign_tables_and_no_triggers_but_the_feeds),
    ("create materialized view graph.leak as select * from graph.comment", there_are_no_views_rules_or_foreign_tables_and_no_triggers_but_the_feeds),
    ("create function graph.peek() returns bigint language sql security definer as 'select 1::bigint'", every_definer_function_is_on_the_list_and_searches_nowhere),
    ("alter function access.opens(uuid, boolean) reset search_path", every_definer_function_is_on_the_list_and_searches_nowhere),
    ("alter function access.opens(uuid, boolean) owner to postgres", every_definer_function_is_on_the_list_and_searches_nowhere),
    ("alter table graph.comment owner to partnership_migrator", the_owners_can_do_no_more_than_their_keepers_say),
    ("create unique index on graph.comment (consultation_id, body)", no_unique_key_spans_rooms_but_ids),
    ("alter table graph.comment add foreign key (forum_id) references graph.forum", every_reference_carries_the_room_of_what_it_names),
    (f"grant select on graph.room to {APP}", no_column_of_postgresqls_own_tells_what_came_in_one_transaction),
)  # fmt: skip


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
async def test_A35_the_catalogue_keeps_the_law(ground: Ground, law: Callable[[Ground], Any]) -> None:
    assert await law(ground) == []


@pytest.mark.parametrize(
    "sample, law", SAMPLES, ids=lambda each: re.sub(r"\W+", " ", each)[:60] if isinstance(each, str) else ""
)
async def test_a_migration_that_forgot_it_breaks_the_law(
    ground: Ground, sample: str, law: Callable[[Ground], Any]
) -> None:
    tables = ground.tables
    await ground.admin.execute("begin")
    try:
        if "owner to postgres" in sample:
            sample = sample.replace("postgres", await ground.admin.fetchval("select quote_ident(current_user)"))
        await ground.admin.execute(sample)
        ground.tables = await tables_of(ground.admin)
        try:
            broken = await law(ground)
        except AssertionError as error:  # the law found a table of which it knows nothing
            broken = [str(error)]
        assert broken != []
    finally:
        ground.tables = tables
        await ground.admin.execute("rollback")


# Which role the service starts as ----------------------------------------------------------------------------------------

WAYS: Final = {
    "is a superuser, or bypasses row security": "alter role {r} bypassrls",
    "may create roles, databases or replication": "alter role {r} createrole",
    "is a member of another role": "grant partnership_auditor to {r}",
    "owns tables or functions": "grant create on schema graph to {r}; set local role {r}; create table graph.own (id int); reset role",
    "may truncate, reference or add triggers to tables": "grant truncate on graph.comment to {r}",
    "may delete": "grant delete on graph.comment to {r}",
    "may move a row between rooms": "grant update (room_id) on graph.comment to {r}",
    "meets a table without forced row security": "alter table graph.comment no force row level security",
    "may read the secret or the accounts": "grant select (k) on access.secret to {r}",
    "may call what only the walls call": "grant execute on function access.make_seat to {r}",
    "holds a keeper's policy": "create policy keeper_sample on graph.comment to {r} using (true)",
    "may create objects in the schemas": "grant create on schema graph to {r}",
}


@asynccontextmanager
async def _as_a_role_like_the_services(admin: Connection, sql: str) -> AsyncIterator[None]:
    """Within a transaction that is undone: a new role without any right but what `sql` gives it, and the session as it."""
    await admin.execute("begin")
    try:
        await admin.execute("create role walls_sample")
        await admin.execute(sql.format(r="walls_sample"))
        await admin.execute("set local role walls_sample")
        yield
    finally:
        await admin.execute("rollback")


def test_every_way_round_the_walls_has_its_sample() -> None:
    assert set(WAYS) == set(_BYPASSES)


@pytest.mark.parametrize("way", WAYS)
async def test_the_service_sees_that_its_role_could_walk_round_the_walls(ground: Ground, way: str) -> None:
    async with _as_a_role_like_the_services(ground.admin, "select 1"):
        assert await unsafe_powers(ground.admin) == []
    async with _as_a_role_like_the_services(ground.admin, WAYS[way]):
        assert way in await unsafe_powers(ground.admin)


async def test_the_services_own_role_is_safe_and_the_others_are_not(ground: Ground) -> None:
    assert await unsafe_powers(ground.app) == []
    for role in ROLES:
        await ground.admin.execute(f"set role {role}")
        try:
            assert await unsafe_powers(ground.admin) != [], role
        finally:
            await ground.admin.execute("reset role")
