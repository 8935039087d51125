"""`make demo` in a copy, as a newcomer runs it: it starts, answers a persona, and Ctrl-C leaves nothing running."""

import os
import shutil
import signal
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.production.conftest import ROOT, Service, processes

COPIED = ("Makefile", "LICENSE", "pyproject.toml", "requirements.lock", "service", "migrations", "deploy")

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture(scope="module")
def copy(reachable_directory: Path) -> Path:
    """A copy with a virtual environment as the Makefile makes it, which borrows the packages that are installed here."""
    place = reachable_directory / "copy"
    place.mkdir(mode=0o711)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place / name)
    made = subprocess.run(["make", ".venv/made"], cwd=place, env=bare(), capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    (packages,) = (place / ".venv").glob("lib/python*/site-packages")
    # Named "z" to come last: the copy's own path stands before it, and this one's line for the checkout is not read.
    (packages / "z-borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (place / ".venv" / "installed-runtime").touch()
    return place


def bare() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}


@pytest.fixture
def start(copy: Path) -> Iterator[list[Service]]:
    """Services of this test, each a process group of its own like a job at a terminal."""
    started: list[Service] = []
    yield started
    for service in started:
        if service.process.poll() is None:
            os.killpg(service.process.pid, signal.SIGKILL)
        service.stop()


def demo(copy: Path, started: list[Service]) -> Service:
    process = subprocess.Popen(
        ["make", "demo", "PORT=0"], cwd=copy, env=bare(), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    service = Service(process)
    started.append(service)
    return service


def gone(words: str, seconds: float = 20) -> list[str]:
    deadline = time.monotonic() + seconds
    while (left := processes(words)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def test_a_newcomer_starts_asks_stops_and_starts_again_and_nothing_is_left_running(
    copy: Path, start: list[Service]
) -> None:
    first = demo(copy, start)
    assert first.ready() == {"status": "ready"}
    token = subprocess.run(
        [".venv/bin/partnership", "token", "network-member"], cwd=copy, env=bare(), capture_output=True, text=True, check=True
    ).stdout.strip()  # fmt: skip
    status, body = first.ask(token)
    assert status == 200, body
    assert "MEMBER" in {seat["office"] for seat in body["data"]["viewer"]["seats"]}
    verified = subprocess.run(
        [".venv/bin/partnership", "audit", "verify"], cwd=copy, env=bare(), capture_output=True, text=True, check=False
    )
    assert verified.returncode == 0, verified.stderr
    assert processes(f"{copy}/.data"), "the embedded server is to be seen while it runs"
    os.killpg(first.process.pid, signal.SIGINT)  # what Ctrl-C sends: to make and to all it started
    first.process.wait(timeout=30)
    assert gone(str(copy)) == []
    assert "Traceback" not in "".join(first.lines)

    began = time.monotonic()
    again = demo(copy, start)
    assert again.ready() == {"status": "ready"}
    assert time.monotonic() - began < 10  # 3 s are promised; other tests share the machine
    assert again.ask(token)[0] == 200
    os.kill(again.process.pid, signal.SIGTERM)  # what a service manager sends: to make alone
    again.process.wait(timeout=30)
    assert gone(str(copy)) == []
    assert "Traceback" not in "".join(again.lines)


def test_a_newcomer_whose_terminal_is_killed_leaves_no_database_behind(copy: Path, start: list[Service]) -> None:
    service = demo(copy, start)
    service.ready()
    os.killpg(service.process.pid, signal.SIGKILL)
    service.process.wait(timeout=30)
    assert gone(str(copy)) == []


def test_a_newcomer_whose_database_dies_is_told_so_and_the_demo_ends(copy: Path, start: list[Service]) -> None:
    service = demo(copy, start)
    service.ready()
    subprocess.run(["pkill", "-KILL", "-f", f"bin/postgres -D {copy}/.data"], check=True)
    assert service.process.wait(timeout=30) != 0
    assert gone(str(copy)) == []
    service.stop()
    said = "".join(service.lines)
    assert "PostgreSQL ended by itself, and the demo with it" in said
    assert "Traceback" not in said
