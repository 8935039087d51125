"""The container's files, laid out as the Dockerfile says, without Docker: what it copies is all that the service needs."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins.service import SECRET
from tests.production.conftest import ROOT, Database, LocalIssuer, Operator, Service

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text().replace("\\\n", " ")
FINAL = DOCKERFILE.rpartition("\nFROM ")[2]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The last stage's own files below a directory that stands for the root."""
    root = tmp_path_factory.mktemp("image")
    for sources, target in re.findall(r"^COPY (?!--from)(.+) (\S+)$", FINAL, re.MULTILINE):
        place = root / target.lstrip("/")
        for pattern in sources.split():
            found = list(ROOT.glob(pattern))
            assert found, f"nothing to copy for {pattern}"
            for source in found:
                if source.is_dir():
                    shutil.copytree(source, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    place.mkdir(parents=True, exist_ok=True)
                    shutil.copy(source, place)
    for folder, _, files in os.walk(root):
        for name in files:
            Path(folder, name).chmod(0o444)
    return root


@pytest.fixture
def in_image(operator: Operator, image: Path) -> Operator:
    """Whoever runs the image's command, with the image's environment, in its working directory."""
    said = re.search(r"^ENV (.+)$", FINAL, re.MULTILINE)
    workdir = re.search(r"^WORKDIR (\S+)$", FINAL, re.MULTILINE)
    assert said is not None
    assert workdir is not None
    environment = dict(word.split("=", 1) for word in shlex.split(said[1]))
    environment["PYTHONPATH"] = str(image / environment["PYTHONPATH"].lstrip("/"))
    del environment["PATH"]
    return Operator(image / workdir[1].lstrip("/"), {**operator.environment, **environment})


def test_an_operators_image_runs_as_nobody_who_matters_and_holds_no_secret() -> None:
    assert re.search(r"^USER [1-9]\d*$", FINAL, re.MULTILINE)
    assert not re.search(r"^(ENV|ARG).*(SECRET|PASSWORD|DATABASE_URL)", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes" in DOCKERFILE
    assert "requirements-dev" not in DOCKERFILE
    assert 'ENTRYPOINT ["python", "-m", "service.cli"]' in FINAL


def test_an_operator_runs_the_images_own_code_and_not_the_checkouts(in_image: Operator, image: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import service, service.db.migration as m; print(service.__file__, m.SCRIPTS)"],
        env=in_image.environment, cwd=in_image.place, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert all(place.startswith(str(image)) for place in done.stdout.split())


def test_an_operator_migrates_and_serves_from_the_image(
    in_image: Operator, issuer: LocalIssuer, empty_database: Database
) -> None:
    settings = {**empty_database.settings, "PARTNERSHIP_ISSUERS": issuer.setting, "PARTNERSHIP_SECRET": SECRET}
    done = in_image.run("migrate", **settings)
    assert done.returncode == 0, done.stderr
    service: Service = in_image.serve(**settings)
    try:
        service.base = service.base.replace("0.0.0.0", "127.0.0.1")
        assert service.ready() == {"status": "ready"}
        assert service.ask(issuer.issue("anybody"))[0] == 200
        probe = re.search(r"HEALTHCHECK .*?CMD (\[.+\])", FINAL)
        assert probe is not None
        words = json.loads(probe[1])
        port = {"PARTNERSHIP_PORT": service.base.rpartition(":")[2]}
        for expected in (0, 1):
            healthy = subprocess.run([sys.executable, *words[1:]], env=port, capture_output=True, check=False)
            assert healthy.returncode == expected
            service.stop()
    finally:
        service.stop()


def test_an_operator_has_the_demos_words_and_the_roles_in_the_image(in_image: Operator) -> None:
    program = (
        "import datetime; from service.demo.region import region; from service.embedded.bootstrap import DEPLOY\n"
        "assert region(datetime.date(2026, 11, 2)).consultations\n"
        "assert all((DEPLOY / name).is_file() for name in ('roles.sql', 'database.sql'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=in_image.environment, cwd=in_image.place, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
