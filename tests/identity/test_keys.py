"""Keys are fetched seldom and from the issuer alone; a withdrawn key is soon refused (THREATS B7, B9, B12)."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
import pytest
from joserfc.jwk import Key

from service.identity.issuers import IssuerProfile
from service.identity.keys import FRESH_SECONDS, KEPT_SECONDS, RemoteKeys, TrustedIssuer, http_client, trust
from service.identity.refusals import RefusalReason, TokenRefused
from service.identity.tokens import TokenVerifier
from tests.identity.issuing import (
    EC_KEY,
    ISSUER,
    KID,
    NOW,
    OTHER_RSA_KEY,
    PROFILE,
    RSA_KEY,
    claims,
    header,
    public,
    sign,
    token,
)

pytestmark = pytest.mark.asyncio
ADDRESS = f"{ISSUER}/keys"
HERE = PROFILE.model_copy(update={"jwks_uri": ADDRESS})


class Body(httpx2.AsyncByteStream):
    def __init__(self, content: bytes) -> None:
        self.content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.content), 65_536):
            await asyncio.sleep(0)
            yield self.content[start : start + 65_536]


class SignInService:
    """An issuer's web server: what it publishes, whether it answers, and how often it was asked."""

    def __init__(self, **keys: Key) -> None:
        self.keys: dict[str, Key] = keys
        self.asked: list[str] = []
        self.down = False
        self.body: bytes | None = None
        self.status = 200
        self.headers: Mapping[str, str] = {}
        self.seconds = 1000.0
        self.client = http_client(httpx2.MockTransport(self._answer))

    def publish(self, **keys: Key) -> None:
        self.keys = keys

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(str(request.url))
        await asyncio.sleep(0.01)
        if self.down:
            raise httpx2.ConnectError("down", request=request)
        document: dict[str, Any] = {"keys": [public(key, kid) for kid, key in self.keys.items()]}
        if str(request.url).endswith("openid-configuration"):
            document = {"issuer": ISSUER, "jwks_uri": ADDRESS, "token_endpoint": f"{ISSUER}/token"}
        content = json.dumps(document).encode() if self.body is None else self.body
        return httpx2.Response(self.status, headers=self.headers, stream=Body(content))

    def source(self, profile: IssuerProfile = HERE) -> RemoteKeys:
        return RemoteKeys(profile, self.client, clock=lambda: self.seconds)

    def verifier(self, profile: IssuerProfile = HERE) -> TokenVerifier:
        return TokenVerifier([TrustedIssuer(profile, self.source(profile))], now=lambda: NOW)


async def reason(keys: RemoteKeys, kid: str) -> RefusalReason:
    with pytest.raises(TokenRefused) as caught:
        await keys.find(kid)
    return caught.value.reason


async def test_B7_storm_of_unknown_kids_asks_the_issuer_once_a_minute() -> None:
    service = SignInService(old=RSA_KEY)
    keys = service.source()
    await keys.find("old")
    for _ in range(3):
        service.seconds += 60
        asked = len(service.asked)
        found = await asyncio.gather(*(keys.find(f"k{n}") for n in range(200)), return_exceptions=True)
        assert {error.reason for error in found if isinstance(error, TokenRefused)} == {RefusalReason.KEY_UNKNOWN}
        assert len(service.asked) == asked + 1
        service.seconds += 59
        assert await reason(keys, "another") is RefusalReason.KEY_UNKNOWN
        assert len(service.asked) == asked + 1


async def test_B7_fifty_who_arrive_together_wait_for_one_fetch() -> None:
    service = SignInService(**{KID: RSA_KEY})
    verifier = service.verifier()
    found = await asyncio.gather(*(verifier.verify(token(sub=f"person-{n}")) for n in range(50)))
    assert {who.subject for who in found} == {f"person-{n}" for n in range(50)}
    assert service.asked == [ADDRESS]


