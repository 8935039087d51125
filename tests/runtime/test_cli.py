"""The `partnership` command: every failure is one line on standard error and an exit code."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.runtime.conftest import Partnership

SECRET = "correct-horse-battery-staple-correct-horse"


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "line"),
    [
        (["bogus"], {}, 2, "Unknown command"),
        (["demo", "--port", "many"], {}, 2, "--port"),
        (["demo", "--bogus"], {}, 2, "--bogus"),
        (["token"], {}, 2, "PERSONA"),
        (["serve"], {}, 2, "DATABASE_URL: is required"),
        (["serve"], {"PARTNERSHIP_DEMO": "1"}, 2, "only the `demo` command"),
        (["migrate"], {}, 2, "DATABASE_URL: is required"),
        (
            ["migrate"],
            {"DATABASE_URL": "postgresql://app@localhost/x", "PARTNERSHIP_SECRET": SECRET},
            2,
            "MIGRATION_DATABASE_URL: is required",
        ),
        (
            ["demo", "--port", "0"],
            {"DATABASE_URL": "postgresql://app@db.example/x", "PARTNERSHIP_SECRET": SECRET},
            2,
            "on this machine",
        ),
        (["audit", "verify"], {}, 1, "no demo in .data"),
        (["import", "reports", "none.csv", "--definition", "WRES"], {}, 2, "there is no file none.csv"),
        (["import", "organisations", "none.csv"], {}, 2, "there is no file none.csv"),
        (["import", "reports", __file__, "--definition", "WRES"], {}, 1, "no demo in .data"),
        (["import", "reports", __file__], {}, 2, "--definition"),
    ],
)
def test_an_operator_who_errs_gets_one_line_and_a_code(
    partnership: Partnership, arguments: list[str], environment: Mapping[str, str], code: int, line: str
) -> None:
    done = partnership(*arguments, **environment)
    assert done.returncode == code, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert line in done.stderr
    assert done.stdout == ""


def test_a_stranger_gets_no_token_for_a_name_that_is_no_persona(partnership: Partnership, tmp_path: Path) -> None:
    (tmp_path / ".data").mkdir()
    done = partnership("token", "administrator")
    assert done.returncode == 2
    assert "staff-side-chair" in done.stderr
    assert done.stdout == ""
    assert list((tmp_path / ".data").iterdir()) == []


def test_a_stranger_gets_no_token_where_there_is_no_demo(partnership: Partnership, tmp_path: Path) -> None:
    done = partnership("token", "outsider")
    assert done.returncode == 1
    assert "no demo in .data" in done.stderr
    assert not (tmp_path / ".data").exists()


def test_a_persona_gets_a_token_and_nothing_else_on_standard_output(partnership: Partnership, tmp_path: Path) -> None:
    (tmp_path / ".data").mkdir()
    done = partnership("token", "outsider")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(".") == 2
    assert done.stdout.count("\n") == 1


def test_a_newcomer_is_shown_the_commands(partnership: Partnership) -> None:
    done = partnership("--help")
    assert done.returncode == 0
    for command in ("demo", "serve", "migrate", "token", "schema", "audit"):
        assert command in done.stdout


def test_a_newcomer_waits_for_nothing_heavy_to_read_the_help(bare_environment: Mapping[str, str]) -> None:
    heavy = "asyncpg,sqlalchemy,strawberry,pydantic_settings,uvicorn,alembic"
    program = (
        "import sys, service.cli\n"
        "assert service.cli.main(['--help']) == 0\n"
        f"sys.exit(','.join(name for name in {heavy!r}.split(',') if name in sys.modules) or 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=bare_environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_an_operator_whose_port_is_taken_is_told_before_anything_is_made(
    partnership: Partnership, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = partnership("demo", "--port", port)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"port {port}" in done.stderr
    assert not (tmp_path / ".data").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_operator_who_stops_a_command_sees_no_traceback(
    bare_environment: Mapping[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    program = (
        "import asyncio, sys, service.cli as cli\n"
        "async def wait():\n"
        "    try:\n"
        "        print('waiting', flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "    finally:\n"
        "        print('put away', flush=True)\n"
        "@cli.app.command\n"
        "def idle() -> None:\n"
        "    cli._run(wait())\n"
        "sys.exit(cli.main(['idle']))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=bare_environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    os.kill(process.pid, number)
    said, complained = process.communicate(timeout=20)
    assert said == "put away\n"
    assert complained == "partnership: interrupted\n"
    assert process.returncode == 130
