"""Serving: a stop is clean, and what was asked for before it is still answered."""

import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping

import pytest

PROGRAM = """
import asyncio, signal, socket, sys
from service.serving import serve_until_stopped

REFUSES = sys.argv[1] == "refuses"

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": f"lifespan.startup.{'failed' if REFUSES else 'complete'}"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    print("asked", flush=True)
    await asyncio.sleep(1)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"answered"})

async def main():
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    served = await serve_until_stopped(app, listening)
    print(f"put away, served: {served}", flush=True)

signal.signal(signal.SIGINT, signal.default_int_handler)
asyncio.run(main())
"""


def start(environment: Mapping[str, str], how: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", PROGRAM, how], env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_member_who_asked_before_the_stop_is_answered(
    bare_environment: Mapping[str, str], number: signal.Signals
) -> None:
    process = start(bare_environment, "serves")
    assert process.stdout is not None
    port = int(process.stdout.readline())
    answers: list[bytes] = []
    client = threading.Thread(target=lambda: answers.append(patiently(port)))
    client.start()
    assert process.stdout.readline() == "asked\n"
    process.send_signal(number)
    said, _ = process.communicate(timeout=20)
    client.join(timeout=20)
    assert answers == [b"answered"]
    assert said == "put away, served: True\n"
    assert process.returncode == 0


def test_an_operator_whose_service_refuses_to_start_is_told(bare_environment: Mapping[str, str]) -> None:
    process = start(bare_environment, "refuses")
    said, _ = process.communicate(timeout=20)
    assert said.endswith("put away, served: False\n")


def patiently(port: int) -> bytes:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                return bytes(answer.read())
        except ConnectionError:
            time.sleep(0.1)
    return b""