async def test_B7_one_who_gives_up_does_not_cancel_the_fetch_for_the_others() -> None:
    service = SignInService(**{KID: RSA_KEY})
    keys = service.source()
    first, second = (asyncio.create_task(keys.find(KID)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).kid == KID
    assert first.cancelled() or first.cancelling()
    assert len(service.asked) == 1


async def test_B9_embedded_key_addresses_cause_no_request() -> None:
    service = SignInService(**{KID: RSA_KEY})
    verifier = service.verifier()
    for name in ("jku", "x5u", "jwk"):
        value: Any = public(OTHER_RSA_KEY) if name == "jwk" else "https://evil.example/keys"
        with pytest.raises(TokenRefused):
            await verifier.verify(sign(header(**{name: value}), claims(), OTHER_RSA_KEY))
    assert service.asked == []


async def test_B9_unknown_issuer_or_wrong_type_causes_no_request() -> None:
    service = SignInService(**{KID: RSA_KEY})
    verifier = service.verifier()
    for forged in (token(iss="https://evil.example"), sign(header(typ="JWT"), claims(), RSA_KEY)):
        with pytest.raises(TokenRefused):
            await verifier.verify(forged)
    assert service.asked == []


async def test_B12_old_and_new_key_both_pass_while_they_overlap() -> None:
    service = SignInService(old=RSA_KEY)
    keys = service.source()
    await keys.find("old")
    service.publish(old=RSA_KEY, new=EC_KEY)
    service.seconds += 60
    assert (await keys.find("new")).kid == "new"
    assert (await keys.find("old")).kid == "old"
    assert len(service.asked) == 2


async def test_B12_withdrawn_key_is_refused_within_five_minutes() -> None:
    service = SignInService(old=RSA_KEY)
    keys = service.source()
    await keys.find("old")
    service.publish(new=EC_KEY)
    service.seconds += FRESH_SECONDS
    assert await reason(keys, "old") is RefusalReason.KEY_UNKNOWN
    assert FRESH_SECONDS + 60 <= 300


async def test_B12_every_key_withdrawn_leaves_none() -> None:
    service = SignInService(old=RSA_KEY)
    keys = service.source()
    await keys.find("old")
    service.publish()
    service.seconds += FRESH_SECONDS
    assert await reason(keys, "old") is RefusalReason.KEY_UNKNOWN


async def test_B12_issuer_down_keeps_the_last_good_set_for_a_day_and_then_fails_closed() -> None:
    service = SignInService(old=RSA_KEY)
    keys = service.source()
    await keys.find("old")
    service.down = True
    for _ in range(5):
        service.seconds += FRESH_SECONDS
        assert (await keys.find("old")).kid == "old"
        assert await reason(keys, "new") is RefusalReason.KEY_UNKNOWN
    service.seconds += KEPT_SECONDS
    assert await reason(keys, "old") is RefusalReason.KEYS_UNAVAILABLE


async def test_B12_issuer_down_from_the_start_lets_nobody_in_and_is_asked_once_a_minute() -> None:
    service = SignInService(old=RSA_KEY)
    service.down = True
    keys = service.source()
    for _ in range(20):
        assert await reason(keys, "old") is RefusalReason.KEYS_UNAVAILABLE
    assert len(service.asked) == 1
    service.down = False
    service.seconds += 60
    assert (await keys.find("old")).kid == "old"


async def test_person_with_a_known_key_does_not_wait_for_an_issuer_that_is_down() -> None:
    service = SignInService(old=RSA_KEY)
    keys = service.source()
    await keys.find("old")
    service.down = True
    service.seconds += FRESH_SECONDS
    await keys.find("old")
    service.seconds += 60
    finding = asyncio.create_task(keys.find("old"))
    await asyncio.sleep(0)
    assert finding.done()
    await asyncio.sleep(0.05)
    assert len(service.asked) == 3


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (302, b"", {"location": "https://evil.example/keys"}),
        (500, b'{"keys": []}', {}),
        (200, b'{"keys": []' + b" " * 300_000 + b"}", {}),
        (200, gzip.compress(b'{"keys": []}'), {"content-encoding": "gzip"}),
        (200, b'{"keys": {}}', {}),
        (200, b"[" * 100_000, {}),
        (200, b"\xff", {}),
        (200, b'{"keys": [], "keys": []}', {}),
        (200, b"", {}),
    ],
    ids=["redirect", "error", "large", "compressed", "no list", "deep", "not text", "twice", "empty"],
)  # fmt: skip
async def test_B12_answer_that_is_no_key_set_changes_nothing(
    status: int, body: bytes, headers: Mapping[str, str]
) -> None:
    service = SignInService(old=RSA_KEY)
    keys = service.source()
    await keys.find("old")
    service.status, service.body, service.headers = status, body, headers
    service.seconds += FRESH_SECONDS
    assert (await keys.find("old")).kid == "old"
    assert service.asked == [ADDRESS, ADDRESS]


async def test_B13_keys_are_found_by_discovery_at_the_issuers_own_origin() -> None:
    service = SignInService(**{KID: RSA_KEY})
    assert (await service.verifier(PROFILE).verify(token())).issuer == ISSUER
    assert service.asked == [f"{ISSUER}/.well-known/openid-configuration", ADDRESS]


async def test_B13_poisoned_discovery_document_sends_us_nowhere() -> None:
    service = SignInService(**{KID: RSA_KEY})
    service.body = json.dumps({"issuer": ISSUER, "jwks_uri": "https://evil.example/keys"}).encode()
    with pytest.raises(TokenRefused) as caught:
        await service.verifier(PROFILE).verify(token())
    assert caught.value.reason is RefusalReason.KEYS_UNAVAILABLE
    assert caught.value.ours
    assert service.asked == [f"{ISSUER}/.well-known/openid-configuration"]


async def test_slow_issuer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.identity.keys.FETCH_SECONDS", 0.001)
    service = SignInService(old=RSA_KEY)
    assert await reason(service.source(), "old") is RefusalReason.KEYS_UNAVAILABLE


async def test_outsider_cannot_have_the_demo_issuer_trusted_by_address() -> None:
    with pytest.raises(ValueError, match="address"):
        trust(PROFILE.model_copy(update={"issuer": "urn:partnership:demo"}), http_client())
