"""The files of an embedded cluster: where they lie, who may connect, and what a crash left behind.

Source: the PostgreSQL manual on `initdb`, peer authentication and `postmaster.pid`.
"""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

from service.embedded import account as accounts
from service.embedded.account import Account
from service.embedded.failure import EmbeddedFailure

PORT = 5432
SUPERUSER = "postgres"
SOCKET = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_DIRECTORY = 103 - len(f"/{SOCKET}")
# Shared by all users, so the owner and mode of what is found there are checked.
SHORT_SOCKETS = Path(os.sep, "tmp")
ORPHAN_SECONDS = 20


def locate(data_dir: Path, account: Account) -> Path:
    """The cluster's directory: inside the data directory, or linked from it where the account cannot reach inside.

    Without the link a cluster outside belongs to a data directory that was deleted, so it goes too.
    """
    cluster = data_dir / "postgres"
    if cluster.is_symlink():
        return cluster.readlink()
    if cluster.exists() or account.can("/bin/sh", "-c", 'cd "$1"', "reach", str(data_dir)):
        return cluster
    outside = accounts.place_outside(data_dir)
    if outside.exists():
        stop_orphan(outside)
        shutil.rmtree(outside)
    cluster.symlink_to(outside)
    return outside


def locate_running(data_dir: Path) -> Path:
    """The directory of a cluster that another process is serving; refuses when none is there."""
    cluster = data_dir / "postgres"
    found = cluster.readlink() if cluster.is_symlink() else cluster
    if _recorded_pid(found) is None:
        raise EmbeddedFailure(f"no demo is running in {data_dir}; start it with `make demo`")
    return found


def make(programs: Path, cluster: Path, account: Account, *, durable: bool) -> None:
    """Make a cluster beside its place and move it there when whole, so that an interrupted start leaves no half one."""
    unfinished = cluster.with_name(f"{cluster.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    account.take(unfinished)
    command = [str(programs / "bin" / "initdb"), "-D", str(unfinished), "-U", SUPERUSER, "--no-instructions"]
    # The built-in locale sorts alike on every machine, whatever its operating system calls C.UTF-8.
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--auth-local=peer", "--auth-host=reject"]
    if not durable:
        command += ["--no-sync"]
    with tempfile.TemporaryFile() as output:
        maker = account.popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        if maker.wait() != 0:
            output.seek(0)
            said = last_line(output.read().decode(errors="replace"))
            raise EmbeddedFailure(f"cannot make a database cluster in {cluster.parent}: {said}")
    unfinished.rename(cluster)


def refuse_foreign(cluster: Path, account: Account) -> None:
    """Refuse a cluster that another user of the machine made: PostgreSQL would, in worse words."""
    owner = cluster.stat().st_uid
    if owner != account.uid:
        raise EmbeddedFailure(
            f"{cluster} belongs to another user (id {owner}); run as that user or choose another data directory"
        )


def write_access_rules(cluster: Path, account: Account) -> None:
    """Let in, over the socket, only the caller and the server's own account; the kernel says who is calling."""
    rules = "local all all peer map=service\n"
    # Quoted, as an account name may hold a backslash or begin with a slash, which would make it a pattern.
    callers = {accounts.caller_name(), account.name}
    names = "".join(f'service "{name}" all\n' for name in sorted(callers))
    for file, text in (("pg_hba.conf", rules), ("pg_ident.conf", names)):
        path = cluster / file
        path.write_text(text)
        path.chmod(0o600)
        account.take(path)


def socket_directory(cluster: Path, account: Account) -> Path:
    """A directory that only the server's account can enter, short enough for a socket's name.

    A comma would part two hosts in an address, so a path that holds one will not do either.
    """
    if len(os.fsencode(cluster)) <= LONGEST_SOCKET_DIRECTORY and "," not in str(cluster):
        return cluster
    short = SHORT_SOCKETS / f"partnership-{accounts.short_name(cluster)}"
    try:
        short.mkdir(mode=0o700)
        account.take(short)
    except FileExistsError:
        found = short.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or stat.S_IMODE(found.st_mode) != 0o700:
            raise EmbeddedFailure(f"{short} is not a private directory of {account.name}; remove it") from None
    return short


def forget_socket_directory(socket_dir: Path) -> None:
    """Remove a short directory once its server has stopped; a cluster, which has files of its own, stays."""
    for name in (SOCKET, f"{SOCKET}.lock"):
        (socket_dir / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        socket_dir.rmdir()


def status(cluster: Path, pid: int) -> str:
    """What the server with this process id says of itself, such as "ready"; empty when it says nothing."""
    lines = _pid_file_lines(cluster)
    if len(lines) < 8 or lines[0].strip() != str(pid):
        return ""
    return lines[7].strip()


def stop_orphan(cluster: Path) -> None:
    """Stop a server whose holder died; the caller holds the data directory, so nobody is using it."""
    pid = _recorded_pid(cluster)
    if pid is None:
        return
    if str(cluster) not in _command_line(pid):
        # After a crash another program may bear the recorded number, and PostgreSQL would not start beside it.
        (cluster / "postmaster.pid").unlink(missing_ok=True)
        return
    for urgency in (signal.SIGINT, signal.SIGQUIT):
        _signal(pid, urgency)
        deadline = time.monotonic() + ORPHAN_SECONDS
        while time.monotonic() < deadline:
            if str(cluster) not in _command_line(pid):
                return
            time.sleep(0.05)
    raise EmbeddedFailure(f"a PostgreSQL left running by a crash does not stop (process {pid}); end it and try again")


def last_line(text: str) -> str:
    """The last line that says something, for a one-line error."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def _pid_file_lines(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _recorded_pid(cluster: Path) -> int | None:
    lines = _pid_file_lines(cluster)
    return int(lines[0]) if lines and lines[0].strip().isdigit() else None


def _command_line(pid: int) -> str:
    """How a running process was started; empty when there is none."""
    process = Path(f"/proc/{pid}")
    if Path("/proc/self").exists():
        try:
            return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    return subprocess.run(
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
