"""Directories and processes for the runtime's own tests, apart from the server that other tests share."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NUMBERS = itertools.count()
Partnership = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def data_dir(reachable_directory: Path) -> Path:
    """One data directory for all tests that leave it stopped and whole: a cluster takes long to make and to delete."""
    return reachable_directory / "kept"


@pytest.fixture
def fresh_dir(reachable_directory: Path) -> Path:
    """Where no cluster is yet."""
    return reachable_directory / f"fresh-{next(NUMBERS)}"


@pytest.fixture
def bare_environment() -> Mapping[str, str]:
    """No setting of the developer's own leaks into a test."""
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def partnership(bare_environment: Mapping[str, str], tmp_path: Path) -> Partnership:
    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *arguments],
            env={**bare_environment, **environment},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def holder(bare_environment: Mapping[str, str], data_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that runs an embedded server over `data_dir`; it says the server's process id when ready."""
    program = (
        "import asyncio, pathlib, signal, sys\n"
        "from service.embedded import EmbeddedPostgres\n"
        "async def main():\n"
        "    async with EmbeddedPostgres(pathlib.Path(sys.argv[1])) as server:\n"
        "        print(server.pid, flush=True)\n"
        "        await asyncio.sleep(600)\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "asyncio.run(main())\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(data_dir)], env=bare_environment, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.communicate()
