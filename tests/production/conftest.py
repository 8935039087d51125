"""The service as an operator runs it: a process of its own, its settings in the environment, its issuer elsewhere."""

import http.server
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen
from uuid import uuid4

import asyncpg
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from service.db.migration import upgrade
from service.demo.load import load
from service.embedded import EmbeddedPostgres
from service.rules.calendar import england_day
from service.settings import read_settings
from tests.plugins.service import SECRET, copied, drop

ROOT = Path(__file__).parents[2]
AUDIENCE = "urn:example:partnership"
FIRST_QUERY = '{ viewer { person { displayName } seats { office forumName } } organisation(odsCode: "RTD") { name } }'


class LocalIssuer:
    """A sign-in service with one key, for tests to which its kind does not matter."""

    def __init__(self) -> None:
        self._key = ECKey.generate_key("P-256", parameters={"kid": "only", "alg": "ES256", "use": "sig"})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    @property
    def setting(self) -> str:
        """PARTNERSHIP_ISSUERS that trusts it."""
        return json.dumps([{"kind": "generic", "issuer": self.issuer, "audience": AUDIENCE}])

    def issue(self, subject: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": subject, "aud": AUDIENCE, "iat": now, "exp": now + 300}
        header = {"alg": "ES256", "kid": "only", "typ": "at+jwt"}
        return jwt.encode(header, {**claims, "scope": "partnership", "client_id": "portal"}, self._key)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        local = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                documents: dict[str, object] = {
                    "/.well-known/openid-configuration": {"issuer": local.issuer, "jwks_uri": f"{local.issuer}/keys"},
                    "/keys": {"keys": [local._key.as_dict(private=False)]},
                }
                body = json.dumps(documents.get(self.path, {})).encode()
                self.send_response(200 if self.path in documents else 404)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


@dataclass
class Service:
    """A `partnership` process that serves, and what it says on standard error."""

    process: "subprocess.Popen[str]"
    lines: list[str] = field(default_factory=list)
    base: str = ""

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        deadline = time.monotonic() + 60
        while not self.base:
            for line in list(self.lines):
                if found := re.match(r"The graph is at (http://\S+)/ ", line):
                    self.base = found[1]
            assert self.process.poll() is None or self.base, self.lines
            assert time.monotonic() < deadline, self.lines
            time.sleep(0.02)

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)

    def get(self, path: str) -> tuple[int, Any]:
        """Status and body, waiting a moment for a service that does not listen yet."""
        for _ in range(200):
            try:
                return answer(Request(f"{self.base}{path}"))
            except (ConnectionError, URLError):
                assert self.process.poll() is None, self.lines
                time.sleep(0.05)
        raise AssertionError(self.lines)

    def ready(self, want: int = 200, seconds: float = 20) -> Any:
        """The body of /readyz once it answers with the wanted status."""
        deadline = time.monotonic() + seconds
        while (found := self.get("/readyz"))[0] != want:
            assert time.monotonic() < deadline, (found, self.lines)
            time.sleep(0.1)
        return found[1]

    def ask(self, token: str, document: str = FIRST_QUERY, **headers: str) -> tuple[int, Any]:
        """Status and body of one operation."""
        sent = {"content-type": "application/json", "accept": "application/json", "authorization": f"Bearer {token}"}
        return answer(Request(f"{self.base}/graphql", json.dumps({"query": document}).encode(), {**sent, **headers}))

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Its exit code after a signal."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(timeout=30)
        finally:
            self.process.kill()
            self._reader.join()
            assert self.process.stderr is not None
            self.process.stderr.close()


def answer(request: Request) -> tuple[int, Any]:
    try:
        with urlopen(request, timeout=20) as sent:
            return sent.status, json.loads(sent.read())
    except HTTPError as refused:
        with refused:
            text = refused.read()
            return refused.code, json.loads(text) if text.startswith(b"{") else text.decode()


@dataclass(frozen=True)
class Operator:
    """Whoever runs commands, from an empty directory, with nothing of a developer's own in the environment."""

    place: Path
    environment: Mapping[str, str]

    def run(self, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *arguments],
            env={**self.environment, **settings},
            cwd=self.place,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    def serve(self, **settings: str) -> Service:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "serve"],
            env={**self.environment, **settings},
            cwd=self.place,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            return Service(process)
        except BaseException:
            process.kill()
            process.wait()
            raise


@pytest.fixture(scope="session")
def operator(tmp_path_factory: pytest.TempPathFactory) -> Operator:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "PARTNERSHIP_SECRET": SECRET,
        "PARTNERSHIP_PORT": "0",
    }
    return Operator(tmp_path_factory.mktemp("operator"), environment)


@pytest.fixture(scope="session")
def issuer() -> Iterator[LocalIssuer]:
    local = LocalIssuer()
    yield local
    local.close()


@dataclass(frozen=True)
class Database:
    """One database on a server, by the addresses that an operator would write down."""

    server: EmbeddedPostgres
    name: str

    def url(self, role: str = "partnership_app") -> str:
        return self.server.url(role, self.name)

    @property
    def settings(self) -> dict[str, str]:
        return {"DATABASE_URL": self.url(), "MIGRATION_DATABASE_URL": self.url("partnership_migrator")}

    async def fetch(self, question: str, *values: object, role: str | None = None) -> list[asyncpg.Record]:
        """As the superuser, or as a role of ours."""
        connection = await asyncpg.connect(self.url(role) if role else self.server.admin_url(self.name))
        try:
            return list(await connection.fetch(question, *values))
        finally:
            await connection.close()


NewDatabase = Callable[[str], Any]


async def enrol(migration_url: str, issuer: str, subject: str, persona: str) -> None:
    """Let a person of the demo region sign in elsewhere too, as the migrator enrols the first of a real region."""
    connection = await asyncpg.connect(migration_url)
    try:
        await connection.execute(
            "insert into access.account (id, issuer, subject, person_id)"
            " select $1, $2, $3, person_id from access.account where subject = $4",
            uuid4(), issuer, subject, persona,
        )  # fmt: skip
    finally:
        await connection.close()


async def with_region(migration_url: str) -> None:
    """Migrate and load the demo region, as an operator of a trial would."""
    import datetime

    settings = read_settings(database_url="postgresql://x@/x", secret=SECRET)
    await upgrade(migration_url, proof_key=settings.proof_key)
    await load(migration_url, england_day(datetime.datetime.now(datetime.UTC)), lambda detail: None)


@pytest.fixture
async def empty_database(postgres_server: EmbeddedPostgres) -> Any:
    """A database that nobody has migrated."""
    database = Database(postgres_server, f"empty_{uuid4().hex}")
    await copied(postgres_server, database.name, "template0")
    yield database
    await drop(postgres_server, database.name)


@pytest.fixture(scope="module")
async def region(postgres_server: EmbeddedPostgres, region_template: str) -> Any:
    """A database with the demo region, for one test file."""
    database = Database(postgres_server, f"region_{uuid4().hex}")
    await copied(postgres_server, database.name, region_template)
    yield database
    await drop(postgres_server, database.name)


def processes(words: str) -> list[str]:
    """The command lines that hold these words, of every process of this machine."""
    listing = subprocess.run(["ps", "-eww", "-o", "args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if words in line]
