"""What the deploy folder tells an operator to run, run."""

import asyncio
import json
import subprocess
import sys
from dataclasses import replace

import httpx2

from tests.docs import pages
from tests.plugins.service import World, running


def health_check() -> list[str]:
    """The container's own check, with this Python in the place of the image's."""
    (line,) = [line for line in pages.text("deploy/Dockerfile").splitlines() if line.startswith("  CMD ")]
    command: list[str] = json.loads(line.removeprefix("  CMD "))
    return [sys.executable, *command[1:]]


async def test_an_operator_sees_a_container_healthy_whatever_hosts_it_serves(world: World) -> None:
    settings = world.settings.model_copy(update={"allowed_hosts": ("partnership.example.nhs.uk",)})
    async with running(replace(world, settings=settings, http=httpx2.AsyncClient())) as served:
        port = served.base.rpartition(":")[2]
        assert await health(port) == 0
    assert await health(port) == 1


async def health(port: str) -> int:
    """The exit code of the check on a service at that port."""
    done = await asyncio.to_thread(
        subprocess.run, health_check(), env={"PARTNERSHIP_PORT": port}, capture_output=True, check=False, timeout=30
    )
    return done.returncode
