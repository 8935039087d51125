"""Signing in through a real OpenID Connect provider: discovery, keys, a service account, and people by their browser.

The provider is npm's `oidc-provider`, a process of its own on loopback. The service finds its keys as in production.
"""

import base64
import contextlib
import hashlib
import json
import re
import secrets
import socket
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urljoin, urlsplit

import httpx2
import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from service.embedded import EmbeddedPostgres
from service.identity import keys as key_cache
from service.settings import Settings, read_settings
from tests.conformance.install import installed_suite
from tests.plugins.service import SECRET, World, running
from tests.production.conftest import AUDIENCE, FIRST_QUERY, Database, Operator, enrol

CALLBACK = "http://127.0.0.1/signed-in"


def new_key(name: str) -> dict[str, Any]:
    key = ECKey.generate_key("P-256", parameters={"kid": name, "alg": "ES256", "use": "sig"})
    return dict(key.as_dict(private=True))


@dataclass
class Provider:
    """The provider's process. `keys` are those it publishes; the first signs."""

    suite: Path
    keys_file: Path
    port: int
    keys: list[dict[str, Any]] = field(default_factory=lambda: [new_key("spring")])
    process: "subprocess.Popen[str] | None" = None
    drain: threading.Thread | None = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def setting(self) -> dict[str, Any]:
        return {"kind": "generic", "issuer": self.issuer, "audience": AUDIENCE, "service_clients": ["hr-client"]}

    def start(self) -> None:
        self.keys_file.write_text(json.dumps({"keys": self.keys}))
        self.process = subprocess.Popen(
            ["node", "oidc_provider.js", str(self.port), str(self.keys_file)],
            cwd=self.suite, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"
        self.drain = threading.Thread(target=self.process.stdout.read)
        self.drain.start()

    def stop(self) -> None:
        if self.process is not None and self.drain is not None and self.process.stdout is not None:
            self.process.kill()
            self.process.wait()
            self.drain.join()
            self.process.stdout.close()
            self.process = None

    def restart(self, *published: dict[str, Any]) -> None:
        self.stop()
        self.keys = list(published)
        self.start()

    async def service_token(
        self, client: str = "hr-client", resource: str = AUDIENCE, scope: str = "partnership"
    ) -> str:
        async with httpx2.AsyncClient() as http:
            answer = await http.post(
                f"{self.issuer}/token",
                data={"grant_type": "client_credentials", "resource": resource, "scope": scope},
                auth=(client, quote(f"secret of {client}")),
            )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def person_tokens(self, name: str) -> dict[str, str]:
        """All that a person's browser and the portal get at the end of an authorization code flow with PKCE."""
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        wish = {
            "client_id": "portal", "response_type": "code", "redirect_uri": CALLBACK, "scope": "openid partnership",
            "resource": AUDIENCE, "code_challenge": challenge, "code_challenge_method": "S256", "state": "s",
        }  # fmt: skip
        async with httpx2.AsyncClient() as browser:
            answer = await browser.get(f"{self.issuer}/auth", params=wish)
            for _ in range(10):
                if answer.is_redirect:
                    place = urljoin(str(answer.url), answer.headers["location"])
                    if place.startswith(CALLBACK):
                        break
                    answer = await browser.get(place)
                    continue
                assert answer.status_code == 200, answer.text
                asked = re.search(r'name="prompt" value="(\w+)"', answer.text)
                form = re.search(r'action="([^"]+)"', answer.text)
                assert asked is not None, answer.text
                assert form is not None
                said = {"prompt": asked[1]} | ({"login": name, "password": "any"} if asked[1] == "login" else {})
                answer = await browser.post(urljoin(str(answer.url), unescape(form[1])), data=said)
            back = parse_qs(urlsplit(place).query)
            answer = await browser.post(
                f"{self.issuer}/token",
                data={
                    "grant_type": "authorization_code", "client_id": "portal", "redirect_uri": CALLBACK,
                    "code": back["code"][0], "code_verifier": verifier, "resource": AUDIENCE,
                },
            )  # fmt: skip
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    suite = installed_suite()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Provider(suite, tmp_path_factory.mktemp("provider") / "keys.json", port)
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
async def enrolled(region: Database, provider: Provider) -> Database:
    """The region, with the provider's service account and one of its people enrolled by the migrator."""
    migrator = region.url("partnership_migrator")
    await enrol(migrator, provider.issuer, "hr-client", "hr-service")
    await enrol(migrator, provider.issuer, "r.member", "network-member")
    return region


@contextlib.asynccontextmanager
async def served(database: Database, server: EmbeddedPostgres, provider: Provider) -> AsyncIterator[World]:
    """The application in this process, whose clocks a test may hurry; the provider stays another."""
    settings: Settings = read_settings(
        database_url=database.url(), secret=SECRET, issuers=(provider.setting,), pool_max=4, pool_min=1
    )
    unused: Any = None
    async with running(World(server, database.name, settings, unused, unused)) as world:
        yield world


async def seen(world: World, token: str) -> tuple[int, Any]:
    answer = await world.post({"query": FIRST_QUERY}, {"Authorization": f"Bearer {token}"})
    return answer.status, answer.body


async def offices(world: World, token: str) -> set[str]:
    status, body = await seen(world, token)
    assert status == 200, body
    return {seat["office"] for seat in body["data"]["viewer"]["seats"]}


async def test_the_hr_system_and_a_member_sign_in_by_the_real_provider_and_each_is_who_the_migrator_enrolled(
    operator: Operator, provider: Provider, enrolled: Database
) -> None:
    service = operator.serve(DATABASE_URL=enrolled.url(), PARTNERSHIP_ISSUERS=json.dumps([provider.setting]))
    try:
        service.ready()
        status, body = service.ask(await provider.service_token())
        assert status == 200, body
        demo = (
            "select display_name from graph.person p join access.account a on a.person_id = p.id where a.subject = $1"
        )
        assert body["data"]["viewer"]["person"]["displayName"] == (await enrolled.fetch(demo, "hr-service"))[0][0]
        assert body["data"]["viewer"]["seats"] != []
        tokens = await provider.person_tokens("r.member")
        status, body = service.ask(tokens["access_token"])
        assert status == 200, body
        assert body["data"]["viewer"]["person"]["displayName"] == (await enrolled.fetch(demo, "network-member"))[0][0]
        assert "MEMBER" in {seat["office"] for seat in body["data"]["viewer"]["seats"]}
    finally:
        assert service.stop() == 0
    said = "".join(service.lines)
    for hidden in (tokens["access_token"], "r.member", "hr-client"):
        assert hidden not in said


@pytest.fixture
async def world(enrolled: Database, postgres_server: EmbeddedPostgres, provider: Provider) -> AsyncIterator[World]:
    async with served(enrolled, postgres_server, provider) as made:
        yield made


async def test_a_person_whom_nobody_enrolled_signs_in_and_sees_nobodys_room(world: World, provider: Provider) -> None:
    tokens = await provider.person_tokens("management-chair")
    status, body = await seen(world, tokens["access_token"])
    assert status == 200
    assert body["data"]["viewer"] == {"person": None, "seats": []}


async def test_a_person_cannot_present_the_id_token_for_the_access_token(world: World, provider: Provider) -> None:
    tokens = await provider.person_tokens("r.member")
    assert (await seen(world, tokens["id_token"]))[0] == 401
    assert await offices(world, tokens["access_token"])


@pytest.mark.parametrize(
    "wish",
    [
        {"resource": "urn:example:another-service"},
        {"scope": "other"},
        {"client": "stranger-client"},
    ],
)
async def test_a_service_with_a_token_for_something_else_is_refused(
    world: World, provider: Provider, wish: dict[str, str]
) -> None:
    before = await world.everything()
    status, body = await seen(world, await provider.service_token(**wish))
    assert (status, body["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert await world.everything() == before


async def test_a_person_who_chose_the_name_of_the_hr_system_does_not_become_it(
    world: World, provider: Provider
) -> None:
    tokens = await provider.person_tokens("hr-client")
    assert (await seen(world, tokens["access_token"]))[0] == 401
    assert await offices(world, await provider.service_token())


async def test_everybody_is_served_through_a_rotation_of_the_providers_keys(
    world: World, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_cache, "RETRY_SECONDS", 0.0)
    spring, summer = provider.keys[0], new_key("summer")
    try:
        before, unused = await provider.service_token(), await provider.service_token()
        assert await offices(world, before)
        provider.restart(summer, spring)
        after = await provider.service_token()
        assert before.partition(".")[0] != after.partition(".")[0]
        assert await offices(world, after)
        assert await offices(world, before)
        # Withdrawn: refused once the set is no longer fresh (a verified token is remembered for a minute more).
        provider.restart(summer)
        monkeypatch.setattr(key_cache, "FRESH_SECONDS", 0.0)
        assert (await seen(world, unused))[0] == 401
        assert await offices(world, await provider.service_token())
    finally:
        provider.restart(spring)


async def test_a_stranger_who_signs_with_a_key_of_the_same_name_is_refused(world: World, provider: Provider) -> None:
    genuine = await provider.service_token()
    header, payload, _ = genuine.split(".")
    key = ECKey.import_key(new_key("spring"))
    forged = jws.JWSRegistry.algorithms["ES256"].sign(f"{header}.{payload}".encode(), key)
    signature = base64.urlsafe_b64encode(forged).rstrip(b"=").decode()
    assert (await seen(world, f"{header}.{payload}.{signature}"))[0] == 401
    assert await offices(world, genuine)


async def test_the_hr_system_works_on_while_the_provider_is_down(
    world: World, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await provider.service_token(), await provider.service_token()
    assert await offices(world, first)
    provider.stop()
    try:
        monkeypatch.setattr(key_cache, "FRESH_SECONDS", 0.0)
        monkeypatch.setattr(key_cache, "RETRY_SECONDS", 0.0)
        assert await offices(world, second)
    finally:
        provider.start()


async def test_a_member_is_told_that_sign_in_cannot_be_checked_where_the_provider_was_never_reached(
    enrolled: Database, postgres_server: EmbeddedPostgres, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_cache, "RETRY_SECONDS", 0.0)
    token = await provider.service_token()
    provider.stop()
    try:
        async with served(enrolled, postgres_server, provider) as world:
            status, body = await seen(world, token)
            assert (status, body["errors"][0]["extensions"]["code"]) == (503, "UNAVAILABLE")
            provider.start()
            assert await offices(world, token)
    finally:
        if provider.process is None:
            provider.start()
