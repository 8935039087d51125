"""GraphQL over HTTP, as the specification's own audits see it from a real client.

The audits are an npm package; where there is no Node, or nowhere to install from, they are
skipped here and the statuses are still held by ``test_view.py``.
"""

import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import uvicorn

from tests.conformance.install import installed_suite
from tests.http.toy import application


@pytest.fixture(scope="module")
def node_modules() -> Path:
    """The suite with its locked packages."""
    return installed_suite()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The toy application on a real socket."""
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(application(), log_config=None, access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        until = time.monotonic() + 10
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/graphql"
        server.should_exit = True
        thread.join(timeout=10)


def test_a_client_of_the_specification_passes_all_audits(node_modules: Path, url: str) -> None:
    ran = subprocess.run(
        ["node", "graphql_over_http.js", url], cwd=node_modules, capture_output=True, text=True, timeout=60, check=False
    )
    audits = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 0, ran.stderr
    assert [audit for audit in audits if audit["status"] != "ok"] == []
    assert len(audits) == 61
