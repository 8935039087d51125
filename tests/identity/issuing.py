"""Issuers for the tests: tokens written by hand, so that a forger's freedom is ours too."""

import base64
import json
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, Key, RSAKey

from service.identity.issuers import IssuerProfile, generic
from service.identity.keys import FixedKeys, TrustedIssuer
from service.identity.refusals import RefusalReason, TokenRefused
from service.identity.tokens import Identity, TokenVerifier

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ISSUER = "https://id.trust.example"
AUDIENCE = "https://graph.example"
KID = "autumn-2026"
RSA_KEY = RSAKey.generate_key(2048)
OTHER_RSA_KEY = RSAKey.generate_key(2048)
EC_KEY = ECKey.generate_key("P-256")
PROFILE = generic(ISSUER, AUDIENCE, service_clients=frozenset({"hr-system"}))


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def claims(**changes: Any) -> dict[str, Any]:
    """A person's claims, good for an hour; a change to None removes the claim."""
    good = {
        "iss": ISSUER,
        "sub": "person-7f3a",
        "aud": AUDIENCE,
        "iat": seconds(NOW),
        "exp": seconds(NOW + timedelta(hours=1)),
        "scope": "openid partnership",
        "sid": "session-1",
        "name": "Sample Person",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def part(value: Mapping[str, Any] | bytes) -> bytes:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=")


def public(key: Key, kid: str = KID, **changes: Any) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": kid, **changes}


def sign(header: Mapping[str, Any] | bytes, payload: Mapping[str, Any] | bytes, key: Key, by: str = "RS256") -> str:
    """A token signed with `key` by algorithm `by`, whatever its header says."""
    signing_input = part(header) + b"." + part(payload)
    signature = jws.JWSRegistry.algorithms[by].sign(signing_input, key)
    return (signing_input + b"." + part(signature)).decode()


def header(**changes: Any) -> dict[str, Any]:
    good = {"alg": "RS256", "kid": KID, "typ": "at+jwt"}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def token(**changes: Any) -> str:
    return sign(header(), claims(**changes), RSA_KEY)


def trusted(profile: IssuerProfile = PROFILE, key: RSAKey | ECKey = RSA_KEY) -> TrustedIssuer:
    kind = type(key)
    return TrustedIssuer(profile, FixedKeys({KID: kind.import_key(public(key))}))


def verifier(*issuers: TrustedIssuer, now: datetime = NOW) -> TokenVerifier:
    return TokenVerifier(issuers or (trusted(),), now=lambda: now)


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that waits for nothing (fixed keys never do)."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("verification waited for something")


def verified(presented: str, *issuers: TrustedIssuer) -> Identity:
    return at_once(verifier(*issuers).verify(presented))


def refused(presented: str, *issuers: TrustedIssuer) -> RefusalReason:
    with pytest.raises(TokenRefused) as caught:
        verified(presented, *issuers)
    return caught.value.reason
