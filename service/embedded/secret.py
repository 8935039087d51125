"""The demo's secret: made on first use, kept beside the demo's data, readable by its owner alone.

In production the secret comes from the environment (`PARTNERSHIP_SECRET`) and is never written by the service.
"""

import os
import secrets
from pathlib import Path

from service.embedded.failure import EmbeddedFailure

BYTES = 48


def kept_secret(data_dir: Path) -> str:
    """The secret kept in a data directory, made when there is none; refuses a file that others can read."""
    path = data_dir / "secret"
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(file, "w") as output:
        output.write(secrets.token_urlsafe(BYTES))
    return _read(path)


def _read(path: Path) -> str:
    if path.stat().st_mode & 0o077:
        raise EmbeddedFailure(f"{path} can be read by others; run `chmod 600` on it")
    kept = path.read_text().strip()
    if not kept:
        raise EmbeddedFailure(f"{path} is empty; remove it and start again")
    return kept
