"""What people write, who they are and what they hold never reaches a log: the application's or PostgreSQL's (THREATS C9, F9).

Each kind of thing that a request carries has a sentinel of its own. They are sent in requests that succeed, in requests
that are refused, in broken ones and while the database fails, to a service process of its own with every log line kept.
"""

import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from service.db.migration import upgrade
from service.demo.load import load
from service.embedded import DATABASE, EmbeddedPostgres, bootstrap
from service.identity.demo import DemoIssuer
from service.rules.calendar import england_day
from service.settings import DEMO_AUDIENCE, read_settings
from tests.integrity.case import drafted, key
from tests.integrity.served import served
from tests.plugins.service import SECRET, World

DOCUMENT, VARIABLE, TEXT, NAME = "sentinelDocument", "sentinel-variable", "sentinel-text", "Sentinel Name"
SUBJECT, KEY, HEADER, ODS = "sentinel-subject", "sentinel-key", "sentinel-header", "SENTINELODS"
SENTINELS = (DOCUMENT, VARIABLE, TEXT, NAME, SUBJECT, KEY, HEADER, ODS)


@pytest.fixture
async def logged(reachable_directory: Path, demo_keys: Path) -> "AsyncIterator[tuple[World, Path]]":
    """A world on a server of its own, whose log is looked at."""
    with_log = EmbeddedPostgres(reachable_directory / "logged", durable=False)
    async with with_log as server:
        await bootstrap(server.admin_url(), server.admin_url(DATABASE))
        settings = read_settings(
            database_url=server.url("partnership_app", DATABASE), secret=SECRET, demo=True, data_dir=demo_keys
        )
        migrator, today = server.url("partnership_migrator", DATABASE), england_day(datetime.now(UTC))
        await upgrade(migrator, proof_key=settings.proof_key)
        await load(migrator, today, lambda detail: None)
        yield (
            World(server, DATABASE, settings, DemoIssuer(demo_keys, DEMO_AUDIENCE, demo=True), today),
            server.data_dir / "postgres.log",
        )


async def test_C9_no_word_of_a_request_is_in_any_log(logged: tuple[World, Path], demo_keys: Path) -> None:
    world, postgres_log = logged
    async with world.admin() as db:
        await db.execute("update graph.person set display_name = $1 where id = $2", NAME, demo_person("network-member"))
    async with served(world.url("partnership_app"), SECRET, demo_keys) as running:
        world.base = running.base
        tokens = await everything_that_can_go_wrong(world)
        async with world.admin() as db:
            await db.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'partnership_app'")
        await world.as_("management-chair").ask("query sentinelDocument { viewer { person { displayName } } }")
        running.process.terminate()
        out, err = running.process.communicate(timeout=20)
    await world.http.aclose()
    lines = [json.loads(line) for line in err.splitlines()]
    said = out + err + postgres_log.read_text(errors="replace")
    assert len(lines) > 20
    assert {line.get("code") for line in lines} >= {"BAD_REQUEST", "UNAUTHENTICATED"}
    assert "ERROR" in postgres_log.read_text(errors="replace"), (
        "PostgreSQL logged no error, so this proves nothing of it"
    )
    found = [sentinel for sentinel in (*SENTINELS, *tokens, "management-chair") if sentinel.lower() in said.lower()]
    assert found == []


def demo_person(subject: str) -> object:
    from service.demo.shapes import demo_id

    return demo_id("person", subject)


async def everything_that_can_go_wrong(world: World) -> list[str]:
    """Requests that carry the sentinels; the tokens they came with."""
    chair, member, stranger = (world.as_(name) for name in ("management-chair", "network-member", SUBJECT))
    case = await drafted(world)
    done = await chair.act(
        "consultationDraft", forumId=world.id("JointNegotiatingCommittee", "forum", "RTD/jnc"), title=TEXT,
        body=f"# {TEXT}\n\n{TEXT}\n", idempotencyKey=KEY,
    )  # fmt: skip
    assert done.problems() == []
    for person in (chair, member, stranger):
        await person.ask(f"query {DOCUMENT} {{ viewer {{ person {{ displayName }} }} }}")
        await person.ask(f"{{ {DOCUMENT} }}")
        await person.ask(f"{{ {DOCUMENT}(")
        await person.ask(f'{{ organisation(odsCode: "{ODS}") {{ name }} }}')
        await person.ask("query($v: Int!) { organisations(first: $v) { edges { cursor } } }", v=VARIABLE)
        await person.ask("query($v: String!) { organisations(first: 1, after: $v) { edges { cursor } } }", v=VARIABLE)
        await person.ask("query($v: ID!) { node(id: $v) { id } }", v=VARIABLE + "\x00")
        await person.act("commentAdd", consultationId=case.consultation, body=TEXT, idempotencyKey=key())
        await person.act("invitationAccept", code=VARIABLE, idempotencyKey=KEY)
        await person.act("consultationDraft", forumId=VARIABLE, title=TEXT * 200, body=TEXT, idempotencyKey=KEY)
        await person.acting_as(HEADER).ask("{ viewer { person { id } } }")
    for token in (HEADER, chair.token[:-4] + "AAAA", chair.token + HEADER):
        await world.post({"query": f"{{ {DOCUMENT} }}"}, {"Authorization": f"Bearer {token}"})
    await world.http.post(f"{world.base}/{DOCUMENT}?{VARIABLE}={TEXT}", content=TEXT)
    await world.http.post(
        f"{world.base}/graphql",
        content=TEXT,
        headers={"Authorization": f"Bearer {chair.token}", "Content-Type": "application/json"},
    )
    await world.http.get(
        f"{world.base}/graphql?query={DOCUMENT}", headers={"User-Agent": HEADER, "X-Request-Id": HEADER}
    )
    await errors_of_the_database(world)
    return [chair.token, member.token, stranger.token]


async def errors_of_the_database(world: World) -> None:
    """What the service's role could provoke at worst: errors about rows that hold what people wrote."""
    connection = await asyncpg.connect(world.url("partnership_app"))
    attempts = (
        ("insert into graph.comment (id, body) values (gen_random_uuid(), $1)", TEXT),
        ("insert into graph.idempotency (key, room_id, input_hash, outcome) values ($1::text::bytea, gen_random_uuid(), '', '{}')", TEXT),
        ("select access.identify($1, $1, 1, $1)", SUBJECT),
        ("select * from access.enter(gen_random_uuid(), null, false, 1, $1)", TEXT),
        ("update graph.audit_entry set act = $1", TEXT),
    )  # fmt: skip
    try:
        for statement, said in attempts:
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(statement, said)
    finally:
        await connection.close()


def test_the_environment_of_the_served_process_holds_no_setting_of_the_developers() -> None:
    assert "PARTNERSHIP_SECRET" not in os.environ
