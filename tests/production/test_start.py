"""Starting and stopping `partnership serve`: what it refuses, in which words, and what it leaves behind."""

import json
import signal
import subprocess
from collections.abc import Mapping

import pytest

from service.settings import read_settings
from service.starting import StartRefused, refuse_to_start
from tests.plugins.service import SECRET
from tests.production.conftest import Database, LocalIssuer, Operator, Service

NOWHERE = "postgresql://partnership_app@127.0.0.1:1/partnership"


def refused(done: "subprocess.CompletedProcess[str]", code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr
    assert SECRET not in done.stderr


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("postgres", ("bypasses row security", "deploy/roles.sql")),
        ("partnership_migrator", ("member of another role", "deploy/roles.sql")),
    ],
)
def test_an_operator_who_gives_a_role_that_could_walk_round_the_walls_is_told_before_anything_is_served(
    operator: Operator, issuer: LocalIssuer, region: Database, role: str, words: tuple[str, ...]
) -> None:
    done = operator.run(
        "serve", DATABASE_URL=region.url(role), PARTNERSHIP_ISSUERS=issuer.setting, PARTNERSHIP_PORT="0"
    )
    refused(done, 1, "DATABASE_URL: the database role", *words)


@pytest.mark.parametrize(
    ("loosened", "mended", "word"),
    [
        ("grant delete on graph.comment to partnership_app", "revoke delete on graph.comment from partnership_app", "may delete"),
        ("grant update (room_id) on graph.comment to partnership_app", "revoke update (room_id) on graph.comment from partnership_app", "move a row"),
        ("grant truncate on graph.seat to partnership_app", "revoke truncate on graph.seat from partnership_app", "truncate"),
        ("alter table graph.comment no force row level security", "alter table graph.comment force row level security", "forced row security"),
        ("create view graph.everything as select * from graph.comment", "drop view graph.everything", "forced row security"),
    ],
)  # fmt: skip
async def test_an_operator_whose_administrator_opened_a_wall_cannot_start(
    issuer: LocalIssuer, region: Database, loosened: str, mended: str, word: str
) -> None:
    settings = read_settings(database_url=region.url(), secret=SECRET, issuers=json.loads(issuer.setting))
    await refuse_to_start(settings)
    await region.fetch(loosened)
    try:
        with pytest.raises(StartRefused, match=word):
            await refuse_to_start(settings)
    finally:
        await region.fetch(mended)


@pytest.mark.parametrize(
    ("settings", "code", "words"),
    [
        ({"DATABASE_URL": NOWHERE}, 1, ("DATABASE_URL: the database cannot be reached",)),
        ({"DATABASE_URL": "postgresql://a:p/w@h/x"}, 2, ("DATABASE_URL: names a port", "%2F")),
        ({"DATABASE_URL": "mysql://a@h/x"}, 2, ("DATABASE_URL: must begin with postgresql://",)),
        ({"DATABASE_URL": NOWHERE, "PARTNERSHIP_SECRET": "short"}, 2, ("PARTNERSHIP_SECRET",)),
        ({"DATABASE_URL": NOWHERE, "PARTNERSHIP_ALLOWED_HOSTS": "*"}, 2, ("PARTNERSHIP_ALLOWED_HOSTS",)),
        ({"DATABASE_URL": NOWHERE, "PARTNERSHIP_ISSUERS": "[]"}, 2, ("PARTNERSHIP_ISSUERS: names no issuer",)),
        ({"DATABASE_URL": NOWHERE, "PARTNERSHIP_ISSUERS": "{"}, 2, ("PARTNERSHIP_ISSUERS: must be a JSON list",)),
        ({"DATABASE_URL": NOWHERE, "PARTNERSHIP_ISSUERS": "{}"}, 2, ("PARTNERSHIP_ISSUERS: must be a JSON list",)),
        (
            {"DATABASE_URL": NOWHERE, "PARTNERSHIP_ISSUERS": '[{"kind": "generic", "issuer": "http://id.example", "audience": "a"}]'},
            2,
            ("must be reached by https",),
        ),
        (
            {"DATABASE_URL": NOWHERE, "PARTNERSHIP_ISSUERS": '[{"issuer": "https://id.example", "audiences": ["a"], "algorithms": ["HS256"]}]'},
            2,
            ("PARTNERSHIP_ISSUERS: algorithms",),
        ),
    ],
)  # fmt: skip
def test_an_operator_who_errs_gets_one_line(
    operator: Operator, issuer: LocalIssuer, settings: Mapping[str, str], code: int, words: tuple[str, ...]
) -> None:
    refused(operator.run("serve", **{"PARTNERSHIP_ISSUERS": issuer.setting, **settings}), code, *words)


