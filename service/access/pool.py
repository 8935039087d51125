"""The pool of connections as partnership_app, and the refusal to start as anyone who could walk round the walls."""

from typing import Final

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

from service.access.hosts import Hosts

SESSION: Final = {
    "jit": "off",
    # Every statement is written for one plan, by its indexes: planning it again costs more than running it.
    "plan_cache_mode": "force_generic_plan",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "15s",
    "timezone": "UTC",
    "application_name": "partnership",
    "default_transaction_isolation": "read committed",
}

# Every way in which a role could see or change more than its viewer: each query must return nothing.
_BYPASSES: Final = {
    "is a superuser, or bypasses row security": """
        select rolname from pg_roles where rolname = current_user and (rolsuper or rolbypassrls)""",
    "may create roles, databases or replication": """
        select rolname from pg_roles
         where rolname = current_user and (rolcreaterole or rolcreatedb or rolreplication)""",
    "is a member of another role": """
        select r.rolname from pg_roles r
         where r.rolname <> current_user and pg_has_role(current_user, r.oid, 'member')""",
    "owns tables or functions": """
        select c.relname from pg_class c where c.relowner = (select oid from pg_roles where rolname = current_user)
        union all
        select p.proname from pg_proc p where p.proowner = (select oid from pg_roles where rolname = current_user)""",
    "may truncate, reference or add triggers to tables": """
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('graph', 'access') and c.relkind in ('r', 'p')
           and has_table_privilege(c.oid, 'TRUNCATE, REFERENCES, TRIGGER')""",
    "may delete": """
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('graph', 'access') and c.relkind in ('r', 'p') and has_table_privilege(c.oid, 'DELETE')""",
    "may move a row between rooms": """
        select c.relname from pg_class c
          join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
         where n.nspname = 'graph' and a.attname = 'room_id' and c.relkind = 'r'
           and has_column_privilege(c.oid, a.attnum, 'UPDATE')""",
    "meets a table without forced row security": """
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('graph', 'access') and c.relkind in ('r', 'p', 'm', 'v') and c.relname <> 'alembic_version'
           and not (c.relrowsecurity and c.relforcerowsecurity)""",
    "may read the secret or the accounts": """
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'access'
           and c.relname in ('secret', 'account', 'own_sign_in_code', 'release_taken', 'change', 'webhook_turn',
             'mail_preference', 'mail_told', 'mail_outgoing')
           and has_any_column_privilege(c.oid, 'SELECT')""",
    "may call what only the walls call": """
        select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname = 'access' and has_function_privilege(p.oid, 'EXECUTE') and p.proname not in (
           'identify', 'enter', 'rooms', 'barred', 'person', 'issuer', 'seat', 'own_seats', 'open_case', 'admit',
           'recuse', 'seat_grant', 'seat_end', 'membership_join', 'membership_decide', 'invitation_issue',
           'invitation_accept', 'trace', 'trace_own', 'is_closed', 'issue_raise', 'recipient_choose', 'routes_from',
           'step_open', 'consent_give', 'consent_withdraw', 'step_ended', 'handover_take', 'interest_declare',
           'disclosure_open', 'identity_consent', 'identity_disclose', 'theme_count', 'own_sign_in_invite',
           'own_sign_in_accept', 'feed_closed', 'feed_opened', 'feed_changed', 'feed_stirred', 'no_longer_held',
           'webhook_register', 'webhook_turns', 'webhook_told', 'webhook_moved', 'webhook_seen', 'webhook_freed',
           'webhook_pruned',
           'people_keep', 'moments_due', 'moment_passed', 'release_scheduled', 'releases_due', 'kept_pruned',
           'mail_own', 'mail_set', 'mail_off', 'mail_confirm', 'mail_unsubscribe', 'mail_turns', 'mail_gathered',
           'mail_due', 'mail_recorded', 'mail_lost', 'mail_freed', 'mail_pruned',
           'calendar_create', 'calendar_revoke', 'calendar_seat',
           'release_note_issue', 'release_note_revoke', 'release_note_shown', 'time_off_counted',
           'report_publish', 'release_source', 'release_history', 'release_freeze')""",
    "holds a keeper's policy": """
        select policyname from pg_policies
         where schemaname in ('graph', 'access') and policyname like 'keeper%'
           and (current_user = any (roles) or 'public' = any (roles))""",
    "may create objects in the schemas": """
        select n.nspname from pg_namespace n
         where n.nspname in ('graph', 'access', 'public') and has_schema_privilege(n.oid, 'CREATE')""",
}


class UnsafeRole(Exception):
    """The database role that the service was given could bypass the walls."""


async def unsafe_powers(connection: PoolConnectionProxy | asyncpg.Connection) -> list[str]:
    """What the connection's role can do that the service's role must not; empty when it is safe."""
    return [power for power, query in _BYPASSES.items() if await connection.fetchval(query) is not None]


async def _prepare(connection: asyncpg.Connection) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(
            kind, encoder=lambda value: orjson.dumps(value).decode(), decoder=orjson.loads, schema="pg_catalog"
        )


async def _nothing(connection: asyncpg.Connection) -> None:
    """What the pool does beside ending an open transaction: whoever enters one clears the session with its end, in one
    round trip (`viewer`), and what else borrows a connection runs fixed statements that leave nothing."""


async def open_pool(url: str, *, size: int, statement_seconds: float, kept: int = 2) -> asyncpg.Pool:
    """A pool of at most `size` connections as the application's role, of which `kept` are made at once.

    `url` may name several hosts with `target_session_attrs`. Raises UnsafeRole, asyncpg.PostgresError or OSError.
    """
    pool = await asyncpg.create_pool(
        url,
        min_size=min(kept, size),
        max_size=size,
        connect=Hosts(url).connect,
        init=_prepare,
        reset=_nothing,
        timeout=10,
        command_timeout=statement_seconds + 5,
        server_settings={**SESSION, "statement_timeout": f"{int(statement_seconds * 1000)}ms"},
    )
    try:
        async with pool.acquire() as connection:
            await refuse_unsafe(connection)
    except BaseException:
        await pool.close()
        raise
    return pool


async def refuse_unsafe(connection: PoolConnectionProxy | asyncpg.Connection) -> None:
    """Raise UnsafeRole, with all that the connection's role can do and the service's must not."""
    if powers := await unsafe_powers(connection):
        raise UnsafeRole("the database role " + "; it ".join(powers))
