"""The npm packages of the suites here, installed once and again when the lock changes.

A clean clone with Node and a registry gets them by running the tests; anywhere else the tests that need them are
skipped, in words that say what is missing.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

SUITE = Path(__file__).parent
PATIENCE_SECONDS = 180


def installed_suite() -> Path:
    """The directory from which `node SCRIPT` finds its packages; skips the test where it cannot be had."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("node and npm are not installed")
    wanted = hashlib.sha256((SUITE / "package-lock.json").read_bytes()).hexdigest()
    modules = SUITE / "node_modules"
    stamp = modules / ".installed"
    turn = Path(tempfile.gettempdir()) / f"partnership-conformance-{os.getuid()}.lock"
    with turn.open("a") as lock:  # parallel workers wait for the one that installs
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (stamp.exists() and stamp.read_text() == wanted):
            _install()
            stamp.write_text(wanted)
    return SUITE


def _install() -> None:
    command = ["npm", "ci", "--no-progress", "--ignore-scripts"]
    try:
        done = subprocess.run(command, cwd=SUITE, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("npm cannot reach its packages")
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "npm error" in line]
        pytest.skip(f"npm cannot install the suites' packages: {said[:1]}")
