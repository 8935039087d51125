"""The oldest PostgreSQL that is promised, set up by hand as a database administrator does, over TCP with passwords.

Uses the system's own programs (Debian: apt-get install postgresql-15), as a cluster in a temporary directory. The main
job, from draft to joint signatures, runs there too.
"""

import asyncio
import os
import re
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest

from service.embedded import DATABASE
from service.embedded.account import server_account
from service.identity.demo import DemoIssuer
from service.rules.calendar import england_day
from service.settings import DEMO_AUDIENCE, read_settings
from tests.journeys import test_consultation as journey
from tests.plugins.service import SECRET, World, copied, drop, running
from tests.production.conftest import ROOT, LocalIssuer, Operator, enrol, with_region

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
PASSWORD = "p/w#with?every@kind:of %sign"
LOGINS = ("migrator", "app", "relay", "scheduler", "auditor")

pytestmark = pytest.mark.skipif(
    not (PROGRAMS / "initdb").exists(), reason="PostgreSQL 15 is not installed (Debian: apt-get install postgresql-15)"
)


@dataclass(frozen=True)
class Cluster:
    """A server of the system's own, by its address; it stands in for the embedded one."""

    port: int

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/{database}"

    def admin_url(self, database: str = "postgres") -> str:
        return self.url("postgres", database)

    def command(self, *words: str) -> None:
        """One of the administrator's own commands."""
        environment = {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "postgres", "PGPASSWORD": PASSWORD}
        done = subprocess.run(
            [str(PROGRAMS / words[0]), *words[1:]],
            env={"PATH": os.environ["PATH"], **environment}, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def bare(reachable_directory: Path) -> Iterator[Cluster]:
    """A cluster as `initdb` makes it, listening where only passwords let in."""
    account, place = server_account(), reachable_directory / "fifteen"
    place.mkdir(mode=0o700)
    account.take(place)
    secret = place / "password"
    secret.write_text(PASSWORD)
    account.take(secret)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def as_account(*words: str) -> None:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        assert account.popen([str(PROGRAMS / words[0]), *words[1:]], **quiet).wait() == 0

    data = str(place / "data")
    as_account("initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync",
               "--auth=scram-sha-256", f"--pwfile={secret}")  # fmt: skip
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
    as_account("pg_ctl", "-D", data, "-o", options, "-l", str(place / "log"), "-w", "start")
    try:
        yield Cluster(port)
    finally:
        as_account("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(place)


@pytest.fixture(scope="module")
def cluster(bare: Cluster) -> Cluster:
    """The roles and the database, by the very commands that deploy/roles.sql names; twice, as they may be repeated."""
    header = (ROOT / "deploy" / "roles.sql").read_text()
    psql, createdb = re.findall(r"^--   ((?:psql|createdb) .*)$", header, re.MULTILINE)
    bare.command(*psql.split())
    bare.command(*createdb.split())
    for _ in range(2):
        bare.command(*psql.split())
        bare.command("psql", "--dbname", DATABASE, "--set", "ON_ERROR_STOP=1", "--file", "deploy/database.sql")
    for login in LOGINS:
        bare.command("psql", "--command", f"alter role partnership_{login} password '{PASSWORD}'")
    return bare


@pytest.fixture(scope="module")
async def world(cluster: Cluster, demo_keys: Path) -> AsyncIterator[World]:
    """The harness's world on this server: what a journey over HTTP needs."""
    settings = read_settings(
        database_url=cluster.url("partnership_app", "world"), secret=SECRET, demo=True, data_dir=demo_keys, pool_max=8
    )
    await copied(cluster, "world", "template0")  # type: ignore[arg-type]
    await with_region(cluster.url("partnership_migrator", "world"))
    issuer = DemoIssuer(demo_keys, DEMO_AUDIENCE, demo=True)
    made = World(cluster, "world", settings, issuer, england_day(datetime.now(UTC)))  # type: ignore[arg-type]
    async with running(made):
        yield made
    await drop(cluster, "world")  # type: ignore[arg-type]


async def test_an_operator_serves_from_postgresql_15_whose_first_host_is_lost(
    operator: Operator, issuer: LocalIssuer, cluster: Cluster
) -> None:
    migrator, auditor = cluster.url("partnership_migrator", DATABASE), cluster.url("partnership_auditor", DATABASE)
    app = cluster.url("partnership_app", DATABASE).replace("@", "@127.0.0.1:1,") + "?target_session_attrs=read-write"
    settings = {"DATABASE_URL": app, "MIGRATION_DATABASE_URL": migrator}
    for _ in range(2):
        done = operator.run("migrate", **settings)
        assert done.returncode == 0, done.stderr
    await with_region(migrator)
    for subject in ("management-chair", "operator"):
        await enrol(migrator, issuer.issuer, subject, subject)
    service = operator.serve(DATABASE_URL=app, PARTNERSHIP_ISSUERS=issuer.setting)
    try:
        assert service.ready() == {"status": "ready"}
        seen = service.ask(issuer.issue("operator"))[1]["data"]
        assert seen["viewer"]["seats"] == []
        seen = service.ask(issuer.issue("management-chair"))[1]["data"]
        assert "CHAIR" in {seat["office"] for seat in seen["viewer"]["seats"]}
        assert seen["organisation"] is not None
    finally:
        assert service.stop() == 0
    done = operator.run("audit", "verify", AUDIT_DATABASE_URL=auditor)
    assert done.returncode == 0, done.stderr
    assert re.search(r"[1-9]\d* entries", done.stderr)


async def test_an_operator_who_must_not_start_there_is_refused_there_too(
    operator: Operator, issuer: LocalIssuer, cluster: Cluster
) -> None:
    for role, word in (("postgres", "bypasses row security"), ("partnership_migrator", "member of another role")):
        done = await asyncio.to_thread(
            operator.run, "serve", DATABASE_URL=cluster.url(role, DATABASE), PARTNERSHIP_ISSUERS=issuer.setting
        )
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert word in done.stderr
    wrong = cluster.url("partnership_app", DATABASE).replace(quote(PASSWORD, safe=""), "wrong-password")
    done = await asyncio.to_thread(operator.run, "serve", DATABASE_URL=wrong, PARTNERSHIP_ISSUERS=issuer.setting)
    assert (done.returncode, done.stderr) == (
        1, 'partnership: DATABASE_URL: the database refused: password authentication failed for user "partnership_app"\n',
    )  # fmt: skip


@pytest.mark.parametrize("owner", ["partnership_owner", "partnership_access", "partnership_migrator", "postgres"])
async def test_the_app_cannot_become_an_owner_there(world: World, owner: str) -> None:
    connection = await asyncpg.connect(world.url("partnership_app"))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(f"set role {owner}")
        for table in ("graph.comment", "graph.seat", "graph.door", "graph.response"):
            assert await connection.fetchval(f"select count(*) from {table}") == 0
    finally:
        await connection.close()


async def test_the_main_job_runs_there_from_draft_to_joint_signatures(world: World) -> None:
    await journey.test_a_policy_goes_from_draft_to_joint_signatures_with_the_walls_standing(world)