def test_an_operator_whose_password_is_wrong_does_not_find_it_in_the_line(
    operator: Operator, issuer: LocalIssuer
) -> None:
    address = "postgresql://partnership_app:hunter%2Ftwo@127.0.0.1:1/partnership"
    done = operator.run("serve", DATABASE_URL=address, PARTNERSHIP_ISSUERS=issuer.setting)
    refused(done, 1, "DATABASE_URL")
    assert "hunter" not in done.stderr


@pytest.mark.parametrize("command", [["migrate"], ["audit", "verify"]])
def test_an_operator_whose_database_is_down_gets_one_line_from_every_command(
    operator: Operator, command: list[str]
) -> None:
    down = {name: NOWHERE.replace("_app", role) for name, role in (("MIGRATION_DATABASE_URL", "_migrator"), ("AUDIT_DATABASE_URL", "_auditor"))}  # fmt: skip
    refused(operator.run(*command, DATABASE_URL=NOWHERE, **down), 1, "the database cannot be reached")


def test_an_operator_who_migrates_as_a_role_that_cannot_gets_one_line(operator: Operator, region: Database) -> None:
    done = operator.run("migrate", DATABASE_URL=region.url(), MIGRATION_DATABASE_URL=region.url("partnership_relay"))
    refused(done, 1, "MIGRATION_DATABASE_URL: the database refused")


def test_an_operator_cannot_verify_the_audit_as_a_role_that_may_not_read_it(
    operator: Operator, region: Database
) -> None:
    refused(operator.run("audit", "verify", AUDIT_DATABASE_URL=region.url("partnership_relay")), 1, "refused")
    done = operator.run("audit", "verify", AUDIT_DATABASE_URL=region.url("partnership_auditor"))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("address", ["postgresql://partnership_app@db.trust.example/x", "postgresql://partnership_app@localhost,db.trust.example/x", "postgresql:///x", "postgresql://a@/x?service=there"])  # fmt: skip
def test_an_operator_cannot_put_the_demo_issuer_beside_a_database_elsewhere(operator: Operator, address: str) -> None:
    refused(operator.run("demo", "--port", "0", DATABASE_URL=address), 2, "on this machine")


async def test_a_member_is_told_that_the_service_is_not_ready_until_the_migrations_have_run(
    operator: Operator, issuer: LocalIssuer, empty_database: Database
) -> None:
    service = operator.serve(DATABASE_URL=empty_database.url(), PARTNERSHIP_ISSUERS=issuer.setting)
    try:
        assert service.ready(503) == {"status": "not ready", "failing": ["migrations"]}
        assert service.ask(issuer.issue("anybody"))[0] >= 500
        migrated = operator.run("migrate", **empty_database.settings)
        assert migrated.returncode == 0, migrated.stderr
        assert service.ready() == {"status": "ready"}
    finally:
        assert service.stop() == 0


def test_an_operator_who_changed_the_secret_and_did_not_migrate_is_told_by_readyz(
    operator: Operator, issuer: LocalIssuer, region: Database
) -> None:
    service = operator.serve(
        DATABASE_URL=region.url(), PARTNERSHIP_ISSUERS=issuer.setting, PARTNERSHIP_SECRET="another secret, of forty characters or so"
    )  # fmt: skip
    try:
        assert service.ready(503) == {"status": "not ready", "failing": ["secret"]}
    finally:
        assert service.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_an_operator_who_stops_the_service_leaves_nothing_running(
    operator: Operator, issuer: LocalIssuer, region: Database, number: signal.Signals
) -> None:
    service: Service = operator.serve(
        DATABASE_URL=region.url(), PARTNERSHIP_ISSUERS=issuer.setting, PARTNERSHIP_POOL_MIN="3"
    )
    service.ready()
    connected = "select count(*) from pg_stat_activity where datname = $1 and application_name = 'partnership'"
    assert (await region.fetch(connected, region.name))[0][0] >= 3
    assert service.stop(number) == 0
    assert not [line for line in service.lines if "Traceback" in line or "error" in line]
    assert service.lines[-1] == "The graph has stopped\n"
    assert (await region.fetch(connected, region.name))[0][0] == 0


def test_a_balancer_asks_by_address_and_a_stranger_host_gets_nothing_else(
    operator: Operator, issuer: LocalIssuer, region: Database
) -> None:
    service = operator.serve(
        DATABASE_URL=region.url(), PARTNERSHIP_ISSUERS=issuer.setting, PARTNERSHIP_ALLOWED_HOSTS="partnership.example.nhs.uk"
    )  # fmt: skip
    try:
        assert service.get("/healthz") == (200, {"status": "alive"})
        assert service.ready() == {"status": "ready"}
        assert service.get("/")[0] == 400
        token = issuer.issue("anybody")
        assert service.ask(token)[0] == 400
        assert service.ask(token, host="partnership.example.nhs.uk")[0] == 200
    finally:
        service.stop()
