"""The page about listening: its programs hear of a comment, and its codes are those that the service knows."""

import asyncio
import os
import re
import sys

import pytest

from service.http import sockets
from tests.conformance.install import installed_suite
from tests.docs import pages
from tests.journeys.stage import Cast, key
from tests.plugins.service import World

PAGE = pages.text("docs/changes.md")
PROGRAMS = {block.language: block.text for block in pages.blocks(PAGE) if block.language in ("python", "javascript")}


@pytest.mark.parametrize("language", ["python", "javascript"])
async def test_whoever_copies_a_program_hears_of_a_comment(world: World, language: str) -> None:
    member = Cast(world).member("race")
    policy = world.id("Consultation", "consultation", "RTD/flexible-working/")
    environment = {**os.environ, "URL": f"{world.base}/graphql", "TOKEN": member.token, "SEAT": str(member.seat)}
    if language == "python":
        command, place = [sys.executable, "-c", PROGRAMS[language]], None
    else:
        command = ["node", "--input-type=module", "--eval", PROGRAMS[language]]
        place = installed_suite()
    program = await asyncio.create_subprocess_exec(
        *command, cwd=place, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    assert program.stdout is not None
    try:
        async with asyncio.timeout(30):
            assert (await program.stdout.readline()).decode().strip() == "listening"
            await asyncio.sleep(1)
            done = await member.act(
                "commentAdd", "comment { id }", consultationId=policy, body="Heard.", idempotencyKey=key()
            )
            made = done.only()["comment"]["id"]
            while made not in (line := (await program.stdout.readline()).decode()):
                assert line, "the program ended"
            assert line.split() == ["CHANGED", made]
    finally:
        program.kill()
        await program.wait()


def test_the_page_names_every_code() -> None:
    named = set(re.findall(r"\b(44\d\d|10\d\d)\b", sockets.__doc__ or ""))
    assert named == set(re.findall(r"\b(44\d\d|10\d\d)\b", PAGE))
    assert f"({sockets.SOCKETS} for an account)" in PAGE
