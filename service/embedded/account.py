"""PostgreSQL refuses to run as root, so root lends it an operating-system account of its own.

Source: the PostgreSQL manual, "The PostgreSQL User Account". The account can log in nowhere and owns nothing but the
database cluster. Nobody's directories are opened to it: where it cannot reach the checkout (a home directory, a private
temporary directory), the server's programs and cluster live below `ROOT_HOME` instead.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from service.embedded.failure import EmbeddedFailure

ACCOUNT_NAME = "partnership-postgres"
ROOT_HOME = Path("/var/lib/partnership-graph")


@dataclass(frozen=True)
class Account:
    """The operating-system account that the database server runs as."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Whether this process already is that account, so that nothing has to change hands."""
        return self.uid == os.geteuid()

    def popen(self, command: list[str], **options: object) -> "subprocess.Popen[bytes]":
        """Start a command as this account, outside the terminal's signals and with a bare environment."""
        identity: dict[str, object] = {}
        if not self.is_ours:
            identity = {"user": self.uid, "group": self.gid, "extra_groups": []}
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        settings = {"cwd": "/", "env": environment, "start_new_session": True, **identity, **options}
        return subprocess.Popen(command, **settings)  # type: ignore[call-overload, no-any-return]

    def can(self, *command: str) -> bool:
        """Whether a small command succeeds as this account; used to ask for reach, not to do work."""
        try:
            process = self.popen(
                list(command), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError:
            return False
        return process.wait() == 0

    def take(self, path: Path) -> None:
        """Give a path to this account."""
        if not self.is_ours:
            os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    """The account that the server runs as: the caller's own, or a dedicated one when the caller is root."""
    if os.geteuid() != 0:
        return _current_account()
    try:
        entry = pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        _create_account()
        entry = pwd.getpwnam(ACCOUNT_NAME)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def caller_name() -> str:
    """The account name of whoever runs this process, as PostgreSQL's peer authentication will see it."""
    return _current_account().name


def programs_for(account: Account, programs: Path) -> Path:
    """A directory tree of server programs that the account can run: the installed one, or a copy."""
    if account.can(str(programs / "bin" / "postgres"), "--version"):
        return programs
    made_at = (programs / "bin" / "postgres").stat()
    copy = ROOT_HOME / f"programs-{made_at.st_size}-{int(made_at.st_mtime)}"
    if not copy.exists():
        _home()
        unfinished = copy.with_suffix(f".{os.getpid()}")
        shutil.copytree(programs, unfinished, symlinks=True)
        _readable_by_all(unfinished)
        unfinished.rename(copy)
    return copy


def place_outside(data_dir: Path) -> Path:
    """Where the cluster of a data directory lives when the account cannot reach inside that directory."""
    return _home() / f"cluster-{short_name(data_dir)}"


def short_name(path: Path) -> str:
    """Sixteen characters that stand for a path."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:16]


def _current_account() -> Account:
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedFailure(
            f"user id {uid} has no account name, which PostgreSQL needs; run as a named user"
        ) from None
    return Account(entry.pw_name, uid, os.getegid())


def _create_account() -> None:
    useradd = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    if useradd is None:
        raise EmbeddedFailure("PostgreSQL cannot run as root and there is no `useradd` here; run as an ordinary user")
    command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/usr/sbin/nologin", "--user-group", ACCOUNT_NAME]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    already_there = 9
    if made.returncode not in {0, already_there}:
        raise EmbeddedFailure(
            f"cannot create the account {ACCOUNT_NAME}: {made.stderr.strip()}; run as an ordinary user"
        )


def _home() -> Path:
    ROOT_HOME.mkdir(parents=True, exist_ok=True)
    ROOT_HOME.chmod(0o755)
    return ROOT_HOME


def _readable_by_all(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        Path(folder).chmod(0o755)
        for file in files:
            path = Path(folder, file)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
