"""Several database hosts: whichever is lost, and however, the service reaches the one that takes writes."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from service.access import hosts
from service.access.hosts import Hosts, places
from service.embedded import DATABASE, EmbeddedPostgres, bootstrap
from tests.production.conftest import Database, LocalIssuer, Operator, with_region


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://a@one/x", [("one", None)]),
        ("postgresql://a:p@one:1,two:2/x", [("one", 1), ("two", 2)]),
        ("postgresql://a@one,two:2/x?port=7", [("one", 7), ("two", 2)]),
        ("postgresql://a@[::1]:5,[::2]/x", [("::1", 5), ("::2", None)]),
        ("postgresql://a@/x?host=/run/a,/run/b&port=5,6", [("/run/a", 5), ("/run/b", 6)]),
        ("postgresql:///x", []),
    ],
)
def test_an_operator_names_hosts_as_libpq_reads_them(url: str, expected: list[tuple[str, int | None]]) -> None:
    assert places(url) == expected


class Impostor:
    """Something that listens where a database did: it stays silent, or hangs up."""

    def __init__(self, place: Path, *, hangs_up: bool) -> None:
        place.mkdir()
        self.place = place
        self.asked = 0
        self._hangs_up = hangs_up
        self._held: list[socket.socket] = []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(place / ".s.PGSQL.5432"))
        self._listening.listen()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            self.asked += 1
            if self._hangs_up:
                caller.close()
            else:
                self._held.append(caller)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()
        for caller in self._held:
            caller.close()


@contextlib.contextmanager
def impostor(place: Path, *, hangs_up: bool) -> Iterator[Impostor]:
    made = Impostor(place, hangs_up=hangs_up)
    try:
        yield made
    finally:
        made.close()


def socket_dir(url: str) -> str:
    return str(places(url)[0][0])


def several(role: str, database: str, *directories: object) -> str:
    hosts = ",".join(str(directory) for directory in directories)
    return f"postgresql://{role}@/{database}?host={hosts}&port=5432&target_session_attrs=read-write"


@pytest.mark.parametrize("hangs_up", [True, False])
async def test_a_member_is_served_when_the_first_host_is_silent_or_hangs_up(
    region: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hangs_up: bool
) -> None:
    monkeypatch.setattr(hosts, "HOST_SECONDS", 0.5)
    with impostor(tmp_path / "first", hangs_up=hangs_up) as first:
        addresses = Hosts(several("partnership_app", region.name, first.place, socket_dir(region.url())))
        for _ in range(2):
            connection = await addresses.connect()
            assert await connection.fetchval("select 1") == 1
            await connection.close()
    assert first.asked == 1, "the host that answered is asked first from then on"


async def test_a_member_who_writes_is_never_sent_to_a_server_that_only_reads(
    region: Database, reachable_directory: Path
) -> None:
    read_only = EmbeddedPostgres(reachable_directory / "read-only", durable=False)
    read_only.start()
    try:
        await bootstrap(read_only.admin_url(), read_only.admin_url(DATABASE))
        admin = await asyncpg.connect(read_only.admin_url())
        await admin.execute(f'create database "{region.name}" owner partnership_owner')
        await admin.execute("alter system set default_transaction_read_only = on")
        await admin.execute("select pg_reload_conf()")
        await admin.close()
        there = socket_dir(read_only.url("x", "x"))
        connection = await Hosts(several("partnership_app", region.name, there, socket_dir(region.url()))).connect()
        assert await connection.fetchval("show default_transaction_read_only") == "off"
        assert await connection.fetchval("select count(*) from graph.organisation") > 0
        await connection.close()
        with pytest.raises(asyncpg.TargetServerAttributeNotMatched):
            await Hosts(several("partnership_app", region.name, there, there)).connect()
    finally:
        read_only.stop()


async def test_a_wrong_password_or_name_is_the_answer_and_no_other_host_is_tried(
    region: Database, tmp_path: Path
) -> None:
    with impostor(tmp_path / "second", hangs_up=True) as second:
        with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
            await Hosts(several("nobody_of_ours", region.name, socket_dir(region.url()), second.place)).connect()
        assert second.asked == 0


async def test_a_member_is_served_again_when_the_lost_database_returns_and_nobody_restarts_the_service(
    operator: Operator, issuer: LocalIssuer, reachable_directory: Path
) -> None:
    server = EmbeddedPostgres(reachable_directory / "lost", durable=False)
    server.start()
    try:
        await bootstrap(server.admin_url(), server.admin_url(DATABASE))
        await with_region(server.url("partnership_migrator", DATABASE))
        there, token = socket_dir(server.url("x", "x")), issuer.issue("somebody")
        both = several("partnership_app", DATABASE, "/nonexistent", there)
        service = operator.serve(DATABASE_URL=both, PARTNERSHIP_ISSUERS=issuer.setting)
        try:
            assert service.ready() == {"status": "ready"}
            assert service.ask(token)[1]["data"]["organisation"] is not None
            server.stop()
            status, body = service.ask(token)
            assert (status, body["errors"][0]["extensions"]["code"]) == (503, "UNAVAILABLE")
            assert service.ready(503) == {"status": "not ready", "failing": ["database"]}
            assert service.get("/healthz") == (200, {"status": "alive"})
            server.start()
            began = time.monotonic()
            assert service.ready() == {"status": "ready"}
            assert service.ask(token)[1]["data"]["organisation"] is not None
            assert time.monotonic() - began < 10
        finally:
            assert service.stop() == 0
    finally:
        server.stop()


async def test_an_operator_migrates_and_verifies_through_several_hosts(operator: Operator, region: Database) -> None:
    there = socket_dir(region.url())
    migrator = several("partnership_migrator", region.name, "/nonexistent", there)
    app = several("partnership_app", region.name, "/nonexistent", there)
    done = operator.run("migrate", DATABASE_URL=app, MIGRATION_DATABASE_URL=migrator)
    assert done.returncode == 0, done.stderr
    auditor = several("partnership_auditor", region.name, "/nonexistent", there)
    done = operator.run("audit", "verify", AUDIT_DATABASE_URL=auditor)
    assert done.returncode == 0, done.stderr
