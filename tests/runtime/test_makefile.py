"""The two commands of a newcomer, without running them: what they would do, and how they fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runtime.conftest import ROOT

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(*arguments: str, folder: Path = ROOT, path: str | None = None) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": path or os.environ["PATH"]}
    return subprocess.run(
        [str(shutil.which("make")), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for file in ("Makefile", "requirements.lock", "requirements-dev.lock", "requirements-bench.lock"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


@needs_make
def test_a_newcomer_is_shown_the_commands() -> None:
    shown = make()
    assert shown.returncode == 0
    assert "make demo" in shown.stdout
    assert "make test" in shown.stdout
    assert "make bench" in shown.stdout


@needs_make
def test_a_newcomer_installs_only_what_the_lock_names(clone: Path) -> None:
    planned = make("-n", "demo", "PORT=9001", "DATA_DIR=/elsewhere", folder=clone)
    assert planned.returncode == 0, planned.stderr
    installs = [line for line in planned.stdout.splitlines() if " install " in line and "pip" in line]
    assert len(installs) == 1
    assert "--require-hashes" in installs[0]
    assert "--only-binary :all:" in installs[0]
    assert 'demo --port "9001" --data-dir "/elsewhere"' in planned.stdout


@needs_make
def test_a_developer_runs_every_check_with_one_command(clone: Path) -> None:
    planned = make("-n", "test", folder=clone)
    for check in ("ruff check", "ruff format --check", "mypy --strict", "lint-imports", "pytest"):
        assert check in planned.stdout


@needs_make
def test_a_newcomer_without_a_new_enough_python_is_told(clone: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    for name in ("python3", "python3.13", "python3.12", "python3.11"):
        (old / name).write_text("#!/bin/sh\nexit 1\n")
        (old / name).chmod(0o755)
    told = make("demo", folder=clone, path=f"{old}:/usr/bin:/bin")
    assert told.returncode != 0
    assert "Python 3.11 or newer is needed" in told.stderr
    assert not (clone / ".venv").exists()


@needs_make
def test_a_newcomer_without_venv_is_told_what_to_install(clone: Path, tmp_path: Path) -> None:
    lacking = tmp_path / "lacking"
    lacking.mkdir()
    (lacking / "python3").write_text(
        f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n'
    )
    (lacking / "python3").chmod(0o755)
    told = make("demo", folder=clone, path=f"{lacking}:/usr/bin:/bin")
    assert told.returncode != 0
    assert "apt-get install python3-venv" in told.stderr
    assert not (clone / ".venv").exists()


def test_nobody_finds_a_registry_host_in_the_locks() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock"):
        text = (ROOT / lock).read_text()
        assert "://" not in text
        assert "--index" not in text
        assert "--hash=sha256:" in text


def test_an_operator_finds_every_setting_in_the_example() -> None:
    from service.settings import ADDRESSES, ONLY_COMMANDS_SET, PREFIX, Settings

    example = (ROOT / "deploy" / "environment.example").read_text()
    named = {line.partition("=")[0] for line in example.splitlines() if "=" in line and not line.startswith("#")}
    own = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields if name not in ONLY_COMMANDS_SET}
    own -= {f"{PREFIX}{address}" for address in ADDRESSES}
    assert named == own | {*ADDRESSES, "AUDIT_DATABASE_URL", "AUDIT_SECRET"}
