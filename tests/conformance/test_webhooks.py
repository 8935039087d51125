"""What is sent is accepted by the verifiers that subscribers use, by the very examples of the page, and nothing else is."""

import asyncio
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from service.delivery.posting import signed
from service.resolvers.webhook_secrets import new_secret, shown
from tests.conformance.install import installed_suite

PAGE: Final = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
BODY: Final = b'{"type":"consultation.changed"}'


def example(language: str) -> str:
    """The page's example in a language."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


async def said(language: str, secret: bytes, body: bytes, headers: dict[str, str]) -> tuple[int | None, str]:
    """How the example ended, and what it printed."""
    run = [sys.executable, "-c"] if language == "python" else ["node", "-e"]
    where = None if language == "python" else installed_suite()
    after = [] if language == "python" else ["--"]
    words = (shown(secret), body.decode(), *headers.values())
    code = example(language).replace("process.argv.slice(2)", "process.argv.slice(1)")  # `-e` names no file
    child = await asyncio.create_subprocess_exec(
        *run, code, *after, *words, cwd=where, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    told, _ = await child.communicate()
    return child.returncode, told.decode().strip()


@pytest.mark.parametrize("language", ["python", "javascript"])
async def test_the_pages_example_takes_what_is_sent_with_either_secret_and_no_other(language: str) -> None:
    old, new = new_secret(), new_secret()
    headers = signed([new, old], "msg_1", datetime.now(UTC), BODY)
    forged = await said(language, new_secret(), BODY, headers)
    assert forged[0] != 0
    assert forged[1] == ""
    assert (await said(language, new, BODY + b" ", headers))[0] != 0
    for secret in (new, old):
        assert await said(language, secret, BODY, headers) == (0, "consultation.changed")
