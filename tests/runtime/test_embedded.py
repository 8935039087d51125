"""The embedded server: who is let in, and what is left after every way to end."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from service.embedded import EmbeddedFailure, EmbeddedPostgres, InUse, running_url
from service.embedded.account import ROOT_HOME, Account, programs_for, server_account
from service.embedded.server import installed_programs

NOBODY = Account("nobody", *pwd.getpwnam("nobody")[2:4])

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user of the machine")


def gone(pid: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.05)
    return False


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def server_of(holder: "subprocess.Popen[str]") -> int:
    assert holder.stdout is not None
    return int(holder.stdout.readline())


def processes_of(data_dir: Path) -> list[str]:
    listing = subprocess.run(["ps", "-eww", "-o", "args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if str(data_dir) in line and "postgres" in line]


@pytest.fixture
def server(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(data_dir, durable=False)
    server.start()
    yield server
    server.stop()


def knock(stranger: Account, server: EmbeddedPostgres) -> str:
    """What a stranger on this machine is told at the door."""
    psql = programs_for(stranger, installed_programs()) / "bin" / "psql"
    visit = stranger.popen(
        [str(psql), "--no-psqlrc", "--command", "select 1", server.admin_url()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _ = visit.communicate(timeout=20)
    return said.decode()


@as_root
def test_another_user_of_the_machine_cannot_reach_the_socket(server: EmbeddedPostgres) -> None:
    assert "Permission denied" in knock(NOBODY, server)


@as_root
def test_another_user_who_reaches_the_socket_is_known_by_the_kernel_and_refused(server: EmbeddedPostgres) -> None:
    cluster = server.data_dir / "postgres"
    cluster.chmod(0o711)
    (cluster / ".s.PGSQL.5432").chmod(0o777)
    try:
        assert "Peer authentication failed" in knock(NOBODY, server)
        assert "1 row" in knock(server_account(), server)
    finally:
        cluster.chmod(0o700)


def test_nobody_can_reach_the_server_over_a_network(server: EmbeddedPostgres) -> None:
    assert asyncio.run(ask(server.admin_url(), "show listen_addresses")) == ""
    host_rules = "select count(*) from pg_hba_file_rules where type <> 'local'"
    assert asyncio.run(ask(server.admin_url(), host_rules)) == 0


def test_another_user_can_list_neither_the_data_nor_the_log(server: EmbeddedPostgres) -> None:
    assert stat.S_IMODE((server.data_dir / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE((server.data_dir / "postgres.log").stat().st_mode) == 0o600
    assert server.data_dir.stat().st_mode & 0o066 == 0


@as_root
def test_root_never_opens_its_own_directories_to_the_server(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    server = EmbeddedPostgres(private / "data", durable=False)
    for _ in range(2):
        server.start()
        try:
            assert asyncio.run(ask(server.admin_url(), "select 1")) == 1
        finally:
            server.stop()
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    outside = (private / "data" / "postgres").readlink()
    assert outside.parent == ROOT_HOME
    shutil.rmtree(outside)


@as_root
def test_root_who_deleted_a_data_directory_does_not_meet_its_data_again(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    server = EmbeddedPostgres(private / "data", durable=False)
    server.start()
    asyncio.run(execute(server.admin_url(), "create database left_behind"))
    server.stop()
    shutil.rmtree(private / "data")
    server.start()
    outside = (private / "data" / "postgres").readlink()
    try:
        found = asyncio.run(ask(server.admin_url(), "select count(*) from pg_database where datname = 'left_behind'"))
        assert found == 0
    finally:
        server.stop()
        shutil.rmtree(outside)


def test_an_operator_writes_nothing_people_said_to_the_log(server: EmbeddedPostgres) -> None:
    said = "what was said in confidence"
    twice = "insert into said values ('what was said in confidence'), ('what was said in confidence')"
    with pytest.raises(asyncpg.UniqueViolationError):
        asyncio.run(execute(server.admin_url(), "create temporary table said (words text primary key)", twice))
    log = (server.data_dir / "postgres.log").read_text()
    assert "duplicate key" in log
    assert said not in log


def test_an_operator_who_stops_it_leaves_nothing_running(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, durable=False)
    server.start()
    pid = server.pid
    assert processes_of(data_dir)
    server.stop()
    assert gone(pid)
    assert processes_of(data_dir) == []
    server.stop()


def test_an_operator_who_starts_again_finds_the_data(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.start()
    address = server.admin_url()
    asyncio.run(execute(address, "create table if not exists kept as select 42 as answer"))
    server.stop()
    began = time.monotonic()
    server.start()
    try:
        assert time.monotonic() - began < 3
        assert server.admin_url() == address
        assert asyncio.run(ask(address, "select answer from kept")) == 42
    finally:
        server.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_operator_who_ends_the_holder_leaves_nothing_running(
    holder: "subprocess.Popen[str]", data_dir: Path, number: signal.Signals
) -> None:
    pid = server_of(holder)
    holder.send_signal(number)
    holder.wait(timeout=30)
    assert gone(pid)
    assert processes_of(data_dir) == []


def test_an_operator_starts_at_once_after_the_holder_was_killed(
    holder: "subprocess.Popen[str]", data_dir: Path
) -> None:
    pid = server_of(holder)
    holder.kill()
    holder.wait()
    server = EmbeddedPostgres(data_dir)
    server.start()
    try:
        assert server.pid != pid
        assert asyncio.run(ask(server.admin_url(), "select 1")) == 1
    finally:
        server.stop()


def test_an_operator_starts_again_after_the_server_itself_was_killed(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.start()
    asyncio.run(execute(server.admin_url(), "create table if not exists kept as select 42 as answer"))
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    assert (data_dir / "postgres" / "postmaster.pid").exists()
    server.start()
    try:
        assert asyncio.run(ask(server.admin_url(), "select answer from kept")) == 42
    finally:
        server.stop()


def test_an_operator_starts_again_when_another_program_bears_the_dead_servers_number(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.start()
    lines = (data_dir / "postgres" / "postmaster.pid").read_text().splitlines()
    server.stop()
    bystander = server_account().popen(["/bin/sleep", "60"])
    try:
        (data_dir / "postgres" / "postmaster.pid").write_text("\n".join([str(bystander.pid), *lines[1:]]) + "\n")
        server.start()
        assert asyncio.run(ask(server.admin_url(), "select 1")) == 1
        assert bystander.poll() is None
    finally:
        server.stop()
        bystander.kill()
        bystander.wait()


def test_an_operator_interrupted_while_the_cluster_was_made_starts_afresh(fresh_dir: Path) -> None:
    half = fresh_dir / "postgres.unfinished"
    half.mkdir(parents=True)
    fresh_dir.chmod(0o711)
    (half / "PG_VERSION").write_text("18")
    server = EmbeddedPostgres(fresh_dir, durable=False)
    server.start()
    server.stop()
    assert not half.exists()


def test_a_second_process_is_told_in_one_line_and_disturbs_nothing(
    holder: "subprocess.Popen[str]", data_dir: Path
) -> None:
    pid = server_of(holder)
    with pytest.raises(InUse) as refusal:
        EmbeddedPostgres(data_dir).start()
    assert "in use by another process" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert Path(f"/proc/{pid}").exists()
    assert asyncio.run(ask(running_url(data_dir, "postgres", "postgres"), "select 1")) == 1


def test_an_auditor_without_a_running_demo_is_told_so(fresh_dir: Path) -> None:
    fresh_dir.mkdir()
    with pytest.raises(EmbeddedFailure, match="no demo is running"):
        running_url(fresh_dir, "partnership_auditor", "partnership")


def test_an_operator_whose_start_is_cancelled_leaves_nothing_running(fresh_dir: Path) -> None:
    async def begin() -> None:
        async with EmbeddedPostgres(fresh_dir, durable=False):
            pytest.fail("the start was to be cancelled")

    async def cancel_early() -> None:
        starting = asyncio.create_task(begin())
        await asyncio.sleep(0.1)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting

    asyncio.run(cancel_early())
    assert (fresh_dir / "postgres").exists()
    assert processes_of(fresh_dir) == []


def test_a_start_does_not_hold_up_other_work(fresh_dir: Path) -> None:
    async def count_beats() -> int:
        beats = 0
        running = True

        async def beat() -> None:
            nonlocal beats
            while running:
                await asyncio.sleep(0.01)
                beats += 1

        beating = asyncio.create_task(beat())
        async with EmbeddedPostgres(fresh_dir, durable=False):
            running = False
        await beating
        return beats

    assert asyncio.run(count_beats()) > 5


def test_an_operator_with_a_deep_directory_still_gets_a_private_socket(fresh_dir: Path) -> None:
    deep = fresh_dir / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    for folder in (deep, deep.parent, fresh_dir):
        folder.chmod(0o711)
    server = EmbeddedPostgres(deep, durable=False)
    server.start()
    try:
        assert asyncio.run(ask(server.admin_url(), "select 1")) == 1
        socket_dir = Path(str(asyncio.run(ask(server.admin_url(), "show unix_socket_directories"))).strip('"'))
        assert stat.S_IMODE(socket_dir.stat().st_mode) == 0o700
    finally:
        server.stop()
    assert not socket_dir.exists()


def test_an_operator_with_any_character_in_the_path_is_served(fresh_dir: Path) -> None:
    server = EmbeddedPostgres(fresh_dir.with_name(fresh_dir.name + ' it\'s, "here" %41'), durable=False)
    server.start()
    try:
        assert asyncio.run(ask(server.admin_url(), "select 1")) == 1
    finally:
        server.stop()
